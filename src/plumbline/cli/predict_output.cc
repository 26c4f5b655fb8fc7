#include "plumbline/cli/predict_output.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "plumbline/base/error.h"
#include "plumbline/base/hash.h"
#include "plumbline/base/text.h"
#include "plumbline/report/text_table.h"

namespace plumbline {
namespace {

// The scores that the rows have, sorted.
std::vector<float> SortedScores(const Predictions& predictions,
                                int64_t output) {
  std::vector<float> scores;
  for (int64_t row = 0; row < predictions.rows; ++row) {
    const float score = predictions.Score(row, output);
    if (std::isfinite(score)) scores.push_back(score);
  }
  std::sort(scores.begin(), scores.end());
  return scores;
}

double MedianOf(const std::vector<float>& sorted) {
  const size_t middle = sorted.size() / 2;
  return sorted.size() % 2 == 1
             ? sorted[middle]
             : (double{sorted[middle - 1]} + sorted[middle]) / 2;
}

// The double with as few digits as give the float back, so that a table does
// not claim digits that a float does not have.
double Plain(float value) {
  double plain = std::numeric_limits<double>::quiet_NaN();
  ParseNumber(fmt::format("{}", value), &plain);
  return plain;
}

CategoricalColumn RowsOf(const CategoricalColumn& column,
                         const std::vector<int64_t>& table_rows) {
  CategoricalColumn chosen{.name = column.name, .levels = column.levels};
  std::vector<uint32_t> codes;
  for (const int64_t row : table_rows) {
    codes.push_back(column.codes[row]);
    chosen.missing += codes.back() == kMissingCode ? 1 : 0;
  }
  chosen.codes =
      CodeVector::Pack(codes, static_cast<uint32_t>(column.levels.size()));
  return chosen;
}

CategoricalColumn SplitColumn(const RowParts& parts,
                              const std::vector<int64_t>& rows) {
  CategoricalColumn column{.name = "split", .levels = parts.parts};
  std::vector<uint32_t> codes;
  for (const int64_t row : rows) {
    const int32_t part = parts.of_row[row];
    codes.push_back(part < 0 ? kMissingCode : static_cast<uint32_t>(part));
    column.missing += part < 0 ? 1 : 0;
  }
  column.codes =
      CodeVector::Pack(codes, static_cast<uint32_t>(parts.parts.size()));
  return column;
}

Json ScoresJson(const PredictionRun& run) {
  Json list = Json::array();
  const std::vector<std::string> names = run.model->scorer->card().ScoreNames();
  for (size_t output = 0; output < names.size(); ++output) {
    const std::vector<float> scores =
        SortedScores(run.predictions, static_cast<int64_t>(output));
    Json entry = {{"column", names[output]}, {"n", scores.size()}};
    const bool any = !scores.empty();
    entry["lowest"] = any ? Json(Plain(scores.front())) : Json();
    entry["median"] =
        any ? Json(Plain(static_cast<float>(MedianOf(scores)))) : Json();
    entry["highest"] = any ? Json(Plain(scores.back())) : Json();
    list.push_back(entry);
  }
  return list;
}

// As a shell takes it.
std::string Quoted(const std::string& word) {
  const auto is_plain = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view("_-./,=+:").find(c) != std::string_view::npos;
  };
  if (!word.empty() && std::all_of(word.begin(), word.end(), is_plain)) {
    return word;
  }
  std::string quoted = "'";
  for (const char c : word) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

// The labels and scores of an audit: binary targets that the table has labels
// of, else the first target of several classes.
std::string LabelsAndScores(const PredictionRun& run) {
  const std::vector<std::string>& header = run.source->table.header();
  const auto has_label = [&](const ModelTarget& target) {
    return std::find(header.begin(), header.end(), target.name) != header.end();
  };
  const std::vector<ModelTarget>& targets = run.model->scorer->card().targets;
  std::vector<std::string> labels, scores;
  for (const ModelTarget& target : targets) {
    if (target.kind != TargetKind::kBinary || !has_label(target)) continue;
    labels.push_back(target.name);
    scores.push_back("score_" + target.name);
  }
  for (const ModelTarget& target : targets) {
    if (!labels.empty()) break;
    if (target.kind != TargetKind::kClasses || !has_label(target)) continue;
    labels.push_back(target.name);
    scores.push_back("score_" + target.name + "=*");
  }
  if (labels.empty()) return "";
  return fmt::format(" --label {} --score {}",
                     Quoted(fmt::format("{}", fmt::join(labels, ","))),
                     Quoted(fmt::format("{}", fmt::join(scores, ","))));
}

// Null where the table has no label of any target.
Json NextCommand(const PredictionRun& run, const std::string& file) {
  const std::string columns = LabelsAndScores(run);
  if (columns.empty()) return {};
  std::string line = fmt::format("plumbline audit {}{}", Quoted(file), columns);
  const CohortRoles& roles = run.source->cohort.roles;
  if (!roles.subject.empty()) line += " --subject " + Quoted(roles.subject);
  if (!roles.attributes.empty()) {
    line +=
        " --by " + Quoted(fmt::format("{}", fmt::join(roles.attributes, ",")));
  }
  for (const BinRule& rule : roles.bins) {
    line += fmt::format(
        " --bins {}",
        Quoted(fmt::format("{}={}", rule.column, fmt::join(rule.edges, ","))));
  }
  return line;
}

double WaitingShare(const Predictions& predictions) {
  return predictions.seconds > 0
             ? predictions.seconds_waiting / predictions.seconds
             : 0;
}

}  // namespace

void RequireNewColumns(const ModelCard& card, const CohortSource& source) {
  const std::vector<std::string>& header = source.table.header();
  for (const std::string& name : card.ScoreNames()) {
    if (std::find(header.begin(), header.end(), name) == header.end()) continue;
    throw Error(ErrorCode::kUsage,
                "the table has a column \"{}\" already, which the scores would "
                "be called; rename or leave out that column first",
                name);
  }
}

OutputTable PredictionTable(const PredictionRun& run) {
  const Cohort& cohort = run.source->cohort;
  OutputTable table;
  table.rows = static_cast<int64_t>(run.rows.size());
  std::vector<int64_t> table_rows;
  for (const int64_t row : run.rows) {
    table_rows.push_back(cohort.table_rows[row]);
  }
  for (const CategoricalColumn& column : run.source->table.categorical()) {
    table.columns.emplace_back(RowsOf(column, table_rows));
  }
  if (run.added_split) {
    table.columns.emplace_back(SplitColumn(*run.added_split, run.rows));
  }
  const std::vector<std::string> names = run.model->scorer->card().ScoreNames();
  for (size_t output = 0; output < names.size(); ++output) {
    NumericColumn column{.name = names[output]};
    for (int64_t row = 0; row < table.rows; ++row) {
      const float score =
          run.predictions.Score(row, static_cast<int64_t>(output));
      column.values.push_back(Plain(score));
      column.missing += std::isnan(score) ? 1 : 0;
    }
    table.columns.emplace_back(std::move(column));
  }
  return table;
}

Json PredictionJson(const PredictionRun& run, const std::string& file) {
  const Predictions& predictions = run.predictions;
  Json failed = Json::array();
  for (const FailedImage& image : predictions.failed) {
    failed.push_back({{"path", image.path}, {"reason", image.reason}});
  }
  const OpenedModel& model = *run.model;
  const double seconds = predictions.seconds;
  return {
      {"schema", "plumbline.predict/1"},
      {"model",
       {{"file", model.file},
        {"sha256", Sha256OfFile(model.file)},
        {"card", ToJson(model.scorer->card())}}},
      {"table", file},
      {"part", run.part.empty() ? Json() : Json(run.part)},
      {"rows", predictions.rows},
      {"rows_without_image", predictions.rows_without_image},
      {"rows_of_people_trained_on", run.rows_seen},
      {"images", predictions.images},
      {"embedding_size", predictions.embedding_size},
      {"scores", ScoresJson(run)},
      {"failed", failed},
      {"seconds", Number(seconds)},
      {"images_per_second",
       seconds > 0 ? Number(static_cast<double>(predictions.images) / seconds)
                   : Json()},
      {"share_waiting_for_data", Number(WaitingShare(predictions))},
      {"audit", NextCommand(run, file)}};
}

std::string PredictionText(const Json& json, int width) {
  const double speed = json["images_per_second"].is_null()
                           ? 0
                           : json["images_per_second"].get<double>();
  std::string text = fmt::format(
      "{}: {} rows, {} images scored in {:.2f} s ({} a second, {:.1f} % of it "
      "waiting for them)\n",
      json["table"].get<std::string>(),
      WithThousands(json["rows"].get<int64_t>()),
      WithThousands(json["images"].get<int64_t>()),
      json["seconds"].get<double>(), WithThousands(std::llround(speed)),
      100 * json["share_waiting_for_data"].get<double>());
  const auto without = json["rows_without_image"].get<int64_t>();
  if (without > 0) {
    text +=
        fmt::format("{} {} no image, and no score\n", WithThousands(without),
                    without == 1 ? "row has" : "rows have");
  }
  TextTable table;
  table.AddColumn("Score", TextTable::Align::kLeft);
  for (const char* heading : {"Rows", "Lowest", "Median", "Highest"}) {
    table.AddColumn(heading, TextTable::Align::kRight);
  }
  for (const Json& score : json["scores"]) {
    const auto number = [&](const char* key) {
      return score[key].is_null()
                 ? "-"
                 : fmt::format("{:.3f}", score[key].get<double>());
    };
    table.AddRow({score["column"].get<std::string>(),
                  WithThousands(score["n"].get<int64_t>()), number("lowest"),
                  number("median"), number("highest")});
  }
  text += "\n" + table.ToText(width) + "\n";
  if (json["audit"].is_null()) {
    return text +
           "The table has no column of labels that is called like a target, so "
           "there is nothing to audit the scores against yet.\n";
  }
  return text + "Next: " + json["audit"].get<std::string>() + "\n";
}

}  // namespace plumbline
