// plumbline face algorithms: a table of many algorithms.
#include <fmt/format.h>

#include "plumbline/base/error.h"
#include "plumbline/base/file.h"
#include "plumbline/base/json.h"
#include "plumbline/base/terminal.h"
#include "plumbline/cli/command_line.h"
#include "plumbline/cli/common_options.h"
#include "plumbline/cli/face_commands.h"
#include "plumbline/cli/help_text.h"
#include "plumbline/cli/result_folder.h"
#include "plumbline/cli/result_tables.h"
#include "plumbline/cli/run_record.h"
#include "plumbline/cli/settings_tables.h"
#include "plumbline/cli/standard_output.h"
#include "plumbline/face/algorithms/algorithms.h"
#include "plumbline/report/face_algorithms_report.h"
#include "plumbline/table/table_reader.h"

namespace plumbline {
namespace {

using enum OptionKind;

constexpr const char* kHead =
    R"(usage: plumbline face algorithms TABLE [options]

In how many of many algorithms are errors more frequent in which group? TABLE
has the names of the algorithms in its first column and one column of
false-match rates for each pair of groups, named REFERENCE_PROBE (MW_MB).

example
  plumbline face algorithms examples/nist_frvt_11_gender_race.csv -o report
)";

}  // namespace

OptionGroups FaceAlgorithmsOptionGroups() {
  const OptionGroup output = OutputOptions(
      {{"output",
        "folder for face-algorithms.json, report.html, cells.csv, "
        "measures.csv and run.json; made if need be"}});
  return {{"Analysis",
           {{"reference", kText, "GROUP",
             "compare with the rates within this group; else with the lowest "
             "median"},
            {"level", kText, "P", "coverage of the intervals", "0.95"},
            ThreadsOption()}},
          ReadingOptions(),
          output};
}

namespace {

Table ReadRates(const std::vector<std::string>& inputs,
                const CsvOptions& options) {
  if (inputs.size() != 1) {
    throw Error(ErrorCode::kUsage,
                "expected one table of algorithms, and {} files were named",
                inputs.size());
  }
  TableReader reader(inputs, options);
  std::vector<ColumnRequest> columns;
  for (const std::string& name : reader.header()) {
    columns.push_back({name, columns.empty() ? ColumnKind::kCategorical
                                             : ColumnKind::kNumeric});
  }
  return reader.Read(columns);
}

void PrintResult(const Json& result, ResultFormat format) {
  switch (format) {
    case ResultFormat::kText:
      return WriteToStdout(FaceAlgorithmsText(result, StdoutWidth(100)));
    case ResultFormat::kJson:
      return WriteToStdout(WriteJson(result));
    case ResultFormat::kCsv:
      return WriteToStdout(FaceAlgorithmsCellsCsv(result));
    case ResultFormat::kMarkdown:
      return WriteToStdout(FaceAlgorithmsMarkdown(result));
  }
}

int RunFaceAlgorithms(const Invocation& invocation) {
  const Run run{"face algorithms", invocation.arguments};
  const OptionTables tables = AllOptionTables();
  const CommandLine line = ParseCommandLine(tables.at("face-algorithms"),
                                            invocation.arguments, tables);
  if (line.help) {
    WriteToStdout(CommandHelp(*invocation.command));
    return 0;
  }
  const Settings settings =
      LoadSettings("face-algorithms", tables, line.values);
  const OutputSettings output = ReadOutputSettings(settings);
  if (settings.Flag("show-settings")) {
    WriteToStdout(settings.ToToml("face-algorithms"));
    return 0;
  }
  face::AlgorithmsOptions options;
  options.reference = settings.Text("reference");
  options.level = settings.Number(
      "level", [](double p) { return p > 0 && p < 1; },
      "a number above 0 and below 1, such as 0.95");
  CsvOptions csv = ReadTextOptions(settings);
  csv.hash_sources = true;
  if (!output.folder.empty()) PrepareFolder(output.folder);
  PrepareTables(output.parquet_tables);

  const face::AlgorithmsInput input =
      face::MakeAlgorithmsInput(ReadRates(line.inputs, csv));
  Json result =
      face::ToJson(face::SummariseAlgorithms(input, options), input, options);
  result["title"] = settings.Text("title");
  if (!output.json_file.empty()) WriteFile(output.json_file, WriteJson(result));
  if (!output.folder.empty()) {
    std::vector<std::pair<std::string, std::string>> files = {
        {"face-algorithms.json", WriteJson(result)},
        {"report.html", FaceAlgorithmsHtml(result)},
        {"run.json",
         WriteJson(RunRecord(run, "plumbline.face_algorithms/1", settings,
                             input.sources, std::nullopt, csv.threads))}};
    for (auto& table :
         TableFiles({{"cells", FaceAlgorithmsCellsCsv(result)},
                     {"measures", FaceAlgorithmsMeasuresCsv(result)}},
                    output.parquet_tables)) {
      files.push_back(std::move(table));
    }
    WriteFolder(output.folder, files);
  }
  PrintResult(result, output.format);
  if (!output.folder.empty() && !settings.Flag("quiet")) {
    WriteToStderr(fmt::format("report: {}/report.html\n", output.folder));
  }
  return 0;
}

}  // namespace

Command FaceAlgorithmsCommand() {
  return {.name = "face algorithms",
          .summary = "how many of many algorithms are worse for which group",
          .run = RunFaceAlgorithms,
          .help_head = kHead,
          .options = FaceAlgorithmsOptionGroups};
}

}  // namespace plumbline
