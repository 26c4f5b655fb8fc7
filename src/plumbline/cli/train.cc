// plumbline train COHORT -o DIR: a network learns labels from images.
#include <fmt/format.h>

#include <filesystem>

#include "plumbline/base/communicator.h"
#include "plumbline/base/error.h"
#include "plumbline/base/file.h"
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
#include "plumbline/cli/train_settings.h"
#include "plumbline/infer/architectures.h"
#include "plumbline/report/train_report.h"
#include "plumbline/train/network_service.h"
#include "plumbline/train/train_json.h"

namespace plumbline {
namespace {

constexpr const char* kHead =
    R"(usage: plumbline train COHORT -o DIR [options]

Trains a network on the images of a cohort. COHORT is cohort.toml, a packed file
(plumbline pack) or a table. People, not images, are divided into those trained
on, those that choose the best epoch and those kept for the audit. A run that
was stopped, in whatever way, goes on when the same command is given again, and
ends with the same bytes.

example
  plumbline train examples/fixture_cxr128/cohort.toml --label Effusion \
    --side 64 --epochs 10 -o run/
  plumbline predict run/ examples/fixture_cxr128/cohort.toml -o scores/
)";

constexpr const char* kTail =
    R"(The tuning part chose the epoch, so that its numbers are too good: judge the
model by the test part, with plumbline predict and plumbline audit. Under mpirun
all processes share the images of each step.
)";

// Images at the side that the network shall see, unless the file is packed.
CohortImages OpenImages(const Settings& settings, const CohortSource& source,
                        TrainSettings* train) {
  if (source.packed) return OpenCohortImages(settings, source);
  if (!train->has_side) {
    train->input.side = FindArchitecture(train->options.architecture).side;
  }
  return OpenCohortImages(
      settings, source, ReadPackOptions(settings, {.side = train->input.side}));
}

std::string ModelName(const Json& json) {
  return json.at("pretrained").is_null() ? "model.safetensors"
                                         : "weights.safetensors";
}

// Numbers have no AUROC.
void ChooseMetric(const Settings& settings, const train::TrainInput& input,
                  train::TrainOptions* options) {
  if (settings.Has("metric") || options->metric != "auroc") return;
  for (const train::TargetValues& target : input.targets) {
    if (target.target.kind != TargetKind::kContinuous) return;
  }
  options->metric = "loss";
}

// "": there is no folder to keep it in.
std::string MeasuredFile(const Settings& settings) {
  try {
    const std::string folder = CacheFolder(settings);
    MakeFolder(folder);
    return folder + "/fastest_modes.json";
  } catch (const Error& error) {
    LogInfo("{}", error.what());
    return "";
  }
}

// The first process packs images, the others find them packed.
template <typename Open>
CohortImages InTurn(Communicator& processes, const Open& open) {
  CohortImages images;
  if (processes.rank() == 0) images = open();
  processes.AllGather("");
  if (processes.rank() > 0) images = open();
  return images;
}

void WriteResult(const Run& run, const Settings& settings,
                 const OutputSettings& output, const CohortSource& source,
                 const train::MadeInput& made, const train::TrainResult& result,
                 const Json& json) {
  Json record =
      RunRecord(run, "plumbline.train/1", settings, source.table.sources(),
                ReadSeed(settings), ReadThreads(settings));
  record["times"] = train::TimesOf(result);
  std::vector<std::pair<std::string, std::string>> files = {
      {ModelName(json), result.model_file},
      {"train.json", WriteJson(json)},
      {"report.html", TrainReportHtml(json)},
      {"split.csv", train::SplitCsv(source.cohort, made.parts)},
      {"run.json", WriteJson(record)}};
  for (auto& table : TableFiles({{"history", train::HistoryCsv(result)}},
                                output.parquet_tables)) {
    files.push_back(std::move(table));
  }
  WriteFolder(output.folder, files);
  if (!output.json_file.empty()) WriteFile(output.json_file, WriteJson(json));
}

void Print(const Json& json, const train::TrainResult& result,
           const OutputSettings& output) {
  switch (output.format) {
    case ResultFormat::kText:
      return WriteToStdout(TrainText(json, StdoutWidth(100)));
    case ResultFormat::kJson:
      return WriteToStdout(WriteJson(json));
    case ResultFormat::kCsv:
      return WriteToStdout(train::HistoryCsv(result));
    case ResultFormat::kMarkdown:
      return WriteToStdout(TrainMarkdown(json));
  }
}

void SayTimes(const train::TrainResult& result, const std::string& folder,
              const std::string& model) {
  const double share =
      result.seconds > 0 ? result.seconds_waiting / result.seconds : 0;
  WriteToStderr(fmt::format(
      "{:.1f} s, {:.0f} images/s, waiting for images {:.1f} % of the time\n"
      "weights: {}/{}\nreport: {}/report.html\n",
      result.seconds, result.images_per_second, 100 * share, folder, model,
      folder));
}

int RunTrain(const Invocation& invocation) {
  const Run run{"train", invocation.arguments};
  const OptionTables tables = AllOptionTables();
  const CommandLine line =
      ParseCommandLine(tables.at("train"), invocation.arguments, tables);
  if (line.help) {
    WriteToStdout(CommandHelp(*invocation.command));
    return 0;
  }
  const Settings settings = LoadSettings("train", tables, line.values);
  const OutputSettings output = ReadOutputSettings(settings);
  TrainSettings train = ReadTrainSettings(settings);
  if (settings.Flag("show-settings")) {
    WriteToStdout(settings.ToToml("train"));
    return 0;
  }
  if (output.folder.empty()) {
    throw Error(ErrorCode::kUsage,
                "plumbline train makes a folder: name it with -o, such as -o "
                "run/");
  }
  const CohortSource source = ReadCohort(settings, line.inputs, false);
  if (!source.guessed.empty()) {
    LogWarning("no roles were given; taken by the names of columns: {}",
               JoinWords(source.guessed));
  }
  ReportSurveyed(settings, line.inputs, source);
  PrepareFolder(output.folder);
  PrepareTables(output.parquet_tables);
  Communicator& processes = WorldCommunicator();
  const CohortImages images =
      InTurn(processes, [&] { return OpenImages(settings, source, &train); });
  const int code = ReportFailedImages(images);
  train::MadeInput made =
      train::MakeTrainInput(source.cohort, images.packed, train.input);
  train::TrainOptions& options = train.options;
  ChooseMetric(settings, made.input, &options);
  made.input.training =
      train::TrainingFacts(source.cohort, made, train.options);
  options.checkpoint_file = output.folder + "/checkpoint.safetensors";
  options.measured_file = MeasuredFile(settings);
  // The first process reads it for all.
  if (settings.Flag("restart") && processes.rank() == 0) {
    std::filesystem::remove(options.checkpoint_file);
  }
  const train::TrainResult result =
      LoadNetworkPart().train(made.input, options);
  if (processes.rank() > 0) return 0;
  Json json = train::ToJson(source.cohort, made, options, result);
  json["title"] = settings.Text("title");
  WriteResult(run, settings, output, source, made, result, json);
  std::filesystem::remove(options.checkpoint_file);
  Print(json, result, output);
  if (!settings.Flag("quiet")) {
    SayTimes(result, output.folder, ModelName(json));
  }
  return code;
}

}  // namespace

Command TrainCommand() {
  return {.name = "train",
          .summary = "train a network on the images of a cohort",
          .run = RunTrain,
          .help_head = kHead,
          .help_tail = kTail,
          .options = TrainOptionGroups,
          .uses_processes = true};
}

}  // namespace plumbline
