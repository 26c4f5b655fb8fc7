// Audits with sampling weights, as a whole: golden values of other programs,
// and what must hold between audits.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <set>

#include "plumbline/audit/audit.h"
#include "plumbline/audit/metrics.h"
#include "plumbline/audit/synthetic_input.h"
#include "plumbline/base/error.h"
#include "plumbline/base/file.h"
#include "plumbline/base/json.h"
#include "plumbline/base/random.h"

namespace plumbline {
namespace {

AuditOptions ClosedForms(const std::string& at = "0.5") {
  AuditOptions options;
  options.threshold = ParseThresholdRule(at);
  options.tune_on_audited = options.threshold.needs_fitting();
  options.replicates = 0;
  options.minimum = 1;
  options.threads = 1;
  return options;
}

// Weights between 0.2 and 5, smaller for positives.
AuditInput WithWeights(AuditInput input, uint64_t seed = 3) {
  RandomStream random(seed, "weights");
  for (int64_t row = 0; row < input.rows; ++row) {
    const double weight = std::exp(1.5 * (2 * random.NextUniform() - 1));
    input.weights.push_back(input.targets[0].labels[row] == 1 ? weight / 2
                                                              : weight);
  }
  return input;
}

std::vector<SyntheticOptions> Tables() {
  return {{.rows = 360, .score_steps = 50, .missing_attribute = 0.05},
          {.rows = 450,
           .rows_per_subject = 3,
           .subject_sd = 1,
           .score_steps = 40,
           .attributes_by_subject = false}};
}

void ExpectNear(double a, double b, double tolerance, const std::string& what) {
  if (a == b || (std::isnan(a) && std::isnan(b))) return;
  EXPECT_NEAR(a, b, tolerance * std::max({1.0, std::abs(a), std::abs(b)}))
      << what;
}

// Calls visit(name, a, b) for the estimates of both results.
void ForEachEstimate(
    const AuditInput& input, const AuditResult& a, const AuditResult& b,
    const std::function<void(const std::string&, const Estimate&,
                             const Estimate&)>& visit) {
  ASSERT_EQ(a.groups.size(), b.groups.size());
  ASSERT_EQ(a.metrics, b.metrics);
  for (size_t g = 0; g < a.groups.size(); ++g) {
    for (size_t m = 0; m < a.metrics.size(); ++m) {
      visit(a.metrics[m] + " of " + input.groups.Name(static_cast<int>(g)),
            a.groups[g].metrics[m], b.groups[g].metrics[m]);
    }
  }
}

void ExpectSameResult(const AuditInput& input, const AuditResult& a,
                      const AuditResult& b, double tolerance) {
  ForEachEstimate(
      input, a, b,
      [&](const std::string& what, const Estimate& x, const Estimate& y) {
        ExpectNear(x.value, y.value, tolerance, what);
        ExpectNear(x.lo, y.lo, tolerance, "lower limit of " + what);
        ExpectNear(x.hi, y.hi, tolerance, "upper limit of " + what);
        ExpectNear(x.design_effect, y.design_effect, tolerance,
                   "design effect of " + what);
        EXPECT_EQ(x.n, y.n) << what;
        EXPECT_EQ(x.events, y.events) << what;
        EXPECT_EQ(x.subjects, y.subjects) << what;
        EXPECT_STREQ(x.method, y.method) << what;
      });
  ASSERT_EQ(a.gaps.size(), b.gaps.size());
  for (size_t i = 0; i < a.gaps.size(); ++i) {
    const std::string what = a.gaps[i].measure + " of " + a.gaps[i].metric;
    // A p-value far out in the tail magnifies rounding.
    ExpectNear(a.gaps[i].value, b.gaps[i].value, 100 * tolerance, what);
    ExpectNear(a.gaps[i].lo, b.gaps[i].lo, 100 * tolerance, what);
    ExpectNear(a.gaps[i].p, b.gaps[i].p, 1e4 * tolerance, what);
    EXPECT_EQ(a.gaps[i].outcome == nullptr, b.gaps[i].outcome == nullptr);
  }
  ASSERT_EQ(a.curves.size(), b.curves.size());
  for (size_t c = 0; c < a.curves.size(); ++c) {
    EXPECT_EQ(a.curves[c].roc.size(), b.curves[c].roc.size());
    for (size_t k = 0; k < a.curves[c].calibration.size(); ++k) {
      const CalibrationPoint& x = a.curves[c].calibration[k];
      const CalibrationPoint& y = b.curves[c].calibration[k];
      EXPECT_EQ(x.n, y.n);
      ExpectNear(x.observed, y.observed, tolerance, "calibration");
      ExpectNear(x.lo, y.lo, tolerance, "calibration");
    }
    for (size_t k = 0; k < a.curves[c].net_benefit.size(); ++k) {
      ExpectNear(a.curves[c].net_benefit[k].lo, b.curves[c].net_benefit[k].lo,
                 tolerance, "net benefit");
    }
  }
  ASSERT_EQ(a.missingness.size(), b.missingness.size());
  for (size_t i = 0; i < a.missingness.size(); ++i) {
    const MissingnessResult& x = a.missingness[i];
    const MissingnessResult& y = b.missingness[i];
    ExpectNear(x.error_rate_known.lo, y.error_rate_known.lo, tolerance,
               "known");
    for (size_t k = 0; k < x.bounds.size(); ++k) {
      ExpectNear(x.bounds[k].highest, y.bounds[k].highest, 1e-9,
                 x.bounds[k].metric);
    }
  }
}

std::vector<std::string> AllGaps() {
  return {"max_min",        "max_ratio",       "heterogeneity",
          "gini",           "theil",           "amplification",
          "equalised_odds", "difference_rest", "ratio_reference"};
}

TEST(Weights, OfOneAreNoWeights) {
  for (const SyntheticOptions& table : Tables()) {
    for (const char* at : {"0.5", "fpr=0.2", "youden", "top=7%"}) {
      const AuditInput plain = SyntheticInput(table);
      AuditInput ones = plain;
      ones.weights.assign(ones.rows, 1);
      AuditOptions options = ClosedForms(at);
      options.gaps = AllGaps();
      const AuditResult a = Audit(plain, options);
      const AuditResult b = Audit(ones, options);
      ExpectSameResult(plain, a, b, 1e-11);
      for (const GroupResult& group : b.groups) {
        if (group.n == 0) continue;
        EXPECT_EQ(group.weight_sum, static_cast<double>(group.n));
        EXPECT_EQ(group.effective_n, static_cast<double>(group.n));
      }
    }
  }
}

// The sweep without weights keeps ECE and average precision in single
// precision.
TEST(Weights, OfOneGiveTheReplicatesOfNoWeights) {
  for (const SyntheticOptions& table : Tables()) {
    const AuditInput plain = SyntheticInput(table);
    AuditInput ones = plain;
    ones.weights.assign(ones.rows, 1);
    AuditOptions options = ClosedForms("best-f1");
    options.replicates = 100;
    options.interval = IntervalMethod::kPercentile;
    ExpectSameResult(plain, Audit(plain, options), Audit(ones, options), 2e-5);
    options.metrics = {"fnr", "ppv", "f1", "d_prime"};
    options.interval = IntervalMethod::kBca;
    ExpectSameResult(plain, Audit(plain, options), Audit(ones, options), 1e-11);
  }
}

TEST(Weights, OnlyMatterRelativeToOneAnother) {
  for (const SyntheticOptions& table : Tables()) {
    for (const char* at : {"fpr=0.2", "sensitivity=0.8", "best-f1"}) {
      const AuditInput input = WithWeights(SyntheticInput(table));
      AuditInput larger = input;
      for (double& weight : larger.weights) weight *= 37.3;
      AuditOptions options = ClosedForms(at);
      options.gaps = AllGaps();
      options.replicates = 100;
      const AuditResult a = Audit(input, options);
      const AuditResult b = Audit(larger, options);
      ExpectSameResult(input, a, b, 1e-11);
      EXPECT_NEAR(b.groups[0].weight_sum, 37.3 * a.groups[0].weight_sum,
                  1e-9 * b.groups[0].weight_sum);
    }
  }
}

// Weights near the ends of the range of a double.
TEST(Weights, MayBeAnyPositiveNumber) {
  const AuditInput input = WithWeights(SyntheticInput({.rows = 400}));
  const AuditResult expected = Audit(input, ClosedForms());
  for (const double factor : {1e-300, 1e300}) {
    AuditInput scaled = input;
    for (double& weight : scaled.weights) weight *= factor;
    ExpectSameResult(input, expected, Audit(scaled, ClosedForms()), 1e-11);
  }
}

// Each row as often as its weight says.
AuditInput Repeated(const AuditInput& input) {
  AuditInput repeated = input;
  repeated.weights.clear();
  repeated.subjects.clear();
  repeated.groups.cell_of_row.clear();
  AuditTarget& target = repeated.targets[0];
  target.labels.clear();
  target.scores.clear();
  for (int64_t row = 0; row < input.rows; ++row) {
    for (int k = 0; k < static_cast<int>(input.weights[row]); ++k) {
      target.labels.push_back(input.targets[0].labels[row]);
      target.scores.push_back(input.targets[0].scores[row]);
      repeated.groups.cell_of_row.push_back(input.groups.cell_of_row[row]);
      if (!input.subjects.empty()) {
        repeated.subjects.push_back(input.subjects[row]);
      }
    }
  }
  repeated.rows = static_cast<int64_t>(target.labels.size());
  for (CategoricalColumn& column : repeated.groups.attributes) {
    std::vector<uint32_t> codes;
    for (int64_t row = 0; row < input.rows; ++row) {
      codes.insert(codes.end(), static_cast<size_t>(input.weights[row]),
                   column.codes[row]);
    }
    column.codes =
        CodeVector::Pack(codes, static_cast<uint32_t>(column.levels.size()));
  }
  return repeated;
}

TEST(Weights, ThatAreWholeGiveTheValuesOfRepeatedRows) {
  // These add half a row to every count.
  const std::set<std::string> depends_on_rows = {"d_prime", "criterion_c"};
  for (const SyntheticOptions& table : Tables()) {
    AuditInput input = SyntheticInput(table);
    RandomStream random(11, "whole weights");
    for (int64_t row = 0; row < input.rows; ++row) {
      input.weights.push_back(1 + static_cast<double>(random.NextBelow(4)));
    }
    const AuditInput repeated = Repeated(input);
    for (const char* at :
         {"0.5", "fpr=0.2", "sensitivity=0.8", "youden", "best-f1", "top=7%"}) {
      const AuditResult a = Audit(input, ClosedForms(at));
      const AuditResult b = Audit(repeated, ClosedForms(at));
      EXPECT_EQ(a.targets[0].threshold.value, b.targets[0].threshold.value)
          << at;
      ForEachEstimate(
          input, a, b,
          [&](const std::string& what, const Estimate& x, const Estimate& y) {
            if (depends_on_rows.count(what.substr(0, what.find(' ')))) return;
            ExpectNear(x.value, y.value, 1e-10, what + " at " + at);
          });
      for (size_t g = 0; g < a.groups.size(); ++g) {
        EXPECT_EQ(a.groups[g].weight_sum, static_cast<double>(b.groups[g].n));
        ExpectNear(a.groups[g].prevalence, b.groups[g].prevalence, 1e-12,
                   "prevalence");
      }
      for (size_t i = 0; i < a.missingness.size(); ++i) {
        for (size_t k = 0; k < a.missingness[i].bounds.size(); ++k) {
          ExpectNear(a.missingness[i].bounds[k].highest,
                     b.missingness[i].bounds[k].highest, 1e-9, "bound");
        }
      }
    }
  }
}

TEST(Weights, OfZeroLeaveRowsOut) {
  for (const SyntheticOptions& table : Tables()) {
    AuditInput some = WithWeights(SyntheticInput(table));
    AuditInput fewer = some;
    for (int64_t row = 0; row < some.rows; row += 3) {
      some.weights[row] = 0;
      fewer.targets[0].labels[row] = kMissingLabel;
    }
    AuditOptions options = ClosedForms("top=50");
    options.replicates = 100;
    const AuditResult a = Audit(some, options);
    const AuditResult b = Audit(fewer, options);
    ExpectSameResult(some, a, b, 0);
    EXPECT_EQ(a.targets[0].rows, b.targets[0].rows);
  }
}

TEST(Weights, GiveTheSameResultForAnyNumberOfThreads) {
  const AuditInput input = WithWeights(SyntheticInput(Tables()[1]));
  AuditOptions options = ClosedForms("youden");
  options.replicates = 200;
  options.interval = IntervalMethod::kBca;
  const std::string one =
      WriteJson(ToJson(Audit(input, options), input, options));
  options.threads = 4;
  EXPECT_EQ(WriteJson(ToJson(Audit(input, options), input, options)), one);
}

// Rare positives that were all sampled, with a twentieth of the negatives: the
// prevalence is known better than from as many rows at random.
TEST(Weights, CanSharpenARate) {
  AuditInput input = SyntheticInput({.rows = 2000, .prevalence = 0.5});
  for (const int8_t label : input.targets[0].labels) {
    input.weights.push_back(label == 1 ? 1 : 20);
  }
  const AuditResult result = Audit(input, ClosedForms());
  const Estimate& prevalence = result.groups[0].metrics[0];
  ASSERT_EQ(result.metrics[0], "prevalence");
  EXPECT_NEAR(prevalence.value, 1.0 / 21, 0.005);
  EXPECT_LT(prevalence.design_effect, 0.3);
}

void ExpectInvalid(AuditInput input, std::vector<double> weights,
                   const std::string& words) {
  input.weights = std::move(weights);
  try {
    Audit(input, ClosedForms());
    FAIL() << words;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidInput);
    EXPECT_NE(std::string(error.what()).find(words), std::string::npos)
        << error.what();
  }
}

TEST(Weights, MustBeFiniteAndNotNegativeAndNotAllZero) {
  const AuditInput input = SyntheticInput({.rows = 50});
  std::vector<double> weights(50, 1);
  weights[7] = -0.5;
  ExpectInvalid(input, weights, "weight of row 7 (counted from 0): -0.5");
  weights[7] = std::nan("");
  ExpectInvalid(input, weights, "the weight is missing (in 1 row)");
  weights[7] = std::numeric_limits<double>::infinity();
  ExpectInvalid(input, weights, "must be a finite number");
  ExpectInvalid(input, std::vector<double>(50, 0), "every weight is 0");
  ExpectInvalid(input, {1, 2}, "one weight for each row, found 2 for 50");
}

TEST(Weights, ThatLeaveNoRowOfATargetAreReported) {
  AuditInput input = SyntheticInput({.rows = 50});
  std::vector<double> weights(50, 0);
  weights[3] = 1;
  input.targets[0].labels[3] = kMissingLabel;
  ExpectInvalid(input, weights, "and a weight above 0; there is nothing");
}

// --- Findings ---------------------------------------------------------------

const Finding* FindingOf(const AuditResult& result, const std::string& code) {
  for (const Finding& finding : result.findings) {
    if (finding.code == code) return &finding;
  }
  return nullptr;
}

bool HasLimitation(const AuditResult& result, const std::string& code) {
  for (const Limitation& limitation : result.limitations) {
    if (limitation.code == code) return true;
  }
  return false;
}

TEST(WeightFindings, SayWhatTheWeightsAreTakenToBe) {
  AuditInput input = SyntheticInput({.rows = 300});
  EXPECT_FALSE(HasLimitation(Audit(input, ClosedForms()), "PL110"));
  input.weights.assign(300, 2);
  const AuditResult result = Audit(input, ClosedForms());
  EXPECT_TRUE(HasLimitation(result, "PL110"));
  EXPECT_EQ(FindingOf(result, "PB608"), nullptr);
}

TEST(WeightFindings, NameTheGroupInWhichFewRowsCarryTheWeight) {
  AuditInput input = SyntheticInput({.rows = 1000, .levels = {2}});
  const auto& codes = input.groups.attributes[0].codes;
  for (int64_t row = 0; row < 1000; ++row) {
    input.weights.push_back(codes[row] == 1 && row % 50 == 0 ? 20 : 1);
  }
  AuditOptions options = ClosedForms();
  options.minimum = 10;
  const AuditResult result = Audit(input, options);
  const Finding* finding = FindingOf(result, "PB608");
  ASSERT_NE(finding, nullptr);
  EXPECT_NE(finding->sentence.find("most so in a=a1"), std::string::npos)
      << finding->sentence;
  EXPECT_NEAR(finding->numbers[0].second, result.groups[2].effective_n, 1e-9);
  EXPECT_LT(result.groups[2].effective_n, 150);
}

// --- Golden values ----------------------------------------------------------

Json Golden() {
  const std::string path =
      std::string(PLUMBLINE_SOURCE_DIR) + "/tests/golden/weights.json";
  return ParseJson(ReadFile(path), path);
}

AuditInput GoldenInput(const Json& golden, bool clustered) {
  const Json& rows = golden.at("rows");
  AuditInput input;
  AuditTarget target;
  target.name = "finding";
  target.labels = rows.at("label").get<std::vector<int8_t>>();
  target.scores = rows.at("score").get<std::vector<double>>();
  input.rows = static_cast<int64_t>(target.labels.size());
  input.targets.push_back(target);
  input.weights = rows.at("weight").get<std::vector<double>>();
  if (clustered) {
    input.subjects = rows.at("subject").get<std::vector<uint32_t>>();
    input.subject_count = input.subjects.back() + 1;
  }
  CategoricalColumn group;
  group.name = "group";
  group.levels = {"0", "1"};
  group.first_row = {0, 0};
  group.codes =
      CodeVector::Pack(rows.at("group").get<std::vector<uint32_t>>(), 2);
  std::vector<CategoricalColumn> columns;
  columns.push_back(std::move(group));
  input.groups = BuildGroups(std::move(columns), {false}, 1);
  return input;
}

const Estimate& EstimateOf(const AuditResult& result, size_t group,
                           const std::string& metric) {
  for (size_t m = 0; m < result.metrics.size(); ++m) {
    if (result.metrics[m] == metric) return result.groups[group].metrics[m];
  }
  ADD_FAILURE() << metric;
  return result.groups[group].metrics[0];
}

void ExpectGolden(const Json& expected, const AuditResult& result, size_t g) {
  constexpr double kTolerance = 1e-10;
  EXPECT_EQ(result.groups[g].n, expected.at("n").get<int64_t>());
  EXPECT_NEAR(result.groups[g].weight_sum,
              expected.at("weight_sum").get<double>(), 1e-9);
  EXPECT_NEAR(result.groups[g].effective_n,
              expected.at("effective_n").get<double>(), 1e-9);
  for (const auto& [name, value] : expected.at("rates").items()) {
    const Estimate& e = EstimateOf(result, g, name);
    EXPECT_NEAR(e.value, value[0].get<double>(), kTolerance) << name;
    EXPECT_NEAR(e.design_effect, value[1].get<double>(), 1e-9) << name;
    EXPECT_EQ(e.n, value[2].get<int64_t>()) << name;
  }
  for (const auto& [name, value] : expected.at("values").items()) {
    EXPECT_NEAR(EstimateOf(result, g, name).value, value.get<double>(),
                kTolerance)
        << name;
  }
  for (const auto& [name, value] : expected.at("with_variance").items()) {
    const Estimate& e = EstimateOf(result, g, name);
    EXPECT_NEAR(e.value, value[0].get<double>(), kTolerance) << name;
    EXPECT_NEAR(e.standard_error * e.standard_error, value[1].get<double>(),
                kTolerance)
        << name;
  }
}

TEST(WeightedGolden, ValuesAndVariancesAreThoseOfOtherPrograms) {
  const Json golden = Golden();
  for (const bool clustered : {false, true}) {
    const AuditInput input = GoldenInput(golden, clustered);
    const AuditResult result = Audit(input, ClosedForms());
    const Json& expected = golden.at(clustered ? "clustered" : "independent");
    for (size_t g = 0; g < 3; ++g) ExpectGolden(expected[g], result, g);
  }
}

TEST(WeightedGolden, ThresholdsAreThoseThatTryingAllFinds) {
  const Json golden = Golden();
  const AuditInput input = GoldenInput(golden, false);
  for (const auto& [rule, value] : golden.at("fitted").items()) {
    const AuditResult result = Audit(input, ClosedForms(rule));
    EXPECT_EQ(result.targets[0].threshold.value, value.get<double>()) << rule;
  }
}

}  // namespace
}  // namespace plumbline
