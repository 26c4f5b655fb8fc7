// A training on a terminal and as Markdown.
#include "plumbline/base/json.h"
#include "plumbline/report/plain_writer.h"
#include "plumbline/report/train_report.h"
#include "plumbline/report/train_words.h"

namespace plumbline::report {
namespace {

using Align = TextTable::Align;

void WriteTuning(const JsonPlace& train, PlainWriter* writer) {
  const std::vector<TrainTuneRow> rows = TrainTuneRows(train);
  if (rows.empty()) return;
  TextTable table;
  table.AddColumn("Target", Align::kLeft);
  for (const char* heading :
       {"AUROC, tuning part", "Rows", "Subjects", "With the finding"}) {
    table.AddColumn(heading, Align::kRight);
  }
  for (const TrainTuneRow& row : rows) {
    table.AddRow({row.target, row.auroc, row.rows, row.subjects, row.events});
  }
  writer->Table(table);
}

void WriteParts(const JsonPlace& train, PlainWriter* writer) {
  TextTable table;
  table.AddColumn("Part", Align::kLeft);
  table.AddColumn("Rows", Align::kRight);
  table.AddColumn("Subjects", Align::kRight);
  int spare = 0;
  for (const std::string& name : TrainTargetNames(train)) {
    table.AddColumn(name, Align::kRight, spare++ == 0 ? 0 : 1);
  }
  for (const TrainPartRow& row : TrainPartRows(train)) {
    std::vector<std::string> cells = {row.part, row.rows, row.subjects};
    cells.insert(cells.end(), row.targets.begin(), row.targets.end());
    table.AddRow(std::move(cells));
  }
  writer->Table(table);
}

std::string Write(const Json& json, PlainWriter writer) {
  const JsonPlace train(json, kTrainDocument);
  const std::string title = train.TextOr("title", "");
  writer.Title(title.empty() ? "Training: " + TrainTargets(train) : title);
  writer.Paragraph(TrainAnswer(train));
  WriteTuning(train, &writer);
  WriteParts(train, &writer);
  writer.Heading("To keep in mind");
  for (const std::string& line : TrainCautions(train)) writer.Item("", line);
  return writer.Finish();
}

}  // namespace
}  // namespace plumbline::report

namespace plumbline {

std::string TrainText(const Json& json, int width) {
  using report::PlainWriter;
  return report::Write(json, PlainWriter(PlainWriter::Format::kText, width));
}

std::string TrainMarkdown(const Json& json) {
  using report::PlainWriter;
  return report::Write(json, PlainWriter(PlainWriter::Format::kMarkdown, 0));
}

}  // namespace plumbline
