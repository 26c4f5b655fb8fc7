// Missing demographics, limitations, methods, versions, checklists, sign-off.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "plumbline/base/text.h"
#include "plumbline/report/audit_summary.h"
#include "plumbline/report/audit_words.h"
#include "plumbline/report/report_page.h"

namespace plumbline::report {
namespace {

void WriteBounds(const AuditTarget& target, ReportPage* page) {
  const AuditDocument& document = page->document;
  HtmlTable table(
      "The gap between known groups, and how small or large it "
      "would be if the missing rows belonged to the groups where "
      "they help or harm most.",
      "Bounds of gaps", &page->html);
  table.HeadText("Attribute");
  table.HeadText("Metric");
  table.HeadNumber("Gap among known");
  table.HeadNumber("Smallest possible");
  table.HeadNumber("Largest possible");
  for (const AuditMissingness& missing : target.missingness) {
    for (const AuditMissingness::Bound& bound : missing.bounds) {
      const NumberKind kind = KindOfGap("max_min", bound.metric, "");
      table.Row(EscapedName(missing.attribute));
      table.Text(Escaped(ShortName(document, bound.metric)));
      table.Number(OptionalText(bound.max_min, kind));
      table.Number(OptionalText(bound.lowest, kind));
      table.Number(OptionalText(bound.highest, kind));
    }
  }
  table.Finish();
}

// How the intervals of metrics were made, as far as this audit used them.
std::string MethodsUsed(const AuditDocument& document) {
  std::set<std::string> methods;
  for (const AuditTarget& target : document.targets) {
    for (const AuditGroup& group : target.groups) {
      for (const AuditEstimate& estimate : group.metrics) {
        if (estimate.present && estimate.method != "none") {
          methods.insert(MethodWords(estimate.method));
        }
      }
    }
  }
  return JoinWords({methods.begin(), methods.end()});
}

std::string GapMethodsUsed(const AuditDocument& document) {
  std::set<std::string> methods;
  for (const AuditTarget& target : document.targets) {
    for (const AuditGap& gap : target.gaps) {
      if (gap.method != "none") methods.insert(MethodWords(gap.method));
    }
  }
  return JoinWords({methods.begin(), methods.end()});
}

std::string AdjustmentsUsed(const AuditDocument& document) {
  std::set<std::string> adjustments;
  for (const AuditTarget& target : document.targets) {
    for (const AuditGap& gap : target.gaps) {
      if (!gap.adjustment.empty()) {
        adjustments.insert(AdjustmentWords(gap.adjustment));
      }
    }
  }
  return JoinWords({adjustments.begin(), adjustments.end()});
}

void WriteSettings(ReportPage* page) {
  const AuditDocument& document = page->document;
  const AuditOptionsUsed& options = document.options;
  HtmlTable table(
      "Settings of this audit. run.json has all of them, with the "
      "command line.",
      "Settings", &page->html);
  table.HeadText("Setting");
  table.HeadText("Value");
  WriteSetting("Plumbline", Escaped(document.version), &table);
  std::vector<std::string> by;
  for (const std::string& name : options.by) by.push_back(EscapedName(name));
  WriteSetting("Groups by", JoinWords(by), &table);
  WriteSetting("Attributes crossed", Escaped(CountText(options.cross)), &table);
  WriteSetting("Threshold rule", Escaped(options.at), &table);
  WriteSetting("Level of intervals", LevelText(options.level), &table);
  WriteSetting("Margin",
               options.margin ? fmt::format("{:g}", *options.margin) : "none",
               &table);
  WriteSetting("Smallest denominator", std::to_string(options.minimum), &table);
  WriteSetting("Bootstrap replicates", Escaped(CountText(options.replicates)),
               &table);
  WriteSetting("Bootstrap interval", Escaped(options.interval), &table);
  WriteSetting("Seed", Escaped(options.seed), &table);
  table.Finish();
}

}  // namespace

void WriteMissingGroups(const AuditTarget& target, ReportPage* page) {
  if (target.missingness.empty()) return;
  page->BeginPart("Robustness to missing demographics");
  HtmlTable table(
      "Errors where an attribute is missing and where it is known. "
      "A small p says that missingness and error go together.",
      "Errors by missingness", &page->html);
  table.HeadText("Attribute");
  table.HeadNumber("Rows missing");
  table.HeadNumber("Share");
  table.HeadNumber("Error rate, missing");
  table.HeadNumber("Error rate, known");
  table.HeadNumber("p");
  bool bounds = false;
  for (const AuditMissingness& missing : target.missingness) {
    const int64_t minimum = page->document.options.minimum;
    table.Row(EscapedName(missing.attribute));
    table.Number(CountText(missing.rows));
    table.Number(OptionalText(missing.share, NumberKind::kPercent));
    table.Number(EstimateText(missing.error_rate_missing, NumberKind::kPercent,
                              minimum));
    table.Number(
        EstimateText(missing.error_rate_known, NumberKind::kPercent, minimum));
    table.Number(ProbabilityText(missing.p));
    bounds = bounds || !missing.bounds.empty();
  }
  table.Finish();
  if (bounds) WriteBounds(target, page);
  page->EndPart();
}

void WriteLimitations(ReportPage* page) {
  constexpr size_t kMost = 60;
  const std::vector<std::string> limitations =
      LimitationLines(page->document, 4);
  page->BeginSection("Limitations");
  page->html += "<ul class=\"prose\">\n";
  for (size_t i = 0; i < std::min(limitations.size(), kMost); ++i) {
    page->html += "<li>" + Escaped(limitations[i]) + "</li>\n";
  }
  if (limitations.size() > kMost) {
    page->html += fmt::format("<li>{} more are in audit.json.</li>\n",
                              limitations.size() - kMost);
  }
  page->html +=
      "<li>The audit sees labels, scores and recorded attributes. It cannot "
      "see "
      "wrong labels, people who were never imaged, or what happens after the "
      "model has spoken.</li>\n</ul>\n";
  page->EndSection();
}

void WriteMethods(ReportPage* page) {
  const AuditDocument& document = page->document;
  page->BeginSection("Methods, versions and hashes");
  std::string text =
      "Intervals of metrics: " + Escaped(MethodsUsed(document)) + ". ";
  const std::string gap_methods = GapMethodsUsed(document);
  if (!gap_methods.empty()) {
    text += "Intervals and tests of gaps: " + Escaped(gap_methods) + ". ";
  }
  if (document.input.clustered) {
    text +=
        "Rows of one subject are not independent; all intervals, tests and "
        "bootstraps are clustered by subject, and the design effect says "
        "by how much that widens the variance. ";
  }
  text += fmt::format(
      "Below {} rows in the denominator a value is given "
      "without an interval and is not compared.",
      document.options.minimum);
  page->Paragraph(text);
  const std::string adjustments = AdjustmentsUsed(document);
  page->Paragraph(
      "The highest minus the lowest group is above zero even without any bias, "
      "and more so with many small groups. Each such gap stands therefore "
      "beside what chance alone gives, on average and in 1 of 20 cases; p "
      "values are for that null" +
      (adjustments.empty() ? std::string(".")
                           : ", adjusted for the number of comparisons (" +
                                 Escaped(adjustments) + ").") +
      " A gap is shown if the adjusted p is small; none above the margin if "
      "the whole interval lies within the margin; else these data cannot tell. "
      "How sure it is that a group is the worst comes from the posterior after "
      "shrinkage.");
  WriteSettings(page);
  WriteFilesTable(page->document.input.files, "audit.json", page);
  page->Note(
      "Exact numbers: audit.json, groups.csv and gaps.csv beside this "
      "page. The same input, options and seed give the same bytes.");
  page->EndSection();
}

void WriteChecklist(ReportPage* page) {
  page->BeginSection("Reporting checklists");
  page->Paragraph(
      "What this report gives towards the checklists that journals and "
      "regulators ask for, and what its authors must add.");
  HtmlTable table("Pointers for TRIPOD+AI and CLAIM.", "Checklists",
                  &page->html);
  table.HeadText("Topic");
  table.HeadText("Where");
  const std::pair<const char*, const char*> rows[] = {
      {"Data sources, flow of participants, missing data",
       "sections on population and data flow; setting and dates: to be added"},
      {"Definition of the outcome and its reader",
       "label columns are named; how they were made: to be added"},
      {"Threshold and how it was fixed", "section on population"},
      {"Performance with intervals, overall and by group",
       "sections on performance"},
      {"Calibration and clinical utility",
       "sections on calibration and net benefit, if scores were given"},
      {"Fairness: groups, reasons for their choice, results",
       "verdict and sections by group; reasons: to be added"},
      {"Sample size", "section on the smallest gap that could show"},
      {"Code, versions, seeds", "section on methods"},
      {"Intended use, funding, ethics, protocol", "to be added"}};
  for (const auto& [topic, where] : rows) {
    table.Row(topic);
    table.Text(where);
  }
  table.Finish();
  page->EndSection();
}

void WriteSignOff(ReportPage* page) {
  page->BeginSection("Sign-off", "sign");
  HtmlTable table("To be filled in by hand.", "Sign-off", &page->html);
  table.HeadText("Role");
  table.HeadText("Name");
  table.HeadText("Decision and conditions");
  table.HeadText("Date and signature");
  for (const char* role : {"Prepared by", "Clinical review",
                           "Statistical review", "Committee decision"}) {
    table.Row(role);
    for (int i = 0; i < 3; ++i) table.Text("");
  }
  table.Finish();
  page->EndSection();
}

}  // namespace plumbline::report
