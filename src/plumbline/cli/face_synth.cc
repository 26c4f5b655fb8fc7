// plumbline face synth: comparisons of people who do not exist.
#include <fmt/format.h>

#include <algorithm>

#include "plumbline/base/error.h"
#include "plumbline/base/file.h"
#include "plumbline/base/json.h"
#include "plumbline/base/text.h"
#include "plumbline/cli/command_line.h"
#include "plumbline/cli/common_options.h"
#include "plumbline/cli/face_commands.h"
#include "plumbline/cli/help_text.h"
#include "plumbline/cli/result_folder.h"
#include "plumbline/cli/settings_tables.h"
#include "plumbline/cli/standard_output.h"
#include "plumbline/face/synth/synthetic_embeddings.h"
#include "plumbline/face/synth/synthetic_faces.h"

namespace plumbline {
namespace {

using enum OptionKind;

constexpr const char* kHead =
    R"(usage: plumbline face synth -o DIR [options]

Scores of comparisons between people who do not exist, with known error rates:
scores.csv, subjects.csv and truth.json. Groups are called A, B, C, D and stand
for nothing.

example
  plumbline face synth --group A:subjects=400 \
    --group B:subjects=400,impostor-mean=0.5 -o faces
  plumbline face audit faces/scores.csv --by group --at fmr=0.001

With --pictures it makes pictures instead (images.csv, one PGM each), which only
the library lib/plumbline/toys/libfrvt_11_toy_000.so takes for faces.
)";

}  // namespace

OptionGroups FaceSynthOptionGroups() {
  return {
      {"Faces",
       {{"group", kRepeated, "NAME:KEY=X,...",
         "a group with its subjects, impostor-mean, impostor-sd, genuine-mean, "
         "genuine-sd and failure; else A and B of 200, B's impostors half a "
         "standard deviation more alike"},
        {"images", kText, "N", "images of each subject", "2"},
        {"cross-shift", kText, "D",
         "how much less alike people of two groups are", "1"},
        {"subject-share", kText, "R",
         "share of the variance of scores that comes from people", "0.2"},
        {"image-share", kText, "Q", "share that comes from images", "0.1"},
        {"label-errors", kText, "P",
         "share of impostor comparisons that are of one person with two ids",
         "0"},
        {"comparisons", kText, "N",
         "impostor comparisons drawn at random; 0: each pair of people once",
         "0"},
        {"pictures", kFlag, "",
         "pictures instead of scores; --group then has subjects, dimensions "
         "(2 to 64: the fewer, the more alike) and noise"},
        {"at", kList, "fmr=F,...", "rates whose true thresholds truth.json has",
         "fmr=0.001"},
        SeedOption(),
        ThreadsOption()}},
      {"Output",
       {{"output", kText, "DIR", "folder for the three files; made if need be",
         "", 'o'},
        ProgressOption(),
        QuietOption(),
        ConfigOption()}}};
}

namespace {

// NAME:KEY=X,...: puts the numbers at their places, gives the name.
std::string ReadGroupKeys(const Settings& settings, const std::string& text,
                          const std::vector<std::string>& keys,
                          std::span<double* const> places) {
  const size_t colon = text.find(':');
  const std::string name = text.substr(0, colon);
  if (name.empty()) {
    settings.Fail("group", text,
                  "expected NAME:KEY=X,... such as B:subjects=400");
  }
  if (colon == std::string::npos) return name;
  for (const std::string& part : Split(text.substr(colon + 1), ',')) {
    const size_t equals = part.find('=');
    const std::string key(Trim(std::string_view(part).substr(0, equals)));
    const auto found = std::find(keys.begin(), keys.end(), key);
    if (found == keys.end()) {
      settings.Fail("group", text, "there is no \"{}\"{}", key,
                    NearestOrAll(key, keys));
    }
    if (equals == std::string::npos ||
        !ParseNumber(part.substr(equals + 1), places[found - keys.begin()])) {
      settings.Fail("group", text, "{} needs a number", key);
    }
  }
  return name;
}

face::SynthGroup ReadGroup(const Settings& settings, const std::string& text) {
  face::SynthGroup group;
  group.subjects = 200;
  const std::vector<std::string> keys = {"subjects",    "impostor-mean",
                                         "impostor-sd", "genuine-mean",
                                         "genuine-sd",  "failure"};
  double subjects = group.subjects;
  double* const places[] = {&subjects,          &group.impostor_mean,
                            &group.impostor_sd, &group.genuine_mean,
                            &group.genuine_sd,  &group.failure};
  group.levels = {ReadGroupKeys(settings, text, keys, places)};
  group.subjects = static_cast<int>(subjects);
  return group;
}

double ReadShare(const Settings& settings, const char* name) {
  return settings.Number(
      name, [](double p) { return p >= 0 && p <= 1; }, "a number from 0 to 1");
}

face::SynthOptions ReadSynthOptions(const Settings& settings) {
  face::SynthOptions options;
  if (settings.Has("group")) {
    options.groups.clear();
    for (const std::string& text : settings.List("group")) {
      options.groups.push_back(ReadGroup(settings, text));
    }
  } else {
    for (face::SynthGroup& group : options.groups) group.subjects = 200;
  }
  options.images = static_cast<int>(
      settings.Integer("images", 1, 1000, "a whole number from 1 to 1,000"));
  options.cross_shift = settings.Number(
      "cross-shift", [](double) { return true; }, "a number");
  options.subject_share = ReadShare(settings, "subject-share");
  options.image_share = ReadShare(settings, "image-share");
  options.label_errors = ReadShare(settings, "label-errors");
  options.impostor_comparisons = settings.Integer(
      "comparisons", 0, 2'000'000'000, "a whole number, 0 or more");
  options.seed = ReadSeed(settings);
  options.threads = ReadThreads(settings);
  return options;
}

Json TruthJson(const face::SynthOptions& options,
               const std::vector<std::string>& at) {
  Json points = Json::array();
  for (const std::string& text : at) {
    double fmr = 0;
    if (!text.starts_with("fmr=") || !ParseNumber(text.substr(4), &fmr) ||
        !(fmr > 0 && fmr < 1)) {
      throw Error(ErrorCode::kUsage,
                  "--at {}: expected fmr=F with F above 0 and below 1", text);
    }
    const double threshold = face::TruePooledThreshold(options, fmr);
    Json rates = Json::object();
    Json cells = Json::array();
    for (size_t g = 0; g < options.groups.size(); ++g) {
      const std::string& name = options.groups[g].levels[0];
      rates[name] = {
          {"fmr", face::TrueFmr(options, static_cast<int>(g),
                                static_cast<int>(g), threshold)},
          {"fnmr", face::TrueFnmr(options, static_cast<int>(g), threshold)}};
      for (size_t h = 0; h < options.groups.size(); ++h) {
        cells.push_back(
            {{"reference", name},
             {"probe", options.groups[h].levels[0]},
             {"fmr", face::TrueFmr(options, static_cast<int>(g),
                                   static_cast<int>(h), threshold)}});
      }
    }
    points.push_back({{"at", text},
                      {"threshold", Number(threshold)},
                      {"groups", rates},
                      {"cells", cells}});
  }
  return {{"schema", "plumbline.face_truth/1"}, {"at", points}};
}

int MakePictures(const Settings& settings, const std::string& folder) {
  for (const char* other : {"cross-shift", "subject-share", "image-share",
                            "label-errors", "comparisons", "at"}) {
    if (settings.Has(other)) {
      settings.Fail(other, settings.Text(other), "is not for --pictures");
    }
  }
  face::EmbeddingOptions options;
  if (settings.Has("group")) {
    options.groups.clear();
    for (const std::string& text : settings.List("group")) {
      face::EmbeddingGroup group;
      double subjects = group.subjects;
      double dimensions = group.dimensions;
      double* const places[] = {&subjects, &dimensions, &group.noise};
      group.level = ReadGroupKeys(settings, text,
                                  {"subjects", "dimensions", "noise"}, places);
      group.subjects = static_cast<int>(subjects);
      group.dimensions = static_cast<int>(dimensions);
      options.groups.push_back(group);
    }
  }
  options.images = static_cast<int>(
      settings.Integer("images", 1, 1000, "a whole number from 1 to 1,000"));
  options.seed = ReadSeed(settings);
  options.threads = ReadThreads(settings);
  const face::SyntheticEmbeddings faces =
      face::MakeSyntheticEmbeddings(options);
  PrepareFolder(folder);
  std::string table = "path,";
  const std::string rows = face::RowsToCsv(faces, options);
  std::vector<std::pair<std::string, std::string>> files;
  int64_t row = 0;
  size_t begin = rows.find('\n') + 1;
  table += rows.substr(0, begin);
  for (; begin < rows.size(); ++row) {
    const size_t end = rows.find('\n', begin) + 1;
    const std::string name = fmt::format("{:06}.pgm", row + 1);
    table += name + "," + rows.substr(begin, end - begin);
    files.emplace_back(name, face::PictureOf(faces, row));
    begin = end;
  }
  files.emplace_back("images.csv", table);
  WriteFolder(folder, files);
  WriteToStdout(fmt::format("{}: {} pictures of {} people\n", folder,
                            WithThousands(faces.rows),
                            WithThousands(faces.groups.subjects())));
  return 0;
}

int RunFaceSynth(const Invocation& invocation) {
  const OptionTables tables = AllOptionTables();
  const CommandLine line =
      ParseCommandLine(tables.at("face-synth"), invocation.arguments, tables);
  if (line.help) {
    WriteToStdout(CommandHelp(*invocation.command));
    return 0;
  }
  const Settings settings = LoadSettings("face-synth", tables, line.values);
  const std::string folder = settings.Text("output");
  if (folder.empty() || !line.inputs.empty()) {
    throw Error(ErrorCode::kUsage,
                "plumbline face synth makes files: name a folder with -o, and "
                "no inputs");
  }
  if (settings.Flag("pictures")) return MakePictures(settings, folder);
  const face::SynthOptions options = ReadSynthOptions(settings);
  const Json truth = TruthJson(options, settings.List("at"));
  PrepareFolder(folder);
  const face::SyntheticFaces faces = face::MakeSyntheticFaces(options);
  WriteFolder(folder, {{"scores.csv", face::ToCsv(faces, options)},
                       {"subjects.csv", face::SubjectsToCsv(faces, options)},
                       {"truth.json", WriteJson(truth)}});
  WriteToStdout(fmt::format(
      "{}: {} impostor and {} genuine comparisons of {} people\n", folder,
      WithThousands(faces.impostor.size()), WithThousands(faces.genuine.size()),
      WithThousands(faces.groups.subjects())));
  return 0;
}

}  // namespace

Command FaceSynthCommand() {
  return {.name = "face synth",
          .summary = "comparisons of people who do not exist, with known rates",
          .run = RunFaceSynth,
          .help_head = kHead,
          .options = FaceSynthOptionGroups};
}

}  // namespace plumbline
