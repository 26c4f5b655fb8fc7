#include "plumbline/face/statistics/identification.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "plumbline/base/error.h"
#include "plumbline/base/progress.h"
#include "plumbline/base/thread_pool.h"
#include "plumbline/face/statistics/draw_subjects.h"
#include "plumbline/stats/bootstrap.h"
#include "plumbline/stats/normal.h"

namespace plumbline::face {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr int kMostReplicates = 500;

// ln of the number of ways to choose k of n; both may be fractions, as people
// count by their share of hits. -inf: none.
double LogChoose(double n, double k) {
  if (k < 0 || n - k < -1e-9) return -std::numeric_limits<double>::infinity();
  return std::lgamma(n + 1) - std::lgamma(k + 1) -
         std::lgamma(std::max(0.0, n - k) + 1);
}

// Part of the gallery: `size` of `people` are drawn, of whom `hits` match.
struct Stratum {
  double people = 0;
  double size = 0;
  double hits = 0;
};

// Fewer than `rank` hits in the gallery.
double ProbabilityOfFewer(std::span<const Stratum> strata, size_t rank,
                          std::vector<double>* scratch) {
  std::vector<double>& chance = *scratch;  // of 0 to rank - 1 hits so far
  chance.assign(rank, 0);
  chance[0] = 1;
  for (const Stratum& stratum : strata) {
    if (stratum.hits <= 0 || stratum.size <= 0) continue;
    const double all = LogChoose(stratum.people, stratum.size);
    for (size_t total = rank; total-- > 0;) {
      double sum = 0;
      for (size_t k = 0; k <= total; ++k) {
        const auto found = static_cast<double>(k);
        if (chance[total - k] == 0) continue;
        sum += chance[total - k] *
               std::exp(LogChoose(stratum.hits, found) +
                        LogChoose(stratum.people - stratum.hits,
                                  stratum.size - found) -
                        all);
      }
      chance[total] = sum;
    }
  }
  double sum = 0;
  for (const double value : chance) sum += value;
  return std::clamp(sum, 0.0, 1.0);
}

// Who matches whom, and the genuine scores, by searcher.
struct Searches {
  struct Match {
    uint32_t other;
    double share;  // one comparison of so many
    double score;
  };
  std::vector<std::vector<Match>> matches;   // descending score
  std::vector<std::vector<double>> genuine;  // descending
};

Searches MakeSearches(size_t subjects, std::span<const Hit> accepted,
                      const GenuineScores& genuine) {
  Searches searches{
      .matches = std::vector<std::vector<Searches::Match>>(subjects),
      .genuine = std::vector<std::vector<double>>(subjects)};
  for (const Hit& hit : accepted) {
    const double share = 1.0 / hit.both;
    searches.matches[hit.reference].push_back({hit.probe, share, hit.score});
    searches.matches[hit.probe].push_back({hit.reference, share, hit.score});
  }
  for (int64_t i = 0; i < genuine.size(); ++i) {
    searches.genuine[genuine.subject[i]].push_back(genuine.score[i]);
  }
  for (std::vector<double>& scores : searches.genuine) {
    std::sort(scores.begin(), scores.end(), std::greater<>());
  }
  return searches;
}

// Sums over the searches of one group in galleries of one size.
struct Sums {
  double searches = 0;
  double found = 0;
  double selected = 0;
  double mated = 0;
  double missed = 0;
  std::vector<double> rate;  // of each stratum: sum of the shares that match

  double fpir() const { return searches > 0 ? found / searches : kNaN; }
  double fnir() const { return mated > 0 ? missed / mated : kNaN; }
  double selectivity() const {
    return searches > 0 ? selected / searches : kNaN;
  }
};

// All searches, each person counting by a weight.
class Simulation {
 public:
  Simulation(const SubjectGroups& groups, std::span<const uint8_t> complete,
             std::span<const Hit> accepted, const GenuineScores& genuine,
             const IdentificationOptions& options)
      : groups_(groups),
        complete_(complete),
        options_(options),
        searches_(MakeSearches(groups.of_subject.size(), accepted, genuine)),
        people_(groups.groups) {
    for (const uint32_t g : groups.of_subject) ++people_[g];
    for (int g = 0; g < groups.groups; ++g) {
      if (people_[g] >= options.minimum_subjects) eligible_.push_back(g);
    }
  }

  int64_t people(int g) const { return people_[g]; }
  const std::vector<int>& eligible() const { return eligible_; }

  // People of a group whom a gallery takes; of all groups (as supplied) in the
  // first place.
  std::vector<double> SizesOf(int64_t size, int own) const {
    std::vector<double> sizes(groups_.groups);
    switch (options_.gallery) {
      case Gallery::kAsSupplied:
        return {static_cast<double>(size)};
      case Gallery::kHomogeneous:
        sizes[own] = static_cast<double>(size);
        return sizes;
      case Gallery::kBalanced:
        break;
    }
    const auto parts = static_cast<int64_t>(eligible_.size());
    for (int64_t e = 0; e < parts; ++e) {
      const int64_t people = size / parts + (e < size % parts);
      sizes[eligible_[e]] = static_cast<double>(people);
    }
    return sizes;
  }

  bool Fits(int64_t size, int own) const {
    const std::vector<double> sizes = SizesOf(size, own);
    for (size_t s = 0; s < sizes.size(); ++s) {
      const int64_t people =
          options_.gallery == Gallery::kAsSupplied
              ? static_cast<int64_t>(groups_.of_subject.size())
              : people_[s];
      if (sizes[s] > static_cast<double>(people - 1)) return false;
    }
    return true;
  }

  // sizes x groups.
  std::vector<Sums> Run(std::span<const uint32_t> weights) const {
    const size_t strata = NumberOfStrata();
    std::vector<double> people(strata);
    for (size_t i = 0; i < weights.size(); ++i) {
      people[StratumOf(i)] += weights[i];
    }
    std::vector<Sums> sums(options_.sizes.size() * people_.size());
    for (Sums& entry : sums) entry.rate.resize(strata);
    std::vector<std::vector<double>> sizes;
    for (const int64_t size : options_.sizes) {
      for (int g = 0; g < groups_.groups; ++g) {
        sizes.push_back(SizesOf(size, g));
      }
    }
    for (size_t p = 0; p < weights.size(); ++p) {
      if (weights[p] == 0 || !complete_[p]) continue;
      Search(p, weights, people, sizes, &sums);
    }
    return sums;
  }

 private:
  size_t NumberOfStrata() const {
    return options_.gallery == Gallery::kAsSupplied ? 1 : people_.size();
  }
  size_t StratumOf(size_t subject) const {
    return options_.gallery == Gallery::kAsSupplied
               ? 0
               : groups_.of_subject[subject];
  }

  void Search(size_t p, std::span<const uint32_t> weights,
              const std::vector<double>& people,
              const std::vector<std::vector<double>>& sizes,
              std::vector<Sums>* sums) const {
    const size_t g = groups_.of_subject[p];
    const size_t own = StratumOf(p);
    const double weight = weights[p];
    // For every gallery size at once: from the top, stopping at each mate.
    std::vector<Stratum> strata(people.size());
    for (size_t s = 0; s < strata.size(); ++s) {
      strata[s].people = people[s] - (s == own ? weight : 0);
    }
    std::vector<double> scratch;
    const std::vector<Searches::Match>& matches = searches_.matches[p];
    size_t next = 0;
    for (const double mate : searches_.genuine[p]) {
      const bool below = mate < options_.threshold;
      while (next < matches.size() && matches[next].score >= mate) {
        Add(matches[next++], weights, &strata);
      }
      for (size_t k = 0; k < options_.sizes.size(); ++k) {
        Sums& entry = (*sums)[k * people_.size() + g];
        entry.mated += weight;
        if (below) {
          entry.missed += weight;
          continue;
        }
        SetSizes(sizes[k * people_.size() + g], &strata);
        strata[own].size = std::max(0.0, strata[own].size - 1);
        entry.missed +=
            weight *
            (1 - ProbabilityOfFewer(strata, static_cast<size_t>(options_.rank),
                                    &scratch));
      }
    }
    while (next < matches.size()) Add(matches[next++], weights, &strata);
    for (size_t k = 0; k < options_.sizes.size(); ++k) {
      Sums& entry = (*sums)[k * people_.size() + g];
      SetSizes(sizes[k * people_.size() + g], &strata);
      entry.searches += weight;
      entry.found += weight * (1 - ProbabilityOfFewer(strata, 1, &scratch));
      for (size_t s = 0; s < strata.size(); ++s) {
        if (strata[s].people <= 0) continue;
        const double rate = strata[s].hits / strata[s].people;
        entry.rate[s] += weight * rate;
        entry.selected += weight * rate * strata[s].size;
      }
    }
  }

  void Add(const Searches::Match& match, std::span<const uint32_t> weights,
           std::vector<Stratum>* strata) const {
    (*strata)[StratumOf(match.other)].hits +=
        weights[match.other] * match.share;
  }

  // A replicate may hold fewer people than the gallery: it takes them all.
  static void SetSizes(const std::vector<double>& sizes,
                       std::vector<Stratum>* strata) {
    for (size_t s = 0; s < sizes.size(); ++s) {
      (*strata)[s].size = std::min(sizes[s], (*strata)[s].people);
    }
  }

  const SubjectGroups& groups_;
  std::span<const uint8_t> complete_;
  const IdentificationOptions& options_;
  Searches searches_;
  std::vector<int64_t> people_;  // of each group
  std::vector<int> eligible_;
};

void Blank(const char* reason, IdentificationRate* rate) {
  rate->value = rate->lo = rate->hi = kNaN;
  rate->n = rate->subjects = 0;
  rate->reason = reason;
}

// Scales on which estimates are nearly normal. A replicate holds people twice,
// whose matches are the same, so it finds somebody in fewer searches: its
// spread is used, not its place.
struct Scale {
  double (*to)(double);
  double (*from)(double);
};
constexpr Scale kCount = {[](double x) { return std::log(x); },
                          [](double x) { return std::exp(x); }};
// Of a share of searches that find one of many.
constexpr Scale kAnyOf = {
    [](double p) { return std::log(-std::log1p(-std::min(p, 1 - 1e-12))); },
    [](double x) { return -std::expm1(-std::exp(x)); }};

void SetByScale(const Scale& scale, const std::vector<double>& draws,
                double level, IdentificationRate* rate) {
  std::vector<double> scaled;
  for (const double draw : draws) {
    if (const double x = scale.to(draw); std::isfinite(x)) scaled.push_back(x);
  }
  const double error =
      PercentileInterval(scale.to(rate->value), scaled, level).standard_error;
  const double middle = scale.to(rate->value);
  rate->lo = scale.from(middle - TwoSidedZ(level) * error);
  rate->hi = scale.from(middle + TwoSidedZ(level) * error);
  rate->method = "vertex_bootstrap_se";
}

// `scale` null: percentiles.
void SetInterval(const std::vector<double>& draws, double level,
                 const Scale* scale, IdentificationRate* rate) {
  rate->lo = rate->hi = kNaN;
  if (rate->value == 0) {
    rate->lo = 0;
    rate->hi = std::min(
        1.0, -std::log1p(-level) / static_cast<double>(rate->subjects));
    rate->method = "rule_of_three";
  } else if (draws.empty()) {
    rate->reason = "not_requested";
  } else if (scale != nullptr) {
    SetByScale(*scale, draws, level, rate);
  } else {
    const BootstrapSummary summary =
        PercentileInterval(rate->value, draws, level);
    rate->lo = summary.interval.lo;
    rate->hi = summary.interval.hi;
    rate->method = "vertex_bootstrap";
  }
}

// Of the people who search: how many they are, and their genuine comparisons.
struct Searchers {
  std::vector<int64_t> people;
  std::vector<int64_t> mated_people;
  std::vector<int64_t> mated;
};

Searchers CountSearchers(const SubjectGroups& groups,
                         std::span<const uint8_t> complete,
                         const GenuineScores& genuine) {
  const auto size = static_cast<size_t>(groups.groups);
  Searchers count{.people = std::vector<int64_t>(size),
                  .mated_people = std::vector<int64_t>(size),
                  .mated = std::vector<int64_t>(size)};
  std::vector<uint8_t> seen(complete.size());
  for (size_t i = 0; i < complete.size(); ++i) {
    count.people[groups.of_subject[i]] += complete[i];
  }
  for (const uint32_t subject : genuine.subject) {
    if (!complete[subject]) continue;
    const uint32_t g = groups.of_subject[subject];
    ++count.mated[g];
    count.mated_people[g] += !seen[subject];
    seen[subject] = 1;
  }
  return count;
}

std::vector<std::vector<Sums>> DrawReplicates(
    const Simulation& simulation, const SubjectGroups& groups,
    const IdentificationOptions& options) {
  const int replicates = std::min(options.replicates, kMostReplicates);
  std::vector<std::vector<Sums>> drawn(replicates);
  const SubjectDraws draws(groups);
  Progress progress("searching galleries", replicates, "replicates");
  ParallelFor(replicates, options.threads, [&](int64_t b) {
    std::vector<uint32_t> weights;
    draws.Draw(options.seed, static_cast<uint64_t>(b), &weights);
    drawn[b] = simulation.Run(weights);
    for (Sums& entry : drawn[b]) std::vector<double>().swap(entry.rate);
    progress.Advance(1);
  });
  return drawn;
}

double IndependentFpir(const Sums& sums, const std::vector<double>& sizes) {
  double none = 1;
  for (size_t s = 0; s < sizes.size(); ++s) {
    none *= std::pow(1 - sums.rate[s] / sums.searches, sizes[s]);
  }
  return 1 - none;
}

}  // namespace

Gallery ParseGallery(const std::string& text) {
  for (const Gallery gallery :
       {Gallery::kAsSupplied, Gallery::kBalanced, Gallery::kHomogeneous}) {
    if (text == NameOf(gallery)) return gallery;
  }
  throw Error(ErrorCode::kUsage,
              "--gallery {}: expected as-supplied, balanced or homogeneous",
              text);
}

const char* NameOf(Gallery gallery) {
  switch (gallery) {
    case Gallery::kAsSupplied:
      return "as-supplied";
    case Gallery::kBalanced:
      return "balanced";
    case Gallery::kHomogeneous:
      return "homogeneous";
  }
  return "";
}

std::vector<GroupIdentification> Identify(
    const SubjectGroups& groups, std::span<const uint8_t> complete,
    std::span<const Hit> accepted, const GenuineScores& genuine,
    const IdentificationOptions& options) {
  const Simulation simulation(groups, complete, accepted, genuine, options);
  const std::vector<uint32_t> once(groups.of_subject.size(), 1);
  const std::vector<Sums> sums = simulation.Run(once);
  const auto drawn = DrawReplicates(simulation, groups, options);
  const Searchers searchers = CountSearchers(groups, complete, genuine);
  std::vector<GroupIdentification> results;
  for (size_t i = 0; i < sums.size(); ++i) {
    const int g = static_cast<int>(i) % groups.groups;
    GroupIdentification result{.size = options.sizes[i / groups.groups],
                               .group = g,
                               .independent_fpir = kNaN};
    const int64_t people = searchers.people[g];
    result.incomplete = simulation.people(g) - people;
    const char* reason =
        simulation.people(g) < options.minimum_subjects ? "below_minimum"
        : !simulation.Fits(result.size, g)              ? "gallery_too_large"
        : people == 0                                   ? "not_all_compared"
        : people < options.minimum_subjects             ? "below_minimum"
                                                        : nullptr;
    const auto set = [&](double (Sums::*value)() const, int64_t n,
                         int64_t subjects, const Scale* scale,
                         IdentificationRate* rate) {
      if (reason != nullptr) return Blank(reason, rate);
      *rate = {.value = (sums[i].*value)(), .n = n, .subjects = subjects};
      std::vector<double> values;
      for (const std::vector<Sums>& draw : drawn) {
        values.push_back((draw[i].*value)());
      }
      SetInterval(values, options.level, scale, rate);
    };
    set(&Sums::fpir, people, people, &kAnyOf, &result.fpir);
    set(&Sums::selectivity, people, people, &kCount, &result.selectivity);
    if (result.selectivity.value == 0) result.selectivity.hi = kNaN;
    if (reason == nullptr) {
      result.independent_fpir =
          IndependentFpir(sums[i], simulation.SizesOf(result.size, g));
    }
    if (reason == nullptr && searchers.mated[g] == 0) {
      reason = "no_comparisons";
    } else if (reason == nullptr &&
               (searchers.mated[g] < options.minimum_comparisons ||
                searchers.mated_people[g] < options.minimum_subjects)) {
      reason = "below_minimum";
    }
    set(&Sums::fnir, searchers.mated[g], searchers.mated_people[g], nullptr,
        &result.fnir);
    results.push_back(result);
  }
  return results;
}

}  // namespace plumbline::face
