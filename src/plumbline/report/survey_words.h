// What the terminal and the page of `plumbline survey` both say.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "plumbline/report/audit_document.h"
#include "plumbline/report/json_place.h"
#include "plumbline/report/number_text.h"

namespace plumbline::report {

// What error messages call the document.
inline constexpr DocumentKind kSurveyDocument = {"survey.json", "survey"};

inline constexpr std::array<const char*, 3> kSurveyQuestions = {
    "Are there disparities?", "Which groups are marginalised?",
    "What are the drivers?"};

std::string SurveyTitle(const JsonPlace& survey);

// "12.3 % (10.1 to 14.7)", or why there is no value.
std::string SurveyEstimateText(const JsonPlace& estimate, NumberKind kind);
// The same of a member that may be null: "-".
std::string SurveyMemberText(const JsonPlace& place, const char* key,
                             NumberKind kind);

// "standardised difference 0.41 (0.32 to 0.50); 475 people; p <0.001".
std::string SurveyEffectText(const JsonPlace& finding);

// How many findings a chapter has of each severity.
struct SurveyTally {
  int high = 0, medium = 0, low = 0, note = 0;
  int Counted() const { return high + medium + low; }
};
SurveyTally TallyOfChapter(const JsonPlace& survey, int chapter);
// "7 findings, 2 of them high", "Nothing found that stands out".
std::string SurveyAnswer(const SurveyTally& tally);

// As the list of findings of a page takes them: the effect stands in the
// action's place before it.
std::vector<AuditFinding> SurveyFindings(const JsonPlace& survey);

// "sex=F, Effusion".
std::string SurveyAbout(const JsonPlace& row);

}  // namespace plumbline::report
