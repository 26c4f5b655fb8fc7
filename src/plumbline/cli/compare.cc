// plumbline compare: reads the predictions of two models, compares, prints.
#include <fmt/format.h>

#include "plumbline/audit/compare/model_comparison.h"
#include "plumbline/base/error.h"
#include "plumbline/base/file.h"
#include "plumbline/base/interrupt.h"
#include "plumbline/base/json.h"
#include "plumbline/base/log.h"
#include "plumbline/base/terminal.h"
#include "plumbline/cli/audit_settings.h"
#include "plumbline/cli/command_line.h"
#include "plumbline/cli/commands.h"
#include "plumbline/cli/common_options.h"
#include "plumbline/cli/compare_settings.h"
#include "plumbline/cli/help_text.h"
#include "plumbline/cli/result_folder.h"
#include "plumbline/cli/result_tables.h"
#include "plumbline/cli/run_record.h"
#include "plumbline/cli/settings_tables.h"
#include "plumbline/cli/standard_output.h"
#include "plumbline/report/compare_report.h"
#include "plumbline/table/table_reader.h"

namespace plumbline {
namespace {

constexpr const char* kHead =
    R"(usage: plumbline compare PREDICTIONS... --label COLUMN --score OLD,NEW \
         [options]
       plumbline compare OLD NEW --label COLUMN --score COLUMN \
         --image COLUMN [options]

Two models on the same rows. PREDICTIONS are CSV or TSV files with one row for
each image and the scores of both models; or OLD and NEW are tables with the
scores of one model each, joined on the columns of --image.

example
  plumbline compare preds.csv --label disease --score old,new \
    --subject patient --by sex,race --at fpr=0.2 --tune-on split=val \
    --margin 0.02 --gate 'auroc non-inferior by sex' -o report
)";

constexpr const char* kTail =
    R"(Settings come from the command line, else from the environment
(PLUMBLINE_MARGIN; several --margin, --gate, ... there are separated by ;), else
from the table [compare] of plumbline.toml, else from the default in brackets.
)";

// The one place where predictions are read.
Table ReadTable(const std::vector<std::string>& inputs, CompareTable which,
                const CompareColumns& columns, const CsvOptions& options) {
  TableReader reader(inputs, options);
  return reader.Read(
      RequestedColumns(columns, which, reader.header(), reader.name()));
}

CompareInput ReadInput(const std::vector<std::string>& inputs,
                       const CompareColumns& columns,
                       const CsvOptions& options) {
  if (columns.common.by.empty()) {
    LogWarning(
        "no attribute is given with --by, so that the models are compared for "
        "everyone together only");
  }
  if (columns.row_id.empty()) {
    return MakeCompareInput(
        ReadTable(inputs, CompareTable::kBoth, columns, options), columns);
  }
  Table baseline =
      ReadTable({inputs[0]}, CompareTable::kBaseline, columns, options);
  Table challenger =
      ReadTable({inputs[1]}, CompareTable::kChallenger, columns, options);
  return MakeCompareInput(std::move(baseline), std::move(challenger), columns);
}

void PrintResult(const Json& comparison, ResultFormat format) {
  switch (format) {
    case ResultFormat::kText:
      return WriteToStdout(CompareText(comparison, StdoutWidth(100)));
    case ResultFormat::kJson:
      return WriteToStdout(WriteJson(comparison));
    case ResultFormat::kCsv:
      return WriteToStdout(CompareGroupsCsv(comparison));
    case ResultFormat::kMarkdown:
      return WriteToStdout(CompareMarkdown(comparison));
  }
}

int GateExitCode(const CompareResult& result) {
  int code = 0;
  for (const RequirementResult& gate : result.requirements) {
    if (gate.outcome == GateOutcome::kFailed) return 1;
    if (gate.outcome == GateOutcome::kCannotTell) code = 4;
  }
  return code;
}

void WriteResult(const OutputSettings& output, const Settings& settings,
                 const Json& comparison, const Json& run_record) {
  StopIfInterrupted();
  if (!output.json_file.empty()) {
    WriteFile(output.json_file, WriteJson(comparison));
  }
  if (!output.folder.empty()) {
    std::vector<std::pair<std::string, std::string>> files = {
        {"compare.json", WriteJson(comparison)},
        {"report.html", CompareReportHtml(comparison)},
        {"run.json", WriteJson(run_record)}};
    for (auto& table : TableFiles({{"groups", CompareGroupsCsv(comparison)},
                                   {"gaps", CompareGapsCsv(comparison)}},
                                  output.parquet_tables)) {
      files.push_back(std::move(table));
    }
    WriteFolder(output.folder, files);
  }
  PrintResult(comparison, output.format);
  if (!output.folder.empty() && !settings.Flag("quiet")) {
    WriteToStderr(fmt::format("report: {}/report.html\n", output.folder));
  }
}

int RunCompare(const Invocation& invocation) {
  const Run run{"compare", invocation.arguments};
  const OptionTables tables = AllOptionTables();
  const CommandLine line =
      ParseCommandLine(tables.at("compare"), invocation.arguments, tables);
  if (line.help) {
    WriteToStdout(CommandHelp(*invocation.command));
    return 0;
  }
  const Settings settings = LoadSettings("compare", tables, line.values);
  const OutputSettings output = ReadOutputSettings(settings);
  if (settings.Flag("show-settings")) {
    WriteToStdout(settings.ToToml("compare"));
    return 0;
  }
  const CompareColumns columns = ReadCompareColumns(settings, line.inputs);
  const CompareOptions options =
      ReadCompareOptions(settings, columns.common.by);
  CsvOptions csv = ReadCsvOptions(settings, line.inputs);
  csv.count_duplicate_rows = false;
  csv.hash_sources = !output.folder.empty() || !output.json_file.empty() ||
                     output.format == ResultFormat::kJson;
  if (!output.folder.empty()) PrepareFolder(output.folder);
  PrepareTables(output.parquet_tables);

  CompareInput input = ReadInput(line.inputs, columns, csv);
  input.names = ReadModelNames(settings, line.inputs, columns);
  RequireTargets(options.audit, input.rows);
  const CompareResult result = CompareModels(input, options);
  Json comparison = ToJson(result, input, options);
  comparison["title"] = settings.Text("title");
  if (settings.policy()) comparison["policy"] = PolicyJson(*settings.policy());
  WriteResult(
      output, settings, comparison,
      RunRecord(run, "plumbline.compare/1", settings, input.rows.sources,
                options.audit.seed, options.audit.threads));
  return GateExitCode(result);
}

}  // namespace

Command CompareCommand() {
  return {.name = "compare",
          .summary = "two models on the same rows, group by group",
          .run = RunCompare,
          .help_head = kHead,
          .help_tail = kTail,
          .options = CompareOptionGroups};
}

}  // namespace plumbline
