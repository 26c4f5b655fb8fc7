#include "plumbline/audit/compare/row_match.h"

#include <string_view>
#include <unordered_map>

#include "plumbline/base/error.h"

namespace plumbline {
namespace {

// Gives every combination of words a number, the same in both tables.
class IdNumbers {
 public:
  std::vector<uint32_t> Number(const Table& table,
                               const std::vector<std::string>& ids) {
    std::vector<uint32_t> numbers(table.rows(), 0);
    words_.resize(ids.size());
    pairs_.resize(ids.size());
    for (size_t k = 0; k < ids.size(); ++k) {
      const CategoricalColumn& column = table.Categorical(ids[k]);
      std::vector<uint32_t> of_level;
      for (const std::string& level : column.levels) {
        of_level.push_back(
            words_[k]
                .emplace(level, static_cast<uint32_t>(words_[k].size()))
                .first->second);
      }
      for (int64_t row = 0; row < table.rows(); ++row) {
        const uint32_t code = column.codes[row];
        if (code == kMissingCode) {
          throw Error(ErrorCode::kInvalidInput, table.Where(row, ids[k]),
                      "the row has no id, so that it cannot be found in the "
                      "other model's table; fill it in, or leave the row out "
                      "of both");
        }
        numbers[row] =
            k == 0 ? of_level[code] : Pair(k, numbers[row], of_level[code]);
      }
    }
    return numbers;
  }

 private:
  uint32_t Pair(size_t k, uint32_t before, uint32_t word) {
    const uint64_t key = static_cast<uint64_t>(before) << 32 | word;
    return pairs_[k]
        .emplace(key, static_cast<uint32_t>(pairs_[k].size()))
        .first->second;
  }

  std::vector<std::unordered_map<std::string, uint32_t>> words_;
  std::vector<std::unordered_map<uint64_t, uint32_t>> pairs_;
};

// The row of each id.
std::vector<uint32_t> RowsById(const Table& table,
                               const std::vector<std::string>& ids,
                               const std::vector<uint32_t>& numbers) {
  std::vector<uint32_t> row_of_id;
  for (size_t row = 0; row < numbers.size(); ++row) {
    if (numbers[row] >= row_of_id.size()) {
      row_of_id.resize(numbers[row] + size_t{1}, kNoRow);
    }
    uint32_t& place = row_of_id[numbers[row]];
    if (place != kNoRow) {
      throw Error(ErrorCode::kInvalidInput,
                  table.Where(static_cast<int64_t>(row), ""),
                  "{} stands also in {}; every row needs an id of its own. "
                  "Name more columns with --image, or remove the copy",
                  RowId(table, ids, static_cast<int64_t>(row)),
                  ToString(table.Where(place, "")));
    }
    place = static_cast<uint32_t>(row);
  }
  return row_of_id;
}

}  // namespace

RowMatch MatchRows(const Table& first, const Table& second,
                   const std::vector<std::string>& ids) {
  IdNumbers numbers;
  const std::vector<uint32_t> of_first = numbers.Number(first, ids);
  const std::vector<uint32_t> of_second = numbers.Number(second, ids);
  RowsById(first, ids, of_first);
  const std::vector<uint32_t> second_by_id = RowsById(second, ids, of_second);

  RowMatch match;
  match.partner.resize(of_first.size(), kNoRow);
  std::vector<uint8_t> is_matched(of_second.size(), 0);
  for (size_t row = 0; row < of_first.size(); ++row) {
    const uint32_t id = of_first[row];
    const uint32_t partner =
        id < second_by_id.size() ? second_by_id[id] : kNoRow;
    match.partner[row] = partner;
    if (partner != kNoRow) {
      ++match.matched;
      is_matched[partner] = 1;
    } else if (match.only_first++ == 0) {
      match.first_only_first = static_cast<int64_t>(row);
    }
  }
  for (size_t row = 0; row < is_matched.size(); ++row) {
    if (!is_matched[row] && match.only_second++ == 0) {
      match.first_only_second = static_cast<int64_t>(row);
    }
  }
  return match;
}

std::string RowId(const Table& table, const std::vector<std::string>& ids,
                  int64_t row) {
  std::string text;
  for (const std::string& id : ids) {
    const CategoricalColumn& column = table.Categorical(id);
    if (!text.empty()) text += ", ";
    text += id + " \"" + column.levels[column.codes[row]] + '"';
  }
  return text;
}

}  // namespace plumbline
