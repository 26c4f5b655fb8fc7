#include <cmath>
#include <limits>

#include "plumbline/face/audit/library_checks.h"
#include "plumbline/stats/normal.h"

namespace plumbline::face {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// A ratio of two sums over subjects, and what each subject adds to its error.
struct Ratio {
  double value = 0;
  std::vector<double> influence;  // of each subject
};

Ratio MakeRatio(const std::vector<double>& events,
                const std::vector<double>& trials) {
  double all_events = 0, all_trials = 0;
  for (size_t i = 0; i < events.size(); ++i) {
    all_events += events[i];
    all_trials += trials[i];
  }
  Ratio ratio{.value = all_trials > 0 ? all_events / all_trials : kNaN,
              .influence = std::vector<double>(events.size())};
  for (size_t i = 0; i < events.size(); ++i) {
    ratio.influence[i] = (events[i] - ratio.value * trials[i]) / all_trials;
  }
  return ratio;
}

// a + (1 - a) b.
Ratio Either(const Ratio& a, const Ratio& b) {
  Ratio both{.value = a.value + (1 - a.value) * b.value,
             .influence = std::vector<double>(a.influence.size())};
  for (size_t i = 0; i < a.influence.size(); ++i) {
    both.influence[i] =
        (1 - b.value) * a.influence[i] + (1 - a.value) * b.influence[i];
  }
  return both;
}

double VarianceOf(const Ratio& ratio, int64_t subjects) {
  double squares = 0;
  for (const double each : ratio.influence) squares += each * each;
  const auto n = static_cast<double>(subjects);
  return n > 1 ? squares * n / (n - 1) : kNaN;
}

FaceRate WithInterval(double value, double variance, int64_t n,
                      int64_t subjects, double level) {
  RateEstimate rate{.value = value,
                    .lo = kNaN,
                    .hi = kNaN,
                    .variance = variance,
                    .design_effect = kNaN,
                    .n = n,
                    .subjects = subjects,
                    .conservative_hi = kNaN,
                    .method = "delta_logit"};
  if (value > 0 && value < 1 && variance > 0) {
    const double z = NormalQuantile(0.5 + level / 2);
    const double centre = std::log(value / (1 - value));
    const double step = z * std::sqrt(variance) / (value * (1 - value));
    rate.lo = 1 / (1 + std::exp(-(centre - step)));
    rate.hi = 1 / (1 + std::exp(-(centre + step)));
  } else {
    rate.method = "none";
  }
  return {.rate = rate};
}

// Attempts, failures, genuine comparisons and errors of each subject of one
// group.
struct GroupSums {
  std::vector<double> attempts, not_enrolled, not_acquired, compared, rejected;
  int64_t subjects = 0;
};

GroupSums SumGroup(const FaceInput& input, const SubjectGroups& groups,
                   uint32_t group, const std::vector<uint32_t>& subject_of_row,
                   const LibraryRun& run, double threshold) {
  const auto size = static_cast<size_t>(input.subjects);
  GroupSums sums;
  for (auto* values : {&sums.attempts, &sums.not_enrolled, &sums.not_acquired,
                       &sums.compared, &sums.rejected}) {
    values->assign(size, 0);
  }
  for (size_t row = 0; row < subject_of_row.size(); ++row) {
    const uint32_t subject = subject_of_row[row];
    if (groups.of_subject[subject] != group) continue;
    ++sums.attempts[subject];
    sums.not_enrolled[subject] += run.enrolled[row] == 0;
    sums.not_acquired[subject] += run.acquired[row] == 0;
  }
  for (int64_t i = 0; i < input.genuine.size(); ++i) {
    const uint32_t subject = input.genuine.subject[i];
    if (groups.of_subject[subject] != group) continue;
    // Failed comparisons are in FTE and FTA.
    if (std::isinf(input.genuine.score[i])) continue;
    ++sums.compared[subject];
    sums.rejected[subject] += input.genuine.score[i] < threshold;
  }
  for (const uint32_t of : groups.of_subject) sums.subjects += of == group;
  return sums;
}

}  // namespace

void AddTransactions(const FaceInput& input,
                     const std::vector<uint32_t>& subject_of_row,
                     const LibraryRun& run, FailurePolicy failures,
                     double level, FaceAuditResult* result) {
  // Failures that count as matches are in FMR, which is then none of pairs.
  if (failures == FailurePolicy::kNegative) return;
  for (const FaceGroup& entry : result->groups) {
    if (entry.fmr.reason != nullptr || entry.fnmr.reason != nullptr) continue;
    const int grouping = input.groups.groups[entry.group].grouping;
    const auto group = static_cast<uint32_t>(
        entry.group - input.groups.groupings[grouping].first_group);
    const GroupSums sums =
        SumGroup(input, GroupsOf(input, grouping), group, subject_of_row, run,
                 result->thresholds[entry.threshold].fitted.value);
    const Ratio fte = MakeRatio(sums.not_enrolled, sums.attempts);
    const Ratio fta = MakeRatio(sums.not_acquired, sums.attempts);
    const Ratio frr = Either(fta, MakeRatio(sums.rejected, sums.compared));
    const Ratio gfrr = Either(fte, frr);
    const int64_t failed = input.failed.impostor_of_group[entry.group];
    const RateEstimate& fmr = entry.fmr.rate;
    // Failures left out were never in n.
    const int64_t compared =
        failures == FailurePolicy::kExclude ? fmr.n : fmr.n - failed;
    if (compared <= 0) continue;
    const double scale =
        static_cast<double>(fmr.n) / static_cast<double>(compared);
    const double rate = fmr.value * scale;
    const double kept = 1 - fta.value;
    const double enrolled = 1 - fte.value;
    // FMR and FTA as independent: who is not acquired has no comparisons.
    const double far_variance = kept * kept * fmr.variance * scale * scale +
                                rate * rate * VarianceOf(fta, sums.subjects);
    const double far = rate * kept;
    const double gfar_variance = enrolled * enrolled * far_variance +
                                 far * far * VarianceOf(fte, sums.subjects);
    const auto with = [&](double value, double variance) {
      return WithInterval(value, variance, compared, sums.subjects, level);
    };
    result->transactions.push_back(
        {.threshold = entry.threshold,
         .group = entry.group,
         .far = with(far, far_variance),
         .frr = with(frr.value, VarianceOf(frr, sums.subjects)),
         .gfar = with(far * enrolled, gfar_variance),
         .gfrr = with(gfrr.value, VarianceOf(gfrr, sums.subjects))});
  }
}

}  // namespace plumbline::face
