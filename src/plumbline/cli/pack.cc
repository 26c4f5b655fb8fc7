// plumbline pack COHORT -o x.plumb: images decoded once, in one file.
#include <fmt/format.h>

#include "plumbline/base/error.h"
#include "plumbline/base/file.h"
#include "plumbline/base/json.h"
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
    R"(usage: plumbline pack COHORT -o FILE.plumb [options]
       plumbline pack --verify FILE.plumb

Decodes the images of a cohort once, into one file with its table that all later
commands read. COHORT is cohort.toml or a table with --image. A run that was
stopped goes on where it stopped when it is started again.

example
  plumbline pack examples/fixture_cxr128/cohort.toml -o cxr.plumb --side 128
  plumbline survey cxr.plumb
)";

constexpr const char* kTail =
    R"(Images that are missing or damaged are listed with the reason, and the exit code
is 5; the file holds black pixels for them and says so.
)";

// As many as fit on a screen; all are in --json.
constexpr size_t kMostListed = 20;

}  // namespace

OptionGroups PackOptionGroups() {
  return {CohortOptions(),
          PackingOptions(),
          SurveyedOptions(),
          ReadingOptions(),
          {"Output",
           {{"output", kText, "FILE", "the packed file, *.plumb", "", 'o'},
            {"json", kText, "FILE",
             "what was packed, and every image that failed, as JSON; - is "
             "standard output"},
            {"verify", kFlag, "",
             "check every image of a packed file against its checksum"},
            ThreadsOption(),
            ProgressOption(),
            QuietOption(),
            ConfigOption()}}};
}

namespace {

Json ToJson(const PackResult& result, const std::string& file) {
  Json failed = Json::array();
  for (const FailedImage& image : result.failed) {
    failed.push_back({{"path", image.path}, {"reason", image.reason}});
  }
  return {{"schema", "plumbline.pack/1"},
          {"file", file},
          {"images", result.images},
          {"side", result.side},
          {"channels", result.channels},
          {"bits", result.depth},
          {"bytes", result.bytes},
          {"with_notes", result.with_notes},
          {"failed", failed}};
}

std::string ToText(const PackResult& result, const std::string& file) {
  const size_t failed = result.failed.size();
  std::string text =
      fmt::format("{}: {} images of {} x {} pixels, {} bits, {}; {} MB\n", file,
                  WithThousands(result.images), result.side, result.side,
                  result.depth, result.channels == 1 ? "grey" : "colour",
                  WithThousands((result.bytes + 500'000) / 1'000'000));
  if (result.with_notes > 0) {
    text += fmt::format("{} with a note; the first: {}\n",
                        WithThousands(result.with_notes), result.first_note);
  }
  if (failed == 0) return text;
  text += fmt::format("{} could not be decoded:\n", WithThousands(failed));
  for (size_t i = 0; i < std::min(failed, kMostListed); ++i) {
    text += fmt::format("  {}: {}\n", result.failed[i].path,
                        result.failed[i].reason);
  }
  if (failed > kMostListed) {
    text += fmt::format("  and {} more; --json FILE lists all\n",
                        WithThousands(failed - kMostListed));
  }
  return text;
}

int Verify(const Settings& settings, const std::vector<std::string>& inputs) {
  if (inputs.size() != 1) {
    throw Error(ErrorCode::kUsage, "--verify: name one packed file");
  }
  const PackedCohort packed(inputs[0]);
  packed.VerifyPixels(ReadThreads(settings));
  WriteToStdout(fmt::format("{}: {} images, all as they were packed\n",
                            inputs[0], WithThousands(packed.images())));
  return 0;
}

int RunPack(const Invocation& invocation) {
  const OptionTables tables = AllOptionTables();
  const CommandLine line =
      ParseCommandLine(tables.at("pack"), invocation.arguments, tables);
  if (line.help) {
    WriteToStdout(CommandHelp(*invocation.command));
    return 0;
  }
  const Settings settings = LoadSettings("pack", tables, line.values);
  ApplyProgress(settings);
  if (settings.Flag("verify")) return Verify(settings, line.inputs);
  const std::string output = settings.Text("output");
  if (output.empty()) {
    throw Error(ErrorCode::kUsage,
                "plumbline pack makes a file: name it with -o, such as -o "
                "cohort.plumb");
  }
  const PackOptions options = ReadPackOptions(settings);
  const CohortSource source = ReadCohort(settings, line.inputs, true);
  if (source.packed) {
    throw Error(ErrorCode::kUsage,
                "{} is packed already; pack its cohort.toml or table",
                line.inputs[0]);
  }
  const PackInput input = ToPackInput(source);
  ReportSurveyed(settings, line.inputs, source);
  const PackResult result = PackImages(input, options, output);
  const std::string json_file = settings.Text("json");
  if (json_file == "-") {
    WriteToStdout(WriteJson(ToJson(result, output)));
  } else {
    if (!json_file.empty()) {
      WriteFile(json_file, WriteJson(ToJson(result, output)));
    }
    WriteToStdout(ToText(result, output));
  }
  return result.failed.empty() ? 0 : 5;
}

}  // namespace

Command PackCommand() {
  return {.name = "pack",
          .summary = "decode the images of a cohort once, into one file",
          .run = RunPack,
          .help_head = kHead,
          .help_tail = kTail,
          .options = PackOptionGroups};
}

}  // namespace plumbline
