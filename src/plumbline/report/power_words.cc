#include "plumbline/report/power_words.h"

#include <fmt/format.h>

#include <cmath>

namespace plumbline::report {
namespace {

std::string Count(const JsonPlace& place, const char* key) {
  return CountText(place.Count(key));
}

std::string Percent(const JsonPlace& place, const char* key) {
  return OptionalText(place.Number(key), NumberKind::kPercent);
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
    row.base = group.Has("prevalence") ? Percent(group, "prevalence")
                                       : Percent(group, "flagged");
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
