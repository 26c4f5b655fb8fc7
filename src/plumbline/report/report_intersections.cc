// Two attributes at a time.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "plumbline/report/audit_summary.h"
#include "plumbline/report/audit_words.h"
#include "plumbline/report/heat_map.h"
#include "plumbline/report/report_page.h"

namespace plumbline::report {
namespace {

// More would be unreadable; the largest levels are kept.
constexpr size_t kRows = 14;
constexpr size_t kColumns = 8;

using Level = std::optional<std::string>;
using Pair = std::pair<std::string, std::string>;

// Levels of an attribute, in the order of the document, the largest only if
// there are too many.
std::vector<Level> LevelsToDraw(const AuditAttribute& attribute, size_t most) {
  std::vector<const AuditAttribute::Level*> levels;
  for (const auto& level : attribute.levels) levels.push_back(&level);
  if (levels.size() > most) {
    std::nth_element(levels.begin(), levels.begin() + most, levels.end(),
                     [](const auto* a, const auto* b) {
                       return a->rows.value_or(0) > b->rows.value_or(0);
                     });
    levels.resize(most);
    std::sort(levels.begin(), levels.end());
  }
  std::vector<Level> names;
  for (const auto* level : levels) names.push_back(level->level);
  return names;
}

struct Grid {
  const AuditAttribute* rows = nullptr;
  const AuditAttribute* columns = nullptr;
  std::map<std::pair<Level, Level>, const AuditGroup*> groups;
};

// The pairs of attributes that the target has groups for, the attribute with
// fewer levels across.
std::vector<Grid> GridsOf(const AuditTarget& target,
                          const AuditDocument& document) {
  std::map<std::string, const AuditAttribute*> attributes;
  for (const AuditAttribute& attribute : document.attributes) {
    attributes[attribute.name] = &attribute;
  }
  std::vector<Grid> grids;
  std::map<Pair, size_t> index;
  for (const AuditGroup& group : target.groups) {
    if (group.attributes.size() != 2) continue;
    const auto& [first, first_level] = group.attributes[0];
    const auto& [second, second_level] = group.attributes[1];
    if (!attributes.contains(first) || !attributes.contains(second)) continue;
    const auto [found, is_new] =
        index.try_emplace({first, second}, grids.size());
    if (is_new) {
      Grid grid;
      grid.rows = attributes[first];
      grid.columns = attributes[second];
      if (grid.rows->levels.size() < grid.columns->levels.size()) {
        std::swap(grid.rows, grid.columns);
      }
      grids.push_back(std::move(grid));
    }
    Grid& grid = grids[found->second];
    const bool first_is_row = grid.rows->name == first;
    grid.groups[first_is_row ? std::make_pair(first_level, second_level)
                             : std::make_pair(second_level, first_level)] =
        &group;
  }
  return grids;
}

HeatCell CellOf(const AuditGroup* group, int metric, NumberKind kind) {
  HeatCell cell;
  if (group == nullptr || group->n == 0) return cell;
  const AuditEstimate& estimate = group->metrics[metric];
  cell.exists = true;
  cell.value = estimate.value;
  cell.small = !estimate.lo || !estimate.hi;
  cell.value_text = estimate.value ? NumberText(*estimate.value, kind) : "";
  // The longer reasons do not fit into a cell.
  if (!estimate.value && estimate.reason != "suppressed") {
    cell.value_text = "–";
  } else if (!estimate.value) {
    cell.value_text = "hidden";
  }
  cell.count_text =
      estimate.reason == "suppressed" ? "" : "n " + CountText(estimate.n);
  return cell;
}

HeatMap MapOf(const Grid& grid, int metric, const AuditTarget& target,
              ReportPage* page) {
  const AuditDocument& document = page->document;
  const AuditMetric& m = document.metrics[metric];
  HeatMap map;
  map.id = page->NextId();
  map.kind = KindOfMetric(m.name, m.unit);
  map.low_is_bad = m.direction == MetricDirection::kHigher;
  map.title = fmt::format("{} by {} and {}: {}", m.label, grid.rows->name,
                          grid.columns->name, target.name);
  const AuditGroup* everyone = Everyone(target);
  if (everyone != nullptr && everyone->metrics[metric].value) {
    // Twice the margin to either side, or five points.
    const double reach = 2 * document.options.margin.value_or(0.025);
    const double centre = *everyone->metrics[metric].value;
    map.at_least_lo = centre - reach;
    map.at_least_hi = centre + reach;
    if (map.kind == NumberKind::kPercent) {
      map.at_least_lo = std::max(0.0, *map.at_least_lo);
      map.at_least_hi = std::min(1.0, *map.at_least_hi);
    }
  }
  map.row_name = grid.rows->name;
  map.column_name = grid.columns->name;
  const std::vector<Level> rows = LevelsToDraw(*grid.rows, kRows);
  const std::vector<Level> columns = LevelsToDraw(*grid.columns, kColumns);
  for (const Level& level : rows) map.rows.push_back(LevelWords(level));
  for (const Level& level : columns) map.columns.push_back(LevelWords(level));
  size_t small = 0;
  for (const Level& row : rows) {
    for (const Level& column : columns) {
      const auto found = grid.groups.find({row, column});
      map.cells.push_back(
          CellOf(found == grid.groups.end() ? nullptr : found->second, metric,
                 map.kind));
      small += map.cells.back().exists && map.cells.back().small;
    }
  }
  map.description = fmt::format(
      "{} rows and {} columns; {} of {} cells are too small to judge.",
      rows.size(), columns.size(), small, map.cells.size());
  return map;
}

void WriteMapTable(const HeatMap& map, ReportPage* page) {
  OpenDetails("Numbers", &page->html);
  HtmlTable table("The values of the drawing.", "Values", &page->html);
  table.HeadText(EscapedName(map.row_name));
  for (const std::string& column : map.columns) {
    table.HeadNumber(EscapedName(column));
  }
  for (size_t r = 0; r < map.rows.size(); ++r) {
    table.Row(EscapedName(map.rows[r]));
    for (size_t c = 0; c < map.columns.size(); ++c) {
      const HeatCell& cell = map.cells[r * map.columns.size() + c];
      table.Number(!cell.exists ? "none"
                   : cell.count_text.empty()
                       ? "hidden"
                       : cell.value_text + ", " + cell.count_text +
                             (cell.small ? ", too few" : ""));
    }
  }
  table.Finish();
  page->html += "</details>\n";
}

// Draws the map, or adds its name (HTML) to `empty` if no cell can be judged.
void WriteMap(const Grid& grid, int metric, const AuditTarget& target,
              ReportPage* page, std::string* empty) {
  const HeatMap map = MapOf(grid, metric, target, page);
  const std::string name = Escaped(ShortName(page->document.metrics[metric]));
  const std::string by = " by " + EscapedName(grid.rows->name) + " and " +
                         EscapedName(grid.columns->name);
  const bool is_empty = std::none_of(
      map.cells.begin(), map.cells.end(),
      [](const HeatCell& c) { return c.exists && c.value && !c.small; });
  if (is_empty) {
    if (!empty->empty()) *empty += "; ";
    *empty += name + by;
    return;
  }
  std::string caption = "<b>" + name + "</b>" + by;
  if (map.cells.size() <
      grid.rows->levels.size() * grid.columns->levels.size()) {
    caption += ", largest levels; the others are in groups.csv";
  }
  page->BeginFigure("heat", DrawHeatMap(map), caption);
  WriteMapTable(map, page);
  page->EndFigure();
}

}  // namespace

void WriteIntersections(const AuditTarget& target, ReportPage* page) {
  const AuditDocument& document = page->document;
  const std::vector<Grid> grids = GridsOf(target, document);
  const std::vector<int> metrics =
      KeyMetrics(document, static_cast<int>(page->limits.heat_metrics));
  if (grids.empty() || metrics.empty()) return;
  page->BeginPart("Intersections");
  page->Paragraph(
      "Two attributes at a time. Darker is worse, within each "
      "drawing; hatched cells have too few rows for an interval "
      "and are not judged.");
  page->html += "<div class=\"figures\">\n";
  const size_t drawn = std::min(grids.size(), page->limits.pairs);
  std::string empty;
  for (const int metric : metrics) {
    for (size_t i = 0; i < drawn; ++i) {
      WriteMap(grids[i], metric, target, page, &empty);
    }
  }
  page->html += "</div>\n";
  if (!empty.empty()) {
    page->Note("Not drawn, since every group is hidden or has too few rows: " +
               empty + '.');
  }
  if (drawn < grids.size()) {
    page->Note(fmt::format("{} more pairs of attributes are in groups.csv.",
                           grids.size() - drawn));
  }
  page->EndPart();
}

}  // namespace plumbline::report
