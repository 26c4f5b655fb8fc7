#include <cmath>
#include <limits>
#include <string_view>

#include "plumbline/base/interrupt.h"
#include "plumbline/base/thread_pool.h"
#include "plumbline/face/audit/grouping_audit.h"
#include "plumbline/stats/multiple_testing.h"

namespace plumbline::face {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// The comparisons within one group, or within any (g < 0).
struct Inside {
  const SubjectGroups& groups;
  int g;

  bool Contains(uint32_t reference, uint32_t probe) const {
    const uint32_t group = groups.of_subject[reference];
    return group == groups.of_subject[probe] &&
           (g < 0 || group == static_cast<uint32_t>(g));
  }
};

ScoreSample ImpostorSample(const ImpostorScores& scores, const Inside& inside) {
  ScoreSample sample;
  for (int64_t i = 0; i < scores.size(); ++i) {
    if (!inside.Contains(scores.reference[i], scores.probe[i])) continue;
    sample.score.push_back(scores.score[i]);
    sample.first.push_back(scores.reference[i]);
    sample.second.push_back(scores.probe[i]);
  }
  return sample;
}

ScoreSample GenuineSample(const GenuineScores& scores, const Inside& inside) {
  ScoreSample sample;
  for (int64_t i = 0; i < scores.size(); ++i) {
    if (!inside.Contains(scores.subject[i], scores.subject[i])) continue;
    sample.score.push_back(scores.score[i]);
    sample.first.push_back(scores.subject[i]);
  }
  sample.second = sample.first;
  return sample;
}

// The shifts of one grouping and kind of comparisons.
class Shifts {
 public:
  Shifts(const AuditContext& context, const GroupingData& data,
         const char* kind)
      : context_(context), data_(data), kind_(kind) {
    const int groups = data.groups.groups;
    samples_.assign(groups + 1, SortedSample(ScoreSample{}));
    ParallelFor(groups + 1, context.options.threads, [&](int64_t i) {
      samples_[i] = MakeSample(static_cast<int>(i) - 1);
    });
  }

  // The others of `data` against everyone or one of them.
  void Add(const SortedSample& reference, int reference_group,
           FaceAuditResult* result) const {
    const size_t begin = result->shifts.size();
    for (int g = 0; g < data_.groups.groups; ++g) {
      const int group = GroupId(context_.input, data_, g);
      if (group == reference_group) continue;
      result->shifts.push_back(One(g, reference, reference_group));
      StopIfInterrupted();
    }
    std::vector<double> p;
    for (size_t i = begin; i < result->shifts.size(); ++i) {
      p.push_back(result->shifts[i].shift.p);
    }
    const std::vector<double> adjusted = Holm(p);
    for (size_t i = 0; i < adjusted.size(); ++i) {
      result->shifts[begin + i].p_adjusted = adjusted[i];
    }
  }

  // Of one group; of all groups' own comparisons (g < 0).
  const SortedSample& SampleOf(int g) const { return samples_[g + 1]; }

 private:
  SortedSample MakeSample(int g) const {
    const ImpostorScores* scores = context_.evidence.Scores();
    const Inside inside{data_.groups, g};
    if (std::string_view(kind_) == "genuine") {
      return SortedSample(GenuineSample(context_.input.genuine, inside));
    }
    return SortedSample(scores == nullptr ? ScoreSample{}
                                          : ImpostorSample(*scores, inside));
  }

  FaceShift One(int g, const SortedSample& reference,
                int reference_group) const {
    const FaceAuditOptions& options = context_.options;
    FaceShift entry{
        .grouping = data_.grouping,
        .group = GroupId(context_.input, data_, g),
        .reference = reference_group,
        .kind = kind_,
        .shift = {.ks = kNaN, .ks_by_chance = kNaN, .p = kNaN, .quantiles = {}},
        .p_adjusted = kNaN};
    if (std::string_view(kind_) == "impostor" &&
        context_.evidence.Scores() == nullptr) {
      entry.reason = "not_known";
      return entry;
    }
    const SortedSample& sample = SampleOf(g);
    const auto too_few = [&](const SortedSample& side) {
      return side.subjects() < options.minimum_subjects ||
             side.size() < options.minimum_comparisons;
    };
    if (sample.size() == 0 || reference.size() == 0) {
      entry.reason = "no_comparisons";
    } else if (too_few(sample) || too_few(reference)) {
      entry.reason = "below_minimum";
    } else {
      entry.shift = CompareScores(sample, reference, data_.groups,
                                  {.replicates = options.replicates,
                                   .level = options.level,
                                   .seed = options.seed,
                                   .threads = options.threads});
    }
    return entry;
  }

  const AuditContext& context_;
  const GroupingData& data_;
  const char* kind_;
  std::vector<SortedSample> samples_;  // all groups' first, then of each
};

}  // namespace

void AddShifts(const AuditContext& context,
               const std::vector<GroupingData>& all, FaceAuditResult* result) {
  for (const char* kind : {"impostor", "genuine"}) {
    for (const GroupingData& data : all) {
      const Grouping& grouping = context.input.groups.groupings[data.grouping];
      if (grouping.attributes.size() != 1) continue;
      const Shifts shifts(context, data, kind);
      shifts.Add(shifts.SampleOf(-1), 0, result);
      const int chosen = ChosenReference(context, data);
      if (chosen < 0) continue;
      shifts.Add(shifts.SampleOf(chosen), GroupId(context.input, data, chosen),
                 result);
    }
  }
}

}  // namespace plumbline::face
