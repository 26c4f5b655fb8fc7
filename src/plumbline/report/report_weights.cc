// Sampling weights: by what the figures are weighted, and what the rows of each
// group are then worth.
#include <fmt/format.h>

#include <cmath>

#include "plumbline/base/text.h"
#include "plumbline/report/audit_words.h"
#include "plumbline/report/html.h"
#include "plumbline/report/number_text.h"
#include "plumbline/report/report_page.h"
#include "plumbline/report/weights_document.h"

namespace plumbline::report {
namespace {

// With one decimal as the effective rows beside it, or four digits of sums that
// are far from the number of rows (weights that add to 1).
std::string WeightSumText(std::optional<double> sum) {
  if (!sum) return "-";
  if (*sum < 100 || *sum >= 1e12) return fmt::format("{:.4g}", *sum);
  const double tenths = std::round(*sum * 10);
  const auto whole = static_cast<long long>(tenths / 10);
  return fmt::format("{}.{}", WithThousands(whole),
                     static_cast<long long>(tenths) - 10 * whole);
}

// Everyone and the groups of one attribute.
void WriteTable(const AuditTarget& target, ReportPage* page) {
  HtmlTable table(
      "What the rows of a group are worth: as many rows of equal weight "
      "would tell as much (Kish). Prevalence is weighted.",
      "Effective sample size", &page->html);
  table.HeadText("Group");
  table.HeadNumber("Rows");
  table.HeadNumber("Sum of weights");
  table.HeadNumber("Effective rows");
  table.HeadNumber("Prevalence");
  size_t written = 0;
  for (const AuditGroup& group : target.groups) {
    if (group.attributes.size() > 1) continue;
    if (written++ > page->limits.levels) break;
    table.Row(EscapedName(group.name));
    table.Number(CountText(group.n));
    table.Number(WeightSumText(group.weight_sum));
    table.Number(EffectiveText(group));
    table.Number(OptionalText(group.prevalence, NumberKind::kPercent));
  }
  table.Finish();
}

}  // namespace

void WriteWeights(ReportPage* page) {
  const AuditDocument& document = page->document;
  if (!IsWeighted(document)) return;
  page->BeginSection("Sampling weights");
  std::string text = "Every figure counts a row by its weight";
  if (!document.input.weight_column.empty()) {
    text += " (column <code>" + EscapedName(document.input.weight_column) +
            "</code>)";
  }
  page->Paragraph(
      text +
      ", taken as the inverse of the probability that the row was sampled: a "
      "row with weight 20 stands for 20, but is one observation. n counts rows "
      "with a weight above 0. Intervals take the weights as known, and each "
      "sampled subject as drawn independently.");
  WriteTable(document.targets[0], page);
  if (!page->OneTarget()) {
    page->Note("Of the target " + EscapedName(document.targets[0].name) +
               "; the others are in groups.csv.");
  }
  page->EndSection();
}

}  // namespace plumbline::report
