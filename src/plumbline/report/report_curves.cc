// Calibration, ROC and net benefit by group.
#include <fmt/format.h>

#include <algorithm>

#include "plumbline/report/audit_summary.h"
#include "plumbline/report/audit_words.h"
#include "plumbline/report/curves.h"
#include "plumbline/report/report_page.h"
#include "plumbline/report/svg.h"

namespace plumbline::report {
namespace {

struct AttributeCurves {
  const AuditAttribute* attribute = nullptr;
  std::vector<NamedCurve> curves;  // everyone first
  size_t left_out = 0;
};

const AuditGroup* GroupNamed(const AuditTarget& target,
                             const std::string& name) {
  for (const AuditGroup& group : target.groups) {
    if (group.name == name) return &group;
  }
  return nullptr;
}

std::optional<double> ValueOf(const AuditDocument& document,
                              const AuditGroup* group, const char* metric) {
  const int index = document.MetricIndex(metric);
  if (group == nullptr || index < 0) return std::nullopt;
  return group->metrics[index].value;
}

NamedCurve Named(const AuditDocument& document, const AuditTarget& target,
                 const AuditCurve& curve, std::string label) {
  NamedCurve named{std::move(label), &curve, std::nullopt, std::nullopt};
  const AuditGroup* group = GroupNamed(target, curve.name);
  named.operating_fpr = ValueOf(document, group, "fpr");
  if (const auto fnr = ValueOf(document, group, "fnr")) {
    named.operating_tpr = 1 - *fnr;
  } else {
    named.operating_tpr = ValueOf(document, group, "sensitivity");
  }
  return named;
}

int64_t RowsOf(const AuditAttribute& attribute,
               const std::optional<std::string>& level) {
  for (const AuditAttribute::Level& entry : attribute.levels) {
    if (entry.level == level) return entry.rows.value_or(0);
  }
  return 0;
}

// The curves of an attribute's groups under everyone's; the largest groups if
// there are more than can be told apart.
std::vector<AttributeCurves> CurvesByAttribute(const AuditTarget& target,
                                               const AuditDocument& document) {
  const AuditCurve* everyone = nullptr;
  for (const AuditCurve& curve : target.curves) {
    if (curve.attributes.empty()) everyone = &curve;
  }
  std::vector<AttributeCurves> all;
  for (const AuditAttribute& attribute : document.attributes) {
    std::vector<const AuditCurve*> curves;
    for (const AuditCurve& curve : target.curves) {
      if (curve.attributes.size() == 1 &&
          curve.attributes[0].first == attribute.name) {
        curves.push_back(&curve);
      }
    }
    if (curves.empty()) continue;
    AttributeCurves part;
    part.attribute = &attribute;
    constexpr size_t kMost = kSeriesStyles - 1;
    if (curves.size() > kMost) {
      part.left_out = curves.size() - kMost;
      std::stable_sort(curves.begin(), curves.end(),
                       [&](const AuditCurve* a, const AuditCurve* b) {
                         return RowsOf(attribute, a->attributes[0].second) >
                                RowsOf(attribute, b->attributes[0].second);
                       });
      curves.resize(kMost);
    }
    if (everyone != nullptr) {
      part.curves.push_back(Named(document, target, *everyone, "everyone"));
    }
    for (const AuditCurve* curve : curves) {
      part.curves.push_back(Named(document, target, *curve,
                                  LevelWords(curve->attributes[0].second)));
    }
    all.push_back(std::move(part));
  }
  if (all.empty() && everyone != nullptr) {
    all.push_back(
        {nullptr, {Named(document, target, *everyone, "everyone")}, 0});
  }
  return all;
}

std::string ByWords(const AttributeCurves& part) {
  return part.attribute == nullptr ? "for everyone"
                                   : "by " + part.attribute->name;
}

void WriteLeftOut(const AttributeCurves& part, ReportPage* page) {
  if (part.left_out == 0) return;
  page->Note(fmt::format("The {} largest groups; {} more are in audit.json.",
                         kSeriesStyles - 1, part.left_out));
}

void StartTable(const AttributeCurves& part, const char* first,
                HtmlTable* table) {
  table->HeadText(first);
  for (const NamedCurve& named : part.curves) {
    table->HeadNumber(EscapedName(named.label));
  }
}

void WriteCalibrationTable(const AttributeCurves& part, ReportPage* page) {
  size_t bins = 0;
  for (const NamedCurve& named : part.curves) {
    bins = std::max(bins, named.curve->calibration.size());
  }
  OpenDetails("Numbers", &page->html);
  HtmlTable table(
      "Mean score and observed share of positives in bins of equal "
      "counts, per cent, with the interval of the share.",
      "Calibration bins", &page->html);
  StartTable(part, "Bin", &table);
  for (size_t bin = 0; bin < bins; ++bin) {
    table.Row(std::to_string(bin + 1));
    for (const NamedCurve& named : part.curves) {
      if (bin >= named.curve->calibration.size()) {
        table.Number("-");
        continue;
      }
      const AuditCurve::CalibrationBin& b = named.curve->calibration[bin];
      std::string text =
          fmt::format("{:.1f} → {:.1f}", b.score * 100, b.observed * 100);
      if (b.lo && b.hi) {
        text += " (" + RangeText(*b.lo, *b.hi, NumberKind::kPercent) + ')';
      }
      table.Number(text);
    }
  }
  table.Finish();
  page->html += "</details>\n";
}

void WriteRocTable(const AttributeCurves& part, ReportPage* page) {
  OpenDetails("Numbers", &page->html);
  HtmlTable table(
      "Area under the curve, and sensitivity read off the curve at "
      "some false-positive rates.",
      "ROC curves", &page->html);
  table.HeadText("Group");
  table.HeadNumber("AUROC");
  for (const int fpr : {5, 10, 20, 30, 50}) {
    table.HeadNumber(fmt::format("at {} % FPR", fpr));
  }
  for (const NamedCurve& named : part.curves) {
    table.Row(EscapedName(named.label));
    table.Number(OptionalText(named.curve->roc_area, NumberKind::kDecimal));
    for (const int fpr : {5, 10, 20, 30, 50}) {
      table.Number(OptionalText(SensitivityAt(*named.curve, fpr / 100.0),
                                NumberKind::kPercent));
    }
  }
  table.Finish();
  page->html += "</details>\n";
}

void WriteBenefitTable(const AttributeCurves& part, ReportPage* page) {
  constexpr size_t kRows = 8;
  const NamedCurve* longest = &part.curves[0];
  for (const NamedCurve& named : part.curves) {
    if (named.curve->net_benefit.size() > longest->curve->net_benefit.size()) {
      longest = &named;
    }
  }
  const size_t points = longest->curve->net_benefit.size();
  const size_t rows = std::min(points, kRows);
  OpenDetails("Numbers", &page->html);
  HtmlTable table(
      "Net benefit per 100 rows of the model; in brackets, of "
      "flagging everyone.",
      "Net benefit", &page->html);
  StartTable(part, "Threshold", &table);
  for (size_t row = 0; row < rows; ++row) {
    const size_t at = rows == 1 ? 0 : row * (points - 1) / (rows - 1);
    table.Row(NumberText(longest->curve->net_benefit[at].threshold,
                         NumberKind::kPercent));
    for (const NamedCurve& named : part.curves) {
      if (at >= named.curve->net_benefit.size()) {
        table.Number("-");
        continue;
      }
      const AuditCurve::Benefit& benefit = named.curve->net_benefit[at];
      std::string text = fmt::format("{:.2f}", benefit.model * 100);
      if (benefit.all) text += fmt::format(" ({:.2f})", *benefit.all * 100);
      table.Number(text);
    }
  }
  table.Finish();
  page->html += "</details>\n";
}

std::vector<AttributeCurves> CurvesToDraw(const AuditTarget& target,
                                          ReportPage* page) {
  std::vector<AttributeCurves> all = CurvesByAttribute(target, page->document);
  all.resize(std::min(all.size(), page->limits.curve_attributes));
  return all;
}

}  // namespace

void WriteCalibration(const AuditTarget& target, ReportPage* page) {
  const std::vector<AttributeCurves> all = CurvesToDraw(target, page);
  std::string figures;
  std::swap(figures, page->html);  // to see whether there is anything
  for (const AttributeCurves& part : all) {
    const std::string title = "Calibration " + ByWords(part);
    const std::string svg = DrawCalibration(
        page->NextId(), title + ": " + target.name, part.curves);
    if (svg.empty()) continue;
    page->BeginFigure("curve", svg,
                      "<b>Calibration</b> " + EscapedName(ByWords(part)));
    if (page->limits.curve_tables) WriteCalibrationTable(part, page);
    WriteLeftOut(part, page);
    page->EndFigure();
  }
  std::swap(figures, page->html);
  if (figures.empty()) return;
  page->BeginPart("Calibration by group");
  page->Paragraph(
      "Among cases with a score of 20 %, about 20 % should be positive, in "
      "every group. On the dashed line scores and observed shares agree; below "
      "it the score is too high for the group, above it too low.");
  page->html += "<div class=\"figures\">\n" + figures + "</div>\n";
  page->EndPart();
}

void WriteRocAndBenefit(const AuditTarget& target, ReportPage* page) {
  const std::vector<AttributeCurves> all = CurvesToDraw(target, page);
  std::string figures;
  std::swap(figures, page->html);
  for (const AttributeCurves& part : all) {
    const std::string svg =
        DrawRoc(page->NextId(), "ROC " + ByWords(part) + ": " + target.name,
                part.curves);
    if (!svg.empty()) {
      page->BeginFigure(
          "curve", svg,
          "<b>ROC</b> " + EscapedName(ByWords(part)) +
              "; the marker on each curve is the decision threshold");
      WriteRocTable(part, page);
      WriteLeftOut(part, page);
      page->EndFigure();
    }
    const std::string benefit = DrawNetBenefit(
        page->NextId(), "Net benefit " + ByWords(part) + ": " + target.name,
        part.curves);
    if (!benefit.empty()) {
      page->BeginFigure("curve", benefit,
                        "<b>Net benefit</b> " + EscapedName(ByWords(part)) +
                            (part.curves.size() <= kWithTreatAll
                                 ? "; dotted: flagging everyone"
                                 : ""));
      if (page->limits.curve_tables) WriteBenefitTable(part, page);
      page->EndFigure();
    }
  }
  std::swap(figures, page->html);
  if (figures.empty()) return;
  page->BeginPart("Discrimination and net benefit by group");
  page->Paragraph(
      "ROC: how many positives are found for each share of false alarms. One "
      "threshold lands at different points in different groups. Net benefit: "
      "true findings per 100 cases, less false alarms weighted by the "
      "threshold "
      "probability; flagging nobody has none (dashed line). Groups with more "
      "positives can gain more: compare each with flagging everyone.");
  page->html += "<div class=\"figures\">\n" + figures + "</div>\n";
  page->EndPart();
}

}  // namespace plumbline::report
