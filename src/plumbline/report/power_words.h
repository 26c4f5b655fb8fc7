// What the terminal and the page of `plumbline power` both say.
#pragma once

#include <string>
#include <vector>

#include "plumbline/report/json_place.h"
#include "plumbline/report/number_text.h"

namespace plumbline::report {

// Differences of rates are percentage points, those of AUROC decimals.
NumberKind PowerMarginKind(const JsonPlace& power);
NumberKind PowerValueKind(const JsonPlace& power);

std::string PowerTitle(const JsonPlace& power);
// The answer in one or two sentences.
std::string PowerAnswer(const JsonPlace& power);
std::vector<std::string> PowerAssumptions(const JsonPlace& power);

// "33.0 % -> 5.1 pp".
struct PowerGroupRow {
  std::string name;
  std::string expected;
  std::string base;  // prevalence, or share that is flagged
  std::string design_effect;
  std::string trials;
  std::string rows;
  std::string subjects;
  std::string subjects_at_shares;  // "": not asked
};
std::vector<PowerGroupRow> PowerGroupRows(const JsonPlace& power);

struct PowerSizeRow {
  double subjects = 0;
  double trials = 0;
  double margin = 0;
};
// Without the sizes that show no margin.
std::vector<PowerSizeRow> PowerSizeRows(const JsonPlace& power);

}  // namespace plumbline::report
