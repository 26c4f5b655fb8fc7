#include "plumbline/audit/weights.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "plumbline/base/error.h"

namespace plumbline {
namespace {

constexpr const char* kMissing =
    "the weight is missing (in {} row{}); give every row one, 0 for a row that "
    "is to be left out, or leave out --weight";
constexpr const char* kNegative =
    "{} is not a sampling weight; a weight says how many images of the "
    "population a row stands for and cannot be negative. Give 0 for a row that "
    "is to be left out.";
constexpr const char* kNotFinite =
    "{} is not a sampling weight; it must be a finite number. A probability of "
    "0 has no inverse: a row that was sampled had a chance above 0.";

// What is wrong with a weight; "" if nothing is.
std::string Fault(double weight, size_t missing) {
  if (std::isnan(weight)) {
    return fmt::format(fmt::runtime(kMissing), missing,
                       missing == 1 ? "" : "s");
  }
  if (std::isinf(weight)) return fmt::format(fmt::runtime(kNotFinite), weight);
  if (weight < 0) return fmt::format(fmt::runtime(kNegative), weight);
  return "";
}

size_t CountMissing(const std::vector<double>& weights) {
  return std::count_if(weights.begin(), weights.end(),
                       [](double weight) { return std::isnan(weight); });
}

bool AllZero(const std::vector<double>& weights) {
  return std::all_of(weights.begin(), weights.end(),
                     [](double weight) { return weight == 0; });
}

}  // namespace

std::vector<double> TakeWeights(Table& table, const std::string& column) {
  if (column.empty()) return {};
  std::vector<double> weights = table.TakeNumeric(column).values;
  const size_t missing = CountMissing(weights);
  for (size_t row = 0; row < weights.size(); ++row) {
    const std::string fault = Fault(weights[row], missing);
    if (!fault.empty()) {
      throw Error(ErrorCode::kInvalidInput,
                  table.Where(static_cast<int64_t>(row), column), "{}", fault);
    }
  }
  if (AllZero(weights)) {
    throw Error(
        ErrorCode::kInvalidInput,
        "{}: every weight in column \"{}\" is 0, so that no row stands "
        "for anything; give the rows to audit a weight above 0, or "
        "leave out --weight",
        table.sources().empty() ? "the table" : table.sources().front().file,
        column);
  }
  return weights;
}

void CheckWeights(const AuditInput& input) {
  const std::vector<double>& weights = input.weights;
  if (weights.empty()) return;
  if (static_cast<int64_t>(weights.size()) != input.rows) {
    throw Error(ErrorCode::kInvalidInput,
                "there must be one weight for each row, found {} for {} rows",
                weights.size(), input.rows);
  }
  const size_t missing = CountMissing(weights);
  for (size_t row = 0; row < weights.size(); ++row) {
    const std::string fault = Fault(weights[row], missing);
    if (!fault.empty()) {
      throw Error(ErrorCode::kInvalidInput,
                  "weight of row {} (counted from 0): {}", row, fault);
    }
  }
  if (AllZero(weights)) {
    throw Error(ErrorCode::kInvalidInput,
                "every weight is 0, so that no row stands for anything");
  }
}

}  // namespace plumbline
