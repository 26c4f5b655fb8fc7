#include "plumbline/face/synth/synthetic_faces.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "plumbline/base/error.h"
#include "plumbline/base/random.h"
#include "plumbline/base/text.h"
#include "plumbline/base/thread_pool.h"
#include "plumbline/face/synth/synthetic_groups.h"

namespace plumbline::face {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr int64_t kBlock = 16384;  // comparisons of one random stream

void Require(bool holds, const char* what, double found) {
  if (holds) return;
  throw Error(ErrorCode::kUsage, "{}, found {}", what, found);
}

bool IsProbability(double p) { return p >= 0 && p <= 1; }

// Effects of people and images, and the spread that each part of a score has.
struct Effects {
  std::vector<double> impostor;  // u, one for each subject
  std::vector<double> genuine;   // w
  std::vector<double> image;     // v, `images` for each subject
  double subject_weight = 0;     // sqrt(r / 2)
  double mate_weight = 0;        // sqrt(r)
  double image_weight = 0;       // sqrt(q / 2)
  double own_weight = 0;         // sqrt(1 - r - q)
};

std::vector<double> Normals(uint64_t seed, std::string_view purpose,
                            int64_t count) {
  RandomStream random(seed, purpose);
  std::vector<double> values(count);
  for (double& value : values) value = random.NextNormal();
  return values;
}

Effects DrawEffects(const SynthOptions& options, int64_t subjects) {
  const double r = options.subject_share;
  const double q = options.image_share;
  return {Normals(options.seed, "face-people", subjects),
          Normals(options.seed, "face-mates", subjects),
          Normals(options.seed, "face-images", subjects * options.images),
          std::sqrt(r / 2),
          std::sqrt(r),
          std::sqrt(q / 2),
          std::sqrt(std::max(0.0, 1 - r - q))};
}

// Draws scores of one stream.
class Scorer {
 public:
  Scorer(const SynthOptions& options, const SubjectGroups& groups,
         const Effects& effects)
      : options_(options), groups_(groups), effects_(effects) {
    const int count = groups.groups;
    for (int g = 0; g < count; ++g) {
      for (int h = 0; h < count; ++h) {
        cells_.push_back({ImpostorMean(options, g, h),
                          ImpostorSd(options, g, h), FailureOf(options, g, h)});
      }
    }
  }

  double Impostor(int64_t i, int a, int64_t j, int b,
                  RandomStream* random) const {
    const uint32_t g = groups_.of_subject[i];
    const Cell& cell = cells_[g * groups_.groups + groups_.of_subject[j]];
    if (Fails(cell.failure, random)) return kNaN;
    if (options_.label_errors > 0 &&
        random->NextUniform() < options_.label_errors) {
      const SynthGroup& group = options_.groups[g];
      return group.genuine_mean + group.genuine_sd * random->NextNormal();
    }
    const double z = effects_.subject_weight *
                         (effects_.impostor[i] + effects_.impostor[j]) +
                     effects_.image_weight * (Image(i, a) + Image(j, b)) +
                     effects_.own_weight * random->NextNormal();
    return cell.mean + cell.sd * z;
  }

  double Genuine(int64_t i, int a, int b, RandomStream* random) const {
    const uint32_t g = groups_.of_subject[i];
    const SynthGroup& group = options_.groups[g];
    if (Fails(cells_[g * groups_.groups + g].failure, random)) return kNaN;
    const double z = effects_.mate_weight * effects_.genuine[i] +
                     effects_.image_weight * (Image(i, a) + Image(i, b)) +
                     effects_.own_weight * random->NextNormal();
    return group.genuine_mean + group.genuine_sd * z;
  }

 private:
  struct Cell {
    double mean;
    double sd;
    double failure;
  };

  static bool Fails(double failure, RandomStream* random) {
    return failure > 0 && random->NextUniform() < failure;
  }
  double Image(int64_t subject, int image) const {
    return effects_.image[subject * options_.images + image];
  }

  const SynthOptions& options_;
  const SubjectGroups& groups_;
  const Effects& effects_;
  std::vector<Cell> cells_;
};

SubjectGroups NumberSubjects(const SynthOptions& options) {
  SubjectGroups groups;
  groups.groups = static_cast<int>(options.groups.size());
  for (int g = 0; g < groups.groups; ++g) {
    groups.of_subject.insert(groups.of_subject.end(),
                             options.groups[g].subjects,
                             static_cast<uint32_t>(g));
  }
  return groups;
}

std::vector<int64_t> FirstSubjects(const SynthOptions& options) {
  std::vector<int64_t> first = {0};
  for (const SynthGroup& group : options.groups) {
    first.push_back(first.back() + group.subjects);
  }
  return first;
}

void Resize(int64_t count, ImpostorScores* scores) {
  scores->score.resize(count);
  scores->reference.resize(count);
  scores->probe.resize(count);
}

// Each pair of subjects once.
ImpostorScores AllPairs(const SynthOptions& options, const Scorer& scorer,
                        const SubjectGroups& groups) {
  const std::vector<int64_t> group_first = FirstSubjects(options);
  const int64_t subjects = groups.subjects();
  std::vector<int64_t> end(subjects);  // of the probes of a reference
  std::vector<int64_t> place(subjects + 1, 0);
  for (int64_t i = 0; i < subjects; ++i) {
    end[i] = options.within_groups ? group_first[groups.of_subject[i] + 1]
                                   : subjects;
    place[i + 1] = place[i] + end[i] - i - 1;
  }
  ImpostorScores scores;
  Resize(place[subjects], &scores);
  ParallelFor(subjects, options.threads, [&](int64_t i) {
    RandomStream random(options.seed, "face-pairs", i);
    int64_t k = place[i];
    for (int64_t j = i + 1; j < end[i]; ++j, ++k) {
      scores.reference[k] = static_cast<uint32_t>(i);
      scores.probe[k] = static_cast<uint32_t>(j);
      scores.score[k] = scorer.Impostor(i, 0, j, 0, &random);
    }
  });
  return scores;
}

// Ordered pairs of different subjects.
class PairDraw {
 public:
  explicit PairDraw(const SynthOptions& options)
      : first_(FirstSubjects(options)), within_(options.within_groups) {
    const int groups = static_cast<int>(options.groups.size());
    for (int g = 0; g < groups; ++g) {
      total_ += static_cast<uint64_t>(CellWeight(options, g, g));
      until_.push_back(total_);
    }
  }

  std::pair<int64_t, int64_t> Next(RandomStream* random) const {
    if (!within_) return Different(0, first_.back(), random);
    const uint64_t draw = random->NextBelow(total_);
    const size_t g =
        std::upper_bound(until_.begin(), until_.end(), draw) - until_.begin();
    return Different(first_[g], first_[g + 1], random);
  }

 private:
  static std::pair<int64_t, int64_t> Different(int64_t first, int64_t end,
                                               RandomStream* random) {
    const uint64_t count = static_cast<uint64_t>(end - first);
    const uint64_t i = random->NextBelow(count);
    uint64_t j = random->NextBelow(count - 1);
    if (j >= i) ++j;
    return {first + static_cast<int64_t>(i), first + static_cast<int64_t>(j)};
  }

  std::vector<int64_t> first_;
  std::vector<uint64_t> until_;  // ordered pairs up to and with each group
  uint64_t total_ = 0;
  bool within_;
};

ImpostorScores DrawnPairs(const SynthOptions& options, const Scorer& scorer) {
  const int64_t count = options.impostor_comparisons;
  const PairDraw pairs(options);
  ImpostorScores scores;
  Resize(count, &scores);
  const int64_t blocks = (count + kBlock - 1) / kBlock;
  ParallelFor(blocks, options.threads, [&](int64_t block) {
    RandomStream random(options.seed, "face-pairs", block);
    const int64_t end = std::min(count, (block + 1) * kBlock);
    const auto image = [&] {
      return static_cast<int>(
          options.images > 1 ? random.NextBelow(options.images) : 0);
    };
    for (int64_t k = block * kBlock; k < end; ++k) {
      const auto [i, j] = pairs.Next(&random);
      const int a = image();
      const int b = image();
      scores.reference[k] = static_cast<uint32_t>(i);
      scores.probe[k] = static_cast<uint32_t>(j);
      scores.score[k] = scorer.Impostor(i, a, j, b, &random);
    }
  });
  return scores;
}

GenuineScores GenuinePairs(const SynthOptions& options, const Scorer& scorer,
                           int64_t subjects) {
  const int64_t each = options.images * (options.images - 1LL) / 2;
  GenuineScores scores;
  scores.score.resize(subjects * each);
  scores.subject.resize(subjects * each);
  ParallelFor(each > 0 ? subjects : 0, options.threads, [&](int64_t i) {
    RandomStream random(options.seed, "face-genuine", i);
    int64_t k = i * each;
    for (int a = 0; a < options.images; ++a) {
      for (int b = a + 1; b < options.images; ++b, ++k) {
        scores.subject[k] = static_cast<uint32_t>(i);
        scores.score[k] = scorer.Genuine(i, a, b, &random);
      }
    }
  });
  return scores;
}

}  // namespace

std::vector<SynthGroup> TwoSynthGroups() {
  SynthGroup b;
  b.levels = {"B"};
  b.impostor_mean = 0.5;
  return {SynthGroup{}, b};
}

void CheckSynthOptions(const SynthOptions& options) {
  Require(!options.groups.empty(), "synthetic faces need at least 1 group", 0);
  for (const SynthGroup& group : options.groups) {
    Require(group.levels.size() == options.attributes.size(),
            "a synthetic group needs one level for each attribute",
            static_cast<double>(group.levels.size()));
    Require(group.subjects >= 2, "a synthetic group needs at least 2 subjects",
            group.subjects);
    Require(group.impostor_sd > 0 && group.genuine_sd > 0,
            "standard deviations of synthetic scores must be above 0",
            std::min(group.impostor_sd, group.genuine_sd));
    Require(IsProbability(group.failure),
            "the failure rate of a synthetic group lies in [0, 1]",
            group.failure);
  }
  Require(options.images >= 1, "a synthetic subject needs at least 1 image",
          options.images);
  Require(IsProbability(options.subject_share) && options.image_share >= 0 &&
              options.subject_share + options.image_share <= 1,
          "the shares of subjects and images must be at least 0 and at most 1 "
          "together",
          options.subject_share + options.image_share);
  Require(IsProbability(options.label_errors),
          "the rate of label errors lies in [0, 1]", options.label_errors);
  Require(options.impostor_comparisons >= 0,
          "the number of impostor comparisons must be at least 0",
          static_cast<double>(options.impostor_comparisons));
}

SyntheticFaces MakeSyntheticFaces(const SynthOptions& options) {
  CheckSynthOptions(options);
  SyntheticFaces faces;
  faces.groups = NumberSubjects(options);
  const int64_t subjects = faces.groups.subjects();
  const Effects effects = DrawEffects(options, subjects);
  const Scorer scorer(options, faces.groups, effects);
  faces.impostor = options.impostor_comparisons > 0
                       ? DrawnPairs(options, scorer)
                       : AllPairs(options, scorer, faces.groups);
  faces.genuine = GenuinePairs(options, scorer, subjects);
  return faces;
}

namespace {

void AppendLevels(const SynthGroup& group, std::string* csv) {
  for (const std::string& level : group.levels) {
    *csv += ',';
    AppendCsvField(level, csv);
  }
}

void AppendComparison(const SyntheticFaces& faces, const SynthOptions& options,
                      uint32_t reference, uint32_t probe, double score,
                      std::string* csv) {
  *csv += fmt::format("s{},s{}", reference, probe);
  AppendLevels(options.groups[faces.groups.of_subject[reference]], csv);
  AppendLevels(options.groups[faces.groups.of_subject[probe]], csv);
  *csv += std::isnan(score) ? ",\n" : fmt::format(",{}\n", score);
}

}  // namespace

std::string ToCsv(const SyntheticFaces& faces, const SynthOptions& options) {
  std::string csv = "ref_subject,probe_subject";
  for (const std::string& name : options.attributes) csv += ",ref_" + name;
  for (const std::string& name : options.attributes) csv += ",probe_" + name;
  csv += ",score\n";
  for (int64_t k = 0; k < faces.impostor.size(); ++k) {
    AppendComparison(faces, options, faces.impostor.reference[k],
                     faces.impostor.probe[k], faces.impostor.score[k], &csv);
  }
  for (int64_t k = 0; k < faces.genuine.size(); ++k) {
    const uint32_t subject = faces.genuine.subject[k];
    AppendComparison(faces, options, subject, subject, faces.genuine.score[k],
                     &csv);
  }
  return csv;
}

std::string SubjectsToCsv(const SyntheticFaces& faces,
                          const SynthOptions& options) {
  std::string csv = "subject";
  for (const std::string& name : options.attributes) csv += "," + name;
  csv += "\n";
  for (int64_t i = 0; i < faces.groups.subjects(); ++i) {
    csv += fmt::format("s{}", i);
    AppendLevels(options.groups[faces.groups.of_subject[i]], &csv);
    csv += "\n";
  }
  return csv;
}

}  // namespace plumbline::face
