// What the terminal and the page of `plumbline power` both say.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "plumbline/report/json_place.h"
#include "plumbline/report/number_text.h"

namespace plumbline::report {

// What error messages call the document.
inline constexpr DocumentKind kPowerDocument = {"power.json", "power"};

// Differences of rates are percentage points, those of AUROC decimals.
NumberKind PowerMarginKind(const JsonPlace& power);
NumberKind PowerValueKind(const JsonPlace& power);

std::string PowerTitle(const JsonPlace& power);
// The answer in one or two sentences.
std::string PowerAnswer(const JsonPlace& power);
std::vector<std::string> PowerAssumptions(const JsonPlace& power);

// "Margin", or what takes its place where intervals are planned.
std::string PowerMarginWords(const JsonPlace& power);
// "Show a difference", "show no worse than the reference", ...
std::string PowerGoalWords(const JsonPlace& power);
// "Rows with the finding": what the rate is made of.
std::string PowerDenominatorHeading(const JsonPlace& power);
// "Prevalence" or "Flagged": the share that gives the denominator.
std::string PowerBaseHeading(const JsonPlace& power);
// Name and value of what was planned with, for a table.
std::vector<std::pair<std::string, std::string>> PowerSettings(
    const JsonPlace& power);
struct PowerGroupRow {
  std::string name;
  std::string expected;
  std::string base;  // of PowerBaseHeading
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
