// plumbline doctor: what this machine has, what is slow, and what is missing.
#include "plumbline/base/file.h"
#include "plumbline/cli/cohort_images.h"
#include "plumbline/cli/command_line.h"
#include "plumbline/cli/commands.h"
#include "plumbline/cli/common_options.h"
#include "plumbline/cli/doctor_report.h"
#include "plumbline/cli/help_text.h"
#include "plumbline/cli/settings_tables.h"
#include "plumbline/cli/standard_output.h"

namespace plumbline {
namespace {

using enum OptionKind;

constexpr const char* kHead =
    R"(usage: plumbline doctor [options]

Looks at this machine as plumbline finds it: processors, memory, disk, optional
parts, LibTorch and its BLAS, threads, GPU. Whatever is missing or slow is named
with what to do about it.

example
  plumbline doctor
)";

constexpr const char* kTail =
    R"(The exit code is 0 whatever is found.
)";

}  // namespace

OptionGroups DoctorOptionGroups() {
  return {{"Doctor",
           {CacheOption(),
            ThreadsOption(),
            {"json", kText, "FILE", "the same as JSON; - is standard output"},
            ConfigOption()}}};
}

namespace {

int RunDoctor(const Invocation& invocation) {
  const OptionTables tables = AllOptionTables();
  const CommandLine line =
      ParseCommandLine(tables.at("doctor"), invocation.arguments, tables);
  if (line.help) {
    WriteToStdout(CommandHelp(*invocation.command));
    return 0;
  }
  if (!line.inputs.empty()) {
    throw Error(ErrorCode::kUsage,
                "plumbline doctor takes no input, and \"{}\" was given",
                line.inputs[0]);
  }
  const Settings settings = LoadSettings("doctor", tables, line.values);
  const Json report = Diagnose(CacheFolder(settings), ReadThreads(settings));
  const std::string json_file = settings.Text("json");
  if (json_file == "-") {
    WriteToStdout(WriteJson(report));
    return 0;
  }
  if (!json_file.empty()) WriteFile(json_file, WriteJson(report));
  WriteToStdout(DoctorText(report));
  return 0;
}

}  // namespace

Command DoctorCommand() {
  return {.name = "doctor",
          .summary = "what this machine has, what is slow, what is missing",
          .run = RunDoctor,
          .help_head = kHead,
          .help_tail = kTail,
          .options = DoctorOptionGroups};
}

}  // namespace plumbline
