// plumbline predict MODEL COHORT -o DIR: the scores of a finished model.
#include "plumbline/infer/predict.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "plumbline/base/error.h"
#include "plumbline/base/file.h"
#include "plumbline/base/hash.h"
#include "plumbline/base/interrupt.h"
#include "plumbline/base/log.h"
#include "plumbline/base/text.h"
#include "plumbline/cli/cohort_images.h"
#include "plumbline/cli/command_line.h"
#include "plumbline/cli/commands.h"
#include "plumbline/cli/common_options.h"
#include "plumbline/cli/help_text.h"
#include "plumbline/cli/predict_output.h"
#include "plumbline/cli/result_folder.h"
#include "plumbline/cli/run_record.h"
#include "plumbline/cli/settings_tables.h"
#include "plumbline/cli/standard_output.h"
#include "plumbline/cli/surveyed.h"
#include "plumbline/image/decode.h"
#include "plumbline/infer/saliency.h"
#include "plumbline/table/npy_writer.h"

namespace plumbline {
namespace {

using enum OptionKind;

constexpr const char* kHead =
    R"(usage: plumbline predict MODEL COHORT -o DIR [options]

Runs a finished model over the images of a cohort and writes its scores beside
the columns of the table, for plumbline audit. MODEL is a folder of plumbline
train, its .safetensors file, a TorchScript file (.pt, .ts) or an ONNX file;
what somebody else's model takes and gives stands in a TOML file beside it.
COHORT is cohort.toml, a packed file (plumbline pack) or a table with --image.

example
  plumbline predict run/ examples/fixture_cxr128/cohort.toml --part test -o out/
  plumbline predict chest.onnx cohort.plumb -o out/ --embeddings out/e.npy
)";

constexpr const char* kTail =
    R"(A row whose image cannot be read has no score; such images are listed with the
reason, and the exit code is 5.
)";

OptionGroup WhatOptions() {
  return {"What",
          {{"part", kText, "PART",
            "only rows of that part of the split, such as test: of the model's "
            "split, else of the cohort's"},
           {"embeddings", kText, "FILE.npy",
            "the features before the last layer, float32, one row for each row "
            "of predictions.csv"},
           {"saliency", kText, "N",
            "for the N images with the highest score of each target, what the "
            "model looked at (Grad-CAM), as PNG in DIR/saliency",
            "0"}}};
}

}  // namespace

OptionGroups PredictOptionGroups() {
  return {CohortOptions(),
          ModelOptions(),
          ModelImageOptions(),
          WhatOptions(),
          SurveyedOptions(),
          ReadingOptions(),
          {"Output",
           {{"output", kText, "DIR",
             "folder for predictions.csv, predict.json and run.json; made if "
             "need be",
             "", 'o'},
            {"json", kText, "FILE",
             "what was done, and every image that failed, as JSON; - is "
             "standard output"},
            ThreadsOption(),
            ProgressOption(),
            QuietOption(),
            ConfigOption(),
            {"show-settings", kFlag, "",
             "print all settings and where each comes from, and stop"}}}};
}

namespace {

// The rows to score, and what is known of the split.
void ChooseRows(const Settings& settings, PredictionRun* run) {
  const Cohort& cohort = run->source->cohort;
  std::optional<RowParts> of_model;
  if (!run->model->split_file.empty()) {
    of_model = ReadModelParts(run->model->split_file, cohort);
  }
  if (of_model && std::all_of(of_model->of_row.begin(), of_model->of_row.end(),
                              [](int32_t part) { return part < 0; })) {
    LogInfo("nobody in this cohort is in {}", of_model->source);
    of_model.reset();
  }
  run->rows.resize(cohort.rows);
  std::iota(run->rows.begin(), run->rows.end(), 0);
  run->part = settings.Text("part");
  if (!run->part.empty()) {
    const std::optional<RowParts> parts =
        of_model ? of_model : PartsOfCohort(cohort);
    if (!parts) {
      settings.Fail("part", run->part,
                    "neither the model nor the cohort has a split; name the "
                    "column with --split");
    }
    run->rows = RowsOfPart(*parts, run->part);
    if (run->rows.empty()) {
      settings.Fail("part", run->part, "no row of this cohort is in that part");
    }
  }
  if (!of_model) return;
  run->rows_seen =
      RowsSeen(*of_model, run->model->scorer->card().training, run->rows);
  if (run->rows_seen > 0) {
    const bool has_test =
        std::find(of_model->parts.begin(), of_model->parts.end(), "test") !=
        of_model->parts.end();
    LogWarning(
        "{} of {} rows are of people that the model was trained or tuned on: "
        "--part {} leaves them out",
        WithThousands(run->rows_seen), WithThousands(std::ssize(run->rows)),
        has_test ? "test" : "PART");
  }
  const std::vector<std::string>& header = run->source->table.header();
  if (!cohort.HasSplit() &&
      std::find(header.begin(), header.end(), "split") == header.end()) {
    run->added_split = std::move(of_model);
  }
}

// Other pixels than the model was trained on give other scores.
void WarnOfOtherPacking(const PackedCohort& packed, const ModelCard& card) {
  const HowPacked how = HowItWasPacked(packed);
  const Preprocessing& model = card.preprocessing;
  if (how.resize == model.resize && how.window == model.window) return;
  LogWarning(
      "the images are packed with --resize {} --window {}, the model was made "
      "for {} and {}: pack them as the model wants them",
      NameOf(how.resize), how.window, NameOf(model.resize), model.window);
}

void WarnOfEnlarging(const PackedCohort& packed, const ModelCard& card) {
  if (packed.side() >= card.preprocessing.side) return;
  LogWarning(
      "the packed images have {} pixels a side and the model takes {}: they "
      "are enlarged and show no more than they did; pack them with --side {}",
      packed.side(), card.preprocessing.side, card.preprocessing.side);
}

int64_t ReadSaliency(const Settings& settings, const OpenedModel& model) {
  const int64_t most =
      settings.Integer("saliency", 0, 10'000, "a whole number from 0 to 10000");
  if (most > 0 && !model.scorer->can_explain()) {
    settings.Fail("saliency", settings.Text("saliency"),
                  "{} cannot say what it looked at: only models of plumbline "
                  "train can",
                  model.file);
  }
  return most;
}

// A word as part of a file's name.
std::string AsFileName(std::string word) {
  for (char& c : word) {
    const bool is_plain = std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                          c == '-' || c == '_' || c == '=';
    if (!is_plain && static_cast<unsigned char>(c) < 0x80) c = '_';
  }
  return word;
}

// DIR/saliency/TARGET-RANK-ROW.png: ROW as a spreadsheet shows it in
// predictions.csv, whose header is row 1.
void WriteSaliency(const PredictionRun& run, const PackedCohort& packed,
                   int64_t most, const std::string& folder) {
  MakeFolder(folder);
  const std::vector<std::string> names = run.model->scorer->card().ScoreNames();
  for (size_t output = 0; output < names.size(); ++output) {
    const auto which = static_cast<int64_t>(output);
    int rank = 0;
    for (const int64_t row : HighestRows(run.predictions, which, most)) {
      StopIfInterrupted();
      const Image overlay = Explain(run.model->scorer.get(), packed,
                                    run.predictions.image_of_row[row], which);
      const std::string target =
          names[output].substr(std::string_view("score_").size());
      WriteFile(fmt::format("{}/{}-{}-{}.png", folder, AsFileName(target),
                            ++rank, row + 2),
                EncodePng(overlay));
    }
  }
}

void WriteEmbeddings(const std::string& file, Predictions* predictions) {
  WriteFile(file, ToNpy({.rows = predictions->rows,
                         .columns = predictions->embedding_size,
                         .values = std::move(predictions->embeddings)}));
}

void WriteResult(const Run& run, const Settings& settings,
                 const PredictionRun& prediction, const std::string& folder) {
  const std::string table =
      (folder.ends_with('/') ? folder : folder + "/") + "predictions.csv";
  const Json json = PredictionJson(prediction, table);
  const std::string bytes = WriteJson(json);
  const OpenedModel& model = *prediction.model;
  Json record = RunRecord(run, "plumbline.predict/1", settings,
                          prediction.source->table.sources(), std::nullopt,
                          ReadThreads(settings));
  record["model"] = {{"file", model.file}, {"sha256", json["model"]["sha256"]}};
  if (!model.side_file.empty()) {
    record["model"]["side_file"] = model.side_file;
    record["model"]["side_file_sha256"] = Sha256OfFile(model.side_file);
  }
  WriteFolder(folder, {{"predictions.csv", ToCsv(PredictionTable(prediction),
                                                 ',', CsvOptions().missing)},
                       {"predict.json", bytes},
                       {"run.json", WriteJson(record)}});
  const std::string json_file = settings.Text("json");
  if (json_file == "-") return WriteToStdout(bytes);
  if (!json_file.empty()) WriteFile(json_file, bytes);
  WriteToStdout(PredictionText(json, StdoutWidth(100)));
}

struct Inputs {
  std::string model;
  std::vector<std::string> cohort;
  std::string folder;
};

Inputs ReadInputs(const Settings& settings, const CommandLine& line) {
  if (line.inputs.size() < 2) {
    throw Error(ErrorCode::kUsage,
                "plumbline predict takes a model and a cohort: plumbline "
                "predict run/ cohort.toml -o out/");
  }
  Inputs inputs{.model = line.inputs[0],
                .cohort = {line.inputs.begin() + 1, line.inputs.end()},
                .folder = settings.Text("output")};
  if (inputs.folder.empty()) {
    throw Error(ErrorCode::kUsage,
                "plumbline predict makes a folder: name it with -o, such as -o "
                "out/");
  }
  return inputs;
}

int PredictInto(const Run& run, const Settings& settings,
                const Inputs& inputs) {
  const OpenedModel model = OpenModel(settings, inputs.model);
  const ModelCard& card = model.scorer->card();
  const int64_t saliency = ReadSaliency(settings, model);
  const CohortSource source = ReadCohort(settings, inputs.cohort, true);
  ReportSurveyed(settings, inputs.cohort, source);
  RequireNewColumns(card, source);
  if (source.roles.image.empty()) {
    throw Error(ErrorCode::kUsage,
                "there are no images to score; name the column of their paths "
                "(image in cohort.toml, or --image)");
  }
  PredictionRun prediction{.model = &model, .source = &source};
  ChooseRows(settings, &prediction);
  PrepareFolder(inputs.folder);
  CohortImages images = OpenCohortImages(
      settings, source, ReadModelPackOptions(settings, card.preprocessing));
  WarnOfOtherPacking(*images.packed, card);
  WarnOfEnlarging(*images.packed, card);
  prediction.predictions = plumbline::Predict(
      model.scorer.get(), *images.packed, source.cohort, prediction.rows,
      {.batch = model.batch, .with_embeddings = settings.Has("embeddings")});
  if (settings.Has("embeddings")) {
    WriteEmbeddings(settings.Text("embeddings"), &prediction.predictions);
  }
  if (saliency > 0) {
    WriteSaliency(prediction, *images.packed, saliency,
                  inputs.folder + "/saliency");
  }
  WriteResult(run, settings, prediction, inputs.folder);
  // Of the rows that were scored.
  images.failed = prediction.predictions.failed;
  return ReportFailedImages(images);
}

int RunPredict(const Invocation& invocation) {
  const Run run{"predict", invocation.arguments};
  const OptionTables tables = AllOptionTables();
  const CommandLine line =
      ParseCommandLine(tables.at("predict"), invocation.arguments, tables);
  if (line.help) {
    WriteToStdout(CommandHelp(*invocation.command));
    return 0;
  }
  const Settings settings = LoadSettings("predict", tables, line.values);
  ApplyProgress(settings);
  if (settings.Flag("quiet")) SetLogLevel(LogLevel::kQuiet);
  if (settings.Flag("show-settings")) {
    WriteToStdout(settings.ToToml("predict"));
    return 0;
  }
  return PredictInto(run, settings, ReadInputs(settings, line));
}

}  // namespace

Command PredictCommand() {
  return {.name = "predict",
          .summary = "the scores that a finished model gives a cohort's images",
          .run = RunPredict,
          .help_head = kHead,
          .help_tail = kTail,
          .options = PredictOptionGroups};
}

}  // namespace plumbline
