#include "plumbline/face/input/subject_table.h"

#include <algorithm>
#include <utility>

#include "plumbline/base/error.h"
#include "plumbline/base/text.h"
#include "plumbline/face/input/guard.h"
#include "plumbline/face/input/subject_numbers.h"
#include "plumbline/table/table_reader.h"

namespace plumbline::face {
namespace {

constexpr const char* kSubject = "subject";
constexpr const char* kTemplate = "template";

void CheckIds(const Table& table, const CategoricalColumn& ids) {
  if (ids.missing > 0) {
    throw Error(ErrorCode::kInvalidInput,
                table.Where(FirstMissing(ids), ids.name),
                "is missing; every row of a subject table needs its id");
  }
  CheckIdColumn(ids, {table.Where(0, ids.name).file, 0, ids.name});
}

// One row for each id.
void CheckUnique(const Table& table, const CategoricalColumn& ids) {
  if (static_cast<int64_t>(ids.levels.size()) == table.rows()) return;
  for (int64_t row = 0; row < table.rows(); ++row) {
    const int64_t first = ids.first_row[ids.codes[row]];
    if (first == row) continue;
    throw Error(ErrorCode::kInvalidInput, table.Where(row, ids.name),
                "{} \"{}\" stands in row {} already; a subject table has one "
                "row for each {}",
                ids.name, ids.levels[ids.codes[row]],
                table.Where(first, ids.name).row, ids.name);
  }
}

// All rows of a subject (one a template) give the same attributes.
void CheckAgreement(const SubjectTable& subjects) {
  const CategoricalColumn& ids = subjects.subject;
  for (const CategoricalColumn& attribute : subjects.attributes) {
    for (int64_t row = 0; row < subjects.table.rows(); ++row) {
      const int64_t first = ids.first_row[ids.codes[row]];
      if (attribute.codes[row] == attribute.codes[first]) continue;
      const auto shown = [&](int64_t at) {
        const uint32_t code = attribute.codes[at];
        return code == kMissingCode ? std::string("missing")
                                    : "\"" + attribute.levels[code] + "\"";
      };
      throw Error(ErrorCode::kInvalidInput,
                  subjects.table.Where(row, attribute.name),
                  "{} of this subject is {} here and {} in row {}; a subject "
                  "is in one group in all rows",
                  attribute.name, shown(row), shown(first),
                  subjects.table.Where(first, attribute.name).row);
    }
  }
}

}  // namespace

std::vector<std::string> SubjectAttributes(
    const FaceInputColumns& columns, const std::vector<std::string>& header,
    const std::string& file) {
  std::vector<std::string> attributes = columns.by;
  for (const std::string& name : attributes) {
    if (std::find(header.begin(), header.end(), name) == header.end() ||
        name == kSubject || name == kTemplate) {
      ThrowNoSuchColumn(file, name, header);
    }
  }
  if (!attributes.empty()) return attributes;
  for (const std::string& name : header) {
    if (name != kSubject && name != kTemplate) attributes.push_back(name);
  }
  return attributes;
}

SubjectTable MakeSubjectTable(Table table, const FaceInputColumns& columns,
                              const std::vector<std::string>& attributes,
                              bool templates) {
  SubjectTable subjects;
  subjects.subject = table.TakeCategorical(kSubject);
  CheckIds(table, subjects.subject);
  if (templates) {
    subjects.templates = table.TakeCategorical(kTemplate);
    CheckIds(table, *subjects.templates);
  }
  CheckUnique(table, templates ? *subjects.templates : subjects.subject);
  const auto count = static_cast<int64_t>(subjects.subject.levels.size());
  for (const std::string& name : attributes) {
    const Location place{table.Where(0, name).file, 0, name};
    CheckColumnName(name, place);
    if (const BinRule* bins = FindBins(columns, name)) {
      subjects.attributes.push_back(
          BinColumn(table.TakeNumeric(name), bins->edges));
    } else {
      subjects.attributes.push_back(table.TakeCategorical(name));
      CheckAttributeColumn(subjects.attributes.back(), place, count);
    }
    subjects.keep_order.push_back(FindBins(columns, name) != nullptr);
  }
  subjects.table = std::move(table);
  CheckAgreement(subjects);
  return subjects;
}

SubjectTable ReadSubjectTable(const std::string& file,
                              const FaceInputColumns& columns, bool templates) {
  CsvOptions options = columns.csv;
  options.hash_sources = true;
  TableReader reader({file}, options);
  const std::vector<std::string> attributes =
      SubjectAttributes(columns, reader.header(), reader.name());
  std::vector<ColumnRequest> requests = {{kSubject, ColumnKind::kCategorical}};
  if (templates) requests.push_back({kTemplate, ColumnKind::kCategorical});
  for (const std::string& name : attributes) {
    requests.push_back({name, FindBins(columns, name) != nullptr
                                  ? ColumnKind::kNumeric
                                  : ColumnKind::kCategorical});
  }
  return MakeSubjectTable(reader.Read(requests), columns, attributes,
                          templates);
}

}  // namespace plumbline::face
