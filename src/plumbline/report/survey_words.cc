#include "plumbline/report/survey_words.h"

#include <fmt/format.h>

#include <cmath>

#include "plumbline/report/audit_words.h"

namespace plumbline::report {
namespace {

struct Measure {
  std::string_view name;
  std::string_view words;
  NumberKind kind;
};

constexpr Measure kMeasures[] = {
    {"smd", "standardised difference", NumberKind::kRatio},
    {"risk_ratio", "ratio of rates", NumberKind::kRatio},
    {"share_ratio", "share over the population's", NumberKind::kRatio},
    {"retention_ratio", "share kept over that of all others",
     NumberKind::kRatio},
    {"unknown_share", "share not known", NumberKind::kPercent},
    {"conflicting_share", "share with several values", NumberKind::kPercent},
    {"cramers_v", "Cramér's V", NumberKind::kRatio},
    {"auroc", "AUROC", NumberKind::kDecimal},
    {"composition", "part by composition", NumberKind::kPoints},
    {"standardised_difference", "difference at equal levels",
     NumberKind::kPoints},
    {"stability_index", "stability index", NumberKind::kRatio},
    {"detectable_difference", "smallest difference within reach",
     NumberKind::kPoints}};

const Measure* FindMeasure(const std::string& name) {
  for (const Measure& measure : kMeasures) {
    if (measure.name == name) return &measure;
  }
  return nullptr;
}

struct Words {
  std::string_view code, words;
};

constexpr Words kReasons[] = {
    {"no_rows", "no rows"},
    {"no_events", "none in the reference group"},
    {"no_spread", "all values alike"},
    {"too_few_subjects", "too few people"},
    {"too_few_positives", "too few cases"},
    {"too_few_columns", "fewer than two columns with missing values"},
    {"no_common_stratum", "no level that both groups have"},
    {"no_covariates", "no covariate that can be used"}};

std::string Reason(const std::string& code) {
  for (const auto& [key, words] : kReasons) {
    if (key == code) return std::string(words);
  }
  return ReasonText(code, std::nullopt, 0);
}

}  // namespace

std::string SurveyTitle(const JsonPlace& survey) {
  const std::string title = survey.TextOr("title", "");
  return title.empty() ? "The data before any modelling" : title;
}

std::string SurveyEstimateText(const JsonPlace& estimate, NumberKind kind) {
  const auto value = estimate.Number("value");
  if (!value) return Reason(estimate.TextOr("reason", ""));
  std::string text = NumberText(*value, kind);
  const auto lo = estimate.Number("lo"), hi = estimate.Number("hi");
  if (lo && hi) text += " (" + RangeText(*lo, *hi, kind) + ')';
  return text;
}

std::string SurveyMemberText(const JsonPlace& place, const char* key,
                             NumberKind kind) {
  if (!place.Has(key)) return "-";
  return SurveyEstimateText(place.At(key), kind);
}

std::string SurveyEffectText(const JsonPlace& finding) {
  const std::string name = finding.Text("measure");
  const JsonPlace effect = finding.At("effect");
  const Measure* measure = FindMeasure(name);
  std::string text;
  if (measure != nullptr && effect.Number("value")) {
    text = std::string(measure->words) + ' ' +
           SurveyEstimateText(effect, measure->kind);
  }
  const auto add = [&](const std::string& part) {
    text += (text.empty() ? "" : "; ") + part;
  };
  const auto subjects = effect.Count("subjects");
  if (subjects && *subjects > 0) {
    add(CountText(subjects) + (*subjects == 1 ? " person" : " people"));
  }
  const auto adjusted = effect.Number("p_adjusted");
  if (adjusted) add("adjusted p " + ProbabilityText(adjusted));
  return text;
}

SurveyTally TallyOfChapter(const JsonPlace& survey, int chapter) {
  SurveyTally tally;
  survey.ForEach("findings", [&](const JsonPlace& finding) {
    if (finding.Count("chapter") != chapter) return;
    const std::string severity = finding.Text("severity");
    ++(severity == "high"     ? tally.high
       : severity == "medium" ? tally.medium
       : severity == "low"    ? tally.low
                              : tally.note);
  });
  return tally;
}

std::string SurveyAnswer(const SurveyTally& tally) {
  const int counted = tally.Counted();
  if (counted == 0) {
    return tally.note == 0 ? "nothing that stands out"
                           : fmt::format("nothing that stands out, {} note{}",
                                         tally.note, tally.note > 1 ? "s" : "");
  }
  std::string text =
      fmt::format("{} finding{}", counted, counted > 1 ? "s" : "");
  if (tally.high > 0) return text + fmt::format(", {} high", tally.high);
  if (tally.medium > 0) return text + fmt::format(", {} medium", tally.medium);
  return text + ", all low";
}

std::vector<AuditFinding> SurveyFindings(const JsonPlace& survey) {
  std::vector<AuditFinding> findings;
  survey.ForEach("findings", [&](const JsonPlace& place) {
    AuditFinding finding;
    finding.code = place.Text("code");
    finding.severity = place.Text("severity");
    finding.sentence = place.Text("text");
    const std::string effect = SurveyEffectText(place);
    if (!effect.empty()) finding.sentence += " [" + effect + "]";
    finding.action = place.Text("action");
    findings.push_back(std::move(finding));
  });
  return findings;
}

std::string SurveyAbout(const JsonPlace& row) {
  const std::string label = row.TextOr("label", "");
  const std::string group =
      row.Text("attribute") + "=" + row.TextOr("group", "");
  return label.empty() ? group : group + ", " + label;
}

}  // namespace plumbline::report
