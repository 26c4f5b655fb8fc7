#include "plumbline/audit/scores.h"

#include <algorithm>
#include <cmath>

#include "plumbline/base/error.h"

namespace plumbline {
namespace {

// Beyond this, odds leave the range of a double and the number is no log-odds.
constexpr double kLargestLogit = 700;

double Logistic(double x) {
  if (x >= 0) return 1 / (1 + std::exp(-x));
  const double odds = std::exp(x);
  return odds / (1 + odds);
}

// Log-odds to probabilities, in place, keeping the order of distinct values.
// Near 1 doubles lie too far apart for that: sigmoid(37) == sigmoid(38) == 1.
// There each distinct log-odds takes the largest double that is below the one
// of the next larger, a shift of at most 1.2e-16 a value. Below kCrowded only
// log-odds closer than 1e-9 can fall together.
void ConvertLogits(std::vector<double>* scores) {
  constexpr double kCrowded = 16;
  std::vector<double> crowded;
  for (const double x : *scores) {
    if (x > kCrowded) crowded.push_back(x);
  }
  std::sort(crowded.begin(), crowded.end());
  crowded.erase(std::unique(crowded.begin(), crowded.end()), crowded.end());
  std::vector<double> probability(crowded.size());
  double below = 1;
  for (size_t i = crowded.size(); i-- > 0;) {
    below = std::min(Logistic(crowded[i]), std::nextafter(below, 0));
    probability[i] = below;
  }
  for (double& x : *scores) {
    if (x > kCrowded) {
      const auto place = std::lower_bound(crowded.begin(), crowded.end(), x);
      x = probability[place - crowded.begin()];
    } else if (!std::isnan(x)) {
      x = Logistic(x);
    }
  }
}

void CheckScores(const Table& table, const NumericColumn& column, bool logit) {
  for (size_t row = 0; row < column.values.size(); ++row) {
    const double score = column.values[row];
    if (std::isnan(score)) continue;
    if (logit && !(std::abs(score) <= kLargestLogit)) {
      throw Error(ErrorCode::kInvalidInput, table.Where(row, column.name),
                  "{} is not a log-odds; with --logit scores must lie in "
                  "[-700, 700].",
                  score);
    }
    if (!logit && !(score >= 0 && score <= 1)) {
      throw Error(ErrorCode::kInvalidInput, table.Where(row, column.name),
                  "{} is not a probability; scores must lie in [0, 1]. Are "
                  "they logits? Then add --logit.",
                  score);
    }
  }
}

}  // namespace

std::vector<double> ReadScores(Table& table, const std::string& column,
                               bool logit, bool take) {
  CheckScores(table, table.Numeric(column), logit);
  std::vector<double> scores =
      take ? table.TakeNumeric(column).values : table.Numeric(column).values;
  if (logit) ConvertLogits(&scores);
  return scores;
}

}  // namespace plumbline
