#include "plumbline/report/power_words.h"

#include <fmt/format.h>

#include <cmath>

#include "plumbline/report/audit_words.h"

namespace plumbline::report {
namespace {

std::string Count(const JsonPlace& place, const char* key) {
  return CountText(place.Count(key));
}

std::string Percent(const JsonPlace& place, const char* key) {
  return OptionalText(place.Number(key), NumberKind::kPercent);
}

bool IsOfFlagged(const JsonPlace& power) {
  return power.Text("denominator").find("flagged") != std::string::npos;
}

}  // namespace

NumberKind PowerMarginKind(const JsonPlace& power) {
  return power.Text("metric") == "auroc" ? NumberKind::kDecimal
                                         : NumberKind::kPoints;
}

NumberKind PowerValueKind(const JsonPlace& power) {
  return power.Text("metric") == "auroc" ? NumberKind::kDecimal
                                         : NumberKind::kPercent;
}

std::string PowerTitle(const JsonPlace& power) {
  const std::string title = power.TextOr("title", "");
  return title.empty() ? "Sample size for an audit by group" : title;
}

std::string PowerAnswer(const JsonPlace& power) {
  const std::string margin =
      OptionalText(power.Number("margin"), PowerMarginKind(power));
  const std::string goal = power.Text("goal");
  const std::string what =
      goal == "difference"    ? "show a difference of " + margin
      : goal == "equivalence" ? "show that groups differ by less than " + margin
      : goal == "precision"
          ? "bring every interval to " + margin + " on either side"
          : "show that no group is worse by " + margin;
  const std::string label = power.Text("label");
  if (power.Text("asked") == "margin") {
    return fmt::format("{}: {} subjects in all can {}.", label,
                       Count(power, "subjects"), what);
  }
  std::string text = fmt::format(
      "{}: to {}, {} subjects are needed with equal numbers of {} "
      "in every group",
      label, what, Count(power, "subjects"), power.Text("denominator"));
  if (power.Has("subjects_at_shares")) {
    text += fmt::format("; {} if groups come with their shares",
                        Count(power, "subjects_at_shares"));
    const std::string limiting = power.TextOr("limiting_group", "");
    if (!limiting.empty()) text += " (" + limiting + " decides)";
  }
  return text + '.';
}

std::string PowerMarginWords(const JsonPlace& power) {
  const std::string goal = power.Text("goal");
  if (goal == "precision") return "Half width of the interval";
  return goal == "difference" ? "Difference" : "Margin";
}

std::string PowerGoalWords(const JsonPlace& power) {
  const std::string goal = power.Text("goal");
  if (goal == "difference") return "show a difference between groups";
  if (goal == "equivalence") return "show that groups differ by less";
  if (goal == "precision") return "short intervals in every group";
  return "show that no group is worse";
}

std::string PowerDenominatorHeading(const JsonPlace& power) {
  return UpperFirst(power.Text("denominator"));
}

std::string PowerBaseHeading(const JsonPlace& power) {
  return IsOfFlagged(power) ? "Flagged" : "Prevalence";
}

std::vector<std::pair<std::string, std::string>> PowerSettings(
    const JsonPlace& power) {
  std::vector<std::pair<std::string, std::string>> settings;
  const auto add = [&](const char* name, std::string value) {
    settings.emplace_back(name, std::move(value));
  };
  add("Plumbline", power.Text("plumbline"));
  add("Method", power.TextOr("method", "") == "exact"
                    ? "exact: summed over all pairs of counts"
                    : "normal approximation");
  add("Level", LevelText(power.Number("level").value_or(0.95)));
  add("Comparisons that share the level", Count(power, "comparisons"));
  add("Quantile of the intervals (z)",
      OptionalText(power.Number("z"), NumberKind::kDecimal));
  if (power.Text("goal") != "precision") {
    add("Power asked for", Percent(power, "power"));
    add("Power reached", Percent(power, "power_reached"));
    const auto trials = power.Number("formula_trials");
    add("Denominator of a group by the textbook formula, for comparison",
        trials ? CountText(static_cast<int64_t>(std::ceil(*trials))) : "-");
  }
  add("Rows of a subject, mean",
      OptionalText(power.Number("rows_per_subject"), NumberKind::kRatio));
  add("Coefficient of variation of that number",
      OptionalText(power.Number("rows_cv"), NumberKind::kRatio));
  add("Correlation of two rows of a subject",
      OptionalText(power.Number("icc"), NumberKind::kRatio));
  add("Subjects without usable rows", Percent(power, "missing_share"));
  return settings;
}

std::vector<std::string> PowerAssumptions(const JsonPlace& power) {
  std::vector<std::string> lines;
  power.ForEach("assumptions",
                [&](const JsonPlace& line) { lines.push_back(line.AsText()); });
  return lines;
}

std::vector<PowerGroupRow> PowerGroupRows(const JsonPlace& power) {
  std::vector<PowerGroupRow> rows;
  const NumberKind kind = PowerValueKind(power);
  power.ForEach("groups", [&](const JsonPlace& group) {
    PowerGroupRow row;
    row.name = group.Text("name");
    row.expected = OptionalText(group.Number("expected"), kind);
    row.base = Percent(group, IsOfFlagged(power) ? "flagged" : "prevalence");
    row.design_effect =
        OptionalText(group.Number("design_effect"), NumberKind::kRatio);
    const JsonPlace need = group.At("equal_sizes");
    row.trials = Count(need, "trials");
    row.rows = Count(need, "rows");
    row.subjects = Count(need, "subjects");
    if (group.Has("at_shares")) {
      row.subjects_at_shares = Count(group.At("at_shares"), "subjects");
    }
    rows.push_back(std::move(row));
  });
  return rows;
}

std::vector<PowerSizeRow> PowerSizeRows(const JsonPlace& power) {
  std::vector<PowerSizeRow> rows;
  power.ForEach("margin_by_size", [&](const JsonPlace& point) {
    const auto margin = point.Number("margin");
    if (!margin) return;
    rows.push_back({point.Number("subjects").value_or(0),
                    point.Number("trials").value_or(0), *margin});
  });
  return rows;
}

}  // namespace plumbline::report
