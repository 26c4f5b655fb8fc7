// plumbline audit PREDICTIONS...: reads, audits, prints.
#include "plumbline/audit/audit.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <ctime>

#include "plumbline/base/error.h"
#include "plumbline/base/file.h"
#include "plumbline/base/interrupt.h"
#include "plumbline/base/log.h"
#include "plumbline/base/terminal.h"
#include "plumbline/base/text.h"
#include "plumbline/base/thread_pool.h"
#include "plumbline/base/version.h"
#include "plumbline/cli/audit_settings.h"
#include "plumbline/cli/command_line.h"
#include "plumbline/cli/commands.h"
#include "plumbline/cli/help_text.h"
#include "plumbline/cli/result_folder.h"
#include "plumbline/cli/standard_output.h"
#include "plumbline/report/audit_report.h"

namespace plumbline {
namespace {

constexpr const char* kHead =
    R"(usage: plumbline audit PREDICTIONS... --label COLUMN --score COLUMN [options]

PREDICTIONS are CSV or TSV files with one row for each image and a header; also
*.gz and *.zst, patterns such as 'preds/*.csv', and - for standard input.

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

using Clock = std::chrono::steady_clock;

struct Run {
  std::vector<std::string> arguments;
  std::chrono::system_clock::time_point started =
      std::chrono::system_clock::now();
  Clock::time_point begin = Clock::now();
};

Json RunRecord(const Run& run, const Settings& settings,
               const AuditInput& input, const AuditOptions& options) {
  Json files = Json::array();
  for (const TableSource& source : input.sources) {
    files.push_back({{"file", source.file},
                     {"rows", source.rows},
                     {"sha256", source.sha256}});
  }
  const double seconds =
      std::chrono::duration<double>(Clock::now() - run.begin).count();
  return {{"schema", "plumbline.run/1"},
          {"command", "audit"},
          {"arguments", run.arguments},
          {"settings", settings.ToJson()},
          {"input", files},
          {"versions",
           {{"plumbline", kVersion},
            {"schema", "plumbline.audit/1"},
            {"compiler", __VERSION__}}},
          {"seed", options.seed},
          {"started",
           fmt::format(
               "{:%Y-%m-%dT%H:%M:%SZ}",
               fmt::gmtime(std::chrono::system_clock::to_time_t(run.started)))},
          {"timing",
           {{"seconds", Number(seconds)},
            {"threads",
             options.threads > 0 ? options.threads : DefaultThreads()}}}};
}

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

AuditInput ReadInput(const std::vector<std::string>& inputs,
                     const AuditColumns& columns, const CsvOptions& options) {
  CsvReader reader(inputs, options);
  const auto requests =
      RequestedColumns(columns, reader.header(), reader.name());
  if (columns.by.empty()) {
    LogWarning(
        "no attribute is given with --by, so that only everyone together is "
        "audited");
  }
  return MakeAuditInput(reader.Read(requests), columns);
}

void WriteResult(const Run& run, const Settings& settings,
                 const OutputSettings& output, const AuditInput& input,
                 const AuditOptions& options, const Json& audit) {
  StopIfInterrupted();
  if (!output.json_file.empty()) WriteFile(output.json_file, WriteJson(audit));
  if (!output.folder.empty()) {
    std::vector<std::pair<std::string, std::string>> files = {
        {"audit.json", WriteJson(audit)},
        {"report.html", AuditReportHtml(audit)},
        {"groups.csv", AuditGroupsCsv(audit)},
        {"gaps.csv", AuditGapsCsv(audit)},
        {"run.json", WriteJson(RunRecord(run, settings, input, options))}};
    if (audit.contains("slices")) {
      files.emplace_back("slices.csv", AuditSlicesCsv(audit));
    }
    WriteFolder(output.folder, files);
  }
  PrintResult(audit, output.format);
  if (!output.folder.empty() && !settings.Flag("quiet")) {
    WriteToStderr(fmt::format("report: {}/report.html\n", output.folder));
  }
}

int RunAudit(const Invocation& invocation) {
  const Run run{invocation.arguments};
  const OptionTables tables = {{"audit", AuditOptionGroups()}};
  const CommandLine line =
      ParseCommandLine(tables.at("audit"), invocation.arguments);
  if (line.help) {
    WriteToStdout(CommandHelp(*invocation.command));
    return 0;
  }
  const Settings settings = LoadSettings("audit", tables, line.values);
  const AuditColumns columns = ReadAuditColumns(settings);
  const AuditOptions options = ReadAuditOptions(settings, columns.by);
  const OutputSettings output = ReadOutputSettings(settings);
  if (settings.Flag("show-settings")) {
    WriteToStdout(settings.ToToml("audit"));
    return 0;
  }
  if (line.inputs.empty()) {
    throw Error(ErrorCode::kUsage,
                "no predictions are given: plumbline audit PREDICTIONS... "
                "(a CSV or TSV file, a pattern, or - for standard input)");
  }
  CsvOptions csv = ReadCsvOptions(settings, line.inputs);
  csv.hash_sources = !output.folder.empty() || !output.json_file.empty() ||
                     output.format == ResultFormat::kJson;
  if (!output.folder.empty()) PrepareFolder(output.folder);

  const AuditInput input = ReadInput(line.inputs, columns, csv);
  RequireTargets(options, input);
  const AuditResult result = Audit(input, options);
  Json audit = ToJson(result, input, options);
  audit["title"] = settings.Text("title");
  WriteResult(run, settings, output, input, options, audit);
  return GateExitCode(result);
}

}  // namespace

Command AuditCommand() {
  return {.name = "audit",
          .summary = "how a model works for every group, and what the gaps are",
          .run = RunAudit,
          .help_head = kHead,
          .help_tail = kTail,
          .options = AuditOptionGroups};
}

}  // namespace plumbline
