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

constexpr const char* kHeldOut = "test";

}  // namespace

std::optional<RowParts> ReadModelParts(const std::string& split_file,
                                       const Cohort& cohort) {
  const std::string text = ReadFile(split_file);
  const CsvOptions options{.delimiter = ','};
  const std::vector<std::string> header =
      ReadCsvText(text, split_file, {}, options).header();
  if (header.size() != 2 || header[1] != "split") {
    throw Error(ErrorCode::kInvalidInput, Location{.file = split_file},
                "needs two columns, the subject and \"split\"; it belongs to "
                "the model: copy it again from where the model was trained");
  }
  const Table table =
      ReadCsvText(text, split_file, {{header[0]}, {header[1]}}, options);
  if (!cohort.has_subjects) {
    LogWarning(
        "who is on a row is not known, so neither is whether the model was "
        "trained on them; name the column with --subject");
    return std::nullopt;
  }
  const CategoricalColumn& subjects = table.Categorical(header[0]);
  const CategoricalColumn& parts = table.Categorical(header[1]);
  std::unordered_map<std::string, int32_t> part_of;
  for (int64_t row = 0; row < table.rows(); ++row) {
    const uint32_t subject = subjects.codes[row];
    const uint32_t part = parts.codes[row];
    if (subject == kMissingCode || part == kMissingCode) {
      throw Error(ErrorCode::kInvalidInput, table.Where(row, header[0]),
                  "the subject or the part is missing");
    }
    const auto [place, is_new] =
        part_of.emplace(subjects.levels[subject], static_cast<int32_t>(part));
    if (!is_new && place->second != static_cast<int32_t>(part)) {
      throw Error(ErrorCode::kInvalidInput, table.Where(row, header[0]),
                  "\"{}\" is in two parts, {} and {}", subjects.levels[subject],
                  parts.levels[place->second], parts.levels[part]);
    }
  }
  RowParts result{.source = split_file, .parts = parts.levels};
  for (const uint32_t subject : cohort.subjects) {
    const auto found = part_of.find(cohort.subject_names[subject]);
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

int64_t RowsSeen(const RowParts& parts, const std::vector<int64_t>& rows) {
  return std::count_if(rows.begin(), rows.end(), [&](int64_t row) {
    const int32_t part = parts.of_row[row];
    return part >= 0 && parts.parts[part] != kHeldOut;
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
