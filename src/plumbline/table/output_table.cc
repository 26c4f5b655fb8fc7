#include "plumbline/table/output_table.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "plumbline/base/error.h"
#include "plumbline/base/interrupt.h"
#include "plumbline/base/text.h"
#include "plumbline/table/csv_utf8.h"
#include "plumbline/table/npy_writer.h"
#include "plumbline/table/typed_columns.h"

namespace plumbline {
namespace {

constexpr double kLargestWhole = 9007199254740992;  // 2^53
constexpr int64_t kRowsBetweenChecks = 1 << 16;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool ReadsAsNumber(std::string_view text, double* value) {
  if (!ParseNumber(text, value)) return false;
  const std::string_view digits = text.substr(text[0] == '-' ? 1 : 0);
  if (digits.size() > 1 && digits[0] == '0' && IsDigit(digits[1])) return false;
  if (!IsDigit(digits[0]) && digits[0] != '.') return false;
  const bool whole = std::all_of(digits.begin(), digits.end(), IsDigit);
  return !whole || std::abs(*value) <= kLargestWhole;
}

// Appends the CSV fields of one column, row by row.
class FieldWriter {
 public:
  FieldWriter(const OutputColumn& column, char separator,
              const std::vector<std::string>& marks)
      : words_(std::get_if<CategoricalColumn>(&column)),
        numbers_(std::get_if<NumericColumn>(&column)) {
    if (words_ == nullptr) return;
    for (const std::string& level : words_->levels) {
      std::string field;
      if (std::find(marks.begin(), marks.end(), level) != marks.end()) {
        // A mark holds no quote, or it could not stand in a list of marks.
        field = '"' + level + '"';
      } else {
        AppendCsvField(level, &field, separator);
      }
      fields_.push_back(std::move(field));
    }
  }

  void Append(int64_t row, std::string* out) {
    if (numbers_ != nullptr) {
      *out += digits_.Of(numbers_->values[row]);
      return;
    }
    const uint32_t code = words_->codes[row];
    if (code != kMissingCode) *out += fields_[code];
  }

 private:
  const CategoricalColumn* words_;
  const NumericColumn* numbers_;
  std::vector<std::string> fields_;
  NumberText digits_;
};

// --- npy -------------------------------------------------------------------

std::vector<uint32_t> CodePoints(std::string_view text) {
  std::vector<uint32_t> points;
  while (!text.empty()) {
    const size_t bytes = csv::FirstCharacterBytes(text);
    if (bytes == 0) {
      throw Error(ErrorCode::kInternal, "a word is not UTF-8");
    }
    constexpr uint8_t kFirstMask[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    uint32_t point = static_cast<uint8_t>(text[0]) & kFirstMask[bytes];
    for (size_t i = 1; i < bytes; ++i) {
      point = point << 6 | (static_cast<uint8_t>(text[i]) & 0x3F);
    }
    points.push_back(point);
    text.remove_prefix(bytes);
  }
  return points;
}

std::string WordsToNpy(const CategoricalColumn& column) {
  std::vector<std::vector<uint32_t>> levels;
  size_t width = 1;
  for (const std::string& level : column.levels) {
    levels.push_back(CodePoints(level));
    width = std::max(width, levels.back().size());
  }
  std::vector<std::string> elements;
  for (std::vector<uint32_t>& level : levels) {
    level.resize(width);
    std::string element;
    for (const uint32_t point : level) AppendLittleEndian(point, &element);
    elements.push_back(std::move(element));
  }
  const std::string missing(4 * width, '\0');
  std::string out = NpyStart(fmt::format("<U{}", width),
                             fmt::format("({},)", column.codes.size()));
  out.reserve(out.size() + missing.size() * column.codes.size());
  for (size_t row = 0; row < column.codes.size(); ++row) {
    const uint32_t code = column.codes[row];
    out += code == kMissingCode ? missing : elements[code];
  }
  return out;
}

}  // namespace

const std::string& NameOf(const OutputColumn& column) {
  return std::visit(
      [](const auto& typed) -> const std::string& { return typed.name; },
      column);
}

OutputColumn NumbersIfAllAre(CategoricalColumn column) {
  std::vector<double> of_level(column.levels.size());
  for (size_t level = 0; level < of_level.size(); ++level) {
    if (!ReadsAsNumber(column.levels[level], &of_level[level])) return column;
  }
  NumericColumn numbers{.name = column.name, .missing = column.missing};
  numbers.values.resize(column.codes.size());
  for (size_t row = 0; row < numbers.values.size(); ++row) {
    const uint32_t code = column.codes[row];
    numbers.values[row] = code == kMissingCode
                              ? std::numeric_limits<double>::quiet_NaN()
                              : of_level[code];
  }
  return numbers;
}

OutputTable ReadForOutput(TableReader* reader,
                          const std::vector<std::string>& names) {
  const auto& wanted = names.empty() ? reader->header() : names;
  std::vector<ColumnRequest> requests;
  for (const std::string& name : wanted) {
    const auto& header = reader->header();
    if (std::find(header.begin(), header.end(), name) == header.end()) {
      ThrowNoSuchColumn(reader->name(), name, header);
    }
    requests.push_back({name, reader->nature(name) == ColumnNature::kNumbers
                                  ? ColumnKind::kNumeric
                                  : ColumnKind::kCategorical});
  }
  Table table = reader->Read(requests);
  OutputTable out{.rows = table.rows()};
  for (const ColumnRequest& request : requests) {
    if (request.kind == ColumnKind::kNumeric) {
      out.columns.emplace_back(table.TakeNumeric(request.name));
    } else if (reader->nature(request.name) == ColumnNature::kText) {
      out.columns.push_back(
          NumbersIfAllAre(table.TakeCategorical(request.name)));
    } else {
      out.columns.emplace_back(table.TakeCategorical(request.name));
    }
  }
  return out;
}

std::string ToCsv(const OutputTable& table, char separator,
                  const std::vector<std::string>& marks) {
  std::string out;
  std::vector<FieldWriter> fields;
  for (const OutputColumn& column : table.columns) {
    if (!fields.empty()) out += separator;
    AppendCsvField(NameOf(column), &out, separator);
    fields.emplace_back(column, separator, marks);
  }
  out += '\n';
  for (int64_t row = 0; row < table.rows; ++row) {
    if (row % kRowsBetweenChecks == 0) StopIfInterrupted();
    for (size_t i = 0; i < fields.size(); ++i) {
      if (i > 0) out += separator;
      fields[i].Append(row, &out);
    }
    out += '\n';
  }
  return out;
}

std::string ToNpy(const OutputTable& table) {
  const auto* words = std::get_if<CategoricalColumn>(&table.columns.front());
  if (words != nullptr && table.columns.size() == 1) return WordsToNpy(*words);
  std::vector<const double*> columns;
  for (const OutputColumn& column : table.columns) {
    const auto* numbers = std::get_if<NumericColumn>(&column);
    if (numbers == nullptr) {
      throw Error(ErrorCode::kUsage,
                  "column \"{}\" holds words, and an npy file holds numbers, "
                  "or one column of words; choose columns with --columns",
                  NameOf(column));
    }
    columns.push_back(numbers->values.data());
  }
  std::string out = NpyStart(
      "<f8", columns.size() == 1
                 ? fmt::format("({},)", table.rows)
                 : fmt::format("({}, {})", table.rows, columns.size()));
  out.reserve(out.size() + sizeof(double) * table.rows * columns.size());
  for (int64_t row = 0; row < table.rows; ++row) {
    for (const double* column : columns) AppendLittleEndian(column[row], &out);
  }
  return out;
}

}  // namespace plumbline
