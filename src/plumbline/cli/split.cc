// plumbline split COHORT -o split.csv: who is trained on and who is tested.
#include "plumbline/cohort/split.h"

#include <fmt/format.h>

#include "plumbline/base/error.h"
#include "plumbline/base/file.h"
#include "plumbline/base/text.h"
#include "plumbline/cli/cohort_settings.h"
#include "plumbline/cli/command_line.h"
#include "plumbline/cli/commands.h"
#include "plumbline/cli/common_options.h"
#include "plumbline/cli/help_text.h"
#include "plumbline/cli/settings_tables.h"
#include "plumbline/cli/standard_output.h"
#include "plumbline/cli/surveyed.h"

namespace plumbline {
namespace {

using enum OptionKind;

constexpr const char* kHead =
    R"(usage: plumbline split COHORT -o FILE.csv [options]

Divides the people of a cohort into parts, each with its share of every group
and of every label in every group, as nearly as whole people allow. FILE has the
columns of the subject and of the part; join it to the table by the subject.

example
  plumbline split examples/fixture_cxr128/cohort.toml -o split.csv \
    --parts train=0.7,tune=0.1,test=0.2 --seed 1
)";

}  // namespace

OptionGroups SplitOptionGroups() {
  return {
      CohortOptions(),
      {"Split",
       {{"parts", kRepeated, "NAME=SHARE,...",
         "parts and their shares of the people", "train=0.7,tune=0.1,test=0.2"},
        SeedOption()}},
      SurveyedOptions(),
      ReadingOptions(),
      {"Output",
       {{"output", kText, "FILE", "a CSV file", "", 'o'},
        ThreadsOption(),
        ConfigOption()}}};
}

namespace {

// What each part has of each stratum, in per cent of its people.
std::string Describe(const Cohort& cohort, const SplitOptions& options) {
  const SplitCheck check = CheckSplit(cohort);
  const std::vector<SplitStratum> strata = SplitStrata(cohort);
  std::string text;
  for (size_t p = 0; p < check.parts.size(); ++p) {
    text += fmt::format("{}: {} people, {} rows", check.parts[p],
                        WithThousands(check.subjects[p]),
                        WithThousands(check.rows[p]));
    for (const SplitStratum& stratum : strata) {
      if (stratum.attribute.empty() || !stratum.label.empty()) continue;
      text += fmt::format(
          ", {}={} {:.1f} %", stratum.attribute, stratum.level,
          100.0 * static_cast<double>(stratum.subjects[p]) /
              static_cast<double>(std::max<int64_t>(1, check.subjects[p])));
    }
    text += '\n';
  }
  return text + fmt::format("seed {}\n", options.seed);
}

int RunSplit(const Invocation& invocation) {
  const OptionTables tables = AllOptionTables();
  const CommandLine line =
      ParseCommandLine(tables.at("split"), invocation.arguments, tables);
  if (line.help) {
    WriteToStdout(CommandHelp(*invocation.command));
    return 0;
  }
  const Settings settings = LoadSettings("split", tables, line.values);
  const std::string output = settings.Text("output");
  if (output.empty()) {
    throw Error(ErrorCode::kUsage,
                "plumbline split makes a file: name it with -o, such as -o "
                "split.csv");
  }
  SplitOptions options;
  options.parts = settings.Parsed(
      "parts", [&] { return ParseSplitParts(settings.List("parts").at(0)); });
  options.seed = ReadSeed(settings);
  CohortSource source = ReadCohort(settings, line.inputs, false);
  Cohort& cohort = source.cohort;
  if (!cohort.has_subjects) {
    throw Error(ErrorCode::kUsage,
                "who is on a row is not known; name the column with --subject");
  }
  ReportSurveyed(settings, line.inputs, source);
  const std::vector<int32_t> part = SplitBySubject(cohort, options);
  std::string csv;
  AppendCsvField(cohort.roles.subject, &csv);
  csv += ",split\n";
  for (int64_t s = 0; s < cohort.subject_count; ++s) {
    AppendCsvField(cohort.subject_names[s], &csv);
    csv += ',';
    AppendCsvField(options.parts[part[s]].first, &csv);
    csv += '\n';
  }
  WriteFile(output, csv);
  cohort.split = {.name = "split"};
  for (const auto& [name, share] : options.parts) {
    cohort.split.levels.push_back(name);
  }
  for (const uint32_t subject : cohort.subjects) {
    cohort.split.codes.push_back(part[subject]);
  }
  WriteToStdout(Describe(cohort, options));
  return 0;
}

}  // namespace

Command SplitCommand() {
  return {.name = "split",
          .summary = "divide the people of a cohort into train, tune and test",
          .run = RunSplit,
          .help_head = kHead,
          .options = SplitOptionGroups};
}

}  // namespace plumbline
