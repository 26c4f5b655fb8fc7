// Several models of one finding, side by side.
#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <map>

#include "plumbline/report/audit_summary.h"
#include "plumbline/report/audit_words.h"
#include "plumbline/report/multiclass_document.h"

namespace plumbline::report {
namespace {

constexpr size_t kMetricsOnPage = 6;
constexpr int kMetricsInText = 3;

constexpr const char* kNote =
    "Intervals that overlap do not show that two models are alike, nor ones "
    "that do not by how much they differ: both models saw the same images. "
    "plumbline compare tests their difference in pairs.";

// Findings with several models, in the order of the document.
std::vector<std::vector<const AuditTarget*>> SideBySide(
    const AuditDocument& document) {
  std::vector<std::vector<const AuditTarget*>> findings;
  std::map<std::string, size_t> place;
  for (const AuditTarget& target : document.targets) {
    const auto [found, is_new] = place.emplace(target.target, findings.size());
    if (is_new) findings.emplace_back();
    findings[found->second].push_back(&target);
  }
  std::erase_if(findings, [](const auto& models) { return models.size() < 2; });
  return findings;
}

// Key metrics, and those of `also` that are not among them.
std::vector<int> MetricsToShow(const AuditDocument& document, size_t most,
                               std::initializer_list<const char*> also) {
  std::vector<int> metrics = KeyMetrics(document, static_cast<int>(most));
  for (const char* name : also) {
    const int m = document.MetricIndex(name);
    if (m >= 0 &&
        std::find(metrics.begin(), metrics.end(), m) == metrics.end()) {
      metrics.push_back(m);
    }
  }
  return metrics;
}

const AuditGroup* FindGroup(const AuditTarget& target,
                            const std::string& name) {
  for (const AuditGroup& group : target.groups) {
    if (group.name == name) return &group;
  }
  return nullptr;
}

std::string Cell(const AuditDocument& document, const AuditTarget& target,
                 const std::string& group_name, int m) {
  const AuditGroup* group = FindGroup(target, group_name);
  if (group == nullptr) return "-";
  const AuditMetric& metric = document.metrics[m];
  return EstimateText(group->metrics[m], KindOfMetric(metric.name, metric.unit),
                      document.options.minimum);
}

void WriteMetric(const std::vector<const AuditTarget*>& models, int m,
                 ReportPage* page) {
  const AuditDocument& document = page->document;
  const std::string label = Escaped(document.metrics[m].label);
  HtmlTable table(label + ", " + EscapedName(models[0]->target), label,
                  &page->html);
  table.HeadText("Group");
  for (const AuditTarget* model : models) {
    table.HeadNumber(EscapedName(model->score));
  }
  size_t written = 0;
  for (const AuditGroup& group : models[0]->groups) {
    if (group.attributes.size() > 1) continue;
    if (written++ == page->limits.levels) break;
    table.Row(EscapedName(group.name));
    for (const AuditTarget* model : models) {
      table.Number(Cell(document, *model, group.name, m));
    }
  }
  table.Finish();
}

}  // namespace

void WriteModels(ReportPage* page) {
  const auto findings = SideBySide(page->document);
  if (findings.empty()) return;
  page->BeginSection("Models side by side");
  page->Paragraph(kNote);
  size_t written = 0;
  for (const auto& models : findings) {
    if (written++ == page->limits.targets) break;
    page->html += "<h3>" + EscapedName(models[0]->target) + "</h3>\n";
    std::string rows;
    for (const AuditTarget* model : models) {
      if (!rows.empty()) rows += ", ";
      rows +=
          EscapedName(model->score) + " on " + CountText(model->rows) + " rows";
    }
    page->Paragraph("Audited: " + rows + '.');
    for (const int m :
         MetricsToShow(page->document, kMetricsOnPage, {"auroc", "brier"})) {
      WriteMetric(models, m, page);
    }
  }
  page->EndSection();
}

void WriteModels(const AuditDocument& document, PlainWriter* writer) {
  constexpr size_t kFindings = 5;
  const auto findings = SideBySide(document);
  if (findings.empty()) return;
  writer->Heading("Models side by side, everyone");
  const std::vector<int> metrics = MetricsToShow(document, kMetricsInText, {});
  TextTable table;
  table.AddColumn("Target", TextTable::Align::kLeft);
  table.AddColumn("Model", TextTable::Align::kLeft);
  for (const int m : metrics) {
    table.AddColumn(ShortName(document.metrics[m]), TextTable::Align::kRight);
  }
  for (size_t f = 0; f < std::min(findings.size(), kFindings); ++f) {
    for (const AuditTarget* model : findings[f]) {
      std::vector<std::string> cells = {model->target, model->score};
      for (const int m : metrics) {
        cells.push_back(Cell(document, *model, "everyone", m));
      }
      table.AddRow(std::move(cells));
    }
  }
  writer->Table(table);
  writer->Paragraph(kNote);
}

}  // namespace plumbline::report
