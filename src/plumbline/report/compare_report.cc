// The page of a comparison: verdict, everyone, groups with the differences
// drawn against the margin, gaps, limitations, methods.
#include "plumbline/report/compare_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "plumbline/base/json.h"
#include "plumbline/base/text.h"
#include "plumbline/report/audit_words.h"
#include "plumbline/report/compare_document.h"
#include "plumbline/report/compare_words.h"
#include "plumbline/report/forest.h"
#include "plumbline/report/page_parts.h"
#include "plumbline/report/page_writer.h"

namespace plumbline::report {
namespace {

// How many of each thing the page may hold.
struct Limits {
  size_t targets = 60;
  size_t lines = 120;       // rows of a target's tables of groups
  size_t forest_rows = 40;  // groups in one drawing
  size_t forests = 8;       // metrics drawn for a target
  size_t gaps = 60;

  // Takes half of everything away. False if there is nothing left to take.
  bool Shrink() {
    bool changed = false;
    for (const auto& [count, least] :
         {std::pair(&lines, size_t{8}), std::pair(&forest_rows, size_t{8}),
          std::pair(&forests, size_t{1}), std::pair(&gaps, size_t{4})}) {
      if (*count <= least) continue;
      *count = std::max(least, *count / 2);
      changed = true;
    }
    if (!changed && targets > 1) {
      targets /= 2;
      changed = true;
    }
    return changed;
  }
};

class ComparePage : public PageWriter {
 public:
  ComparePage(const CompareDocument& document, const Limits& limits)
      : document_(document), limits_(limits) {}

  std::string Write() {
    html.reserve(1 << 18);
    Verdict();
    const size_t after_verdict = html.size();
    const size_t targets = std::min(limits_.targets, document_.targets.size());
    for (size_t t = 0; t < targets; ++t) Target(document_.targets[t], t == 0);
    if (targets < document_.targets.size()) {
      Note(fmt::format("{} more targets are in groups.csv and gaps.csv.",
                       document_.targets.size() - targets));
    }
    Limitations();
    Methods();
    html.insert(after_verdict, Contents());
    return FinishPage(Head(), html,
                      "Parts that are folded on the screen are not printed; "
                      "open them before printing, or read groups.csv and "
                      "gaps.csv.");
  }

 private:
  PageHead Head() const {
    PageHead head;
    head.kicker = "Plumbline comparison of two models by group";
    head.title = document_.title.empty() ? "Two models compared by group"
                                         : document_.title;
    head.version = document_.version;
    head.facts.emplace_back("Old", EscapedName(document_.names[0]));
    head.facts.emplace_back("New", EscapedName(document_.names[1]));
    head.facts.emplace_back("Rows", CountText(document_.input.rows));
    if (!document_.input.subject_column.empty()) {
      head.facts.emplace_back("Subjects", CountText(document_.input.subjects));
    }
    if (document_.options.margin) {
      head.facts.emplace_back("Margin",
                              fmt::format("{:g}", *document_.options.margin));
    }
    head.facts.emplace_back("Flagged", Escaped(document_.options.at));
    return head;
  }

  void Verdict() {
    BeginSection("Verdict", "verdict");
    html += "<p class=\"lead\">" + Escaped(document_.verdict) + "</p>\n";
    WritePolicyNote(document_.policy, this);
    Gates();
    WriteFindingsList(document_.findings, 6, 74, "compare.json", this);
    EndSection();
  }

  void Gates() {
    std::vector<GateLine> lines;
    for (const AuditGate& gate : document_.gates) {
      lines.push_back(
          {EscapedName(gate.gate) + (document_.targets.size() > 1
                                         ? " (" + EscapedName(gate.target) + ')'
                                         : ""),
           gate.outcome, gate.sentence, gate.gate});
    }
    WriteGateTable(
        "Met if the new model is non-inferior in every group, failed if it is "
        "inferior in one.",
        std::move(lines), "compare.json", this);
  }

  // One target of several folds away.
  void Target(const CompareTarget& target, bool open) {
    const std::string title = EscapedName(target.name) + " by group";
    const bool folds = document_.targets.size() > 1;
    if (folds) {
      BeginFoldedSection(title, open);
    } else {
      BeginSection(title);
    }
    Paragraph(fmt::format(
        "{} positives in {} rows that both models have scored. The old model "
        "flags {}, the new one {}.",
        CountText(target.positives), CountText(target.rows),
        Escaped(ThresholdWords(target.thresholds[0])),
        Escaped(ThresholdWords(target.thresholds[1]))));
    html += "<h3>Everyone together</h3>\n";
    const auto everyone = LinesWorstFirst(document_, target, true);
    Lines(everyone, 0, everyone.size(),
          "Both models on the same rows; differences are paired.");
    Note(
        "Worse, better: a difference is shown. Inferior: all of the interval "
        "is harm beyond the margin. Non-inferior: harm beyond the margin is "
        "ruled out. Margin open: whether the harm exceeds the margin, these "
        "data cannot tell.");
    html += "<h3>Differences by group</h3>\n";
    Forests(target);
    Groups(target);
    html += "<h3>Gaps between groups</h3>\n";
    Gaps(target);
    if (folds) {
      EndFoldedSection();
    } else {
      EndSection();
    }
  }

  void Groups(const CompareTarget& target) {
    constexpr size_t kInSight = 16;
    const auto lines = LinesWorstFirst(document_, target, false);
    if (lines.empty()) {
      Note("No attribute was given with --by.");
      return;
    }
    Lines(lines, 0, std::min(kInSight, limits_.lines),
          "Groups, worst first: inferior, worse, cannot tell, better, the "
          "rest.");
    if (lines.size() <= kInSight || limits_.lines <= kInSight) return;
    OpenDetails(
        fmt::format("{} more lines", WithThousands(static_cast<long long>(
                                         lines.size() - kInSight))),
        &html);
    Lines(lines, kInSight, limits_.lines - kInSight, "Groups, continued.");
    if (lines.size() > limits_.lines) {
      Note(fmt::format("{} more are in groups.csv.",
                       lines.size() - limits_.lines));
    }
    html += "</details>\n";
  }

  // The verdict first and in sight on any screen; what each model has by
  // itself, and what more data would show, in a second table.
  void Lines(const std::vector<CompareLine>& lines, size_t begin, size_t most,
             const std::string& caption) {
    const size_t end = std::min(lines.size(), begin + most);
    HtmlTable table(caption, "Old and new model", &html);
    table.HeadText("Group");
    table.HeadText("Metric");
    table.HeadText("Verdict");
    table.HeadNumber("New − old (" + LevelText(document_.options.level) + ')');
    table.HeadNumber("p, adjusted");
    table.HeadNumber("Old");
    table.HeadNumber("New");
    table.HeadNumber("n");
    table.HeadNumber("Subjects");
    for (size_t i = begin; i < end; ++i) Line(lines[i], &table);
    table.Finish();
    OpenDetails("Each model by itself, and what more data would show", &html);
    Models(lines, begin, end);
    html += "</details>\n";
  }

  void Line(const CompareLine& line, HtmlTable* table) {
    const AuditMetric& metric = document_.metrics[line.metric];
    const CompareMetric& compared = line.group->metrics[line.metric];
    const CompareDifference& d = compared.difference;
    const NumberKind kind = KindOfMetric(metric.name, metric.unit);
    const NumberKind points = KindOfDifference(metric);
    table->Row(EscapedName(line.group->name));
    table->Word(Escaped(ShortName(metric)));
    const GapOutcome outcome = OutcomeOf(d);
    table->Outcome(OutcomeMark(outcome) + Escaped(VerdictWords(d)),
                   OutcomeClass(outcome));
    table->Number(DifferenceText(d, points, document_.options.minimum));
    table->Number(ProbabilityText(d.p_adjusted));
    for (const AuditEstimate& model : compared.models) {
      table->Number(OptionalText(model.value, kind));
    }
    table->Number(CountText(d.n));
    table->Number(CountText(d.subjects));
  }

  void Models(const std::vector<CompareLine>& lines, size_t begin, size_t end) {
    HtmlTable table(
        "Values of the two models, each with its own interval. Would show: the "
        "smallest difference that these data would show in 4 of 5 studies. "
        "Subjects needed: to conclude non-inferiority in 4 of 5 studies if "
        "both models are equally good.",
        "Each model by itself", &html);
    table.HeadText("Group");
    table.HeadText("Metric");
    table.HeadNumber("Old (" + LevelText(document_.options.level) + ')');
    table.HeadNumber("New (" + LevelText(document_.options.level) + ')');
    table.HeadNumber("Would show");
    table.HeadNumber("Margin");
    table.HeadNumber("Subjects needed");
    for (size_t i = begin; i < end; ++i) {
      const AuditMetric& metric = document_.metrics[lines[i].metric];
      const CompareMetric& compared = lines[i].group->metrics[lines[i].metric];
      const CompareDifference& d = compared.difference;
      const NumberKind points = KindOfDifference(metric);
      table.Row(EscapedName(lines[i].group->name));
      table.Word(Escaped(ShortName(metric)));
      for (const AuditEstimate& model : compared.models) {
        table.Number(EstimateText(model, KindOfMetric(metric.name, metric.unit),
                                  document_.options.minimum));
      }
      table.Number(OptionalText(d.smallest_detectable, points));
      table.Number(OptionalText(d.margin, points));
      table.Number(
          d.subjects_needed && *d.subjects_needed < 1e15
              ? WithThousands(static_cast<long long>(*d.subjects_needed))
              : "-");
    }
    table.Finish();
  }

  void Forests(const CompareTarget& target) {
    html += "<div class=\"figures\">\n";
    size_t drawn = 0;
    for (size_t m = 0; m < document_.metrics.size(); ++m) {
      if (drawn++ == limits_.forests) break;
      const ForestPlot plot = ForestOf(target, m);
      BeginFigure("forest", DrawForest(plot),
                  "<b>" + Escaped(document_.metrics[m].label) + "</b>. " +
                      Escaped(HarmWords(document_.metrics[m])));
      EndFigure();
    }
    html += "</div>\n";
  }

  static std::string HarmWords(const AuditMetric& metric) {
    switch (metric.direction) {
      case MetricDirection::kLower:
        return "New minus old: to the right of the margin is harm.";
      case MetricDirection::kHigher:
        return "New minus old: to the left of the margin is harm.";
      default:
        return "New minus old.";
    }
  }

  // Everyone and the groups of single attributes.
  ForestPlot ForestOf(const CompareTarget& target, size_t m) {
    const AuditMetric& metric = document_.metrics[m];
    const NumberKind kind = KindOfDifference(metric);
    ForestPlot plot;
    plot.id = NextId();
    plot.kind = kind;
    plot.title = metric.label + ", new minus old, by group: " + target.name;
    plot.axis =
        kind == NumberKind::kPoints ? "New minus old (pp)" : "New minus old";
    plot.line = 0;
    plot.line_name = "no change";
    std::string heading;
    std::string worst;
    for (const CompareGroup& group : target.groups) {
      if (group.grouping.size() > 1) continue;
      if (plot.rows.size() >= limits_.forest_rows) break;
      const CompareDifference& d = group.metrics[m].difference;
      ForestRow row;
      row.label = group.name;
      row.mark = ForestRow::Mark::kEveryone;
      if (group.grouping.size() == 1) {
        if (group.grouping[0] != heading) {
          heading = group.grouping[0];
          plot.rows.push_back(
              {ForestRow::Mark::kHeading, heading, "", {}, {}, {}, ""});
        }
        row.mark = ForestRow::Mark::kGroup;
        row.label =
            group.name.substr(std::min(group.name.size(), heading.size() + 1));
      } else if (d.margin) {
        plot.band = d.margin;
      }
      row.count = CountText(d.n);
      row.value = d.value;
      row.lo = d.lo;
      row.hi = d.hi;
      row.text = DifferenceText(d, kind, document_.options.minimum);
      if (!d.lo || !d.hi) row.mark = ForestRow::Mark::kUncertain;
      if (OutcomeOf(d) == GapOutcome::kShown) {
        worst += (worst.empty() ? "" : ", ") + group.name;
      }
      plot.rows.push_back(std::move(row));
    }
    plot.description =
        "Paired differences with intervals; the tinted band is the margin. " +
        (worst.empty() ? std::string("Worse is shown in no group drawn.")
                       : "Worse: " + worst + '.');
    return plot;
  }

  void Gaps(const CompareTarget& target) {
    const std::vector<const CompareGap*> gaps = GapsWorstFirst(target);
    if (gaps.empty()) {
      Note("There are no groups to have a gap between.");
      return;
    }
    HtmlTable table(
        "How the gaps between groups change from the old to the new model. "
        "Bias: how far resampling pulls the change of a largest gap.",
        "Changes of gaps", &html);
    table.HeadText("Gap");
    table.HeadNumber("Old");
    table.HeadNumber("New");
    table.HeadNumber("Change (" + LevelText(document_.options.level) + ')');
    table.HeadNumber("Bias");
    table.HeadNumber("p, adjusted");
    table.HeadText("Outcome");
    for (size_t i = 0; i < std::min(limits_.gaps, gaps.size()); ++i) {
      const CompareGap& gap = *gaps[i];
      const int metric = document_.MetricIndex(gap.metric);
      const NumberKind kind = metric < 0
                                  ? NumberKind::kDecimal
                                  : KindOfDifference(document_.metrics[metric]);
      table.Row(EscapedName(GapWords(document_, gap)));
      table.Number(OptionalText(gap.models[0], kind));
      table.Number(OptionalText(gap.models[1], kind));
      table.Number(SignedText(gap.value, kind) +
                   (gap.lo && gap.hi
                        ? " (" + RangeText(*gap.lo, *gap.hi, kind) + ')'
                        : ""));
      table.Number(OptionalText(gap.bias, kind));
      table.Number(ProbabilityText(gap.p_adjusted));
      const GapOutcome outcome = OutcomeOf(gap);
      table.Outcome(
          OutcomeMark(outcome) + Escaped(GapOutcomeWords(gap.outcome)),
          OutcomeClass(outcome));
    }
    table.Finish();
    if (gaps.size() > limits_.gaps) {
      Note(fmt::format("{} more are in gaps.csv.", gaps.size() - limits_.gaps));
    }
  }

  void Limitations() {
    BeginSection("Limitations");
    html += "<ul class=\"prose\">\n";
    for (const AuditLimitation& limitation : document_.limitations) {
      html += "<li>" + Escaped(limitation.text) + "</li>\n";
    }
    html += "</ul>\n";
    EndSection();
  }

  std::string MethodsUsed() const {
    std::set<std::string> methods;
    for (const CompareTarget& target : document_.targets) {
      for (const CompareGroup& group : target.groups) {
        for (const CompareMetric& metric : group.metrics) {
          if (metric.difference.method != "none") {
            methods.insert(MethodWords(metric.difference.method));
          }
        }
      }
    }
    return JoinWords({methods.begin(), methods.end()});
  }

  void Methods() {
    BeginSection("Methods, versions and hashes");
    Paragraph("Intervals of differences: " + Escaped(MethodsUsed()) + ".");
    Paragraph(
        "Non-inferior: the one-sided upper bound of the harm lies below the "
        "margin. Inferior: the whole two-sided interval lies above it. Better "
        "and worse: the test of no difference rejects after Holm's correction "
        "over the groups of the grouping. Subjects needed: to conclude "
        "non-inferiority in 4 of 5 studies if both models are equally good.");
    HtmlTable settings("Settings; run.json has all of them.", "Settings",
                       &html);
    settings.HeadText("Setting");
    settings.HeadText("Value");
    WriteSetting("Plumbline", Escaped(document_.version), &settings);
    WriteSetting("Threshold rule", Escaped(document_.options.at), &settings);
    WriteSetting("Level of intervals",
                 Escaped(LevelText(document_.options.level)), &settings);
    WriteSetting("Margins", Escaped(JoinWords(document_.margins)), &settings);
    WriteSetting("Smallest denominator",
                 std::to_string(document_.options.minimum), &settings);
    WriteSetting("Bootstrap replicates",
                 Escaped(CountText(document_.options.replicates)), &settings);
    WriteSetting("Seed", Escaped(document_.options.seed), &settings);
    settings.Finish();
    WriteFilesTable(document_.input.files, "compare.json", this);
    EndSection();
  }

  const CompareDocument& document_;
  const Limits limits_;
};

}  // namespace
}  // namespace plumbline::report

namespace plumbline {

std::string CompareReportHtml(const Json& comparison) {
  const report::CompareDocument document =
      report::ReadCompareDocument(comparison);
  report::Limits limits;
  std::string html = report::ComparePage(document, limits).Write();
  while (html.size() > report::kMostPageBytes && limits.Shrink()) {
    html = report::ComparePage(document, limits).Write();
  }
  return html;
}

}  // namespace plumbline
