#include "plumbline/table/table.h"

#include <algorithm>
#include <utility>

#include "plumbline/base/text.h"

namespace plumbline {
namespace {

// Names listed in a message before it says how many more there are.
constexpr size_t kListedNames = 40;

template <typename Column>
const Column* Find(const std::vector<Column>& columns, std::string_view name) {
  for (const Column& column : columns) {
    if (column.name == name) return &column;
  }
  return nullptr;
}

template <typename Column>
const Column& Get(const std::vector<Column>& columns, std::string_view name,
                  const Table& table, std::string_view kind) {
  if (const Column* column = Find(columns, name)) return *column;
  const std::vector<std::string>& header = table.header();
  if (std::find(header.begin(), header.end(), name) == header.end()) {
    ThrowNoSuchColumn(
        table.sources().empty() ? "the table" : table.sources()[0].file, name,
        header);
  }
  throw Error(ErrorCode::kInternal, "column \"{}\" was not read as {}", name,
              kind);
}

// The column must be there. What is left has the name alone.
template <typename Column>
Column TakeFrom(std::vector<Column>* columns, std::string_view name) {
  const auto place = std::find_if(
      columns->begin(), columns->end(),
      [name](const Column& column) { return column.name == name; });
  return std::exchange(*place, Column{.name = place->name});
}

}  // namespace

const CategoricalColumn& Table::Categorical(std::string_view name) const {
  return Get(categorical_, name, *this, "words");
}

const NumericColumn& Table::Numeric(std::string_view name) const {
  return Get(numeric_, name, *this, "numbers");
}

CategoricalColumn Table::TakeCategorical(std::string_view name) {
  Categorical(name);  // throws if it is not there
  return TakeFrom(&categorical_, name);
}

NumericColumn Table::TakeNumeric(std::string_view name) {
  Numeric(name);
  return TakeFrom(&numeric_, name);
}

bool Table::HasCategorical(std::string_view name) const {
  return Find(categorical_, name) != nullptr;
}

bool Table::HasNumeric(std::string_view name) const {
  return Find(numeric_, name) != nullptr;
}

Location Table::Where(int64_t row, std::string_view column) const {
  const TableSource* found = nullptr;
  for (const TableSource& source : sources_) {
    if (row < source.first_row || row >= source.first_row + source.rows) {
      continue;
    }
    const auto& columns = source.columns;
    if (std::find(columns.begin(), columns.end(), column) != columns.end()) {
      found = &source;
      break;
    }
    if (found == nullptr) found = &source;
  }
  if (found == nullptr) return {"", row + 2, std::string(column)};
  return {found->file, row - found->first_row + 2, std::string(column)};
}

void Table::set_header(std::vector<std::string> header) {
  header_ = std::move(header);
}

void Table::set_sources(std::vector<TableSource> sources) {
  sources_ = std::move(sources);
}

void Table::set_duplicates(int64_t count, int64_t first, int64_t of) {
  duplicate_rows_ = count;
  first_duplicate_ = first;
  first_duplicate_of_ = of;
}

void Table::set_row_hashes(std::vector<uint64_t> hashes) {
  row_hashes_ = std::move(hashes);
}

void Table::Add(CategoricalColumn column) {
  if (static_cast<int64_t>(column.codes.size()) != rows_) {
    throw Error(ErrorCode::kInternal, "column \"{}\" has {} rows of {}",
                column.name, column.codes.size(), rows_);
  }
  categorical_.push_back(std::move(column));
}

void Table::Add(NumericColumn column) {
  if (static_cast<int64_t>(column.values.size()) != rows_) {
    throw Error(ErrorCode::kInternal, "column \"{}\" has {} rows of {}",
                column.name, column.values.size(), rows_);
  }
  numeric_.push_back(std::move(column));
}

void ThrowNoSuchColumn(const std::string& file, std::string_view name,
                       const std::vector<std::string>& header) {
  const std::string meant = DidYouMean(name, header);
  std::string columns;
  for (size_t i = 0; i < header.size() && i < kListedNames; ++i) {
    columns += (i == 0 ? "" : ", ") + header[i];
  }
  if (header.size() > kListedNames) {
    columns += fmt::format(", ... ({} in all)", header.size());
  }
  throw Error(ErrorCode::kInvalidInput,
              "{} has no column \"{}\"{} Its columns: {}.", file, name,
              meant.empty() ? "." : meant, columns);
}

}  // namespace plumbline
