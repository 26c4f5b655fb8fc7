// The key "case_mix" of audit.json as structs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace plumbline::report {

class JsonPlace;

struct CaseMixEstimate {
  std::optional<double> value;
  std::optional<double> lo;
  std::optional<double> hi;
  std::optional<double> p_adjusted;
  std::string reason;
};

struct CaseMixShare {
  std::string covariate;
  std::optional<double> value;
  std::optional<double> lo;
  std::optional<double> hi;
};

struct CaseMixComparison {
  std::string metric;
  std::string group;      // "" for the largest difference
  std::string reference;  // ""
  std::string denominator;
  std::optional<int64_t> n;
  std::optional<int64_t> subjects;
  CaseMixEstimate crude;
  CaseMixEstimate direct;
  CaseMixEstimate weighted;
  CaseMixEstimate explained;
  std::string outcome;
  std::vector<CaseMixShare> shares;
};

struct CaseMixSupport {
  struct Group {
    std::string name;
    std::optional<int64_t> n;
    std::optional<double> effective;
    std::optional<double> largest_share;
    std::optional<double> imbalance_before;
    std::optional<double> imbalance_after;
  };
  std::string denominator;
  std::string group;
  std::string reference;
  std::optional<double> coverage;
  std::string direct_reason;
  std::string weights_reason;
  std::string covariate;
  std::string level;
  std::vector<Group> groups;
};

struct CaseMixBalance {
  std::string group;
  std::string reference;
  std::string covariate;
  std::string level;  // "": the mean of a number
  std::optional<double> before;
  std::optional<double> after;
};

struct CaseMixEntry {
  std::string target;
  std::string by;
  std::vector<std::string> covariates;
  std::string adjust_to;
  std::vector<CaseMixComparison> comparisons;
  std::vector<CaseMixSupport> supports;
  std::vector<CaseMixBalance> balance;
};

// Empty where the audit was not asked for it. Throws as JsonPlace.
std::vector<CaseMixEntry> ReadCaseMix(const JsonPlace& root);

// "explained by case mix", "remains", "cannot tell".
std::string CaseMixOutcomeWords(const std::string& outcome);
// "weights refused: only some groups have machine=mobile".
std::string CaseMixReasonWords(const CaseMixSupport& support);
// "people with the finding", of a denominator.
std::string CaseMixRowsWords(const std::string& denominator);
// Why there is no estimate: "no overlap".
std::string CaseMixReasonWords(const std::string& reason);

// Comparisons worth showing: those whose crude or standardised gap is shown,
// what harms patients most directly first; else the first ones. At most `most`.
std::vector<const CaseMixComparison*> CaseMixToShow(const CaseMixEntry& entry,
                                                    size_t most);

}  // namespace plumbline::report
