// plumbline face audit: reads comparisons, audits, prints.
#include "plumbline/face/audit/face_audit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "plumbline/base/communicator.h"
#include "plumbline/base/file.h"
#include "plumbline/base/hash.h"
#include "plumbline/base/interrupt.h"
#include "plumbline/base/json.h"
#include "plumbline/base/log.h"
#include "plumbline/base/terminal.h"
#include "plumbline/base/text.h"
#include "plumbline/cli/audit_settings.h"
#include "plumbline/cli/command_line.h"
#include "plumbline/cli/common_options.h"
#include "plumbline/cli/face_commands.h"
#include "plumbline/cli/face_library.h"
#include "plumbline/cli/help_text.h"
#include "plumbline/cli/result_folder.h"
#include "plumbline/cli/result_tables.h"
#include "plumbline/cli/run_record.h"
#include "plumbline/cli/settings_tables.h"
#include "plumbline/cli/standard_output.h"
#include "plumbline/face/audit/embedding_audit.h"
#include "plumbline/face/audit/face_share.h"
#include "plumbline/face/audit/group_weights.h"
#include "plumbline/face/input/image_subjects.h"
#include "plumbline/face/library/library_json.h"
#include "plumbline/report/face_report.h"
#include "plumbline/table/npy.h"

namespace plumbline {
namespace {

using enum OptionKind;

constexpr const char* kHead =
    R"(usage: plumbline face audit SCORES... [options]

Error rates of a face-recognition system in every group and between groups.
SCORES has one row for each comparison: ref_subject, probe_subject, score, and
ref_<attribute>, probe_<attribute> or a table of subjects (--subject-table). A
pair of one subject is genuine, every other an impostor comparison.

example
  plumbline face audit scores.csv --subject-table people.csv \
    --by sex,race --at fmr=0.001 --gate 'fmr ratio by sex <= 3' -o report
)";

constexpr const char* kTail =
    R"(Settings come from the command line, else from the environment
(PLUMBLINE_AT), else from the table [face-audit] of plumbline.toml, else from the
default in brackets. Nobody can be looked up: there are no candidate lists, no
templates are kept, and small groups are never shown.
)";

OptionGroup InputGroup() {
  return {
      "Comparisons",
      {
          {"embeddings", kText, "FILE",
           "compare all pairs of the rows of this npy matrix; the input is "
           "then "
           "a table of images in the same order: subject and attributes"},
          {"similarity", kText, "cosine|dot|l2",
           "of two embeddings; l2: their distance, and thresholds are "
           "distances",
           "cosine"},
          {"profile", kText, "NAME",
           "form of the files: generic, bfw, bob-csv, bob-text, nist-log, "
           "pyeer",
           "generic"},
          {"subject-table", kText, "FILE",
           "table of people: subject and their attributes"},
          {"score", kText, "COLUMN", "scores; else as the profile has it"},
          {"ref-subject", kText, "COLUMN", "ids of the reference subjects"},
          {"probe-subject", kText, "COLUMN", "ids of the probe subjects"},
          {"label", kText, "COLUMN",
           "1 for genuine, 0 for impostor, where there are no ids"},
          {"status", kText, "COLUMN",
           "ok, success or 0; anything else is a failed comparison"},
          {"by", kList, "COLUMN,...", "attributes that make the groups"},
          {"bins", kRepeated, "COLUMN=EDGES",
           "numeric attribute cut into intervals, such as age=18,40,60"},
          {"cross", kText, "N", "intersections of up to N attributes", "2"},
          {"distance", kFlag, "",
           "scores are distances: smaller is more alike; never guessed"},
          {"assert-independent", kFlag, "",
           "without subject ids: nobody is in two comparisons"},
          {"failures", kText, "positive|negative|exclude",
           "failed comparisons: no match (verification), a match (watch list), "
           "or left out",
           "positive"},
          {"justification", kText, "FILE",
           "signed reason for comparing few people with many"},
      }};
}

OptionGroup AnalysisGroup() {
  return {
      "Analysis",
      {
          {"at", kList, "RULE,...",
           "fmr=F: the threshold at which F of impostor comparisons are "
           "accepted; or a threshold",
           "fmr=0.001"},
          {"threshold-from", kText, "GROUP",
           "set thresholds on the comparisons within this group, such as "
           "sex=M; else on all"},
          {"calibrate-on", kList, "FILE,...",
           "set thresholds on these comparisons of other people, in files of "
           "the same form; else on the audited ones"},
          {"reference", kRepeated, "COLUMN=LEVEL",
           "reference of an attribute; else the group with the lowest rate"},
          {"replicates", kText, "N",
           "bootstrap replicates over people; 0: none", "2000"},
          {"bootstrap", kText, "vertex|two-level",
           "replicates draw people, or then their genuine comparisons too",
           "vertex"},
          {"permutations", kText, "N",
           "permutations of people's groups for a second test of equal rates; "
           "0: none, else 99 or more",
           "0"},
          {"level", kText, "P", "coverage of the intervals", "0.95"},
          {"equivalence-ratio", kText, "R",
           "largest ratio of two rates that is of no concern", "1.5"},
          {"fmr-weight", kText, "W",
           "weight of false matches in measures of both errors", "0.5"},
          {"weights", kRepeated, "GROUP=W|FILE",
           "shares of a population, such as sex=F=0.52,sex=M=0.48, or a table "
           "group,weight: measures weighted by them as well"},
          {"minimum-subjects", kText, "N",
           "people under whom a group is not shown; 20 or more", "20"},
          {"minimum-comparisons", kText, "N",
           "comparisons under which a cell is not shown; 100 or more", "100"},
          {"identify", kList, "N,...",
           "one-to-many search: rates in galleries of N people of the audit"},
          {"gallery", kText, "as-supplied|balanced|homogeneous",
           "whom a gallery is drawn from: everyone, equally many of each "
           "group, or the searcher's group",
           "as-supplied"},
          {"rank", kText, "R", "a mate beyond this rank is missed", "1"},
          {"gate", kRepeated, "EXPR",
           "fmr|fnmr gap|ratio|worst by A[xB] <= X, such as 'fmr ratio by sex "
           "<= 3'"},
          SeedOption(),
          ThreadsOption(),
      }};
}

OptionGroup FaceOutputGroup() {
  OptionGroup output = OutputOptions(
      {{"output",
        "folder for face.json, report.html, groups.csv, cells.csv, "
        "ratios.csv, disparities.csv and run.json; made if need be"}});
  output.options.push_back(
      {"share", kFlag, "",
       "a version to hand on: two digits, no counts of errors, no file names"});
  return output;
}

}  // namespace

OptionGroups FaceAuditOptionGroups() {
  return {InputGroup(), FaceLibraryGroup(), AnalysisGroup(), ReadingOptions(),
          FaceOutputGroup()};
}

namespace {

face::FaceInputColumns ReadColumns(const Settings& settings,
                                   const std::vector<std::string>& inputs) {
  face::FaceInputColumns columns;
  columns.profile = settings.Text("profile");
  columns.score = settings.Text("score");
  columns.reference_subject = settings.Text("ref-subject");
  columns.probe_subject = settings.Text("probe-subject");
  columns.label = settings.Text("label");
  columns.status = settings.Text("status");
  columns.by = settings.List("by");
  columns.cross = static_cast<int>(
      settings.Integer("cross", 1, 8, "a whole number from 1 to 8"));
  for (const std::string& text : settings.List("bins")) {
    columns.bins.push_back(
        settings.Parsed("bins", [&] { return ParseBinRule(text); }));
  }
  columns.distance = settings.Flag("distance");
  columns.assert_independent = settings.Flag("assert-independent");
  columns.failures = settings.Parsed("failures", [&] {
    return face::ParseFailurePolicy(settings.Text("failures"));
  });
  columns.subject_table = settings.Text("subject-table");
  columns.justification = settings.Text("justification");
  columns.csv = ReadCsvOptions(settings, inputs);
  RequireNamedFiles(settings.List("calibrate-on"));
  RequireNamedFiles({columns.subject_table});
  columns.csv.count_duplicate_rows = false;
  return columns;
}

void ReadSearchOptions(const Settings& settings,
                       face::FaceAuditOptions* options) {
  for (const std::string& text : settings.List("identify")) {
    double size = 0;
    if (!ParseNumber(text, &size) || size < 1 || size > 1e9 ||
        size != std::floor(size)) {
      settings.Fail("identify", text,
                    "expected whole numbers of people, such as 100,1000");
    }
    options->gallery_sizes.push_back(static_cast<int64_t>(size));
  }
  options->gallery = settings.Parsed(
      "gallery", [&] { return face::ParseGallery(settings.Text("gallery")); });
  options->rank =
      settings.Integer("rank", 1, 1000, "a whole number from 1 to 1000");
}

void ReadWeights(const Settings& settings, face::FaceAuditOptions* options) {
  for (const std::string& text : settings.List("weights")) {
    settings.Parsed("weights", [&] {
      text.find('=') == std::string::npos
          ? face::ReadGroupWeights(text, &options->group_weights)
          : face::ParseGroupWeights(text, &options->group_weights);
      return 0;
    });
  }
}

face::FaceAuditOptions ReadOptions(const Settings& settings,
                                   const std::vector<std::string>& by) {
  face::FaceAuditOptions options;
  for (const std::string& text : settings.List("at")) {
    options.at.push_back(
        settings.Parsed("at", [&] { return face::ParseOperatingPoint(text); }));
  }
  options.threshold_group = settings.Text("threshold-from");
  for (const std::string& text : settings.List("reference")) {
    const Assignment reference =
        ReadAssignment(settings, "reference", text, "sex=M");
    options.reference[reference.name] = reference.value;
  }
  options.replicates = ReadReplicates(settings);
  const std::string bootstrap = settings.Text("bootstrap");
  if (bootstrap != "vertex" && bootstrap != "two-level") {
    settings.Fail("bootstrap", bootstrap, "expected vertex or two-level");
  }
  options.two_level = bootstrap == "two-level";
  options.permutations = static_cast<int>(settings.Integer(
      "permutations", 0, 10'000'000, "0, or a whole number from 99"));
  if (options.permutations > 0 && options.permutations < 99) {
    settings.Fail("permutations", settings.Text("permutations"),
                  "expected 0, or a whole number from 99");
  }
  options.level = settings.Number(
      "level", [](double p) { return p > 0 && p < 1; },
      "a number above 0 and below 1, such as 0.95");
  options.equivalence_ratio = settings.Number(
      "equivalence-ratio", [](double r) { return r > 1; },
      "a number above 1, such as 1.5");
  options.fmr_weight = settings.Number(
      "fmr-weight", [](double w) { return w >= 0 && w <= 1; },
      "a number from 0 to 1");
  ReadWeights(settings, &options);
  options.minimum_subjects =
      settings.Integer("minimum-subjects", 20, 1'000'000,
                       "a whole number, 20 or more: it can only be raised");
  options.minimum_comparisons =
      settings.Integer("minimum-comparisons", 100, 1'000'000'000,
                       "a whole number, 100 or more: it can only be raised");
  ReadSearchOptions(settings, &options);
  for (const std::string& text : settings.List("gate")) {
    options.gates.push_back(settings.Parsed("gate", [&] {
      return ParseGate(text, {"fmr", "fnmr"}, by);
    }));
  }
  options.seed = ReadSeed(settings);
  options.threads = ReadThreads(settings);
  return options;
}

void PrintResult(const Json& face, ResultFormat format) {
  switch (format) {
    case ResultFormat::kText:
      return WriteToStdout(FaceText(face, StdoutWidth(100)));
    case ResultFormat::kJson:
      return WriteToStdout(WriteJson(face));
    case ResultFormat::kCsv:
      return WriteToStdout(FaceGroupsCsv(face));
    case ResultFormat::kMarkdown:
      return WriteToStdout(FaceMarkdown(face));
  }
}

void WriteResult(const OutputSettings& output, const Settings& settings,
                 const Json& face, const Json& run_record) {
  StopIfInterrupted();
  if (!output.json_file.empty()) WriteFile(output.json_file, WriteJson(face));
  if (!output.folder.empty()) {
    std::vector<std::pair<std::string, std::string>> files = {
        {"face.json", WriteJson(face)},
        {"report.html", FaceReportHtml(face)},
        {"run.json", WriteJson(run_record)}};
    for (auto& table : TableFiles({{"groups", FaceGroupsCsv(face)},
                                   {"cells", FaceCellsCsv(face)},
                                   {"ratios", FaceRatiosCsv(face)},
                                   {"disparities", FaceDisparitiesCsv(face)}},
                                  output.parquet_tables)) {
      files.push_back(std::move(table));
    }
    WriteFolder(output.folder, files);
  }
  PrintResult(face, output.format);
  if (!output.folder.empty() && !settings.Flag("quiet")) {
    WriteToStderr(fmt::format("report: {}/report.html\n", output.folder));
  }
}

face::FaceAuditResult AuditScoreFiles(
    const std::vector<std::string>& inputs,
    const std::vector<std::string>& calibrate_on,
    const face::FaceInputColumns& columns,
    const face::FaceAuditOptions& options, face::FaceInput* input) {
  if (calibrate_on.empty()) {
    *input = face::ReadScores(inputs, columns);
    for (const std::string& text : input->warnings) LogWarning("{}", text);
    return face::AuditFaces(*input, options);
  }
  if (std::all_of(options.at.begin(), options.at.end(),
                  [](const auto& at) { return std::isnan(at.target); })) {
    throw Error(ErrorCode::kUsage,
                "--calibrate-on: there is no threshold to set; ask for a "
                "false-match rate, such as --at fmr=0.001");
  }
  face::FaceInputColumns marked = columns;
  marked.mark_ids = true;
  *input = face::ReadScores(inputs, marked);
  for (const std::string& text : input->warnings) LogWarning("{}", text);
  marked.needs_genuine = false;
  const face::FaceInput calibration = face::ReadScores(calibrate_on, marked);
  if (const int64_t both = face::SubjectsInBoth(*input, calibration)) {
    LogWarning("{} people of the calibration set are audited too (PF304)",
               WithThousands(both));
  }
  return face::AuditFaces(*input, calibration, options);
}

face::Similarity ReadSimilarity(const Settings& settings) {
  const std::string text = settings.Text("similarity");
  if (text == "cosine") return face::Similarity::kCosine;
  if (text == "dot") return face::Similarity::kDot;
  if (text == "l2") return face::Similarity::kL2;
  settings.Fail("similarity", text, "expected cosine, dot or l2");
}

// Thresholds are given on the scale of the scores; those of distances are
// negated, as the scores are.
void NegateThresholds(face::FaceAuditOptions* options) {
  for (face::OperatingPoint& at : options->at) {
    if (std::isnan(at.target)) at.value = -at.value;
  }
}

face::FaceAuditResult AuditEmbeddingFile(const Settings& settings,
                                         const std::vector<std::string>& inputs,
                                         const face::FaceInputColumns& columns,
                                         const face::FaceAuditOptions& options,
                                         face::FaceInput* input) {
  const std::string file = settings.Text("embeddings");
  const face::Similarity similarity = ReadSimilarity(settings);
  for (const char* other :
       {"profile", "subject-table", "distance", "score", "assert-independent",
        "label", "status", "calibrate-on"}) {
    if (settings.Has(other)) {
      settings.Fail(other, settings.Text(other),
                    "is for tables of scores, not for --embeddings");
    }
  }
  face::ImageSubjects images = face::ReadImageSubjects(inputs, columns);
  NpyMatrix matrix = ReadNpyMatrix(file);
  const face::EmbeddingSet set = face::MakeEmbeddingSet(
      std::move(matrix.values), matrix.rows, matrix.columns,
      std::move(images.subject_of_row), similarity, file.c_str());
  *input = std::move(images.input);
  input->sources.push_back({.file = file,
                            .first_row = 0,
                            .rows = set.rows,
                            .sha256 = Sha256OfFile(file)});
  return face::AuditEmbeddings(set, input, options);
}

int GateExitCode(const face::FaceAuditResult& result) {
  int code = 0;
  for (const face::FaceGate& gate : result.gates) {
    if (gate.answer == face::GateAnswer::kFailed) return 1;
    if (gate.answer == face::GateAnswer::kCannotTell) code = 4;
  }
  return code;
}

// A table of many algorithms is audited by its own subcommand, under both
// names.
std::optional<Invocation> AsAlgorithms(const Invocation& invocation) {
  Invocation other = invocation;
  auto& arguments = other.arguments;
  const auto place = std::find(arguments.begin(), arguments.end(), "--profile");
  if (place == arguments.end() || place + 1 == arguments.end() ||
      *(place + 1) != "algorithms") {
    return std::nullopt;
  }
  arguments.erase(place, place + 2);
  return other;
}

int RunFaceAudit(const Invocation& invocation) {
  if (const auto algorithms = AsAlgorithms(invocation)) {
    if (WorldCommunicator().rank() > 0) return 0;
    return FaceAlgorithmsCommand().run(*algorithms);
  }
  const Run run{"face audit", invocation.arguments};
  const OptionTables tables = AllOptionTables();
  const CommandLine line =
      ParseCommandLine(tables.at("face-audit"), invocation.arguments, tables);
  if (line.help) {
    WriteToStdout(CommandHelp(*invocation.command));
    return 0;
  }
  const Settings settings = LoadSettings("face-audit", tables, line.values);
  const OutputSettings output = ReadOutputSettings(settings);
  if (settings.Flag("show-settings")) {
    WriteToStdout(settings.ToToml("face-audit"));
    return 0;
  }
  face::FaceInputColumns columns = ReadColumns(settings, line.inputs);
  face::FaceAuditOptions options = ReadOptions(settings, columns.by);
  if (settings.Has("embeddings")) {
    columns.distance |= ReadSimilarity(settings) == face::Similarity::kL2;
  }
  if (columns.distance) NegateThresholds(&options);
  columns.csv.hash_sources = !output.folder.empty() ||
                             !output.json_file.empty() ||
                             output.format == ResultFormat::kJson;
  options.processes = &WorldCommunicator();
  const bool writes = options.processes->rank() == 0;
  if (writes && !output.folder.empty()) PrepareFolder(output.folder);
  PrepareTables(output.parquet_tables);

  face::FaceInput input;
  face::FaceAuditResult result;
  std::optional<LibraryAudit> library;
  if (settings.Has("library")) {
    library = AuditFaceLibrary(settings, line.inputs, columns, options, &input);
    result = library->result;
  } else if (settings.Has("embeddings")) {
    result =
        AuditEmbeddingFile(settings, line.inputs, columns, options, &input);
  } else {
    result = AuditScoreFiles(line.inputs, settings.List("calibrate-on"),
                             columns, options, &input);
  }
  if (!writes) return GateExitCode(result);
  Json face = face::ToJson(result, input, columns, options);
  if (library) face["library"] = face::ToJson(library->run, library->options);
  face["title"] = settings.Text("title");
  std::vector<TableSource> sources = input.sources;
  sources.insert(sources.end(), result.calibration.sources.begin(),
                 result.calibration.sources.end());
  Json record = RunRecord(run, "plumbline.face/1", settings, sources,
                          options.seed, options.threads);
  if (library) record["library_seconds"] = face::SecondsOf(library->run);
  if (settings.Flag("share")) {
    face = face::SharedFace(face);
    record = SharedRunRecord(record);
    if (!output.folder.empty()) {
      RequireNothingElse(output.folder,
                         {"face.json", "report.html", "run.json", "groups.csv",
                          "cells.csv", "ratios.csv", "disparities.csv"});
    }
  }
  WriteResult(output, settings, face, record);
  return GateExitCode(result);
}

}  // namespace

Command FaceAuditCommand() {
  return {.name = "face audit",
          .summary = "errors in every group and between groups",
          .run = RunFaceAudit,
          .help_head = kHead,
          .help_tail = kTail,
          .options = FaceAuditOptionGroups,
          .uses_processes = true};
}

}  // namespace plumbline
