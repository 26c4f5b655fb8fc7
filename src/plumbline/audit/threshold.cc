#include "plumbline/audit/threshold.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "plumbline/base/error.h"
#include "plumbline/base/text.h"

namespace plumbline {
namespace {

constexpr const char* kRules =
    "a number such as 0.5, fpr=0.2, sensitivity=0.9, youden, best-f1, top=100 "
    "or top=5%";

[[noreturn]] void ThrowUnknownRule(const std::string& text) {
  const std::string name(Trim(text.substr(0, text.find('='))));
  const std::string nearest =
      DidYouMean(name, {"fpr", "sensitivity", "youden", "best-f1", "top"});
  throw Error(ErrorCode::kUsage, "--at {}: not a threshold rule{} {}", text,
              nearest.empty() ? "; expected" : nearest + " Expected", kRules);
}

double ParseRate(const std::string& text, std::string_view value) {
  double rate = 0;
  if (!ParseNumber(value, &rate)) {
    throw Error(ErrorCode::kUsage, "--at {}: \"{}\" is not a number", text,
                value);
  }
  if (rate < 0 || rate > 1) {
    throw Error(ErrorCode::kUsage, "--at {}: a rate lies in [0, 1]", text);
  }
  return rate;
}

ThresholdRule ParseTop(const std::string& text, std::string_view value) {
  double number = 0;
  if (!value.empty() && value.back() == '%') {
    value.remove_suffix(1);
    if (!ParseNumber(value, &number) || number <= 0 || number > 100) {
      throw Error(ErrorCode::kUsage,
                  "--at {}: a share lies above 0% and at most at 100%", text);
    }
    return {ThresholdRuleKind::kTopShare, number / 100, text};
  }
  if (!ParseNumber(value, &number) || number < 1 || number > 1e15 ||
      number != std::floor(number)) {
    throw Error(ErrorCode::kUsage,
                "--at {}: expected a whole number of rows, at least 1, or a "
                "share such as top=5%",
                text);
  }
  return {ThresholdRuleKind::kTopCount, number, text};
}

// How many rows are flagged when the threshold is a certain score.
struct Cut {
  double threshold;
  int64_t true_positives;
  int64_t false_positives;
  int64_t flagged() const { return true_positives + false_positives; }
};

// One cut for each distinct score, highest first, after the cut at infinity
// that flags nobody.
std::vector<Cut> Cuts(std::span<const double> scores,
                      std::span<const uint8_t> labels) {
  std::vector<size_t> order(scores.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return scores[a] > scores[b]; });
  std::vector<Cut> cuts = {{std::numeric_limits<double>::infinity(), 0, 0}};
  for (const size_t row : order) {
    if (scores[row] != cuts.back().threshold) {
      Cut cut = cuts.back();
      cut.threshold = scores[row];
      cuts.push_back(cut);
    }
    ++(labels[row] ? cuts.back().true_positives : cuts.back().false_positives);
  }
  return cuts;
}

// The last cut, going down, that still satisfies a condition which only gets
// harder to satisfy: nobody flagged always satisfies it.
template <typename Condition>
double LowestThat(const std::vector<Cut>& cuts, Condition condition) {
  double threshold = cuts.front().threshold;
  for (const Cut& cut : cuts) {
    if (!condition(cut)) break;
    threshold = cut.threshold;
  }
  return threshold;
}

// The first cut, going down, than which no other is better.
template <typename Better>
double Best(const std::vector<Cut>& cuts, Better better) {
  const Cut* best = &cuts.front();
  for (const Cut& cut : cuts) {
    if (better(cut, *best)) best = &cut;
  }
  return best->threshold;
}

void RequireClass(const ThresholdRule& rule, int64_t count, const char* label) {
  if (count > 0) return;
  throw Error(ErrorCode::kInvalidInput,
              "--at {}: the rows on which the threshold is fitted have no "
              "label {}",
              rule.text, label);
}

}  // namespace

ThresholdRule ParseThresholdRule(const std::string& text) {
  const std::string rule(Trim(text));
  double value = 0;
  if (ParseNumber(rule, &value)) {
    if (value < 0 || value > 1) {
      throw Error(ErrorCode::kUsage,
                  "--at {}: a threshold is a probability and lies in [0, 1]",
                  rule);
    }
    return {ThresholdRuleKind::kFixed, value, rule};
  }
  if (rule == "youden") return {ThresholdRuleKind::kYouden, 0, rule};
  if (rule == "best-f1") return {ThresholdRuleKind::kBestF1, 0, rule};
  const size_t equals = rule.find('=');
  if (equals == std::string::npos) ThrowUnknownRule(rule);
  const std::string_view name = Trim(std::string_view{rule}.substr(0, equals));
  const std::string_view argument =
      Trim(std::string_view{rule}.substr(equals + 1));
  if (name == "fpr") {
    return {ThresholdRuleKind::kFpr, ParseRate(rule, argument), rule};
  }
  if (name == "sensitivity") {
    return {ThresholdRuleKind::kSensitivity, ParseRate(rule, argument), rule};
  }
  if (name == "top") return ParseTop(rule, argument);
  ThrowUnknownRule(rule);
}

double FitThreshold(const ThresholdRule& rule, std::span<const double> scores,
                    std::span<const uint8_t> labels) {
  if (rule.kind == ThresholdRuleKind::kFixed) return rule.value;
  const std::vector<Cut> cuts = Cuts(scores, labels);
  const int64_t positives = cuts.back().true_positives;
  const int64_t negatives = cuts.back().false_positives;
  // Quotients, not products: a correctly rounded 1 / 5 equals the 0.2 that the
  // user wrote, 0.2 * 5 need not equal 1.
  const auto share = [](int64_t part, int64_t whole) {
    return static_cast<double>(part) / static_cast<double>(whole);
  };
  switch (rule.kind) {
    case ThresholdRuleKind::kFixed:
      break;
    case ThresholdRuleKind::kFpr:
      RequireClass(rule, negatives, "0");
      return LowestThat(cuts, [&](const Cut& cut) {
        return share(cut.false_positives, negatives) <= rule.value;
      });
    case ThresholdRuleKind::kSensitivity: {
      RequireClass(rule, positives, "1");
      const auto reached =
          std::find_if(cuts.begin(), cuts.end(), [&](const Cut& cut) {
            return share(cut.true_positives, positives) >= rule.value;
          });
      return reached->threshold;
    }
    case ThresholdRuleKind::kYouden:
      RequireClass(rule, positives, "1");
      RequireClass(rule, negatives, "0");
      return Best(cuts, [&](const Cut& a, const Cut& b) {
        return a.true_positives * negatives - a.false_positives * positives >
               b.true_positives * negatives - b.false_positives * positives;
      });
    case ThresholdRuleKind::kBestF1:
      RequireClass(rule, positives, "1");
      // F1 = 2 TP / (flagged + positives).
      return Best(cuts, [&](const Cut& a, const Cut& b) {
        return a.true_positives * (b.flagged() + positives) >
               b.true_positives * (a.flagged() + positives);
      });
    case ThresholdRuleKind::kTopCount:
      return LowestThat(cuts, [&](const Cut& cut) {
        return static_cast<double>(cut.flagged()) <= rule.value;
      });
    case ThresholdRuleKind::kTopShare:
      return LowestThat(cuts, [&](const Cut& cut) {
        return cut.flagged() == 0 ||
               share(cut.flagged(), positives + negatives) <= rule.value;
      });
  }
  throw Error(ErrorCode::kInternal, "threshold rule {} is not handled",
              rule.text);
}

}  // namespace plumbline
