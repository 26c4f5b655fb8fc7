// The page of a training: what was learnt from whom, how it went, on what
// settings.
#include "plumbline/report/train_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "plumbline/base/json.h"
#include "plumbline/report/html.h"
#include "plumbline/report/number_text.h"
#include "plumbline/report/page_parts.h"
#include "plumbline/report/page_writer.h"
#include "plumbline/report/train_words.h"
#include "plumbline/report/xy_plot.h"

namespace plumbline::report {
namespace {

void WriteParts(const JsonPlace& train, PageWriter* page) {
  page->BeginSection("Who it learnt from");
  HtmlTable table(
      "Rows with an image and their people. Of a target: rows with the finding "
      "of all that say something about it.",
      "Parts", &page->html);
  table.HeadText("Part");
  table.HeadNumber("Rows");
  table.HeadNumber("Subjects");
  for (const std::string& name : TrainTargetNames(train)) {
    table.HeadNumber(EscapedName(name));
  }
  for (const TrainPartRow& row : TrainPartRows(train)) {
    table.Row(row.part);
    table.Number(row.rows);
    table.Number(row.subjects);
    for (const std::string& cell : row.targets) table.Number(cell);
  }
  table.Finish();
}

void WriteGroups(const JsonPlace& train, PageWriter* page) {
  struct Row {
    std::string group;
    std::vector<int64_t> counts;
  };
  std::vector<Row> rows;
  size_t part_index = 0;
  train.ForEach("parts", [&](const JsonPlace& part) {
    size_t i = 0;
    part.ForEach("groups", [&](const JsonPlace& group) {
      if (rows.size() <= i) {
        group.At("attributes")
            .ForEachMember(
                [&](const std::string& name, const JsonPlace& value) {
                  rows.push_back({name + " = " + value.AsText(), {}});
                });
      }
      rows[i].counts.resize(part_index + 1);
      rows[i++].counts[part_index] = group.Count("rows").value_or(0);
    });
    ++part_index;
  });
  if (rows.empty()) return;
  page->html += "<h3>Groups</h3>\n";
  HtmlTable table("Rows of each group in each part.", "Groups in the parts",
                  &page->html);
  table.HeadText("Group");
  for (const TrainPartRow& part : TrainPartRows(train)) {
    table.HeadNumber(part.part);
  }
  for (const Row& row : rows) {
    table.Row(EscapedName(row.group));
    for (const int64_t count : row.counts) table.Number(CountText(count));
  }
  table.Finish();
}

// Lines over epochs, up to their own largest number.
void DrawEpochs(const JsonPlace& train, const char* title, const char* y_label,
                std::vector<XySeries> series, double y_lo, PageWriter* page,
                const std::string& caption) {
  XyPlot plot;
  plot.title = title;
  plot.x_label = "Epoch";
  plot.y_label = y_label;
  plot.percent_x = plot.percent_y = false;
  plot.x_lo = plot.x_hi = 1;
  plot.y_lo = y_lo;
  plot.y_hi = 0;
  for (const XySeries& one : series) {
    plot.description += one.label + ":";
    for (const Point& point : one.line) {
      plot.x_hi = std::max(plot.x_hi, point.x);
      plot.y_hi = std::max(plot.y_hi, point.y);
      plot.description += fmt::format(" {:.3f}", point.y);
    }
    plot.description += ". ";
  }
  if (plot.x_hi < 2 || plot.y_hi <= plot.y_lo) return;
  plot.y_hi = y_lo > 0 ? 1 : plot.y_hi * 1.05;
  if (const auto best = train.Count("best_epoch")) {
    plot.x_line = static_cast<double>(*best);
  }
  plot.series = std::move(series);
  plot.id = page->NextId();
  page->BeginFigure("curve", DrawXyPlot(plot), caption);
  page->EndFigure();
}

void WriteCurves(const JsonPlace& train, PageWriter* page) {
  const bool pretrained = train.Has("pretrained");
  XySeries learnt{.label = "trained on", .style = 1};
  XySeries tuned{.label = "tuning", .style = 2};
  std::vector<XySeries> targets;
  train.ForEach("epochs", [&](const JsonPlace& epoch) {
    const double x = static_cast<double>(epoch.Count("epoch").value_or(0));
    // Without labels the loss is minus the cosine.
    if (const auto y = epoch.Number("train_loss")) {
      learnt.line.push_back({x, pretrained ? 1 + *y : *y});
    }
    if (const auto y = epoch.Number("tune_loss")) tuned.line.push_back({x, *y});
    size_t i = 0;
    epoch.ForEach("targets", [&](const JsonPlace& target) {
      if (targets.size() <= i) {
        targets.push_back({.label = target.TextOr("target", ""),
                           .style = static_cast<int>(i % 7) + 1});
      }
      if (const auto y = target.Number("auroc")) {
        targets[i].line.push_back({x, *y});
      }
      ++i;
    });
  });
  std::vector<XySeries> losses = {learnt};
  if (!tuned.line.empty()) losses.push_back(tuned);
  std::erase_if(targets, [](const XySeries& s) { return s.line.empty(); });
  // Seven can be told apart.
  constexpr size_t kMost = 7;
  const size_t left_out = targets.size() > kMost ? targets.size() - kMost : 0;
  targets.resize(targets.size() - left_out);
  page->html += "<div class=\"figures\">\n";
  DrawEpochs(
      train, "Loss by epoch", pretrained ? "Loss + 1" : "Loss", losses, 0, page,
      pretrained ? "<b>Loss by epoch</b>: one minus the cosine between two "
                   "versions of an image; 0: they are alike."
                 : "<b>Loss by epoch</b>. Dashed: the epoch that was kept. "
                   "Where the tuning part's rises while the other falls, the "
                   "network learns people by heart.");
  DrawEpochs(
      train, "AUROC by epoch", "AUROC on the tuning part", std::move(targets),
      0.4, page,
      "<b>AUROC on the tuning part by epoch</b>. 0.5: no better than "
      "chance." +
          (left_out > 0
               ? fmt::format(" {} more targets are in history.csv.", left_out)
               : std::string()));
  page->html += "</div>\n";
}

void WriteTuning(const JsonPlace& train, PageWriter* page) {
  const std::vector<TrainTuneRow> rows = TrainTuneRows(train);
  if (rows.empty()) return;
  HtmlTable table(
      "The epoch that was kept, on the tuning part, which chose it: too good. "
      "95 % intervals, by people (Obuchowski 1997).",
      "Tuning", &page->html);
  table.HeadText("Target");
  table.HeadNumber("AUROC");
  table.HeadNumber("Rows");
  table.HeadNumber("Subjects");
  table.HeadNumber("With the finding");
  for (const TrainTuneRow& row : rows) {
    table.Row(EscapedName(row.target));
    for (const std::string* cell :
         {&row.auroc, &row.rows, &row.subjects, &row.events}) {
      table.Number(*cell);
    }
  }
  table.Finish();
}

void WriteSettings(const JsonPlace& train, PageWriter* page) {
  page->BeginSection("Settings and notes");
  page->html += "<ul class=\"prose\">\n";
  for (const std::string& line : TrainCautions(train)) {
    page->html += "<li>" + Escaped(line) + "</li>\n";
  }
  page->html += "</ul>\n";
  HtmlTable table("run.json has the command.", "Settings", &page->html);
  table.HeadText("Setting");
  table.HeadText("Value");
  for (const auto& [name, value] : TrainSettingRows(train)) {
    WriteSetting(name, Escaped(value), &table);
  }
  table.Finish();
  page->EndSection();
}

PageHead HeadOf(const JsonPlace& train) {
  PageHead head;
  head.kicker = "Plumbline training of a network";
  head.title = train.TextOr("title", "");
  if (head.title.empty()) head.title = "Training: " + TrainTargets(train);
  head.version = train.Text("plumbline");
  head.facts.emplace_back("Network",
                          Escaped(train.At("model").Text("architecture")));
  for (const TrainPartRow& row : TrainPartRows(train)) {
    head.facts.emplace_back(row.part, row.subjects + " subjects");
  }
  return head;
}

}  // namespace
}  // namespace plumbline::report

namespace plumbline {

std::string TrainReportHtml(const Json& json) {
  const report::JsonPlace train(json, report::kTrainDocument);
  report::PageWriter page;
  page.BeginSection("Result", "verdict");
  page.html += "<p class=\"lead\">" +
               report::Escaped(report::TrainAnswer(train)) + "</p>\n";
  report::WriteTuning(train, &page);
  page.EndSection();
  page.BeginSection("How it went");
  report::WriteCurves(train, &page);
  page.EndSection();
  report::WriteParts(train, &page);
  report::WriteGroups(train, &page);
  page.EndSection();
  report::WriteSettings(train, &page);
  return report::FinishPage(report::HeadOf(train), page.html,
                            "train.json has all numbers of this page; "
                            "history.csv those of each epoch.");
}

}  // namespace plumbline
