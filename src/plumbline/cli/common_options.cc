#include "plumbline/cli/common_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <limits>

#include "plumbline/base/communicator.h"
#include "plumbline/base/error.h"
#include "plumbline/base/file.h"
#include "plumbline/base/log.h"
#include "plumbline/base/progress.h"
#include "plumbline/base/text.h"
#include "plumbline/base/thread_pool.h"

namespace plumbline {
namespace {

using enum OptionKind;

// Below this, looking for duplicate rows costs little enough to do it unasked.
constexpr uintmax_t kDuplicatesBelow = 2'000'000'000;

bool AreSmall(const std::vector<std::string>& inputs) {
  uintmax_t total = 0;
  for (const std::string& input : inputs) {
    if (input == "-") continue;
    for (const std::string& file : ExpandGlob(input)) {
      std::error_code error;
      const uintmax_t size = std::filesystem::file_size(file, error);
      // What is no regular file is reported when it is opened.
      if (!error) total += size;
    }
  }
  return total < kDuplicatesBelow;
}

char ReadDelimiter(const Settings& settings) {
  const std::string text = settings.Text("delimiter");
  if (text.empty()) return 0;
  if (text == "," || text == "comma") return ',';
  if (text == "\t" || text == "\\t" || text == "tab") return '\t';
  settings.Fail("delimiter", text, "expected comma or tab");
}

}  // namespace

OptionGroup ReadingOptions() {
  return {
      "Reading",
      {
          {"delimiter", kText, "comma|tab",
           "what stands between fields; tab for *.tsv, else comma"},
          {"missing", kList, "TEXT,...",
           "texts that mean \"missing\", besides the empty field; those in "
           "brackets in CSV alone",
           "NA,N/A,NaN,nan,NULL,null,None,#N/A"},
          {"no-duplicates", kFlag, "",
           "do not count rows that are copies of one another (they are counted "
           "when the files hold less than 2 GB)"},
      }};
}

OptionGroup OutputOptions(OtherHelp help) {
  OptionGroup group = {
      "Output",
      {
          {"output", kText, "DIR",
           "folder for audit.json, report.html, groups.csv, gaps.csv and "
           "run.json; made if need be",
           "", 'o'},
          {"json", kText, "FILE",
           "write the whole result as JSON; - is standard output"},
          {"format", kText, "text|json|csv|md",
           "what stands on standard output; csv: the groups", "text"},
          {"tables", kText, "csv|parquet",
           "what groups and gaps are written as in the folder", "csv"},
          {"title", kText, "TEXT", "text for the head of the report"},
          ProgressOption(),
          QuietOption(),
          {"verbose", kFlag, "", "say more on standard error", "", 'v'},
          ConfigOption(),
          {"show-settings", kFlag, "",
           "print all settings and where each comes from, and stop"},
      }};
  for (const auto& [name, text] : help) {
    for (Option& option : group.options) {
      if (std::string_view(option.name) == name) option.help = text;
    }
  }
  return group;
}

Option ProgressOption() {
  return {"progress", kText, "MODE",
          "auto, bar, plain or none: how long work is shown on standard error",
          "auto"};
}

Option QuietOption() {
  return {"quiet", kFlag, "", "nothing on standard error but errors", "", 'q'};
}

Option ConfigOption() {
  return {"config", kText, "FILE",
          "settings file; else the nearest plumbline.toml here or in a folder "
          "above"};
}

void ApplyProgress(const Settings& settings) {
  const ProgressMode mode = settings.Parsed(
      "progress", [&] { return ParseProgressMode(settings.Text("progress")); });
  SetProgressMode(settings.Flag("quiet") ? ProgressMode::kNone : mode);
}

Option SeedOption() {
  return {"seed", kText, "N",
          "start of the random numbers; the same seed gives the same bytes",
          "1"};
}

Option ThreadsOption() {
  return {"threads", kText, "N",
          "threads; 0: all. The result does not depend on it", "0"};
}

uint64_t ReadSeed(const Settings& settings) {
  return settings.Integer("seed", 0, std::numeric_limits<int64_t>::max(),
                          "a whole number, 0 or more");
}

int ReadThreads(const Settings& settings) {
  const auto threads = static_cast<int>(settings.Integer(
      "threads", 0, 4096, "a whole number from 0 (all) to 4096"));
  // Processes on one machine share its cores.
  const int here = WorldCommunicator().size_here();
  return threads == 0 && here > 1 ? std::max(1, DefaultThreads() / here)
                                  : threads;
}

CsvOptions ReadTextOptions(const Settings& settings) {
  CsvOptions options;
  options.delimiter = ReadDelimiter(settings);
  options.missing = settings.List("missing");
  options.missing_was_chosen = settings.Has("missing");
  options.threads = ReadThreads(settings);
  return options;
}

void RequireNamedFiles(const std::vector<std::string>& inputs) {
  if (WorldCommunicator().size() > 1 &&
      std::find(inputs.begin(), inputs.end(), "-") != inputs.end()) {
    throw Error(ErrorCode::kUsage,
                "several processes cannot share standard input (-); name "
                "files");
  }
}

CsvOptions ReadCsvOptions(const Settings& settings,
                          const std::vector<std::string>& inputs) {
  RequireNamedFiles(inputs);
  CsvOptions options = ReadTextOptions(settings);
  options.count_duplicate_rows =
      !settings.Flag("no-duplicates") && AreSmall(inputs);
  return options;
}

OutputSettings ReadOutputSettings(const Settings& settings) {
  const bool quiet = settings.Flag("quiet");
  SetLogLevel(quiet                      ? LogLevel::kQuiet
              : settings.Flag("verbose") ? LogLevel::kInfo
                                         : LogLevel::kWarning);
  ApplyProgress(settings);

  OutputSettings output;
  output.folder = settings.Text("output");
  output.json_file = settings.Text("json");
  const std::string format = settings.Text("format");
  const std::vector<std::string> formats = {"text", "json", "csv", "md"};
  const auto known = std::find(formats.begin(), formats.end(), format);
  if (known == formats.end()) {
    settings.Fail("format", format, "expected text, json, csv or md{}",
                  DidYouMean(format, formats));
  }
  output.format = static_cast<ResultFormat>(known - formats.begin());
  const std::string tables = settings.Text("tables");
  if (tables != "csv" && tables != "parquet") {
    settings.Fail("tables", tables, "expected csv or parquet{}",
                  DidYouMean(tables, {"csv", "parquet"}));
  }
  output.parquet_tables = tables == "parquet";
  if (output.parquet_tables && output.folder.empty()) {
    LogWarning(
        "--tables parquet has no effect without -o DIR, the folder that the "
        "tables are written into");
  }
  if (output.json_file == "-") {
    if (settings.Has("format") && output.format != ResultFormat::kJson) {
      settings.Fail("json", "-",
                    "standard output can hold one format, and --format asks "
                    "for {}",
                    format);
    }
    output.json_file.clear();
    output.format = ResultFormat::kJson;
  }
  return output;
}

Assignment ReadAssignment(const Settings& settings, const std::string& option,
                          const std::string& text, const char* example) {
  const size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    settings.Fail(option, text, "expected COLUMN=VALUE, such as {}", example);
  }
  return {text.substr(0, equals), text.substr(equals + 1)};
}

void RequireKnown(const Settings& settings, const std::string& option,
                  const std::string& given, const std::string& name,
                  const std::vector<std::string>& names,
                  const std::string& what) {
  if (std::find(names.begin(), names.end(), name) != names.end()) return;
  settings.Fail(option, given, "\"{}\" is not {}{}", name, what,
                NearestOrAll(name, names));
}

}  // namespace plumbline
