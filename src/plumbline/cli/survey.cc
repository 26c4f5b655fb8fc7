// plumbline survey COHORT: are there disparities, which groups are
// marginalised, what are the drivers? Before any model exists.
#include "plumbline/survey/survey.h"

#include <fmt/format.h>

#include <algorithm>

#include "plumbline/base/error.h"
#include "plumbline/base/file.h"
#include "plumbline/base/json.h"
#include "plumbline/base/log.h"
#include "plumbline/base/terminal.h"
#include "plumbline/base/text.h"
#include "plumbline/cli/cohort_images.h"
#include "plumbline/cli/command_line.h"
#include "plumbline/cli/commands.h"
#include "plumbline/cli/common_options.h"
#include "plumbline/cli/help_text.h"
#include "plumbline/cli/result_folder.h"
#include "plumbline/cli/result_tables.h"
#include "plumbline/cli/run_record.h"
#include "plumbline/cli/settings_tables.h"
#include "plumbline/cli/standard_output.h"
#include "plumbline/cli/surveyed.h"
#include "plumbline/report/survey_report.h"
#include "plumbline/survey/contact_sheets.h"
#include "plumbline/survey/survey_json.h"

namespace plumbline {
namespace {

using enum OptionKind;

constexpr const char* kHead =
    R"(usage: plumbline survey COHORT [options]

Asks of a data set, before any model exists: are there disparities, which groups
are marginalised, what are the drivers? COHORT is cohort.toml, a packed file
(plumbline pack) or a table; without roles, columns with usual names are taken
and listed.

example
  plumbline survey examples/fixture_cxr128/cohort.toml -o survey/
  plumbline survey metadata.csv --subject patient_id --by sex,age \
    --bins age=0,40,60,80 --label 'y_*' --covariates view,kvp --image path
)";

constexpr const char* kTail =
    R"(Findings have a code (plumbline explain SV104), an effect with its interval, the
number of people it rests on, and what to do. The exit code is 0 whatever is
found, and 5 if images could not be read.
)";

OptionGroup ChecksOptions() {
  return {
      "Checks",
      {{"reference", kRepeated, "ATTRIBUTE=GROUP",
        "the group that others are compared with; else the largest"},
       {"alpha", kText, "P",
        "a difference is a finding if its p, adjusted for all that its check "
        "looked at, is below this",
        "0.01"},
       {"level", kText, "P", "coverage of the intervals", "0.95"},
       {"half-width", kText, "D",
        "a group supports an estimate if the interval of a false-negative "
        "rate would be no wider on either side",
        "0.05"},
       {"sensitivity", kText, "P",
        "of the labels, at worst: for the bounds of prevalence", "0.8"},
       {"specificity", kText, "P", "of the labels, at worst", "0.95"},
       {"permutations", kText, "N",
        "of people, for associations with few counts, 199 to 99999", "999"},
       {"model-subjects", kText, "N",
        "people, drawn at random, that models which tell groups apart see",
        "10000"},
       {"smallest", kText, "N",
        "groups with fewer people are named as too small to publish", "10"},
       SeedOption(),
       ThreadsOption()}};
}

OptionGroup SurveyOutputOptions() {
  return OutputOptions(
      {{"output",
        "folder for survey.json, report.html, findings.csv, groups.csv and "
        "run.json; made if need be"},
       {"format", "what stands on standard output; csv: the findings"},
       {"tables", "what findings and groups are written as in the folder"}});
}

}  // namespace

OptionGroups SurveyOptionGroups() {
  return {CohortOptions(),  CohortImageOptions(), ChecksOptions(),
          SigningOptions(), ReadingOptions(),     SurveyOutputOptions()};
}

namespace {

survey::SurveyOptions ReadOptions(const Settings& settings) {
  const auto is_share = [](double p) { return p > 0 && p < 1; };
  const auto is_likely = [](double p) { return p > 0.5 && p <= 1; };
  survey::SurveyOptions options;
  options.alpha = settings.Number("alpha", is_share,
                                  "a number above 0 and below 1, such as 0.01");
  options.level = settings.Number(
      "level", [](double level) { return level > 0.5 && level < 1; },
      "a number above 0.5 and below 1, such as 0.95");
  options.half_width = settings.Number(
      "half-width", [](double d) { return d > 0 && d < 0.5; },
      "a number above 0 and below 0.5, such as 0.05");
  options.sensitivity =
      settings.Number("sensitivity", is_likely,
                      "a number above 0.5 and at most 1, such as 0.8");
  options.specificity =
      settings.Number("specificity", is_likely,
                      "a number above 0.5 and at most 1, such as 0.95");
  options.permutations = static_cast<int>(settings.Integer(
      "permutations", 199, 99'999, "a whole number from 199 to 99999"));
  options.model_subjects =
      static_cast<int>(settings.Integer("model-subjects", 100, 10'000'000,
                                        "a whole number from 100 to 10000000"));
  options.privacy_minimum = static_cast<int>(
      settings.Integer("smallest", 2, 1000, "a whole number from 2 to 1000"));
  options.seed = ReadSeed(settings);
  options.threads = ReadThreads(settings);
  for (const std::string& text : settings.List("reference")) {
    const Assignment reference =
        ReadAssignment(settings, "reference", text, "sex=F");
    options.references[reference.name] = reference.value;
  }
  return options;
}

void AddInputs(const CohortSource& source, const CohortImages& images,
               Json* json) {
  Json files = Json::array();
  for (const TableSource& file : source.table.sources()) {
    files.push_back(
        {{"name", file.file}, {"rows", file.rows}, {"sha256", file.sha256}});
  }
  (*json)["files"] = files;
  (*json)["guessed_roles"] = source.guessed;
  Json failed = Json::array();
  for (const FailedImage& image : images.failed) {
    failed.push_back({{"path", image.path}, {"reason", image.reason}});
  }
  (*json)["unreadable_images"] = failed;
}

std::vector<SurveySheet> SheetsOf(const survey::SurveyInput& input,
                                  const CohortImages& images, uint64_t seed) {
  std::vector<SurveySheet> sheets;
  if (!images.packed) return sheets;
  try {
    for (const survey::ContactSheet& sheet :
         survey::MakeContactSheets(input, *images.packed, {.seed = seed})) {
      sheets.push_back({sheet.attribute, sheet.group, sheet.shown, sheet.of,
                        sheet.image.width, sheet.image.height,
                        EncodePng(sheet.image, 9)});
    }
  } catch (const Error& error) {
    // Packed images can be surveyed without the part that writes PNG.
    if (error.code() != ErrorCode::kUnavailable) throw;
    LogWarning("the report shows no images: {}", error.what());
  }
  return sheets;
}

void AddAnswers(const std::vector<SurveyAnswer>& answers, Json* json) {
  if (answers.empty()) return;
  Json list = Json::array();
  for (size_t i = 0; i < answers.size(); ++i) {
    list.push_back({{"question", kSurveyQuestions[i].text},
                    {"answer", answers[i].answer},
                    {"owner", answers[i].owner},
                    {"evidence", answers[i].evidence}});
  }
  (*json)["answers"] = list;
}

std::map<std::string, int> CountsBySeverity(
    const std::vector<survey::Finding>& findings) {
  std::map<std::string, int> counts;
  for (const survey::Finding& finding : findings) {
    ++counts[survey::NameOf(finding.severity)];
  }
  return counts;
}

void Print(const Json& json, ResultFormat format) {
  switch (format) {
    case ResultFormat::kText:
      return WriteToStdout(SurveyText(json, StdoutWidth(100)));
    case ResultFormat::kJson:
      return WriteToStdout(WriteJson(json));
    case ResultFormat::kCsv:
      return WriteToStdout(SurveyFindingsCsv(json));
    case ResultFormat::kMarkdown:
      return WriteToStdout(SurveyMarkdown(json));
  }
}

void WriteResult(const Run& run, const Settings& settings,
                 const OutputSettings& output, const CohortSource& source,
                 const std::vector<SurveySheet>& sheets, const Json& json) {
  if (!output.json_file.empty()) WriteFile(output.json_file, WriteJson(json));
  if (!output.folder.empty()) {
    std::vector<std::pair<std::string, std::string>> files = {
        {"survey.json", WriteJson(json)},
        {"report.html", SurveyReportHtml(json, sheets)},
        {"run.json",
         WriteJson(RunRecord(run, "plumbline.survey/1", settings,
                             source.table.sources(), ReadSeed(settings),
                             ReadThreads(settings)))}};
    for (auto& table : TableFiles({{"findings", SurveyFindingsCsv(json)},
                                   {"groups", SurveyGroupsCsv(json)}},
                                  output.parquet_tables)) {
      files.push_back(std::move(table));
    }
    WriteFolder(output.folder, files);
  }
  Print(json, output.format);
  if (!output.folder.empty() && !settings.Flag("quiet")) {
    WriteToStderr(fmt::format("report: {}/report.html\n", output.folder));
  }
}

int RunSurvey(const Invocation& invocation) {
  const Run run{"survey", invocation.arguments};
  const OptionTables tables = AllOptionTables();
  const CommandLine line =
      ParseCommandLine(tables.at("survey"), invocation.arguments, tables);
  if (line.help) {
    WriteToStdout(CommandHelp(*invocation.command));
    return 0;
  }
  const Settings settings = LoadSettings("survey", tables, line.values);
  const OutputSettings output = ReadOutputSettings(settings);
  const survey::SurveyOptions options = ReadOptions(settings);
  const Signing signing = ReadSigning(settings);
  if (settings.Flag("show-settings")) {
    WriteToStdout(settings.ToToml("survey"));
    return 0;
  }
  const CohortSource source = ReadCohort(settings, line.inputs, false);
  if (!source.guessed.empty()) {
    LogWarning("no roles were given; taken by the names of columns: {}",
               JoinWords(source.guessed));
  }
  if (!output.folder.empty()) PrepareFolder(output.folder);
  PrepareTables(output.parquet_tables);
  const CohortImages images = OpenCohortImages(settings, source);
  const survey::SurveyInput input = survey::MakeSurveyInput(
      source.cohort, images.packed.get(),
      {.seed = options.seed, .threads = options.threads});
  const survey::SurveyResult result = survey::Survey(input, options);
  Json json = survey::ToJson(result, options);
  json["title"] = settings.Text("title");
  AddInputs(source, images, &json);
  AddAnswers(signing.answers, &json);
  const std::vector<SurveySheet> sheets =
      output.folder.empty() ? std::vector<SurveySheet>()
                            : SheetsOf(input, images, options.seed);
  WriteResult(run, settings, output, source, sheets, json);
  if (!signing.answers.empty()) {
    SignSurvey(signing, settings, line.inputs, source,
               CountsBySeverity(result.findings));
  }
  return ReportFailedImages(images);
}

}  // namespace

Command SurveyCommand() {
  return {.name = "survey",
          .summary = "disparities in a data set, before any modelling",
          .run = RunSurvey,
          .help_head = kHead,
          .help_tail = kTail,
          .options = SurveyOptionGroups};
}

}  // namespace plumbline
