#include "plumbline/cohort/phantom/phantom_folder.h"

#include <fmt/format.h>

#include <filesystem>

#include "plumbline/base/error.h"
#include "plumbline/base/file.h"
#include "plumbline/base/interrupt.h"
#include "plumbline/base/json.h"
#include "plumbline/base/progress.h"
#include "plumbline/base/text.h"
#include "plumbline/base/thread_pool.h"
#include "plumbline/base/version.h"
#include "plumbline/cohort/phantom/draw_phantom.h"
#include "plumbline/image/decode.h"

namespace plumbline {
namespace {

constexpr const char* kReadme =
    R"(A phantom cohort, drawn by plumbline phantom. Nobody is on these pictures.

metadata.csv  what a hospital would hand over
cohort.toml   which column is what; plumbline survey cohort.toml
images/       the pictures
truth.csv     what is true of each picture, and what was done to its record
truth.json    the settings, what came of them, what a survey should find
)";

constexpr int kEffort = 3;  // of the PNG encoder

bool IsChest(const PhantomPlan& plan) {
  return plan.options.kind == PhantomKind::kChest;
}

const char* LabelName(const PhantomPlan& plan) {
  return IsChest(plan) ? "opacity" : "malignant";
}

const char* TextOf(RecordedLabel label) {
  switch (label) {
    case RecordedLabel::kNo:
      return "0";
    case RecordedLabel::kYes:
      return "1";
    case RecordedLabel::kNotMentioned:
      return "not mentioned";
    case RecordedLabel::kBlank:
      break;
  }
  return "";
}

std::string GroupOf(const PhantomSubject& subject) {
  return subject.group_known ? (subject.is_b ? "B" : "A") : "unknown";
}

Json ToJson(const ByGroup& value) { return {{"A", value.a}, {"B", value.b}}; }

Json OptionsJson(const PhantomOptions& o) {
  return {{"kind", NameOf(o.kind)},
          {"side", o.side},
          {"subjects", o.subjects},
          {"images", o.images},
          {"share_b", o.share_b},
          {"prevalence", ToJson(o.prevalence)},
          {"disease", o.disease},
          {"attribute", o.attribute},
          {"place", NameOf(o.place)},
          {"band", NameOf(o.band)},
          {"tone_shift", o.tone_shift},
          {"south", ToJson(o.south)},
          {"south_if_sick", o.south_if_sick},
          {"missed", ToJson(o.missed)},
          {"invented", ToJson(o.invented)},
          {"silent", ToJson(o.silent)},
          {"silent_negative", o.silent_negative},
          {"blank", ToJson(o.blank)},
          {"unknown", ToJson(o.unknown)},
          {"exact_copies", o.exact_copies},
          {"changed_copies", o.changed_copies},
          {"copies_cross_split", o.copies_cross_split},
          {"simpson", o.simpson},
          {"seed", o.seed}};
}

// But for kind, size and seed.
bool IsAsInPreset(const PhantomOptions& options, const std::string& preset) {
  PhantomOptions of_preset = OptionsOfPreset(preset);
  of_preset.kind = options.kind;
  of_preset.side = options.side;
  of_preset.subjects = options.subjects;
  of_preset.images = options.images;
  of_preset.seed = options.seed;
  return OptionsJson(of_preset) == OptionsJson(options);
}

struct Tally {
  int64_t subjects = 0, sick = 0, south = 0, site_two = 0, unknown = 0;
  int64_t rows = 0, recorded_yes = 0, recorded_no = 0, silent = 0, blank = 0;
  int64_t missed = 0, invented = 0;
};

Tally TallyOf(const PhantomPlan& plan, bool is_b) {
  Tally tally;
  for (const PhantomSubject& s : plan.subjects) {
    if (s.is_b != is_b) continue;
    ++tally.subjects;
    tally.sick += s.sick;
    tally.south += s.is_south;
    tally.site_two += s.is_site_two;
    tally.unknown += !s.group_known;
  }
  for (const PhantomRow& row : plan.rows) {
    const PhantomSubject& s = plan.subjects[row.subject];
    if (s.is_b != is_b) continue;
    ++tally.rows;
    tally.recorded_yes += row.sick == RecordedLabel::kYes;
    tally.recorded_no += row.sick == RecordedLabel::kNo;
    tally.silent += row.sick == RecordedLabel::kNotMentioned;
    tally.blank += row.sick == RecordedLabel::kBlank;
    tally.missed += s.sick && row.sick == RecordedLabel::kNo;
    tally.invented += !s.sick && row.sick == RecordedLabel::kYes;
  }
  return tally;
}

Json TallyJson(const Tally& t) {
  return {{"subjects", t.subjects},
          {"sick_subjects", t.sick},
          {"on_device_south", t.south},
          {"at_site_two", t.site_two},
          {"group_not_recorded", t.unknown},
          {"images", t.rows},
          {"recorded_positive", t.recorded_yes},
          {"recorded_negative", t.recorded_no},
          {"not_mentioned", t.silent},
          {"blank", t.blank},
          {"sick_recorded_negative", t.missed},
          {"healthy_recorded_positive", t.invented}};
}

// What a call that was killed left half written.
void RemoveParts(const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.path().extension() == ".part") fs::remove(entry.path(), ignored);
  }
}

// Only an unfinished phantom of this plan may be in the folder.
void PrepareFolderFor(const std::string& folder, const std::string& truth) {
  namespace fs = std::filesystem;
  const std::string mark = folder + "/truth.json";
  const std::string images = folder + "/images";
  std::error_code ignored;
  RemoveParts(folder);
  if (fs::exists(folder, ignored) && !fs::is_empty(folder, ignored)) {
    if (!fs::exists(mark, ignored) || ReadFile(mark) != truth) {
      throw Error(ErrorCode::kUsage,
                  "{}: holds something else already; name a new folder",
                  folder);
    }
  }
  MakeFolder(folder);
  // First: a folder that was begun says what it is.
  WriteFile(mark, truth);
  MakeFolder(images);
  RemoveParts(images);
}

}  // namespace

std::string PhantomTable(const PhantomPlan& plan) {
  std::string csv =
      "image,patient_id,group,age,view,device,site,exposure,part,";
  csv += LabelName(plan);
  csv += IsChest(plan) ? ",enlarged_heart\n" : "\n";
  for (size_t i = 0; i < plan.rows.size(); ++i) {
    const PhantomRow& row = plan.rows[i];
    const PhantomSubject& s = plan.subjects[row.subject];
    csv += fmt::format("{},P{:06},{},{:.0f},{},{},{},{:.2f},{},{}",
                       PhantomPath(static_cast<int64_t>(i)), row.subject,
                       GroupOf(s), s.age, row.is_ap ? "AP" : "PA",
                       s.is_south ? "south" : "north",
                       s.is_site_two ? "two" : "one", row.exposure,
                       NameOf(s.part), TextOf(row.sick));
    if (IsChest(plan)) csv += fmt::format(",{}", TextOf(row.second));
    csv += '\n';
  }
  return csv;
}

std::string PhantomCohortToml(const PhantomPlan& plan) {
  return fmt::format(
      R"(# A phantom: nobody is on these pictures.
table = "metadata.csv"
subject = "patient_id"
image = "image"
labels = ["{}"{}]
not_mentioned = ["not mentioned"]
attributes = ["group", "age"]
covariates = ["view", "exposure"]
device = "device"
site = "site"
split = "part"

[bins]
age = [0, 40, 60, 80]
)",
      LabelName(plan), IsChest(plan) ? ", \"enlarged_heart\"" : "");
}

std::string PhantomTruthTable(const PhantomPlan& plan) {
  std::string csv =
      "image,patient_id,group,sick,second,recorded,changed_by,copy_of,change\n";
  for (size_t i = 0; i < plan.rows.size(); ++i) {
    const PhantomRow& row = plan.rows[i];
    const PhantomSubject& s = plan.subjects[row.subject];
    const char* changed = "";
    if (row.sick == RecordedLabel::kBlank) {
      changed = "blank";
    } else if (row.sick == RecordedLabel::kNotMentioned) {
      changed = "silent";
    } else if ((row.sick == RecordedLabel::kYes) != s.sick) {
      changed = s.sick ? "missed" : "invented";
    }
    csv += fmt::format("{},P{:06},{},{:d},{:d},{},{},{},{}\n",
                       PhantomPath(static_cast<int64_t>(i)), row.subject,
                       s.is_b ? "B" : "A", s.sick, s.second, TextOf(row.sick),
                       changed, row.copy_of < 0 ? "" : PhantomPath(row.copy_of),
                       NameOf(row.change));
  }
  return csv;
}

std::string PhantomTruth(const PhantomPlan& plan, const std::string& preset) {
  // Only where nothing but looks and numbers was changed.
  std::vector<std::string> codes;
  for (const PhantomPreset& known : PhantomPresets()) {
    if (known.name == preset && IsAsInPreset(plan.options, preset)) {
      codes = known.codes;
    }
  }
  int64_t exact = 0, changed = 0;
  for (const PhantomRow& row : plan.rows) {
    exact += row.change == CopyChange::kExact;
    changed += row.copy_of >= 0 && row.change != CopyChange::kExact;
  }
  return WriteJson({{"schema", "plumbline.phantom/1"},
                    {"plumbline", kVersion},
                    {"preset", preset},
                    {"options", OptionsJson(plan.options)},
                    {"images", plan.rows.size()},
                    {"subjects", plan.subjects.size()},
                    {"exact_copies", exact},
                    {"changed_copies", changed},
                    {"groups",
                     {{"A", TallyJson(TallyOf(plan, false))},
                      {"B", TallyJson(TallyOf(plan, true))}}},
                    {"codes_to_find", codes}});
}

void WritePhantom(const PhantomPlan& plan, const std::string& preset,
                  const std::string& folder, int threads) {
  PrepareFolderFor(folder, PhantomTruth(plan, preset));
  const auto images = static_cast<int64_t>(plan.rows.size());
  Progress progress("drawing", images, "images");
  ParallelFor(images, threads, [&](int64_t row) {
    StopIfInterrupted();
    const std::string path = folder + "/" + PhantomPath(row);
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) {
      WriteFile(path, EncodePng(DrawPhantom(plan, row), kEffort));
    }
    progress.Advance(1);
  });
  WriteFile(folder + "/metadata.csv", PhantomTable(plan));
  WriteFile(folder + "/truth.csv", PhantomTruthTable(plan));
  WriteFile(folder + "/cohort.toml", PhantomCohortToml(plan));
  WriteFile(folder + "/README", kReadme);
}

}  // namespace plumbline
