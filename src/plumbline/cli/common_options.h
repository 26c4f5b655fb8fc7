// Options that mean the same in every command: reading tables, output,
// progress, settings.
#pragma once

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "plumbline/cli/option.h"
#include "plumbline/cli/settings.h"
#include "plumbline/table/csv.h"

namespace plumbline {

OptionGroup ReadingOptions();

// What a help text says of an option instead.
using OtherHelp = std::initializer_list<std::pair<const char*, const char*>>;
// `help`: by name, where a command writes other files than an audit.
OptionGroup OutputOptions(OtherHelp help = {});

// --progress, --quiet and --config, of commands without the options above.
Option ProgressOption();
Option QuietOption();
Option ConfigOption();
// Sets the process-wide progress mode.
void ApplyProgress(const Settings& settings);

// The numbers behind a result: --seed and --threads.
Option SeedOption();
Option ThreadsOption();
uint64_t ReadSeed(const Settings& settings);
int ReadThreads(const Settings& settings);

// --delimiter, --missing, --threads.
CsvOptions ReadTextOptions(const Settings& settings);

// Throws Error(kUsage) if several processes would read standard input: mpirun
// gives it to the first alone.
void RequireNamedFiles(const std::vector<std::string>& inputs);

// Those of ReadTextOptions; requires named files; counts duplicate rows unless
// --no-duplicates is given or the files hold 2 GB or more.
CsvOptions ReadCsvOptions(const Settings& settings,
                          const std::vector<std::string>& inputs);

enum class ResultFormat { kText, kJson, kCsv, kMarkdown };

struct OutputSettings {
  std::string folder;     // "" : none
  std::string json_file;  // "" : none, "-" is resolved into `format`
  ResultFormat format = ResultFormat::kText;
  bool parquet_tables = false;  // groups and gaps as Parquet in `folder`
};

// Also sets the process-wide log level and progress mode.
OutputSettings ReadOutputSettings(const Settings& settings);

// "race=White" into its two halves.
struct Assignment {
  std::string name;
  std::string value;
};
Assignment ReadAssignment(const Settings& settings, const std::string& option,
                          const std::string& text, const char* example);

// Throws like Settings::Fail, about the value `given`, if `name` is none of
// `names`: `--metrics fnrr: "fnrr" is not a metric; did you mean "fnr"?`
void RequireKnown(const Settings& settings, const std::string& option,
                  const std::string& given, const std::string& name,
                  const std::vector<std::string>& names,
                  const std::string& what);

}  // namespace plumbline
