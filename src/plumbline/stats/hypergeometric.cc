#include "plumbline/stats/hypergeometric.h"

#include <algorithm>
#include <cmath>

namespace plumbline {
namespace {

// lgamma keeps a sign in a global variable; this one may run in many threads.
double LogFactorial(int64_t n) {
  int sign = 0;
  return lgamma_r(static_cast<double>(n) + 1, &sign);
}

}  // namespace

int64_t NextHypergeometric(int64_t marked, int64_t total, int64_t draws,
                           RandomStream* random) {
  const int64_t least = std::max<int64_t>(0, draws + marked - total);
  const int64_t most = std::min(marked, draws);
  if (least >= most) return least;
  const int64_t mode = std::clamp(
      static_cast<int64_t>(std::floor((static_cast<double>(draws) + 1) *
                                      (static_cast<double>(marked) + 1) /
                                      (static_cast<double>(total) + 2))),
      least, most);
  const auto log_choose = [](int64_t n, int64_t k) {
    return LogFactorial(n) - LogFactorial(k) - LogFactorial(n - k);
  };
  const double at_mode = std::exp(log_choose(marked, mode) +
                                  log_choose(total - marked, draws - mode) -
                                  log_choose(total, draws));
  // P(k + 1) / P(k).
  const auto up = [&](int64_t k) {
    return static_cast<double>(marked - k) * static_cast<double>(draws - k) /
           (static_cast<double>(k + 1) *
            static_cast<double>(total - marked - draws + k + 1));
  };
  double u = random->NextUniform() - at_mode;
  if (u <= 0) return mode;
  int64_t below = mode, above = mode;
  double p_below = at_mode, p_above = at_mode;
  while (below > least || above < most) {
    if (above < most) {
      p_above *= up(above++);
      u -= p_above;
      if (u <= 0) return above;
    }
    if (below > least) {
      p_below /= up(--below);
      u -= p_below;
      if (u <= 0) return below;
    }
    // What is left are rounding errors of the sum.
    if (p_above < 1e-18 && p_below < 1e-18) break;
  }
  return mode;
}

void DrawTable(std::span<const int64_t> row_totals,
               std::span<const int64_t> column_totals, RandomStream* random,
               std::vector<int64_t>* table) {
  const size_t columns = column_totals.size();
  table->assign(row_totals.size() * columns, 0);
  std::vector<int64_t> left(column_totals.begin(), column_totals.end());
  int64_t all = 0;
  for (const int64_t total : left) all += total;
  for (size_t r = 0; r < row_totals.size(); ++r) {
    int64_t draws = row_totals[r];
    int64_t pool = all;
    for (size_t c = 0; c < columns && draws > 0; ++c) {
      const int64_t cell = NextHypergeometric(left[c], pool, draws, random);
      (*table)[r * columns + c] = cell;
      pool -= left[c];
      left[c] -= cell;
      draws -= cell;
    }
    all -= row_totals[r];
  }
}

}  // namespace plumbline
