#include "plumbline/face/statistics/rates.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "plumbline/stats/normal.h"
#include "plumbline/stats/proportion.h"

namespace plumbline::face {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Sums over one cell (or several taken together) for its variance.
struct DyadicSums {
  int64_t comparisons = 0;
  int64_t hits = 0;
  int64_t subjects = 0;
  double residuals = 0;      // sum of (h_i - theta m_i)^2
  double pair_hits = 0;      // sum of H_ij^2 over pairs with hits
  double pair_products = 0;  // sum of H_ij M_ij
  double squares = 0;        // sum of M_ij^2 over all pairs
};

RateEstimate WithoutEvents(const DyadicSums& sums, double level) {
  const double limit = -std::log1p(-level);
  const auto upper = [limit](int64_t n) {
    return n > 0 ? std::min(1.0, limit / static_cast<double>(n)) : kNaN;
  };
  return {
      .value = 0,
      .lo = 0,
      .hi = upper(sums.comparisons),
      .variance = 0,
      .design_effect = kNaN,
      .n = sums.comparisons,
      .events = 0,
      .subjects = sums.subjects,
      .conservative_hi = upper(std::min(sums.comparisons, sums.subjects / 2)),
      .method = "rule_of_three"};
}

RateEstimate Estimate(const DyadicSums& sums, double level) {
  if (sums.comparisons == 0) {
    return {.value = kNaN,
            .lo = kNaN,
            .hi = kNaN,
            .variance = kNaN,
            .design_effect = kNaN,
            .conservative_hi = kNaN};
  }
  if (sums.hits == 0) return WithoutEvents(sums, level);
  const auto m = static_cast<double>(sums.comparisons);
  const double theta = static_cast<double>(sums.hits) / m;
  const double independent = theta * (1 - theta) / m;
  const double pairs = sums.pair_hits - 2 * theta * sums.pair_products +
                       theta * theta * sums.squares;
  const double variance =
      std::max(independent, (sums.residuals - pairs) / (m * m));
  const double width = std::exp(TwoSidedZ(level) * std::sqrt(variance) / theta);
  return {.value = theta,
          .lo = theta / width,
          .hi = std::min(1.0, theta * width),
          .variance = variance,
          .design_effect = independent > 0 ? variance / independent : 1,
          .n = sums.comparisons,
          .events = sums.hits,
          .subjects = sums.subjects,
          .conservative_hi = kNaN,
          .method = "dyadic_log"};
}

// False matches of one unordered pair of subjects.
struct PairHits {
  uint32_t first;
  uint32_t second;
  uint32_t forward = 0;  // first as the reference
  uint32_t backward = 0;
  uint32_t forward_comparisons = 0;
  uint32_t both_comparisons = 0;
};

std::vector<PairHits> HitsByPair(std::span<const Hit> accepted) {
  std::vector<Hit> hits(accepted.begin(), accepted.end());
  const auto key = [](const Hit& hit) {
    return std::minmax(hit.reference, hit.probe);
  };
  std::sort(hits.begin(), hits.end(), [&](const Hit& a, const Hit& b) {
    return std::pair<uint32_t, uint32_t>(key(a)) <
           std::pair<uint32_t, uint32_t>(key(b));
  });
  std::vector<PairHits> pairs;
  for (const Hit& hit : hits) {
    const auto [first, second] = key(hit);
    if (pairs.empty() || pairs.back().first != first ||
        pairs.back().second != second) {
      pairs.push_back(
          {.first = first, .second = second, .both_comparisons = hit.both});
    }
    PairHits& pair = pairs.back();
    if (hit.reference == first) {
      ++pair.forward;
      pair.forward_comparisons = hit.forward;
    } else {
      ++pair.backward;
      pair.forward_comparisons = hit.both - hit.forward;
    }
  }
  return pairs;
}

double Square(double x) { return x * x; }

// Walks over the cells of one grouping.
class Cells {
 public:
  Cells(const ImpostorCounts& counts, const SubjectGroups& groups,
        std::span<const Hit> accepted)
      : counts_(counts),
        groups_(groups),
        size_(static_cast<size_t>(counts.groups)),
        sums_(size_ * size_),
        hits_as_reference_(counts.as_reference.size()),
        hits_as_probe_(counts.as_probe.size()) {
    for (size_t cell = 0; cell < sums_.size(); ++cell) {
      sums_[cell].comparisons = counts.comparisons[cell];
      sums_[cell].squares = counts.squares[cell];
    }
    for (const Hit& hit : accepted) {
      const size_t g = groups.of_subject[hit.reference];
      const size_t h = groups.of_subject[hit.probe];
      ++sums_[g * size_ + h].hits;
      ++hits_as_reference_[hit.reference * size_ + h];
      ++hits_as_probe_[hit.probe * size_ + g];
    }
    AddPairs(HitsByPair(accepted));
    for (size_t i = 0; i < groups.of_subject.size(); ++i) AddSubject(i);
  }

  const DyadicSums& cell(size_t g, size_t h) const {
    return sums_[g * size_ + h];
  }
  const DyadicSums& any() const { return any_; }
  const DyadicSums& within() const { return within_; }

 private:
  void AddPairs(const std::vector<PairHits>& pairs) {
    for (const PairHits& pair : pairs) {
      const size_t g = groups_.of_subject[pair.first];
      const size_t h = groups_.of_subject[pair.second];
      const double both = static_cast<double>(pair.forward) + pair.backward;
      const double comparisons = pair.both_comparisons;
      const auto add = [](double hits, double of, DyadicSums* sums) {
        sums->pair_hits += hits * hits;
        sums->pair_products += hits * of;
      };
      if (g == h) {
        add(both, comparisons, &sums_[g * size_ + g]);
        add(both, comparisons, &within_);
      } else {
        add(pair.forward, pair.forward_comparisons, &sums_[g * size_ + h]);
        add(pair.backward, comparisons - pair.forward_comparisons,
            &sums_[h * size_ + g]);
      }
      add(both, comparisons, &any_);
    }
    any_.squares = counts_.all_squares;
    for (size_t g = 0; g < size_; ++g) {
      for (size_t h = 0; h < size_; ++h) {
        const DyadicSums& sums = cell(g, h);
        any_.comparisons += sums.comparisons;
        any_.hits += sums.hits;
        if (g != h) continue;
        within_.comparisons += sums.comparisons;
        within_.hits += sums.hits;
        within_.squares += sums.squares;
      }
    }
  }

  void AddSubject(size_t i) {
    const size_t own = groups_.of_subject[i];
    double any_comparisons = 0;
    double any_hits = 0;
    for (size_t h = 0; h < size_; ++h) {
      const double m_reference = counts_.as_reference[i * size_ + h];
      const double m_probe = counts_.as_probe[i * size_ + h];
      const double h_reference = hits_as_reference_[i * size_ + h];
      const double h_probe = hits_as_probe_[i * size_ + h];
      any_comparisons += m_reference + m_probe;
      any_hits += h_reference + h_probe;
      if (h == own) {
        Add(h_reference + h_probe, m_reference + m_probe,
            &sums_[own * size_ + own]);
        Add(h_reference + h_probe, m_reference + m_probe, &within_);
      } else {
        Add(h_reference, m_reference, &sums_[own * size_ + h]);
        Add(h_probe, m_probe, &sums_[h * size_ + own]);
      }
    }
    Add(any_hits, any_comparisons, &any_);
  }

  static void Add(double hits, double comparisons, DyadicSums* sums) {
    if (comparisons == 0) return;
    const double theta = static_cast<double>(sums->hits) /
                         static_cast<double>(sums->comparisons);
    sums->residuals += Square(hits - theta * comparisons);
    ++sums->subjects;
  }

  const ImpostorCounts& counts_;
  const SubjectGroups& groups_;
  size_t size_;
  std::vector<DyadicSums> sums_;
  std::vector<uint32_t> hits_as_reference_;
  std::vector<uint32_t> hits_as_probe_;
  DyadicSums any_;
  DyadicSums within_;
};

}  // namespace

FalseMatchRates EstimateFalseMatchRates(const ImpostorCounts& counts,
                                        const SubjectGroups& groups,
                                        std::span<const Hit> accepted,
                                        double level) {
  const Cells cells(counts, groups, accepted);
  FalseMatchRates rates{.groups = counts.groups};
  for (int g = 0; g < counts.groups; ++g) {
    for (int h = 0; h < counts.groups; ++h) {
      rates.cells.push_back(Estimate(cells.cell(g, h), level));
    }
  }
  rates.any = Estimate(cells.any(), level);
  rates.within = Estimate(cells.within(), level);
  return rates;
}

std::vector<RateEstimate> EstimateFalseNonMatchRates(
    const GenuineScores& genuine, const SubjectGroups& groups, double threshold,
    double level) {
  struct Subject {
    int64_t n = 0;
    int64_t errors = 0;
  };
  std::vector<Subject> subjects(groups.of_subject.size());
  for (int64_t i = 0; i < genuine.size(); ++i) {
    Subject& subject = subjects[genuine.subject[i]];
    ++subject.n;
    subject.errors += genuine.score[i] < threshold;
  }
  std::vector<RateEstimate> rates(groups.groups);
  for (size_t i = 0; i < subjects.size(); ++i) {
    RateEstimate& rate = rates[groups.of_subject[i]];
    rate.n += subjects[i].n;
    rate.events += subjects[i].errors;
    rate.subjects += subjects[i].n > 0;
  }
  std::vector<double> residuals(groups.groups);
  for (size_t i = 0; i < subjects.size(); ++i) {
    const RateEstimate& rate = rates[groups.of_subject[i]];
    if (rate.n == 0) continue;
    const double p =
        static_cast<double>(rate.events) / static_cast<double>(rate.n);
    residuals[groups.of_subject[i]] +=
        Square(static_cast<double>(subjects[i].errors) -
               p * static_cast<double>(subjects[i].n));
  }
  for (int g = 0; g < groups.groups; ++g) {
    RateEstimate& rate = rates[g];
    rate.conservative_hi = kNaN;
    if (rate.n == 0) {
      rate.value = rate.lo = rate.hi = rate.variance = kNaN;
      rate.design_effect = kNaN;
      continue;
    }
    const auto n = static_cast<double>(rate.n);
    const auto people = static_cast<double>(rate.subjects);
    rate.value = static_cast<double>(rate.events) / n;
    const double independent = rate.value * (1 - rate.value) / n;
    rate.variance = people > 1
                        ? std::max(independent, residuals[g] / (n * n) *
                                                    people / (people - 1))
                        : kNaN;
    // Without errors (or nothing but) nothing tells how people differ: each of
    // them then counts once.
    rate.design_effect =
        independent > 0 ? rate.variance / independent : n / people;
    rate.method = "cluster_wilson";
    if (people < 2) {
      rate.lo = rate.hi = kNaN;
      rate.method = "none";
      continue;
    }
    const Interval interval =
        WilsonIntervalOfShare(rate.value, n / rate.design_effect, level);
    rate.lo = interval.lo;
    rate.hi = interval.hi;
  }
  return rates;
}

RatioEstimate RatioOfRates(const RateEstimate& a, const RateEstimate& b,
                           double level) {
  return RatioOfSharedRates(a, b, {}, level);
}

RatioEstimate RatioOfSharedRates(const RateEstimate& a, const RateEstimate& b,
                                 const SharedCovariance& covariance,
                                 double level) {
  RatioEstimate ratio{.value = kNaN,
                      .lo = 0,
                      .hi = std::numeric_limits<double>::infinity(),
                      .log_standard_error = kNaN,
                      .p = kNaN};
  if (a.n == 0 || b.n == 0) {
    ratio.lo = ratio.hi = kNaN;
    return ratio;
  }
  if (a.events == 0 || b.events == 0) {
    if (a.events > 0 && b.hi > 0) ratio.lo = a.lo / b.hi;
    if (b.events > 0 && b.lo > 0) ratio.hi = a.hi / b.lo;
    return ratio;
  }
  ratio.value = a.value / b.value;
  const double variance = a.variance / Square(a.value) +
                          b.variance / Square(b.value) -
                          2 * covariance.all / (a.value * b.value);
  const double independent = (1 - a.value) / static_cast<double>(a.events) +
                             (1 - b.value) / static_cast<double>(b.events) -
                             2 * covariance.pairs / (a.value * b.value);
  ratio.log_standard_error = std::sqrt(
      covariance.all == 0 ? variance : std::max(variance, independent));
  if (!std::isfinite(ratio.log_standard_error)) {
    ratio.lo = ratio.hi = kNaN;
    return ratio;
  }
  const double width = std::exp(TwoSidedZ(level) * ratio.log_standard_error);
  ratio.lo = ratio.value / width;
  ratio.hi = ratio.value * width;
  ratio.p =
      ratio.log_standard_error > 0
          ? TwoSidedNormalP(std::log(ratio.value) / ratio.log_standard_error)
          : kNaN;
  return ratio;
}

}  // namespace plumbline::face
