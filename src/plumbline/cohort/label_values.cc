#include "plumbline/cohort/label_values.h"

#include <algorithm>
#include <cctype>
#include <optional>

#include "plumbline/base/error.h"
#include "plumbline/base/text.h"
#include "plumbline/cohort/cohort.h"

namespace plumbline {
namespace {

bool Holds(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::optional<int8_t> ValueOf(const std::string& word,
                              const CohortRoles& roles) {
  if (Holds(roles.not_mentioned, word)) return kLabelNotMentioned;
  if (Holds(roles.uncertain, word)) return kLabelUncertain;
  double number = 0;
  if (ParseNumber(Trim(word), &number)) {
    if (number == 0) return kLabelNegative;
    if (number == 1) return kLabelPositive;
    if (number == -1) return kLabelUncertain;
    return std::nullopt;
  }
  std::string folded(Trim(word));
  std::transform(folded.begin(), folded.end(), folded.begin(), [](char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  });
  for (const char* yes : {"true", "yes", "positive"}) {
    if (folded == yes) return kLabelPositive;
  }
  for (const char* no : {"false", "no", "negative"}) {
    if (folded == no) return kLabelNegative;
  }
  if (folded == "uncertain") return kLabelUncertain;
  if (folded == "not mentioned") return kLabelNotMentioned;
  return std::nullopt;
}

}  // namespace

std::vector<int8_t> LabelValues(const CategoricalColumn& column,
                                const Table& table, const CohortRoles& roles) {
  std::vector<int8_t> of_level(column.levels.size());
  for (size_t i = 0; i < of_level.size(); ++i) {
    const auto value = ValueOf(column.levels[i], roles);
    if (!value) {
      throw Error(ErrorCode::kInvalidInput,
                  table.Where(column.first_row[i], column.name),
                  "\"{}\" is no label: expected 1, 0, -1 (uncertain) or "
                  "nothing; name other words as uncertain or not_mentioned in "
                  "cohort.toml",
                  column.levels[i]);
    }
    of_level[i] = *value;
  }
  std::vector<int8_t> values(column.codes.size());
  for (size_t row = 0; row < values.size(); ++row) {
    const uint32_t code = column.codes[row];
    values[row] = code == kMissingCode ? kLabelBlank : of_level[code];
  }
  return values;
}

}  // namespace plumbline
