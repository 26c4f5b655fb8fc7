// plumbline monitor PREDICTIONS...: reads, follows rates over time, prints.
#include "plumbline/audit/monitor/monitor.h"

#include <fmt/format.h>

#include <algorithm>

#include "plumbline/base/error.h"
#include "plumbline/base/file.h"
#include "plumbline/base/interrupt.h"
#include "plumbline/base/json.h"
#include "plumbline/base/log.h"
#include "plumbline/base/terminal.h"
#include "plumbline/cli/audit_settings.h"
#include "plumbline/cli/command_line.h"
#include "plumbline/cli/commands.h"
#include "plumbline/cli/help_text.h"
#include "plumbline/cli/monitor_settings.h"
#include "plumbline/cli/result_folder.h"
#include "plumbline/cli/result_tables.h"
#include "plumbline/cli/run_record.h"
#include "plumbline/cli/settings_tables.h"
#include "plumbline/cli/standard_output.h"
#include "plumbline/report/monitor_report.h"
#include "plumbline/table/table_reader.h"

namespace plumbline {
namespace {

constexpr const char* kHead =
    R"(usage: plumbline monitor PREDICTIONS... --date COLUMN --label COLUMN
         --score COLUMN [options]

The audit over time: each group's rates in each window, and whether they drifted
away from a baseline, judged so that one may look at any time. PREDICTIONS as
for plumbline audit.

example
  plumbline monitor preds.csv --date study_date --window month \
    --baseline 2024-01..2024-06 --label disease --score score \
    --subject patient --by sex,race --at 0.5 \
    --gate 'fnr drift by sex <= 0.05' -o monitor
)";

constexpr const char* kTail =
    R"(Settings come from the command line, else from the environment
(PLUMBLINE_DATE for --date), else from the table [monitor] of plumbline.toml,
else from the default in brackets. `plumbline explain CODE` explains a finding.
)";

MonitorInput ReadInput(const std::vector<std::string>& inputs,
                       const AuditColumns& columns, const DateColumn& date,
                       const CsvOptions& options) {
  TableReader reader(inputs, options);
  auto requests = RequestedColumns(columns, reader.header(), reader.name());
  const auto& header = reader.header();
  if (std::find(header.begin(), header.end(), date.name) == header.end()) {
    ThrowNoSuchColumn(reader.name(), date.name, header);
  }
  requests.push_back({date.name, ColumnKind::kCategorical});
  if (columns.by.empty()) {
    LogWarning(
        "no attribute is given with --by, so that only everyone together is "
        "followed");
  }
  MonitorInput input;
  Table table = reader.Read(requests);
  input.date_column = date.name;
  input.days = ReadDays(table, table.TakeCategorical(date.name), date.format);
  input.audit = MakeAuditInput(std::move(table), columns);
  return input;
}

void PrintResult(const Json& monitor, ResultFormat format) {
  switch (format) {
    case ResultFormat::kText:
      return WriteToStdout(MonitorText(monitor, StdoutWidth(100)));
    case ResultFormat::kJson:
      return WriteToStdout(WriteJson(monitor));
    case ResultFormat::kCsv:
      return WriteToStdout(MonitorDriftCsv(monitor));
    case ResultFormat::kMarkdown:
      return WriteToStdout(MonitorMarkdown(monitor));
  }
}

int ExitCodeOf(const MonitorResult& result, bool fail_on_drift) {
  int code = 0;
  for (const DriftResult& drift : result.drift) {
    if (fail_on_drift && drift.reported) return 1;
  }
  for (const GateResult& gate : result.gates) {
    if (gate.outcome == GateOutcome::kFailed) return 1;
    if (gate.outcome == GateOutcome::kCannotTell) code = 4;
  }
  return code;
}

void WriteResult(const Run& run, const Settings& settings,
                 const OutputSettings& output, const MonitorInput& input,
                 const MonitorOptions& options, const Json& monitor) {
  StopIfInterrupted();
  if (!output.json_file.empty()) {
    WriteFile(output.json_file, WriteJson(monitor));
  }
  if (!output.folder.empty()) {
    std::vector<std::pair<std::string, std::string>> files = {
        {"monitor.json", WriteJson(monitor)},
        {"report.html", MonitorReportHtml(monitor)},
        {"run.json",
         WriteJson(RunRecord(run, "plumbline.monitor/1", settings,
                             input.audit.sources, options.audit.seed,
                             options.audit.threads))}};
    for (auto& table : TableFiles({{"windows", MonitorWindowsCsv(monitor)},
                                   {"drift", MonitorDriftCsv(monitor)}},
                                  output.parquet_tables)) {
      files.push_back(std::move(table));
    }
    WriteFolder(output.folder, files);
  }
  PrintResult(monitor, output.format);
  if (!output.folder.empty() && !settings.Flag("quiet")) {
    WriteToStderr(fmt::format("report: {}/report.html\n", output.folder));
  }
}

int RunMonitor(const Invocation& invocation) {
  const Run run{"monitor", invocation.arguments};
  const OptionTables tables = AllOptionTables();
  const CommandLine line =
      ParseCommandLine(tables.at("monitor"), invocation.arguments, tables);
  if (line.help) {
    WriteToStdout(CommandHelp(*invocation.command));
    return 0;
  }
  const Settings settings = LoadSettings("monitor", tables, line.values);
  const AuditColumns columns = ReadMonitorColumns(settings);
  const MonitorOptions options = ReadMonitorOptions(settings, columns);
  const OutputSettings output = ReadOutputSettings(settings);
  if (settings.Flag("show-settings")) {
    WriteToStdout(settings.ToToml("monitor"));
    return 0;
  }
  if (line.inputs.empty()) {
    throw Error(ErrorCode::kUsage,
                "no predictions are given: plumbline monitor PREDICTIONS... "
                "(a CSV or TSV file, a pattern, or - for standard input)");
  }
  const DateColumn date = ReadDateColumn(settings, columns);
  CsvOptions csv = ReadCsvOptions(settings, line.inputs);
  csv.hash_sources = !output.folder.empty() || !output.json_file.empty() ||
                     output.format == ResultFormat::kJson;
  if (!output.folder.empty()) PrepareFolder(output.folder);
  PrepareTables(output.parquet_tables);

  const MonitorInput input = ReadInput(line.inputs, columns, date, csv);
  RequireTargets(options.audit, input.audit);
  const MonitorResult result = Monitor(input, options);
  Json monitor = ToJson(result, input, options);
  monitor["title"] = settings.Text("title");
  if (settings.policy()) monitor["policy"] = PolicyJson(*settings.policy());
  WriteResult(run, settings, output, input, options, monitor);
  return ExitCodeOf(result, settings.Flag("fail-on-drift"));
}

}  // namespace

Command MonitorCommand() {
  return {.name = "monitor",
          .summary = "whether a group's rates drift over time",
          .run = RunMonitor,
          .help_head = kHead,
          .help_tail = kTail,
          .options = MonitorOptionGroups};
}

}  // namespace plumbline
