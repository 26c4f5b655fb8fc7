#include "plumbline/audit/group_sums.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "plumbline/audit/estimates.h"
#include "plumbline/audit/synthetic_input.h"

namespace plumbline {
namespace {

struct Naive {
  Confusion counts;
  double brier = 0;
  std::map<uint32_t, SumVector> by_subject;
};

Naive CountRows(const GroupRows& rows, double threshold) {
  Naive naive;
  for (size_t i = 0; i < rows.scores.size(); ++i) {
    const bool flagged = rows.scores[i] >= threshold;
    SumVector& subject = naive.by_subject[rows.clusters[i]];
    const SumIndex outcome =
        rows.labels[i] ? (flagged ? kTp : kFn) : (flagged ? kFp : kTn);
    subject[outcome] += 1;
    const double error = rows.scores[i] - rows.labels[i];
    subject[kBrier] += error * error;
    naive.brier += error * error;
    ++(outcome == kTp   ? naive.counts.tp
       : outcome == kFp ? naive.counts.fp
       : outcome == kFn ? naive.counts.fn
                        : naive.counts.tn);
  }
  return naive;
}

// Variance of a ratio of sums over subjects, the textbook way: residuals
// a - p b of each subject.
double RatioVariance(const Naive& naive, SumIndex numerator,
                     const std::vector<SumIndex>& denominator) {
  double a = 0;
  double b = 0;
  for (const auto& [subject, sums] : naive.by_subject) {
    a += sums[numerator];
    for (const SumIndex k : denominator) b += sums[k];
  }
  double squares = 0;
  for (const auto& [subject, sums] : naive.by_subject) {
    double residual = sums[numerator];
    for (const SumIndex k : denominator) residual -= a / b * sums[k];
    squares += residual * residual;
  }
  const double subjects = static_cast<double>(naive.by_subject.size());
  return squares / (b * b) * subjects / (subjects - 1);
}

void ExpectEqualsNaive(const SyntheticOptions& options) {
  const AuditInput input = SyntheticInput(options);
  const RankedRows rows = RankRows(input, input.targets[0], false, 1);
  const bool clustered = !input.subjects.empty();
  SubjectRows subjects;
  if (clustered) subjects = GroupBySubject(rows, input.subject_count);
  const double threshold = 0.4;
  const auto sums = SumGroups(rows, clustered ? &subjects : nullptr,
                              input.groups, rows.CountAtLeast(threshold), true);
  for (size_t g = 0; g < sums.size(); ++g) {
    const GroupRows own = RowsOfGroup(input, static_cast<int>(g));
    const Naive naive = CountRows(own, threshold);
    EXPECT_EQ(sums[g].sums[kTp], naive.counts.tp);
    EXPECT_EQ(sums[g].sums[kFp], naive.counts.fp);
    EXPECT_EQ(sums[g].sums[kFn], naive.counts.fn);
    EXPECT_EQ(sums[g].sums[kTn], naive.counts.tn);
    EXPECT_NEAR(sums[g].sums[kBrier], naive.brier, 1e-9);
    EXPECT_EQ(sums[g].subjects, static_cast<int64_t>(naive.by_subject.size()));
    const SumVector fnr = GradientOf(*FindMetric("fnr"), sums[g], 0);
    EXPECT_NEAR(LinearisedVariance(sums[g], fnr),
                RatioVariance(naive, kFn, {kTp, kFn}), 1e-12);
    const SumVector brier = GradientOf(*FindMetric("brier"), sums[g], 0);
    EXPECT_NEAR(LinearisedVariance(sums[g], brier),
                RatioVariance(naive, kBrier, {kTp, kFp, kFn, kTn}), 1e-12);
    std::set<uint32_t> with_positive;
    for (size_t i = 0; i < own.labels.size(); ++i) {
      if (own.labels[i]) with_positive.insert(own.clusters[i]);
    }
    EXPECT_EQ(sums[g].subjects_positive,
              static_cast<int64_t>(with_positive.size()));
  }
}

TEST(SumGroups, CountsIndependentRows) { ExpectEqualsNaive({}); }

TEST(SumGroups, CountsSubjectsOfOneGroup) {
  ExpectEqualsNaive({.rows_per_subject = 3, .subject_sd = 1});
}

TEST(SumGroups, CountsSubjectsOfSeveralGroups) {
  ExpectEqualsNaive(
      {.rows_per_subject = 4, .subject_sd = 1, .attributes_by_subject = false});
}

TEST(LinearisedVariance, IsUnknownForOneSubject) {
  GroupSums sums;
  sums.subjects = 1;
  EXPECT_TRUE(std::isnan(LinearisedVariance(sums, SumVector{1})));
}

// A copy of every row adds nothing when the copies belong to one subject.
TEST(LinearisedVariance, DoesNotShrinkWhenSubjectsAreRepeated) {
  const AuditInput once = SyntheticInput({.rows = 400});
  AuditInput twice = once;
  twice.rows = 800;
  for (int64_t row = 0; row < 400; ++row) {
    twice.targets[0].labels.push_back(once.targets[0].labels[row]);
    twice.targets[0].scores.push_back(once.targets[0].scores[row]);
    twice.groups.cell_of_row.push_back(once.groups.cell_of_row[row]);
  }
  for (int64_t row = 0; row < 800; ++row) {
    twice.subjects.push_back(static_cast<uint32_t>(row % 400));
  }
  twice.subject_count = 400;
  const RankedRows a = RankRows(once, once.targets[0], false, 1);
  const RankedRows b = RankRows(twice, twice.targets[0], false, 1);
  const SubjectRows subjects = GroupBySubject(b, 400);
  const auto single =
      SumGroups(a, nullptr, once.groups, a.CountAtLeast(0.5), false);
  const auto doubled =
      SumGroups(b, &subjects, twice.groups, b.CountAtLeast(0.5), false);
  const Metric& fpr = *FindMetric("fpr");
  EXPECT_NEAR(LinearisedVariance(single[0], GradientOf(fpr, single[0], 0)),
              LinearisedVariance(doubled[0], GradientOf(fpr, doubled[0], 0)),
              1e-12);
}

}  // namespace
}  // namespace plumbline
