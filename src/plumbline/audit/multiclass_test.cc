#include "plumbline/audit/multiclass.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "plumbline/audit/audit.h"
#include "plumbline/audit/multiclass_metrics.h"
#include "plumbline/base/file.h"
#include "plumbline/base/json.h"
#include "plumbline/base/random.h"
#include "plumbline/stats/roc.h"

namespace plumbline {
namespace {

using ::testing::ElementsAre;

// A model of the classes "0", "1", ... with a score a class; `group` makes the
// attribute "group" (two levels).
AuditInput InputOf(const std::vector<int32_t>& labels,
                   const std::vector<std::vector<double>>& scores,
                   const std::vector<uint32_t>& group,
                   const std::vector<uint32_t>& subjects) {
  AuditInput input;
  input.rows = static_cast<int64_t>(labels.size());
  MulticlassModel model;
  model.name = model.label_column = "grade";
  model.model = "p_*";
  model.labels = labels;
  model.other_scores.resize(scores.size());
  for (size_t k = 0; k < scores.size(); ++k) {
    model.classes.push_back(std::to_string(k));
    model.score_columns.push_back("p_" + std::to_string(k));
    model.targets.push_back(static_cast<int>(k));
    AuditTarget target;
    target.name = model.classes[k];
    target.label_column = "grade";
    target.score_column = model.score_columns[k];
    for (const int32_t label : labels) {
      target.labels.push_back(label == kNoClass                  ? kMissingLabel
                              : label == static_cast<int32_t>(k) ? 1
                                                                 : 0);
    }
    target.scores = scores[k];
    input.targets.push_back(std::move(target));
  }
  input.multiclass.push_back(std::move(model));
  input.subjects = subjects;
  for (const uint32_t s : subjects) {
    input.subject_count = std::max<int64_t>(input.subject_count, s + 1);
  }
  CategoricalColumn column;
  column.name = "group";
  column.levels = {"0", "1"};
  column.first_row = {0, 0};
  column.codes = CodeVector::Pack(group, 2);
  std::vector<CategoricalColumn> columns;
  columns.push_back(std::move(column));
  input.groups = BuildGroups(std::move(columns), {false}, 1);
  return input;
}

Json Golden() {
  const std::string path =
      std::string(PLUMBLINE_SOURCE_DIR) + "/tests/golden/multiclass.json";
  return ParseJson(ReadFile(path), path);
}

AuditInput GoldenInput(const Json& golden) {
  const Json& table = golden.at("table");
  std::vector<std::vector<double>> scores(3);
  for (const Json& row : table.at("scores")) {
    for (size_t k = 0; k < 3; ++k) scores[k].push_back(row[k].get<double>());
  }
  return InputOf(table.at("label").get<std::vector<int32_t>>(), scores,
                 table.at("group").get<std::vector<uint32_t>>(),
                 table.at("subject").get<std::vector<uint32_t>>());
}

const Estimate& At(const MulticlassGroup& group, std::string_view metric) {
  const auto metrics = MulticlassMetrics();
  for (size_t m = 0; m < metrics.size(); ++m) {
    if (metric == metrics[m].name) return group.metrics[m];
  }
  throw std::out_of_range(std::string(metric));
}

TEST(Multiclass, GivesTheValuesOfScikitLearnInEveryGroup) {
  const Json golden = Golden();
  const AuditInput input = GoldenInput(golden);
  const MulticlassResult result = AuditMulticlass(input, 0, {});
  ASSERT_EQ(result.groups.size(), 3u);
  for (size_t g = 0; g < 3; ++g) {
    const Json& expected = golden.at("groups")[g];
    const MulticlassGroup& group = result.groups[g];
    EXPECT_EQ(group.n, expected.at("rows").get<int64_t>());
    EXPECT_EQ(group.subjects, expected.at("subjects").get<int64_t>());
    EXPECT_EQ(group.classes_present, 3);
    for (const auto& [metric, numbers] : expected.at("metrics").items()) {
      EXPECT_NEAR(At(group, metric).value, numbers.at("value").get<double>(),
                  1e-10)
          << metric << " in group " << g;
    }
    for (size_t k = 0; k < 3; ++k) {
      EXPECT_NEAR(group.recall[k].value, expected.at("recall")[k].get<double>(),
                  1e-12);
      for (size_t j = 0; j < 3; ++j) {
        EXPECT_EQ(group.confusion[3 * k + j],
                  expected.at("confusion")[k][j].get<double>());
      }
    }
  }
}

TEST(Multiclass, HasTheStandardErrorsOfNumericalInfluences) {
  const Json golden = Golden();
  const MulticlassResult result = AuditMulticlass(GoldenInput(golden), 0, {});
  for (size_t g = 0; g < 3; ++g) {
    const Json& expected = golden.at("groups")[g].at("metrics");
    for (const auto& [metric, numbers] : expected.items()) {
      const Estimate& e = At(result.groups[g], metric);
      const double se = numbers.at("standard_error").get<double>();
      if (metric == "accuracy") {
        // A Wilson interval with the design effect of the same variance.
        const double binomial = e.value * (1 - e.value) / e.n;
        EXPECT_NEAR(e.design_effect, std::max(1.0, se * se / binomial), 1e-6);
        continue;
      }
      EXPECT_NEAR(e.standard_error, se, 1e-6 * se) << metric << " " << g;
      // The jackknife over subjects is another estimate of the same thing.
      const double jackknife = numbers.at("jackknife").get<double>();
      EXPECT_NEAR(e.standard_error / jackknife, 1, 0.06) << metric << " " << g;
    }
  }
}

TEST(Multiclass, GivesTheWeightedValuesOfScikitLearnInEveryGroup) {
  const Json golden = Golden();
  AuditInput input = GoldenInput(golden);
  input.weights = golden.at("table").at("weight").get<std::vector<double>>();
  const MulticlassResult result = AuditMulticlass(input, 0, {});
  const Json& everyone = golden.at("groups")[0].at("weighted");
  EXPECT_EQ(result.rows, everyone.at("rows").get<int64_t>());
  EXPECT_EQ(result.class_rows,
            everyone.at("class_rows").get<std::vector<int64_t>>());
  for (size_t g = 0; g < 3; ++g) {
    const Json& expected = golden.at("groups")[g].at("weighted");
    const MulticlassGroup& group = result.groups[g];
    EXPECT_EQ(group.n, expected.at("rows").get<int64_t>());
    EXPECT_EQ(group.subjects, expected.at("subjects").get<int64_t>());
    for (const auto& [metric, numbers] : expected.at("metrics").items()) {
      const Estimate& e = At(group, metric);
      EXPECT_NEAR(e.value, numbers.at("value").get<double>(), 1e-10)
          << metric << " in group " << g;
      const double se = numbers.at("standard_error").get<double>();
      EXPECT_NEAR(e.standard_error, se, 1e-6 * se) << metric << " " << g;
      EXPECT_EQ(e.n, group.n);
    }
    for (size_t k = 0; k < 3; ++k) {
      EXPECT_NEAR(group.recall[k].value, expected.at("recall")[k].get<double>(),
                  1e-12);
    }
  }
}

TEST(Multiclass, TakesARowOfWeightZeroForNoRow) {
  const Json golden = Golden();
  AuditInput input = GoldenInput(golden);
  input.weights.assign(input.rows, 2.0);
  input.weights[0] = input.weights[1] = 0;
  input.multiclass[0].labels[0] = kNoClass;
  input.targets[2].scores[1] = std::numeric_limits<double>::quiet_NaN();
  const MulticlassResult result = AuditMulticlass(input, 0, {});
  EXPECT_EQ(result.rows, input.rows - 2);
  EXPECT_EQ(result.missing_labels, 0);
  EXPECT_EQ(result.missing_scores, 0);
}

TEST(Multiclass, IsDelongsVarianceForTwoClassesOfIndependentRows) {
  RandomStream random(7, "multiclass");
  ClassRows rows;
  rows.classes = 2;
  std::vector<std::vector<double>> scores(2);
  std::vector<uint8_t> labels;
  std::vector<uint32_t> clusters;
  for (uint32_t i = 0; i < 200; ++i) {
    const bool positive = random.NextUniform() < 0.3;
    const double score =
        std::round(20 * (random.NextUniform() + 0.3 * positive)) / 26;
    rows.labels.push_back(positive);
    rows.decisions.push_back(score > 0.5);
    rows.weights.push_back(1);
    scores[0].push_back(1 - score);
    scores[1].push_back(score);
    labels.push_back(positive);
    clusters.push_back(i);
  }
  const AurocAverages averages = AverageAurocs(rows, scores);
  const AurocResult delong = DelongAuroc(scores[1], labels);
  for (const Linearised* area : {&averages.macro, &averages.hand_till}) {
    EXPECT_NEAR(area->value, delong.auroc, 1e-12);
    EXPECT_NEAR(LinearisedVarianceOf(rows, area->influence, clusters, true),
                delong.variance, 1e-12);
  }
}

TEST(Multiclass, CountsARowOfWeightTwoAsTwoRows) {
  const Json golden = Golden();
  const Json& table = golden.at("table");
  ClassRows once;
  ClassRows twice;
  once.classes = twice.classes = 3;
  std::vector<std::vector<double>> scores_once(3);
  std::vector<std::vector<double>> scores_twice(3);
  for (size_t i = 0; i < table.at("label").size(); ++i) {
    const int copies = i % 3 == 0 ? 2 : 1;
    const auto p = table.at("scores")[i].get<std::vector<double>>();
    const auto decision =
        static_cast<int32_t>(std::max_element(p.begin(), p.end()) - p.begin());
    for (int copy = 0; copy < copies; ++copy) {
      ClassRows& rows = twice;
      rows.labels.push_back(table.at("label")[i].get<int32_t>());
      rows.decisions.push_back(decision);
      rows.weights.push_back(1);
      for (size_t k = 0; k < 3; ++k) scores_twice[k].push_back(p[k]);
    }
    once.labels.push_back(table.at("label")[i].get<int32_t>());
    once.decisions.push_back(decision);
    once.weights.push_back(copies);
    for (size_t k = 0; k < 3; ++k) scores_once[k].push_back(p[k]);
  }
  EXPECT_NEAR(MulticlassAccuracy(once).value, MulticlassAccuracy(twice).value,
              1e-12);
  EXPECT_NEAR(MacroRecall(once).value, MacroRecall(twice).value, 1e-12);
  EXPECT_NEAR(MacroF1(once).value, MacroF1(twice).value, 1e-12);
  EXPECT_NEAR(Kappa(once, true).value, Kappa(twice, true).value, 1e-12);
  const AurocAverages a = AverageAurocs(once, scores_once);
  const AurocAverages b = AverageAurocs(twice, scores_twice);
  EXPECT_NEAR(a.macro.value, b.macro.value, 1e-12);
  EXPECT_NEAR(a.weighted.value, b.weighted.value, 1e-12);
  EXPECT_NEAR(a.hand_till.value, b.hand_till.value, 1e-12);
}

TEST(Multiclass, TakesTheFirstOfEqualScores) {
  const AuditInput input =
      InputOf({0, 1}, {{0.5, 0.5}, {0.5, 0.5}}, {0, 1}, {});
  const MulticlassResult result = AuditMulticlass(input, 0, {});
  EXPECT_THAT(result.groups[0].confusion, ElementsAre(1, 0, 1, 0));
}

TEST(Multiclass, SaysWhichAveragesAClassWithoutRowsTakesAway) {
  std::vector<int32_t> labels;
  std::vector<std::vector<double>> scores(3);
  std::vector<uint32_t> group;
  RandomStream random(3, "absent");
  for (uint32_t i = 0; i < 120; ++i) {
    group.push_back(i % 2);
    labels.push_back(static_cast<int32_t>(i / 2 % (i % 2 == 0 ? 3 : 2)));
    const double p = random.NextUniform();
    scores[0].push_back(p);
    scores[1].push_back(1 - p);
    scores[2].push_back(0);
  }
  const AuditInput input = InputOf(labels, scores, group, {});
  const MulticlassResult result = AuditMulticlass(input, 0, {});
  const MulticlassGroup& lacking = result.groups[2];
  EXPECT_EQ(lacking.classes_present, 2);
  for (const char* metric : {"balanced_accuracy", "macro_f1", "macro_auroc",
                             "weighted_auroc", "hand_till_m"}) {
    EXPECT_TRUE(std::isnan(At(lacking, metric).value)) << metric;
    EXPECT_STREQ(At(lacking, metric).reason, "class_absent") << metric;
  }
  EXPECT_EQ(At(lacking, "accuracy").reason, nullptr);
  EXPECT_EQ(At(lacking, "log_loss").reason, nullptr);
  for (const GapResult& gap : result.gaps) {
    if (gap.metric != "macro_auroc") continue;
    EXPECT_STREQ(gap.reason, "below_minimum");
    ASSERT_EQ(gap.groups_left_out.size(), 1u);
    EXPECT_STREQ(gap.groups_left_out[0].second, "class_absent");
  }
}

TEST(Multiclass, LeavesOutWhatNeedsProbabilities) {
  const Json golden = Golden();
  AuditInput input = GoldenInput(golden);
  input.targets[1].scores[5] *= 0.5;
  const MulticlassResult result = AuditMulticlass(input, 0, {});
  EXPECT_EQ(result.rows_not_summing_to_one, 1);
  EXPECT_STREQ(At(result.groups[0], "brier").reason, "not_probabilities");
  EXPECT_EQ(At(result.groups[0], "macro_auroc").reason, nullptr);
}

TEST(Multiclass, CountsRowsWithoutLabelOrScore) {
  const Json golden = Golden();
  AuditInput input = GoldenInput(golden);
  input.multiclass[0].labels[0] = kNoClass;
  input.targets[2].scores[1] = std::numeric_limits<double>::quiet_NaN();
  const MulticlassResult result = AuditMulticlass(input, 0, {});
  EXPECT_EQ(result.missing_labels, 1);
  EXPECT_EQ(result.missing_scores, 1);
  EXPECT_EQ(result.rows, input.rows - 2);
}

TEST(Multiclass, FindsAPlantedGapAndGivesTheSameBytesForAnyThreads) {
  std::vector<int32_t> labels;
  std::vector<std::vector<double>> scores(3);
  std::vector<uint32_t> group;
  RandomStream random(11, "planted");
  for (uint32_t i = 0; i < 1800; ++i) {
    group.push_back(i % 2);
    labels.push_back(static_cast<int32_t>(random.NextBelow(3)));
    double odds[3];
    double sum = 0;
    for (int k = 0; k < 3; ++k) {
      const double signal = labels.back() == k ? (i % 2 == 0 ? 2.5 : 0.8) : 0;
      sum += odds[k] = std::exp(signal + random.NextNormal());
    }
    for (int k = 0; k < 3; ++k) scores[k].push_back(odds[k] / sum);
  }
  const AuditInput input = InputOf(labels, scores, group, {});
  AuditOptions options;
  options.replicates = 0;
  options.threads = 1;
  const AuditResult result = Audit(input, options);
  std::vector<std::string> codes;
  for (const Finding& finding : result.findings) codes.push_back(finding.code);
  EXPECT_THAT(codes, testing::Contains("PB203"));
  EXPECT_THAT(codes, testing::Contains("PB106"));
  const std::string one = WriteJson(ToJson(result, input, options));
  options.threads = 3;
  EXPECT_EQ(one, WriteJson(ToJson(Audit(input, options), input, options)));
}

}  // namespace
}  // namespace plumbline
