// plumbline audit PREDICTIONS...: reads, audits, prints.
#include "plumbline/audit/audit.h"

#include <fmt/format.h>

#include "plumbline/audit/share.h"
#include "plumbline/base/communicator.h"
#include "plumbline/base/error.h"
#include "plumbline/base/file.h"
#include "plumbline/base/interrupt.h"
#include "plumbline/base/log.h"
#include "plumbline/base/terminal.h"
#include "plumbline/base/text.h"
#include "plumbline/cli/audit_settings.h"
#include "plumbline/cli/command_line.h"
#include "plumbline/cli/commands.h"
#include "plumbline/cli/help_text.h"
#include "plumbline/cli/layouts.h"
#include "plumbline/cli/result_folder.h"
#include "plumbline/cli/result_tables.h"
#include "plumbline/cli/run_record.h"
#include "plumbline/cli/settings_tables.h"
#include "plumbline/cli/standard_output.h"
#include "plumbline/report/audit_report.h"
#include "plumbline/table/table_reader.h"

namespace plumbline {
namespace {

constexpr const char* kHead =
    R"(usage: plumbline audit PREDICTIONS... --label COLUMN --score COLUMN [options]

PREDICTIONS are CSV or TSV files with one row for each image and a header; also
*.gz and *.zst, patterns such as 'preds/*.csv', and - for standard input; or
Parquet files; NAME=FILE.npy adds a column from a NumPy array.

example
  plumbline audit preds.csv --label disease --score score --subject patient \
    --by sex,race,age --bins age=0,40,60,80 --at fpr=0.2 --tune-on split=val \
    --gate 'fnr gap by sex <= 0.05' -o report
)";

constexpr const char* kTail =
    R"(Settings come from the command line, else from the environment
(PLUMBLINE_TUNE_ON for --tune-on; several --bins, --gate, ... there are
separated by ;), else from the table [audit] of plumbline.toml, else from the
default in brackets. `plumbline explain CODE` explains a finding.
)";

void PrintResult(const Json& audit, ResultFormat format) {
  switch (format) {
    case ResultFormat::kText:
      return WriteToStdout(AuditText(audit, StdoutWidth(100)));
    case ResultFormat::kJson:
      return WriteToStdout(WriteJson(audit));
    case ResultFormat::kCsv:
      return WriteToStdout(AuditGroupsCsv(audit));
    case ResultFormat::kMarkdown:
      return WriteToStdout(AuditMarkdown(audit));
  }
}

int GateExitCode(const AuditResult& result) {
  int code = 0;
  for (const GateResult& gate : result.gates) {
    if (gate.outcome == GateOutcome::kFailed) return 1;
    if (gate.outcome == GateOutcome::kCannotTell) code = 4;
  }
  return code;
}

AuditInput ReadInput(TableReader* reader, const AuditColumns& columns) {
  const auto requests =
      RequestedColumns(columns, reader->header(), reader->name());
  if (columns.by.empty()) {
    LogWarning(
        "no attribute is given with --by, so that only everyone together is "
        "audited");
  }
  return MakeAuditInput(reader->Read(requests, &WorldCommunicator()), columns);
}

// What the user asked for.
struct Request {
  const Layout* layout = nullptr;
  AuditColumns columns;
  AuditOptions options;
  std::optional<ShareOptions> share;
  OutputSettings output;
};

Request ReadRequest(const Settings& settings) {
  Request request;
  request.layout = ReadLayout(settings);
  request.columns = ReadAuditColumns(settings);
  const bool by_layout =
      request.layout != nullptr && request.columns.by.empty();
  request.options = ReadAuditOptions(
      settings, by_layout ? request.layout->by : request.columns.by);
  request.output = ReadOutputSettings(settings);
  request.share = ReadShareOptions(settings);
  return request;
}

CsvOptions ReadingOf(const Settings& settings, const OutputSettings& output,
                     const std::vector<std::string>& inputs) {
  if (inputs.empty()) {
    throw Error(ErrorCode::kUsage,
                "no predictions are given: plumbline audit PREDICTIONS... "
                "(a CSV or TSV file, a pattern, or - for standard input)");
  }
  CsvOptions csv = ReadCsvOptions(settings, inputs);
  csv.hash_sources = !output.folder.empty() || !output.json_file.empty() ||
                     output.format == ResultFormat::kJson;
  return csv;
}

// Sees to it that the result can be written, before the work.
void PrepareOutput(const Request& request) {
  const OutputSettings& output = request.output;
  if (!output.folder.empty()) {
    PrepareFolder(output.folder);
    const std::string ending = output.parquet_tables ? ".parquet" : ".csv";
    if (request.share) {
      RequireNothingElse(output.folder,
                         {"audit.json", "report.html", "run.json",
                          "groups" + ending, "gaps" + ending});
    }
  }
}

Json DocumentOf(const Settings& settings, const Request& request,
                const AuditInput& input, const AuditResult& result) {
  Json audit = ToJson(result, input, request.options);
  audit["title"] = settings.Text("title");
  if (settings.policy()) audit["policy"] = PolicyJson(*settings.policy());
  return request.share ? SharedAudit(audit, input, result, *request.share)
                       : audit;
}

std::vector<ResultTable> TablesOf(const Json& audit) {
  std::vector<ResultTable> tables = {{"groups", AuditGroupsCsv(audit)},
                                     {"gaps", AuditGapsCsv(audit)}};
  if (audit.contains("case_mix")) {
    tables.push_back({"case_mix", AuditCaseMixCsv(audit)});
  }
  if (audit.contains("slices")) {
    tables.push_back({"slices", AuditSlicesCsv(audit)});
  }
  return tables;
}

void WriteResultFolder(const Run& run, const Settings& settings,
                       const Request& request, const AuditInput& input,
                       const Json& audit) {
  Json record = RunRecord(run, "plumbline.audit/1", settings, input.sources,
                          request.options.seed, request.options.threads);
  if (request.share) record = SharedRunRecord(std::move(record));
  std::vector<std::pair<std::string, std::string>> files = {
      {"audit.json", WriteJson(audit)},
      {"report.html", AuditReportHtml(audit)}};
  for (auto& table :
       TableFiles(TablesOf(audit), request.output.parquet_tables)) {
    files.push_back(std::move(table));
  }
  files.emplace_back("run.json", WriteJson(record));
  WriteFolder(request.output.folder, files);
}

void WriteResult(const Run& run, const Settings& settings,
                 const Request& request, const AuditInput& input,
                 const Json& audit) {
  StopIfInterrupted();
  const OutputSettings& output = request.output;
  if (!output.json_file.empty()) WriteFile(output.json_file, WriteJson(audit));
  if (!output.folder.empty()) {
    WriteResultFolder(run, settings, request, input, audit);
  }
  PrintResult(audit, output.format);
  if (!output.folder.empty() && !settings.Flag("quiet")) {
    WriteToStderr(fmt::format("report: {}/report.html\n", output.folder));
  }
}

int RunAudit(const Invocation& invocation) {
  const Run run{"audit", invocation.arguments};
  const OptionTables tables = AllOptionTables();
  const CommandLine line =
      ParseCommandLine(tables.at("audit"), invocation.arguments, tables);
  if (line.help) {
    WriteToStdout(CommandHelp(*invocation.command));
    return 0;
  }
  const Settings settings = LoadSettings("audit", tables, line.values);
  Request request = ReadRequest(settings);
  if (settings.Flag("show-settings")) {
    WriteToStdout(settings.ToToml("audit"));
    return 0;
  }
  const CsvOptions csv = ReadingOf(settings, request.output, line.inputs);
  Communicator& processes = WorldCommunicator();
  const bool writes = processes.rank() == 0;
  if (writes) PrepareOutput(request);
  PrepareTables(request.output.parquet_tables);

  TableReader reader(line.inputs, csv);
  if (request.layout != nullptr) {
    ApplyLayout(*request.layout, reader.header(), &request.columns);
    request.options = ReadAuditOptions(settings, request.columns.by);
  }
  const AuditInput input = ReadInput(&reader, request.columns);
  RequireTargets(request.options, input);
  request.options.processes = &processes;
  const AuditResult result = Audit(input, request.options);
  if (writes) {
    WriteResult(run, settings, request, input,
                DocumentOf(settings, request, input, result));
  }
  return GateExitCode(result);
}

}  // namespace

Command AuditCommand() {
  return {.name = "audit",
          .summary = "how a model works for every group, and what the gaps are",
          .run = RunAudit,
          .help_head = kHead,
          .help_tail = kTail,
          .options = AuditOptionGroups,
          .uses_processes = true};
}

}  // namespace plumbline
