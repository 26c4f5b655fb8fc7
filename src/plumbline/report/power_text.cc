// The plan on a terminal, as Markdown and as CSV.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "plumbline/base/json.h"
#include "plumbline/report/csv_text.h"
#include "plumbline/report/plain_writer.h"
#include "plumbline/report/power_report.h"
#include "plumbline/report/power_words.h"

namespace plumbline::report {
namespace {

using Align = TextTable::Align;

std::string Whole(double value) {
  return CountText(static_cast<int64_t>(value));
}

void WriteGroups(const JsonPlace& power, PlainWriter* writer) {
  const std::vector<PowerGroupRow> rows = PowerGroupRows(power);
  const bool shares = std::any_of(
      rows.begin(), rows.end(),
      [](const PowerGroupRow& row) { return !row.subjects_at_shares.empty(); });
  TextTable table;
  table.AddColumn("Group", Align::kLeft);
  for (const std::string& heading :
       {std::string("Expected"), PowerBaseHeading(power),
        std::string("Design effect"), std::string("Denominator"),
        std::string("Rows"), std::string("Subjects")}) {
    const bool spare = heading == "Rows" || heading == "Design effect";
    table.AddColumn(heading, Align::kRight, spare ? 1 : 0);
  }
  if (shares) table.AddColumn("At shares", Align::kRight);
  for (const PowerGroupRow& row : rows) {
    std::vector<std::string> cells = {row.name,          row.expected, row.base,
                                      row.design_effect, row.trials,   row.rows,
                                      row.subjects};
    if (shares) cells.push_back(row.subjects_at_shares);
    table.AddRow(std::move(cells));
  }
  writer->Table(table);
}

void WriteSizes(const JsonPlace& power, PlainWriter* writer) {
  TextTable table;
  table.AddColumn("Subjects of a group", Align::kRight);
  table.AddColumn("Denominator", Align::kRight);
  table.AddColumn("Margin", Align::kRight);
  for (const PowerSizeRow& row : PowerSizeRows(power)) {
    table.AddRow({Whole(row.subjects), Whole(row.trials),
                  NumberText(row.margin, PowerMarginKind(power))});
  }
  writer->Table(table);
}

std::string Write(const Json& json, PlainWriter writer) {
  const JsonPlace power(json, kPowerDocument);
  writer.Title(PowerTitle(power));
  writer.Paragraph(PowerAnswer(power));
  WriteGroups(power, &writer);
  writer.Heading(power.Text("goal") == "precision"
                     ? "Half width of the interval at other sizes"
                     : "Margin that other sizes show");
  WriteSizes(power, &writer);
  writer.Heading("Assumptions");
  for (const std::string& line : PowerAssumptions(power)) {
    writer.Item("", line);
  }
  return writer.Finish();
}

std::string Cell(const JsonPlace& place, const char* key) {
  const auto found = place.value().find(key);
  if (found == place.value().end() || found->is_null()) return "";
  if (found->is_string()) return found->get<std::string>();
  if (found->is_number_float()) {
    return fmt::format("{}", found->get<double>());
  }
  return found->dump();
}

}  // namespace
}  // namespace plumbline::report

namespace plumbline {

using report::JsonPlace;
using report::PlainWriter;

std::string PowerText(const Json& power, int width) {
  return report::Write(
      power, PlainWriter(PlainWriter::Format::kText, std::max(width, 40)));
}

std::string PowerMarkdown(const Json& power) {
  return report::Write(power, PlainWriter(PlainWriter::Format::kMarkdown, 0));
}

std::string PowerCsv(const Json& power) {
  std::string out =
      "group,share,expected,prevalence,flagged,design_effect,trials,rows,"
      "subjects,trials_at_shares,rows_at_shares,subjects_at_shares\r\n";
  JsonPlace(power, report::kPowerDocument)
      .ForEach("groups", [&](const JsonPlace& group) {
        std::vector<std::string> record;
        for (const char* key : {"name", "share", "expected", "prevalence",
                                "flagged", "design_effect"}) {
          record.push_back(report::Cell(group, key));
        }
        for (const char* need : {"equal_sizes", "at_shares"}) {
          for (const char* key : {"trials", "rows", "subjects"}) {
            record.push_back(group.Has(need) ? report::Cell(group.At(need), key)
                                             : "");
          }
        }
        report::AppendCsvRecord(record, &out);
      });
  return out;
}

std::string PowerCurveCsv(const Json& power) {
  std::string out = "subjects,trials,margin,power\r\n";
  JsonPlace(power, report::kPowerDocument)
      .ForEach("margin_by_size", [&](const JsonPlace& point) {
        std::vector<std::string> record;
        for (const char* key : {"subjects", "trials", "margin", "power"}) {
          record.push_back(report::Cell(point, key));
        }
        report::AppendCsvRecord(record, &out);
      });
  return out;
}

}  // namespace plumbline
