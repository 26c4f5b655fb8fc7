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

// How many rows are flagged when the threshold is a certain score; Number is a
// whole number, or a real one for sums of weights.
template <typename Number>
struct Cut {
  double threshold;
  Number true_positives;
  Number false_positives;
  Number flagged() const { return true_positives + false_positives; }
};

// One cut for each distinct score, highest first, after the cut at infinity
// that flags nobody. `weight(row)` is what a row counts.
template <typename Number, typename Weight>
std::vector<Cut<Number>> Cuts(std::span<const double> scores,
                              std::span<const uint8_t> labels,
                              const Weight& weight) {
  std::vector<size_t> order(scores.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return scores[a] > scores[b]; });
  std::vector<Cut<Number>> cuts = {
      {std::numeric_limits<double>::infinity(), 0, 0}};
  for (const size_t row : order) {
    if (scores[row] != cuts.back().threshold) {
      Cut<Number> cut = cuts.back();
      cut.threshold = scores[row];
      cuts.push_back(cut);
    }
    (labels[row] ? cuts.back().true_positives : cuts.back().false_positives) +=
        weight(row);
  }
  return cuts;
}

// The last cut, going down, that still satisfies a condition which only gets
// harder to satisfy: nobody flagged always satisfies it.
template <typename Cuts, typename Condition>
double LowestThat(const Cuts& cuts, Condition condition) {
  double threshold = cuts.front().threshold;
  for (const auto& cut : cuts) {
    if (!condition(cut)) break;
    threshold = cut.threshold;
  }
  return threshold;
}

// The first cut, going down, than which no other is better.
template <typename Cuts, typename Better>
double Best(const Cuts& cuts, Better better) {
  const auto* best = &cuts.front();
  for (const auto& cut : cuts) {
    if (better(cut, *best)) best = &cut;
  }
  return best->threshold;
}

void RequireClass(const ThresholdRule& rule, double count, const char* label) {
  if (count > 0) return;
  throw Error(ErrorCode::kInvalidInput,
              "--at {}: the rows on which the threshold is fitted have no "
              "label {}",
              rule.text, label);
}

// The rule's choice among cuts that count rows exactly (slack 0) or sum
// weights.
template <typename Number>
double Choose(const ThresholdRule& rule, const std::vector<Cut<Number>>& cuts,
              double slack) {
  using OneCut = Cut<Number>;
  const Number positives = cuts.back().true_positives;
  const Number negatives = cuts.back().false_positives;
  // Quotients, not products: a correctly rounded 1 / 5 equals the 0.2 that the
  // user wrote, 0.2 * 5 need not equal 1.
  const auto share = [](Number part, Number whole) {
    return static_cast<double>(part) / static_cast<double>(whole);
  };
  // Among sums of weights only a clear difference counts.
  const auto exceeds = [slack](Number a, Number b) {
    return slack == 0 ? a > b : a - b > slack * (std::abs(a) + std::abs(b));
  };
  const double highest = rule.value * (1 + slack);
  switch (rule.kind) {
    case ThresholdRuleKind::kFixed:
      break;
    case ThresholdRuleKind::kFpr:
      RequireClass(rule, static_cast<double>(negatives), "0");
      return LowestThat(cuts, [&](const OneCut& cut) {
        return share(cut.false_positives, negatives) <= highest;
      });
    case ThresholdRuleKind::kSensitivity: {
      RequireClass(rule, static_cast<double>(positives), "1");
      const double lowest = rule.value * (1 - slack);
      const auto reached =
          std::find_if(cuts.begin(), cuts.end(), [&](const OneCut& cut) {
            return share(cut.true_positives, positives) >= lowest;
          });
      return reached->threshold;
    }
    case ThresholdRuleKind::kYouden:
      RequireClass(rule, static_cast<double>(positives), "1");
      RequireClass(rule, static_cast<double>(negatives), "0");
      return Best(cuts, [&](const OneCut& a, const OneCut& b) {
        return exceeds(
            a.true_positives * negatives - a.false_positives * positives,
            b.true_positives * negatives - b.false_positives * positives);
      });
    case ThresholdRuleKind::kBestF1:
      RequireClass(rule, static_cast<double>(positives), "1");
      // F1 = 2 TP / (flagged + positives).
      return Best(cuts, [&](const OneCut& a, const OneCut& b) {
        return exceeds(a.true_positives * (b.flagged() + positives),
                       b.true_positives * (a.flagged() + positives));
      });
    case ThresholdRuleKind::kTopCount:
      return LowestThat(cuts, [&](const OneCut& cut) {
        return static_cast<double>(cut.flagged()) <= rule.value;
      });
    case ThresholdRuleKind::kTopShare:
      return LowestThat(cuts, [&](const OneCut& cut) {
        return cut.flagged() == 0 ||
               share(cut.flagged(), positives + negatives) <= highest;
      });
  }
  throw Error(ErrorCode::kInternal, "threshold rule {} is not handled",
              rule.text);
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
                    std::span<const uint8_t> labels,
                    std::span<const double> weights) {
  if (rule.kind == ThresholdRuleKind::kFixed) return rule.value;
  if (weights.empty() || rule.kind == ThresholdRuleKind::kTopCount) {
    const auto one = [](size_t) { return 1; };
    return Choose(rule, Cuts<int64_t>(scores, labels, one), 0);
  }
  const auto weight = [&](size_t row) { return weights[row]; };
  return Choose(rule, Cuts<double>(scores, labels, weight), kWeightSlack);
}

}  // namespace plumbline
