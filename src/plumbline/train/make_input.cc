#include "plumbline/train/make_input.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "plumbline/base/error.h"
#include "plumbline/base/text.h"
#include "plumbline/cohort/packed/images_of_rows.h"
#include "plumbline/cohort/split.h"
#include "plumbline/train/step_plan.h"

namespace plumbline::train {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

float BinaryOf(int8_t value, const InputOptions& options) {
  if (value == kLabelNegative || value == kLabelPositive) return value;
  const LabelPolicy policy =
      value == kLabelUncertain ? options.uncertain : options.unmentioned;
  switch (policy) {
    case LabelPolicy::kNegative:
      return 0;
    case LabelPolicy::kPositive:
      return 1;
    case LabelPolicy::kMask:
      break;
  }
  return kNaN;
}

// The columns that could have been meant.
std::vector<std::string> OtherColumns(const Cohort& cohort) {
  std::vector<std::string> names;
  for (const CohortAttribute& attribute : cohort.attributes) {
    names.push_back(attribute.name);
  }
  for (const CohortCovariate& covariate : cohort.covariates) {
    names.push_back(covariate.name);
  }
  return names;
}

[[noreturn]] void FailColumn(const Cohort& cohort, const char* option,
                             const std::string& name) {
  throw Error(ErrorCode::kUsage,
              "--{} {}: is none of the attributes and covariates{}; name it "
              "with --by or --covariates too",
              option, name, DidYouMean(name, OtherColumns(cohort)));
}

TargetValues ClassesOf(const Cohort& cohort, const std::string& name) {
  TargetValues target;
  target.target.name = name;
  target.target.kind = TargetKind::kClasses;
  if (const int index = cohort.AttributeIndex(name); index >= 0) {
    const CohortAttribute& attribute = cohort.attributes[index];
    std::vector<float> code_of_level(attribute.levels.size(), kNaN);
    for (size_t level = 0; level < attribute.levels.size(); ++level) {
      if (!attribute.IsGroup(static_cast<int32_t>(level))) continue;
      code_of_level[level] = static_cast<float>(target.target.levels.size());
      target.target.levels.push_back(attribute.levels[level]);
    }
    for (const int32_t code : attribute.codes) {
      target.values.push_back(code_of_level[code]);
    }
    return target;
  }
  for (const CohortCovariate& covariate : cohort.covariates) {
    if (covariate.name != name) continue;
    if (covariate.numeric) {
      throw Error(ErrorCode::kUsage,
                  "--classes {}: is a column of numbers; use --regress {}, or "
                  "cut it into groups with --by {} --bins {}=...",
                  name, name, name, name);
    }
    target.target.levels = covariate.levels;
    for (const int32_t code : covariate.codes) {
      target.values.push_back(code < 0 ? kNaN : static_cast<float>(code));
    }
    return target;
  }
  FailColumn(cohort, "classes", name);
}

TargetValues NumbersOf(const Cohort& cohort, const std::string& name) {
  for (const CohortCovariate& covariate : cohort.covariates) {
    if (covariate.name != name) continue;
    if (!covariate.numeric) {
      throw Error(
          ErrorCode::kUsage,
          "--regress {}: is a column of words, or of so few numbers that "
          "they are taken as words; use --classes {}",
          name, name);
    }
    TargetValues target;
    target.target.name = name;
    target.target.kind = TargetKind::kContinuous;
    target.values.assign(covariate.numbers.begin(), covariate.numbers.end());
    return target;
  }
  if (cohort.AttributeIndex(name) >= 0) {
    throw Error(ErrorCode::kUsage,
                "--regress {}: is an attribute with groups; name the column of "
                "numbers with --covariates instead of --by",
                name);
  }
  FailColumn(cohort, "regress", name);
}

// Mean and deviation of the training part's numbers.
void Standardise(const TrainInput& input, TargetValues* target) {
  double sum = 0, squares = 0;
  int64_t n = 0;
  for (const int64_t row : RowsOf(input, Part::kTrain)) {
    const double value = target->values[row];
    if (std::isnan(value)) continue;
    sum += value;
    squares += value * value;
    ++n;
  }
  if (n == 0) return;  // RequireLearnable says so
  const double mean = sum / static_cast<double>(n);
  const double variance = squares / static_cast<double>(n) - mean * mean;
  target->target.offset = mean;
  target->target.scale = variance > 0 ? std::sqrt(variance) : 1;
}

void RequireWholePeople(const Cohort& cohort) {
  const SplitCheck check = CheckSplit(cohort);
  if (check.crossing_subjects == 0) return;
  throw Error(ErrorCode::kInvalidInput,
              "{} people are in several parts of the split (the first: {}): "
              "what the network learns of them it would be judged by; mend the "
              "column \"{}\", or let --parts make a split",
              WithThousands(check.crossing_subjects), check.first_crossing,
              cohort.split.name);
}

std::vector<std::string> PartsOf(const Cohort& cohort,
                                 const InputOptions& options, bool* own) {
  std::vector<std::string> parts(cohort.rows);
  *own = !cohort.HasSplit();
  if (*own) {
    if (!cohort.has_subjects) {
      throw Error(ErrorCode::kUsage,
                  "who is on a row is not known, so that people cannot be kept "
                  "apart; name the column with --subject, or that of a split "
                  "with --split");
    }
    const std::vector<int32_t> of_subject =
        SplitBySubject(cohort, {.parts = options.parts, .seed = options.seed});
    for (int64_t row = 0; row < cohort.rows; ++row) {
      parts[row] = options.parts[of_subject[cohort.subjects[row]]].first;
    }
    return parts;
  }
  RequireWholePeople(cohort);
  for (int64_t row = 0; row < cohort.rows; ++row) {
    const int32_t code = cohort.split.codes[row];
    if (code >= 0) parts[row] = cohort.split.levels[code];
  }
  return parts;
}

void RequirePart(const std::vector<std::string>& parts, const char* option,
                 const std::string& name) {
  const std::set<std::string> there(parts.begin(), parts.end());
  if (name.empty() || there.contains(name)) return;
  std::vector<std::string> names(there.begin(), there.end());
  std::erase(names, "");
  throw Error(ErrorCode::kUsage,
              "--{} {}: the split has no such part; it has {}{}", option, name,
              names.empty() ? "none" : JoinWords(names),
              std::string_view(option) == "tune-part"
                  ? "; --tune-part none does without"
                  : "");
}

struct Moments {
  std::vector<double> mean, deviation;
};

// Of the pixels of up to this many images, evenly spread over the training
// part: more would not move the third digit.
constexpr size_t kMostForMoments = 1000;

Moments MomentsOf(const TrainInput& input) {
  Preprocessing plain = input.preprocessing;
  plain.low = 0;
  plain.high = 1;
  plain.mean.clear();
  plain.deviation.clear();
  const std::vector<int64_t> rows = RowsOf(input, Part::kTrain);
  const size_t step = std::max<size_t>(1, rows.size() / kMostForMoments);
  std::vector<double> sums(plain.channels), squares(plain.channels);
  std::vector<float> pixels(plain.input_size());
  const int64_t of_channel = int64_t{plain.side} * plain.side;
  double n = 0;
  for (size_t i = 0; i < rows.size(); i += step) {
    PrepareInput(input.images->ImageAt(input.image_of_row[rows[i]]), plain,
                 pixels.data());
    n += static_cast<double>(of_channel);
    for (int64_t j = 0; j < plain.input_size(); ++j) {
      sums[j / of_channel] += pixels[j];
      squares[j / of_channel] += static_cast<double>(pixels[j]) * pixels[j];
    }
  }
  Moments moments;
  for (int c = 0; c < plain.channels; ++c) {
    const double mean = n > 0 ? sums[c] / n : 0;
    const double variance = n > 0 ? squares[c] / n - mean * mean : 0;
    // To four digits, so that a person can read and repeat them.
    const auto rounded = [](double x) { return std::round(x * 1e4) / 1e4; };
    moments.mean.push_back(rounded(mean));
    moments.deviation.push_back(
        std::max(1e-4, rounded(std::sqrt(std::max(0.0, variance)))));
  }
  return moments;
}

void SetPreprocessing(const InputOptions& options, TrainInput* input) {
  Preprocessing& preprocessing = input->preprocessing;
  preprocessing.side = options.side > 0 ? options.side : input->images->side();
  preprocessing.channels =
      options.channels > 0 ? options.channels : input->images->channels();
  const HowPacked how = HowItWasPacked(*input->images);
  preprocessing.resize = how.resize;
  preprocessing.window = how.window;
  RequireValid(preprocessing);
  if (options.normalisation == Normalisation::kImageNet) {
    // torchvision's; of a grey picture, the weights of its three channels
    // summed, their means.
    if (preprocessing.channels == 3) {
      preprocessing.mean = {0.485, 0.456, 0.406};
      preprocessing.deviation = {0.229, 0.224, 0.225};
    } else {
      preprocessing.mean = {0.449};
      preprocessing.deviation = {0.226};
    }
  } else if (options.normalisation == Normalisation::kData) {
    Moments moments = MomentsOf(*input);
    preprocessing.mean = std::move(moments.mean);
    preprocessing.deviation = std::move(moments.deviation);
  }
}

void AddTargets(const Cohort& cohort, const InputOptions& options,
                TrainInput* input) {
  if (options.without_labels) return;
  for (const CohortLabel& label : cohort.labels) {
    TargetValues target;
    target.target.name = label.name;
    for (const int8_t value : label.values) {
      target.values.push_back(BinaryOf(value, options));
    }
    input->targets.push_back(std::move(target));
  }
  for (const std::string& name : options.classes) {
    input->targets.push_back(ClassesOf(cohort, name));
  }
  for (const std::string& name : options.regress) {
    input->targets.push_back(NumbersOf(cohort, name));
    Standardise(*input, &input->targets.back());
  }
  std::set<std::string> names;
  for (const TargetValues& target : input->targets) {
    if (names.insert(target.target.name).second) continue;
    throw Error(ErrorCode::kUsage,
                "\"{}\" is to be learnt twice; name it once among --label, "
                "--classes and --regress",
                target.target.name);
  }
  if (input->targets.empty()) {
    throw Error(ErrorCode::kUsage,
                "there is nothing to learn: name columns with --label, "
                "--classes or --regress");
  }
}

void AddGroups(const Cohort& cohort, TrainInput* input) {
  for (const CohortAttribute& attribute : cohort.attributes) {
    GroupCodes groups{.attribute = attribute.name, .levels = attribute.levels};
    for (const int32_t code : attribute.codes) {
      groups.codes.push_back(attribute.IsGroup(code) ? code : -1);
    }
    input->groups.push_back(std::move(groups));
  }
}

void AddImages(const Cohort& cohort, TrainInput* input) {
  input->image_of_row = ImagesOfRows(cohort, *input->images);
  for (int64_t& image : input->image_of_row) {
    if (!WhyUnusable(*input->images, image).empty()) image = -1;
  }
}

}  // namespace

LabelPolicy ParseLabelPolicy(const std::string& option,
                             const std::string& text) {
  if (text == "mask") return LabelPolicy::kMask;
  if (text == "negative") return LabelPolicy::kNegative;
  if (text == "positive") return LabelPolicy::kPositive;
  throw Error(ErrorCode::kUsage,
              "--{} {}: is none{}; there are mask, negative and positive",
              option, text, DidYouMean(text, {"mask", "negative", "positive"}));
}

MadeInput MakeTrainInput(const Cohort& cohort,
                         std::shared_ptr<const PackedCohort> images,
                         const InputOptions& options) {
  MadeInput made;
  TrainInput& input = made.input;
  if (!cohort.HasImages() || !images) {
    throw Error(ErrorCode::kUsage,
                "the cohort has no images: name their column with --image");
  }
  input.images = std::move(images);
  AddImages(cohort, &input);
  made.parts = PartsOf(cohort, options, &made.own_split);
  RequirePart(made.parts, "train-part", options.train_part);
  RequirePart(made.parts, "tune-part", options.tune_part);
  for (const std::string& part : made.parts) {
    input.parts.push_back(part.empty()                 ? Part::kOther
                          : part == options.train_part ? Part::kTrain
                          : part == options.tune_part  ? Part::kTune
                                                       : Part::kOther);
  }
  for (const auto& [part, name] : {std::pair{Part::kTrain, options.train_part},
                                   {Part::kTune, options.tune_part}}) {
    if (name.empty() || !RowsOf(input, part).empty()) continue;
    throw Error(ErrorCode::kInvalidInput,
                "no row of the part \"{}\" has an image that can be used",
                name);
  }
  for (const int64_t row : cohort.table_rows) {
    input.table_rows.push_back(row + 2);  // the header is row 1
  }
  if (!cohort.sources.empty()) input.table_file = cohort.sources[0].file;
  SetPreprocessing(options, &input);
  AddTargets(cohort, options, &input);
  AddGroups(cohort, &input);
  return made;
}

std::string SplitCsv(const Cohort& cohort,
                     const std::vector<std::string>& parts) {
  std::string csv;
  AppendCsvField(
      cohort.has_subjects ? cohort.roles.subject : cohort.roles.image, &csv);
  csv += ",split\n";
  std::vector<bool> written(cohort.subject_count, false);
  for (int64_t row = 0; row < cohort.rows; ++row) {
    const uint32_t subject = cohort.subjects[row];
    if (written[subject]) continue;
    written[subject] = true;
    const int32_t image = cohort.image.codes[row];
    AppendCsvField(cohort.has_subjects ? cohort.subject_names[subject]
                   : image < 0         ? std::string()
                                       : cohort.image.levels[image],
                   &csv);
    csv += ',';
    AppendCsvField(parts[row], &csv);
    csv += '\n';
  }
  return csv;
}

}  // namespace plumbline::train
