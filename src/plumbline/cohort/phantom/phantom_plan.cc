#include "plumbline/cohort/phantom/phantom_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "plumbline/base/random.h"

namespace plumbline {
namespace {

// Sites of the reversal: prevalence there, and the share of the group that
// comes from site two.
constexpr ByGroup kPrevalenceOne = {0.30, 0.05};
constexpr ByGroup kPrevalenceTwo = {0.85, 0.60};
constexpr ByGroup kShareTwo = {0.1, 0.9};
constexpr double kSecondPrevalence = 0.2;

double Of(const ByGroup& value, bool is_b) { return is_b ? value.b : value.a; }

// The order in which things are dealt: by cell, at random within.
std::vector<int64_t> DealingOrder(const std::vector<uint64_t>& cells,
                                  RandomStream* random) {
  std::vector<int64_t> order(cells.size());
  std::iota(order.begin(), order.end(), int64_t{0});
  for (size_t i = order.size(); i > 1; --i) {
    std::swap(order[i - 1], order[random->NextBelow(i)]);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](int64_t a, int64_t b) { return cells[a] < cells[b]; });
  return order;
}

// Deals yes and no over people or rows. Each call spreads its answer over the
// cells that all answers so far make, and refines the cells.
class Dealer {
 public:
  Dealer(uint64_t seed, std::string_view purpose, size_t count)
      : random_(seed, purpose), cells_(count, 0) {}

  // Systematic sampling with these chances: in each cell the number of yes is
  // the sum of its chances, but for less than one.
  std::vector<uint8_t> Deal(const std::function<double(size_t)>& chance) {
    std::vector<uint8_t> yes(cells_.size());
    double sum = random_.NextUniform();
    for (const int64_t i : DealingOrder(cells_, &random_)) {
      const double before = std::floor(sum);
      sum += chance(i);
      yes[i] = std::floor(sum) > before;
    }
    for (size_t i = 0; i < yes.size(); ++i) cells_[i] = cells_[i] * 2 + yes[i];
    return yes;
  }

  // Numbers in (0, 1), evenly spread in every cell: the golden ratio's
  // multiples. Does not refine the cells.
  std::vector<double> DealNumbers() {
    constexpr double kGolden = 0.6180339887498949;
    std::vector<double> numbers(cells_.size());
    double at = random_.NextUniform();
    for (const int64_t i : DealingOrder(cells_, &random_)) {
      at += kGolden;
      at -= std::floor(at);
      numbers[i] = std::clamp(at, 1e-6, 1 - 1e-6);
    }
    return numbers;
  }

  // What is known of each before anything is dealt.
  void Refine(const std::function<uint64_t(size_t)>& cell, uint64_t cells) {
    for (size_t i = 0; i < cells_.size(); ++i) {
      cells_[i] = cells_[i] * cells + cell(i);
    }
  }

 private:
  RandomStream random_;
  std::vector<uint64_t> cells_;
};

double ChanceOfDisease(const PhantomOptions& o, const PhantomSubject& s) {
  if (!o.simpson) return Of(o.prevalence, s.is_b);
  return Of(s.is_site_two ? kPrevalenceTwo : kPrevalenceOne, s.is_b);
}

void DealSubjects(PhantomPlan* plan) {
  const PhantomOptions& o = plan->options;
  std::vector<PhantomSubject>& people = plan->subjects;
  Dealer dealer(o.seed, "phantom subjects", people.size());
  const auto deal = [&](const auto& chance, const auto& set) {
    const std::vector<uint8_t> yes =
        dealer.Deal([&](size_t i) { return chance(people[i]); });
    for (size_t i = 0; i < yes.size(); ++i) set(&people[i], yes[i] != 0);
  };
  deal([&](const PhantomSubject&) { return o.share_b; },
       [](PhantomSubject* s, bool yes) { s->is_b = yes; });
  deal(
      [&](const PhantomSubject& s) {
        return o.simpson ? Of(kShareTwo, s.is_b) : 0.5;
      },
      [](PhantomSubject* s, bool yes) { s->is_site_two = yes; });
  deal([&](const PhantomSubject& s) { return ChanceOfDisease(o, s); },
       [](PhantomSubject* s, bool yes) { s->sick = yes; });
  deal(
      [&](const PhantomSubject& s) {
        return std::clamp(
            Of(o.south, s.is_b) + (s.sick ? o.south_if_sick : 0.0), 0.0, 1.0);
      },
      [](PhantomSubject* s, bool yes) { s->is_south = yes; });
  deal([](const PhantomSubject&) { return 0.4; },
       [](PhantomSubject* s, bool yes) {
         s->part = yes ? PhantomSplit::kTest : PhantomSplit::kTrain;
       });
  // A quarter of the test set becomes the tuning set.
  deal(
      [](const PhantomSubject& s) {
        return s.part == PhantomSplit::kTest ? 0.25 : 0.0;
      },
      [](PhantomSubject* s, bool yes) {
        if (yes) s->part = PhantomSplit::kTune;
      });
  deal([](const PhantomSubject&) { return kSecondPrevalence; },
       [](PhantomSubject* s, bool yes) { s->second = yes; });
  deal([&](const PhantomSubject& s) { return Of(o.unknown, s.is_b); },
       [](PhantomSubject* s, bool yes) { s->group_known = !yes; });
  // Adults of all ages, most about 55.
  const std::vector<double> ages = dealer.DealNumbers();
  for (size_t i = 0; i < people.size(); ++i) {
    people[i].age =
        std::round(18 + 72 * (0.5 * ages[i] +
                              0.5 * (3 - 2 * ages[i]) * ages[i] * ages[i]));
  }
}

uint64_t CellOf(const PhantomSubject& s) {
  return ((((static_cast<uint64_t>(s.is_b) * 2 + s.sick) * 2 + s.is_site_two) *
               2 +
           s.is_south) *
              3 +
          static_cast<uint64_t>(s.part)) *
             2 +
         s.second;
}

void DealRows(PhantomPlan* plan) {
  const PhantomOptions& o = plan->options;
  const std::vector<PhantomSubject>& people = plan->subjects;
  Dealer counts(o.seed, "phantom images", people.size());
  counts.Refine([&](size_t i) { return CellOf(people[i]); }, 96);
  const double more = o.images - std::floor(o.images);
  const std::vector<uint8_t> one_more =
      counts.Deal([&](size_t) { return more; });
  for (size_t s = 0; s < people.size(); ++s) {
    const int images = static_cast<int>(o.images) + one_more[s];
    for (int i = 0; i < images; ++i) {
      plan->rows.push_back({static_cast<int64_t>(s), i});
    }
  }
  Dealer dealer(o.seed, "phantom rows", plan->rows.size());
  dealer.Refine(
      [&](size_t i) { return CellOf(plan->subject(static_cast<int64_t>(i))); },
      96);
  const std::vector<uint8_t> ap = dealer.Deal([](size_t) { return 0.4; });
  const std::vector<double> exposure = dealer.DealNumbers();
  for (size_t i = 0; i < plan->rows.size(); ++i) {
    plan->rows[i].is_ap = ap[i] != 0;
    plan->rows[i].exposure = std::round(100 * (1.5 + 3 * exposure[i])) / 100;
  }
}

// One label of all rows, as a report would have it.
void DealLabel(PhantomPlan* plan, std::string_view purpose,
               bool PhantomSubject::*truth, RecordedLabel PhantomRow::*place,
               bool with_defects) {
  const PhantomOptions& o = plan->options;
  const size_t count = plan->rows.size();
  const auto who = [&](size_t i) -> const PhantomSubject& {
    return plan->subject(static_cast<int64_t>(i));
  };
  Dealer dealer(o.seed, purpose, count);
  // Evenly over the groups and ages of the sick and of the healthy.
  dealer.Refine(
      [&](size_t i) {
        const auto decade = static_cast<uint64_t>(who(i).age / 10);
        return (uint64_t{who(i).*truth} * 2 + who(i).is_b) * 16 + decade;
      },
      64);
  // Both groups as group A where nothing is planted.
  const auto of = [&](const ByGroup& value, size_t i) {
    return Of(value, with_defects && who(i).is_b);
  };
  const auto flipped = dealer.Deal([&](size_t i) {
    if (!with_defects) return 0.0;
    return of(who(i).*truth ? o.missed : o.invented, i);
  });
  const auto silent = dealer.Deal([&](size_t i) {
    return who(i).*truth ? of(o.silent, i) : o.silent_negative;
  });
  const auto blank = dealer.Deal([&](size_t i) { return of(o.blank, i); });
  for (size_t i = 0; i < count; ++i) {
    const bool yes = who(i).*truth != (flipped[i] != 0);
    plan->rows[i].*place = blank[i]    ? RecordedLabel::kBlank
                           : silent[i] ? RecordedLabel::kNotMentioned
                           : yes       ? RecordedLabel::kYes
                                       : RecordedLabel::kNo;
  }
}

// Copies of images of the training set (of any, if they stay in their part),
// each filed under a new person who is like the first in everything else.
void AddCopies(PhantomPlan* plan) {
  const PhantomOptions& o = plan->options;
  const auto rows = static_cast<int64_t>(plan->rows.size());
  RandomStream random(o.seed, "phantom copies");
  std::vector<int64_t> originals;
  for (int64_t i = 0; i < rows; ++i) {
    if (!o.copies_cross_split ||
        plan->subject(i).part == PhantomSplit::kTrain) {
      originals.push_back(i);
    }
  }
  const auto exact = static_cast<int64_t>(
      std::llround(o.exact_copies * static_cast<double>(rows)));
  const auto changed = static_cast<int64_t>(
      std::llround(o.changed_copies * static_cast<double>(rows)));
  constexpr CopyChange kChanges[] = {CopyChange::kMirrored, CopyChange::kTurned,
                                     CopyChange::kBrightened,
                                     CopyChange::kCropped};
  const auto copies = std::min<int64_t>(exact + changed,
                                        static_cast<int64_t>(originals.size()));
  for (int64_t c = 0; c < copies; ++c) {
    std::swap(originals[c], originals[c + static_cast<int64_t>(random.NextBelow(
                                              originals.size() - c))]);
    PhantomRow copy = plan->rows[originals[c]];
    PhantomSubject person = plan->subjects[copy.subject];
    if (o.copies_cross_split) person.part = PhantomSplit::kTest;
    copy.subject = static_cast<int64_t>(plan->subjects.size());
    copy.copy_of = originals[c];
    copy.change = c < exact ? CopyChange::kExact : kChanges[(c - exact) % 4];
    plan->subjects.push_back(person);
    plan->rows.push_back(copy);
  }
}

}  // namespace

const char* NameOf(PhantomSplit part) {
  constexpr const char* kNames[] = {"train", "tune", "test"};
  return kNames[static_cast<size_t>(part)];
}

const char* NameOf(CopyChange change) {
  constexpr const char* kNames[] = {"",       "exact",      "mirrored",
                                    "turned", "brightened", "cropped"};
  return kNames[static_cast<size_t>(change)];
}

PhantomPlan MakePhantomPlan(const PhantomOptions& options) {
  CheckPhantomOptions(options);
  PhantomPlan plan;
  plan.options = options;
  plan.subjects.resize(options.subjects);
  DealSubjects(&plan);
  DealRows(&plan);
  DealLabel(&plan, "phantom label", &PhantomSubject::sick, &PhantomRow::sick,
            true);
  DealLabel(&plan, "phantom second label", &PhantomSubject::second,
            &PhantomRow::second, false);
  AddCopies(&plan);
  return plan;
}

std::string PhantomPath(int64_t row) {
  return fmt::format("images/{:06}.png", row);
}

}  // namespace plumbline
