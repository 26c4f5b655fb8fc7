// plumbline phantom -o DIR: a cohort whose truth is known.
#include <fmt/format.h>

#include "plumbline/base/error.h"
#include "plumbline/base/text.h"
#include "plumbline/cli/command_line.h"
#include "plumbline/cli/commands.h"
#include "plumbline/cli/common_options.h"
#include "plumbline/cli/help_text.h"
#include "plumbline/cli/settings_tables.h"
#include "plumbline/cli/standard_output.h"
#include "plumbline/cohort/phantom/phantom_folder.h"

namespace plumbline {
namespace {

using enum OptionKind;

constexpr const char* kHead =
    R"(usage: plumbline phantom -o DIR [--preset NAME] [options]

Draws pictures that look like chest films or skin lesions, of people in groups A
and B, with a table and with the truth: which defects were planted, in whom, and
how strongly. A method that claims to find a defect can be tried on them.

example
  plumbline phantom -o clean/
  plumbline phantom -o shortcut/ --preset device-confounding --kind skin
  plumbline survey shortcut/cohort.toml
)";

std::string PresetLines() {
  std::string text = "presets\n";
  for (const PhantomPreset& preset : PhantomPresets()) {
    text += fmt::format("  {:<24} {}\n", preset.name, preset.summary);
  }
  return text +
         "Options change what a preset sets. Shares for both groups are "
         "written A,B.\n";
}

const char* HelpTail() {
  static const std::string tail = PresetLines();
  return tail.c_str();
}

OptionGroup PictureOptions() {
  return {
      "Pictures",
      {{"preset", kText, "NAME", "which defects are planted", "clean"},
       {"kind", kText, "chest|skin", "what the pictures look like", "chest"},
       {"side", kText, "PIXELS", "side of the pictures, 64 to 512", "128"},
       {"disease", kText, "S",
        "how plain the sign of the disease is: 0 not at all, 1 plain", "1"},
       {"attribute", kText, "LEVELS",
        "amplitude of a pattern in group B, in grey levels of 255"},
       {"place", kText, "whole|centre|border|corner", "where that pattern is",
        "border"},
       {"band", kText, "low|middle|high",
        "how fine it is: 2 to 5 cycles across the picture, 10 to 20, or "
        "near what pixels can hold",
        "high"},
       {"tone-shift", kText, "DEGREES",
        "skin: by how many degrees of ITA group B is darker", "0"}}};
}

OptionGroup PeopleOptions() {
  return {
      "People",
      {{"subjects", kText, "N", "people", "1000"},
       {"images", kText, "M", "mean number of images of one person", "1.5"},
       {"share-b", kText, "P", "share of group B", "0.4"},
       {"prevalence", kText, "A,B", "share of the sick", "0.3,0.3"},
       {"unknown", kText, "A,B", "share whose group is not recorded", "0,0"},
       {"south", kText, "A,B",
        "share imaged on the device \"south\", which is softer and noisier"},
       {"south-if-sick", kText, "D",
        "by how much that share is larger among the sick"},
       {"simpson", kFlag, "",
        "group B is ill more often overall and less often at each site"}}};
}

OptionGroup RecordOptions() {
  return {"Records",
          {{"missed", kText, "A,B", "share of the sick recorded as healthy"},
           {"invented", kText, "A,B", "share of the healthy recorded as sick",
            "0,0"},
           {"silent", kText, "A,B",
            "share of the sick of whom the report says nothing"},
           {"silent-negative", kText, "P", "the same of the healthy", "0.05"},
           {"blank", kText, "A,B", "share of labels that are not there"},
           {"exact-copies", kText, "P",
            "share of images that are there again, under another person"},
           {"changed-copies", kText, "P",
            "the same, mirrored, turned, brightened or cropped"},
           {"copies-cross-split", kFlag, "",
            "copies of training images lie in the test set"},
           SeedOption()}};
}

}  // namespace

OptionGroups PhantomOptionGroups() {
  return {PictureOptions(),
          PeopleOptions(),
          RecordOptions(),
          {"Output",
           {{"output", kText, "DIR", "a new folder", "", 'o'},
            ThreadsOption(),
            ProgressOption(),
            QuietOption(),
            ConfigOption()}}};
}

namespace {

bool IsAnyNumber(double) { return true; }

// Leaves what the preset says where the option is not given.
void Read(const Settings& settings, const char* name, double* place) {
  if (!settings.Has(name)) return;
  *place = settings.Number(name, IsAnyNumber, "a number");
}

void Read(const Settings& settings, const char* name, ByGroup* place) {
  if (!settings.Has(name)) return;
  const std::string text = settings.Text(name);
  const std::vector<std::string> parts = Split(text, ',');
  double values[2] = {0, 0};
  bool good = parts.size() == 1 || parts.size() == 2;
  for (size_t i = 0; good && i < parts.size(); ++i) {
    good = ParseNumber(Trim(parts[i]), &values[i]);
  }
  if (!good) {
    settings.Fail(name, text,
                  "expected one number, or one for group A and one for B such "
                  "as 0.05,0.5");
  }
  *place = {values[0], values[parts.size() - 1]};
}

PhantomOptions ReadPhantomOptions(const Settings& settings) {
  PhantomOptions o = settings.Parsed(
      "preset", [&] { return OptionsOfPreset(settings.Text("preset")); });
  o.kind = settings.Parsed(
      "kind", [&] { return ParsePhantomKind(settings.Text("kind")); });
  o.place = settings.Parsed(
      "place", [&] { return ParseSignalPlace(settings.Text("place")); });
  o.band = settings.Parsed(
      "band", [&] { return ParseSignalBand(settings.Text("band")); });
  o.side = static_cast<int>(
      settings.Integer("side", 64, 512, "a whole number from 64 to 512"));
  o.subjects = settings.Integer("subjects", 40, 10'000'000,
                                "a whole number from 40 to 10000000");
  for (const auto& [name, place] : {std::pair{"images", &o.images},
                                    {"share-b", &o.share_b},
                                    {"disease", &o.disease},
                                    {"attribute", &o.attribute},
                                    {"tone-shift", &o.tone_shift},
                                    {"south-if-sick", &o.south_if_sick},
                                    {"silent-negative", &o.silent_negative},
                                    {"exact-copies", &o.exact_copies},
                                    {"changed-copies", &o.changed_copies}}) {
    Read(settings, name, place);
  }
  for (const auto& [name, place] : {std::pair{"prevalence", &o.prevalence},
                                    {"unknown", &o.unknown},
                                    {"south", &o.south},
                                    {"missed", &o.missed},
                                    {"invented", &o.invented},
                                    {"silent", &o.silent},
                                    {"blank", &o.blank}}) {
    Read(settings, name, place);
  }
  if (settings.Flag("simpson")) o.simpson = true;
  if (settings.Flag("copies-cross-split")) o.copies_cross_split = true;
  o.seed = ReadSeed(settings);
  return o;
}

int RunPhantom(const Invocation& invocation) {
  const OptionTables tables = AllOptionTables();
  const CommandLine line =
      ParseCommandLine(tables.at("phantom"), invocation.arguments, tables);
  if (line.help) {
    WriteToStdout(CommandHelp(*invocation.command));
    return 0;
  }
  if (!line.inputs.empty()) {
    throw Error(ErrorCode::kUsage,
                "plumbline phantom reads nothing, and got {}; the folder is "
                "named with -o",
                line.inputs[0]);
  }
  const Settings settings = LoadSettings("phantom", tables, line.values);
  ApplyProgress(settings);
  std::string folder = settings.Text("output");
  while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
  if (folder.empty()) {
    throw Error(ErrorCode::kUsage,
                "plumbline phantom makes a folder: name it with -o, such as -o "
                "phantom");
  }
  const PhantomPlan plan = MakePhantomPlan(ReadPhantomOptions(settings));
  WritePhantom(plan, settings.Text("preset"), folder, ReadThreads(settings));
  WriteToStdout(fmt::format(
      "{0}: {1} images of {2} people, {3} x {3} pixels\nsurvey them with: "
      "plumbline survey {0}/cohort.toml\n",
      folder, WithThousands(static_cast<long long>(plan.rows.size())),
      WithThousands(static_cast<long long>(plan.subjects.size())),
      plan.options.side));
  return 0;
}

}  // namespace

Command PhantomCommand() {
  return {.name = "phantom",
          .summary = "draw a cohort whose truth is known",
          .run = RunPhantom,
          .help_head = kHead,
          .help_tail = HelpTail(),
          .options = PhantomOptionGroups};
}

}  // namespace plumbline
