#include "plumbline/audit/group_calibration.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace plumbline {
namespace {

constexpr double kClip = 1e-12;
constexpr int kMaxSteps = 50;
constexpr double kTolerance = 1e-10;
// Beyond this a fit runs away: the scores separate the classes.
constexpr double kLargest = 1e3;
// Of one step, in either coefficient.
constexpr double kLongest = 1;

double Sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

// One group's two fits: label ~ intercept + slope * logit, and label ~
// offset(logit) + shift.
struct Fit {
  double intercept = 0;
  double slope = 1;
  double shift = 0;
  bool line_done = false;
  bool shift_done = false;
  bool failed = false;

  // Sums of one Newton step: gradient and (minus) Hessian.
  double g0 = 0, g1 = 0, h00 = 0, h01 = 0, h11 = 0;
  double gs = 0, hs = 0;
  // Outer products of the scores (gradients) of subjects, and of rows.
  struct Products {
    double m00 = 0, m01 = 0, m11 = 0, ms = 0;
    int64_t count = 0;

    void Add(double s0, double s1, double s) {
      m00 += s0 * s0;
      m01 += s0 * s1;
      m11 += s1 * s1;
      ms += s * s;
      ++count;
    }
  };
  Products subjects;
  Products rows;

  bool done() const { return failed || (line_done && shift_done); }
  void ClearSums() { g0 = g1 = h00 = h01 = h11 = gs = hs = 0; }
};

// `w` is the row's sampling weight: the fit is that of the weighted (pseudo)
// likelihood.
void AddRow(Fit& fit, double x, double y, double w) {
  const double mu = Sigmoid(fit.intercept + fit.slope * x);
  const double weight = w * (mu * (1 - mu));
  const double residual = w * (y - mu);
  fit.g0 += residual;
  fit.g1 += residual * x;
  fit.h00 += weight;
  fit.h01 += weight * x;
  fit.h11 += weight * x * x;
  const double shifted = Sigmoid(fit.shift + x);
  fit.gs += w * (y - shifted);
  fit.hs += w * (shifted * (1 - shifted));
}

void Step(Fit& fit) {
  if (fit.done()) return;
  const double determinant = fit.h00 * fit.h11 - fit.h01 * fit.h01;
  if (!(determinant > 1e-12 * fit.h00 * fit.h11) || !(fit.hs > 0)) {
    fit.failed = true;
    return;
  }
  double d0 = (fit.h11 * fit.g0 - fit.h01 * fit.g1) / determinant;
  double d1 = (fit.h00 * fit.g1 - fit.h01 * fit.g0) / determinant;
  // Far from the solution a full step overshoots.
  const double too_long =
      std::max({1.0, std::abs(d0) / kLongest, std::abs(d1) / kLongest});
  d0 /= too_long;
  d1 /= too_long;
  const double ds = std::clamp(fit.gs / fit.hs, -kLongest, kLongest);
  fit.intercept += d0;
  fit.slope += d1;
  fit.shift += ds;
  fit.line_done = std::abs(d0) < kTolerance && std::abs(d1) < kTolerance;
  fit.shift_done = std::abs(ds) < kTolerance;
  if (!(std::abs(fit.intercept) < kLargest) ||
      !(std::abs(fit.slope) < kLargest) || !(std::abs(fit.shift) < kLargest)) {
    fit.failed = true;
  }
}

// Scores (gradients) of one subject in one group.
struct SubjectScore {
  uint32_t group;
  double s0, s1, s;
};

class Calibrator {
 public:
  Calibrator(const RankedRows& rows, const std::vector<double>& logits,
             const SubjectRows* subjects, const GroupIndex& groups,
             int grouping)
      : rows_(rows),
        logits_(logits),
        subjects_(subjects),
        groups_(groups),
        grouping_(grouping),
        first_(groups.groupings[grouping].first_group),
        fits_(groups.groupings[grouping].group_count) {}

  std::vector<GroupCalibration> Run() {
    Start();
    for (int step = 0; step < kMaxSteps && !AllDone(); ++step) NewtonStep();
    // The Hessian at the solution, for the sandwich.
    for (Fit& fit : fits_) {
      fit.failed = fit.failed || !fit.done();
      fit.ClearSums();
    }
    for (int64_t i = 0; i < rows_.size(); ++i) {
      Fit& fit = fits_[GroupOf(i)];
      if (!fit.failed) AddRow(fit, logits_[i], Label(i), rows_.weight(i));
    }
    if (subjects_ == nullptr) {
      for (int64_t i = 0; i < rows_.size(); ++i) {
        const uint32_t group = GroupOf(i);
        if (fits_[group].failed) continue;
        const SubjectScore score = Score(i, group);
        fits_[group].subjects.Add(score.s0, score.s1, score.s);
      }
    } else {
      AddSubjects();
    }
    std::vector<GroupCalibration> results;
    for (const Fit& fit : fits_) results.push_back(Finish(fit));
    return results;
  }

 private:
  uint32_t GroupOf(int64_t i) const {
    return groups_.GroupOf(rows_.cell(i), grouping_) - first_;
  }
  double Label(int64_t i) const { return rows_.positive(i) ? 1.0 : 0.0; }

  // From the constant model; a group with one class has no fit.
  void Start() {
    std::vector<double> positives(fits_.size(), 0);
    std::vector<double> negatives(fits_.size(), 0);
    for (int64_t i = 0; i < rows_.size(); ++i) {
      const uint32_t group = GroupOf(i);
      positives[group] += rows_.weight(i) * Label(i);
      negatives[group] += rows_.weight(i) * (1 - Label(i));
    }
    for (size_t g = 0; g < fits_.size(); ++g) {
      fits_[g].failed = positives[g] == 0 || negatives[g] == 0;
      if (fits_[g].failed) continue;
      fits_[g].intercept = std::log(positives[g] / negatives[g]);
      fits_[g].slope = 0;
    }
  }

  bool AllDone() const {
    return std::all_of(fits_.begin(), fits_.end(),
                       [](const Fit& fit) { return fit.done(); });
  }

  void NewtonStep() {
    for (Fit& fit : fits_) fit.ClearSums();
    for (int64_t i = 0; i < rows_.size(); ++i) {
      Fit& fit = fits_[GroupOf(i)];
      if (!fit.done()) AddRow(fit, logits_[i], Label(i), rows_.weight(i));
    }
    for (Fit& fit : fits_) Step(fit);
  }

  SubjectScore Score(int64_t i, uint32_t group) const {
    const Fit& fit = fits_[group];
    const double w = rows_.weight(i);
    const double residual =
        w * (Label(i) - Sigmoid(fit.intercept + fit.slope * logits_[i]));
    return {group, residual, residual * logits_[i],
            w * (Label(i) - Sigmoid(fit.shift + logits_[i]))};
  }

  void AddSubjects() {
    std::vector<SubjectScore> parts;
    for (int64_t s = 0; s < subjects_->subjects(); ++s) {
      parts.clear();
      for (uint32_t p = subjects_->offsets[s]; p < subjects_->offsets[s + 1];
           ++p) {
        const uint32_t i = subjects_->positions[p];
        const uint32_t group = GroupOf(i);
        if (fits_[group].failed) continue;
        const SubjectScore score = Score(i, group);
        fits_[group].rows.Add(score.s0, score.s1, score.s);
        AddPart(parts, score);
      }
      for (const SubjectScore& part : parts) {
        fits_[part.group].subjects.Add(part.s0, part.s1, part.s);
      }
    }
  }

  static void AddPart(std::vector<SubjectScore>& parts,
                      const SubjectScore& score) {
    for (SubjectScore& part : parts) {
      if (part.group != score.group) continue;
      part.s0 += score.s0;
      part.s1 += score.s1;
      part.s += score.s;
      return;
    }
    parts.push_back(score);
  }

  // Sandwich variances of slope and shift.
  struct Variances {
    double slope;
    double shift;
  };
  static Variances Sandwich(const Fit& fit, const Fit::Products& m) {
    const double factor =
        static_cast<double>(m.count) / static_cast<double>(m.count - 1);
    // Row of H^-1 that belongs to the slope.
    const double determinant = fit.h00 * fit.h11 - fit.h01 * fit.h01;
    const double a = -fit.h01 / determinant;
    const double b = fit.h00 / determinant;
    return {factor * (a * a * m.m00 + 2 * a * b * m.m01 + b * b * m.m11),
            factor * m.ms / (fit.hs * fit.hs)};
  }

  static GroupCalibration Finish(const Fit& fit) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    if (fit.failed || fit.subjects.count < 2) {
      return {{nan, nan, nan, nan, false}, nan, nan};
    }
    const Variances by_subject = Sandwich(fit, fit.subjects);
    GroupCalibration group;
    group.fit = {fit.slope, std::sqrt(by_subject.slope), fit.shift,
                 std::sqrt(by_subject.shift), true};
    if (fit.rows.count > 1) {
      const Variances by_row = Sandwich(fit, fit.rows);
      group.slope_design_effect = by_subject.slope / by_row.slope;
      group.intercept_design_effect = by_subject.shift / by_row.shift;
    }
    return group;
  }

  const RankedRows& rows_;
  const std::vector<double>& logits_;
  const SubjectRows* subjects_;
  const GroupIndex& groups_;
  const int grouping_;
  const uint32_t first_;
  std::vector<Fit> fits_;
};

}  // namespace

std::vector<double> LogitScores(const RankedRows& rows) {
  std::vector<double> logits(rows.size());
  for (int64_t i = 0; i < rows.size(); ++i) {
    const double p = std::clamp(rows.scores[i], kClip, 1 - kClip);
    logits[i] = std::log(p) - std::log1p(-p);
  }
  return logits;
}

std::vector<GroupCalibration> CalibrateGroups(const RankedRows& rows,
                                              const std::vector<double>& logits,
                                              const SubjectRows* subjects,
                                              const GroupIndex& groups,
                                              int grouping) {
  return Calibrator(rows, logits, subjects, groups, grouping).Run();
}

}  // namespace plumbline
