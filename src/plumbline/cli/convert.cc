// plumbline convert TABLE... -o FILE: the same table in another kind of file.
#include <fmt/format.h>

#include "plumbline/base/error.h"
#include "plumbline/base/file.h"
#include "plumbline/cli/command_line.h"
#include "plumbline/cli/commands.h"
#include "plumbline/cli/common_options.h"
#include "plumbline/cli/help_text.h"
#include "plumbline/cli/standard_output.h"
#include "plumbline/table/output_table.h"
#include "plumbline/table/table_inputs.h"
#include "plumbline/table/table_reader.h"

namespace plumbline {
namespace {

using enum OptionKind;

constexpr const char* kHead =
    R"(usage: plumbline convert TABLE... -o FILE [options]

TABLE are CSV, TSV, Parquet or npy files, as for plumbline audit. FILE becomes
Parquet, CSV, TSV or npy by its ending.

example
  plumbline convert preds.csv.gz -o preds.parquet
  plumbline convert preds.parquet -o scores.npy --columns score
)";

constexpr const char* kTail =
    R"(Numbers stay numbers and words words. In CSV a column holds numbers if all its
values are, none with zeros in front ("007") and no whole number above 2^53.
Settings come from the command line, else from the environment, else from the
default in brackets.
)";

OptionGroups ConvertOptionGroups() {
  OptionGroups groups = {
      {"Output",
       {
           {"output", kText, "FILE",
            "where to write: *.parquet, *.csv, *.tsv or *.npy", "", 'o'},
           {"columns", kList, "COLUMN,...",
            "the columns to write, in this order; else all"},
           ThreadsOption(),
           ProgressOption(),
           QuietOption(),
       }}};
  OptionGroup reading = ReadingOptions();
  // What is copied is not judged.
  std::erase_if(reading.options, [](const Option& option) {
    return std::string_view(option.name) == "no-duplicates";
  });
  groups.insert(groups.begin(), std::move(reading));
  return groups;
}

bool IsTsv(const std::string& path) {
  return path.ends_with(".tsv") || path.ends_with(".TSV");
}

std::string Bytes(const OutputTable& table, const std::string& path,
                  const CsvOptions& options) {
  switch (KindOf(path)) {
    case TableKind::kParquet:
      return ToParquet(table, options.threads);
    case TableKind::kNpy:
      return ToNpy(table);
    case TableKind::kCsv:
      break;
  }
  // What the reader takes for missing unless it is told otherwise.
  return ToCsv(table, IsTsv(path) ? '\t' : ',', CsvOptions().missing);
}

// Throws Error(kUsage) unless the ending says what to write.
void RequireKnownEnding(const Settings& settings, const std::string& path) {
  if (path.empty()) {
    throw Error(ErrorCode::kUsage,
                "no output is given: -o FILE, which ends in .parquet, .csv, "
                ".tsv or .npy");
  }
  if (KindOf(path) != TableKind::kCsv || IsTsv(path) ||
      path.ends_with(".csv") || path.ends_with(".CSV")) {
    return;
  }
  settings.Fail("output", path,
                "the name must end in .parquet, .csv, .tsv or .npy, which says "
                "what to write");
}

int RunConvert(const Invocation& invocation) {
  const OptionGroups groups = ConvertOptionGroups();
  const CommandLine line = ParseCommandLine(groups, invocation.arguments);
  if (line.help) {
    WriteToStdout(CommandHelp(*invocation.command));
    return 0;
  }
  const Settings settings(groups, "", {}, ReadEnvironment(groups), line.values);
  ApplyProgress(settings);
  const std::string path = settings.Text("output");
  if (line.inputs.empty()) {
    throw Error(ErrorCode::kUsage,
                "no table is given: plumbline convert TABLE... -o FILE");
  }
  RequireKnownEnding(settings, path);
  const CsvOptions options = ReadTextOptions(settings);
  TableReader reader(line.inputs, options);
  const OutputTable table = ReadForOutput(&reader, settings.List("columns"));
  WriteFile(path, Bytes(table, path, options));
  return 0;
}

}  // namespace

Command ConvertCommand() {
  return {.name = "convert",
          .summary = "a table in another kind of file: CSV, Parquet, npy",
          .run = RunConvert,
          .help_head = kHead,
          .help_tail = kTail,
          .options = ConvertOptionGroups};
}

}  // namespace plumbline
