#include "plumbline/cli/model_split.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "plumbline/base/error.h"
#include "plumbline/base/file.h"
#include "plumbline/base/log.h"
#include "plumbline/cli/option.h"

namespace plumbline {
namespace {

constexpr const char* kSplit = "split";
constexpr const char* kHeldOut = "test";

// The part of each name; -1: blank.
std::unordered_map<std::string, int32_t> PartsByName(
    const Table& table, const std::string& name_column) {
  const CategoricalColumn& names = table.Categorical(name_column);
  const CategoricalColumn& parts = table.Categorical(kSplit);
  std::unordered_map<std::string, int32_t> part_of;
  for (int64_t row = 0; row < table.rows(); ++row) {
    const uint32_t name = names.codes[row];
    if (name == kMissingCode) continue;
    const int32_t part = parts.codes[row] == kMissingCode
                             ? -1
                             : static_cast<int32_t>(parts.codes[row]);
    const auto [place, is_new] = part_of.emplace(names.levels[name], part);
    if (is_new || place->second == part) continue;
    const auto shown = [&](int32_t p) {
      return p < 0 ? std::string("none") : parts.levels[p];
    };
    throw Error(ErrorCode::kInvalidInput, table.Where(row, name_column),
                "\"{}\" is in two parts, {} and {}", names.levels[name],
                shown(place->second), shown(part));
  }
  return part_of;
}

}  // namespace

std::optional<RowParts> ReadModelParts(const std::string& split_file,
                                       const Cohort& cohort) {
  const std::string text = ReadFile(split_file);
  const CsvOptions options{.delimiter = ','};
  const std::vector<std::string> header =
      ReadCsvText(text, split_file, {}, options).header();
  if (header.size() != 2 || header[1] != kSplit) {
    throw Error(ErrorCode::kInvalidInput, Location{.file = split_file},
                "needs two columns, the subject and \"split\"; it belongs to "
                "the model: copy it again from where the model was trained");
  }
  // A model that was trained without a subject column knows images.
  const bool by_image = cohort.HasImages() && header[0] == cohort.roles.image;
  if (!cohort.has_subjects && !by_image) {
    LogWarning(
        "who is on a row is not known, so neither is whether the model was "
        "trained on them; name the column with --subject");
    return std::nullopt;
  }
  const Table table =
      ReadCsvText(text, split_file, {{header[0]}, {kSplit}}, options);
  const auto part_of = PartsByName(table, header[0]);
  RowParts result{.source = split_file,
                  .parts = table.Categorical(kSplit).levels};
  for (int64_t row = 0; row < cohort.rows; ++row) {
    const int32_t image = by_image ? cohort.image.codes[row] : -1;
    const auto found =
        !by_image   ? part_of.find(cohort.subject_names[cohort.subjects[row]])
        : image < 0 ? part_of.end()
                    : part_of.find(cohort.image.levels[image]);
    result.of_row.push_back(found == part_of.end() ? -1 : found->second);
  }
  return result;
}

std::optional<RowParts> PartsOfCohort(const Cohort& cohort) {
  if (!cohort.HasSplit()) return std::nullopt;
  return RowParts{
      .source = fmt::format("the column \"{}\"", cohort.roles.split),
      .parts = cohort.split.levels,
      .of_row = cohort.split.codes};
}

int64_t RowsSeen(const RowParts& parts, const Json& training,
                 const std::vector<int64_t>& rows) {
  std::vector<bool> seen;
  for (const std::string& part : parts.parts) {
    if (!training.is_object() || !training.contains("seen_parts")) {
      seen.push_back(part != kHeldOut);
      continue;
    }
    const Json& names = training["seen_parts"];
    seen.push_back(std::find(names.begin(), names.end(), part) != names.end());
  }
  return std::count_if(rows.begin(), rows.end(), [&](int64_t row) {
    const int32_t part = parts.of_row[row];
    return part >= 0 && seen[part];
  });
}

std::vector<int64_t> RowsOfPart(const RowParts& parts,
                                const std::string& part) {
  const auto found = std::find(parts.parts.begin(), parts.parts.end(), part);
  if (found == parts.parts.end()) {
    throw Error(ErrorCode::kUsage, "--part {}: {} has no such part{}", part,
                parts.source, NearestOrAll(part, parts.parts));
  }
  const auto wanted = static_cast<int32_t>(found - parts.parts.begin());
  std::vector<int64_t> rows;
  for (size_t row = 0; row < parts.of_row.size(); ++row) {
    if (parts.of_row[row] == wanted) rows.push_back(static_cast<int64_t>(row));
  }
  return rows;
}

}  // namespace plumbline
