#include "plumbline/report/train_words.h"

#include <fmt/format.h>

#include "plumbline/base/text.h"
#include "plumbline/report/number_text.h"

namespace plumbline::report {
namespace {

std::string PartWords(const std::string& part) {
  if (part == "train") return "Trained on";
  if (part == "tune") return "Tuning";
  return "Kept for the audit";
}

std::string CellOf(const JsonPlace& target) {
  const auto count = [&](const char* key) { return target.Count(key); };
  if (const auto positive = count("positive")) {
    return fmt::format("{} of {}", CountText(positive),
                       CountText(*positive + count("negative").value_or(0)));
  }
  if (target.Has("levels")) {
    std::vector<std::string> levels;
    target.At("levels").ForEachMember(
        [&](const std::string& level, const JsonPlace& rows) {
          levels.push_back(fmt::format(
              "{} {}", level,
              CountText(static_cast<int64_t>(rows.AsNumber().value_or(0)))));
        });
    return fmt::format("{}", fmt::join(levels, ", "));
  }
  return CountText(count("known"));
}

}  // namespace

std::vector<std::string> TrainTargetNames(const JsonPlace& train) {
  std::vector<std::string> names;
  if (train.Has("pretrained")) return names;
  train.At("model").ForEach("targets", [&](const JsonPlace& target) {
    names.push_back(target.TextOr("name", ""));
  });
  return names;
}

std::string TrainTargets(const JsonPlace& train) {
  if (train.Has("pretrained")) return "features without labels";
  return JoinWords(TrainTargetNames(train));
}

std::string TrainAnswer(const JsonPlace& train) {
  const JsonPlace model = train.At("model");
  const JsonPlace input = model.At("preprocessing");
  int64_t epochs = 0;
  train.ForEach("epochs", [&](const JsonPlace&) { ++epochs; });
  std::string text = fmt::format(
      "A {} with {} weights learnt {} from {} images of {} x {} pixels in {} "
      "epoch{}{}. ",
      model.Text("architecture"), CountText(train.Count("parameters")),
      TrainTargets(train),
      input.Count("channels").value_or(1) == 1 ? "grey" : "colour",
      input.Count("side").value_or(0), input.Count("side").value_or(0), epochs,
      epochs == 1 ? "" : "s",
      train.Truth("stopped_early") ? " and was stopped because no epoch was "
                                     "better"
                                   : "");
  const std::string metric = train.Text("metric");
  if (train.Has("pretrained")) {
    return text + "The weights are to begin another training with (--weights).";
  }
  text += metric == "last"
              ? "The weights are those of the last epoch."
              : fmt::format(
                    "The weights are those of epoch {}, which has the "
                    "best {} on the tuning part.",
                    train.Count("best_epoch").value_or(0), metric);
  return text;
}

std::vector<std::string> TrainCautions(const JsonPlace& train) {
  std::vector<std::string> cautions;
  if (train.Has("pretrained")) {
    cautions.emplace_back(
        "The spread of features is about 1 where images differ and 0 where all "
        "have become one: then they are of no use.");
  } else {
    cautions.emplace_back(
        "The tuning part chose the epoch: its numbers are too good. Judge the "
        "model by people it has never seen, with plumbline predict and "
        "plumbline "
        "audit.");
  }
  if (const auto rows = train.Count("rows_without_image");
      rows.value_or(0) > 0) {
    cautions.push_back(
        fmt::format("{} rows have no image that can be used and were left out.",
                    CountText(rows)));
  }
  train.ForEach("notes", [&](const JsonPlace& note) {
    cautions.push_back(note.AsText());
  });
  return cautions;
}

std::vector<TrainPartRow> TrainPartRows(const JsonPlace& train) {
  std::vector<TrainPartRow> rows;
  train.ForEach("parts", [&](const JsonPlace& part) {
    TrainPartRow row{.part = PartWords(part.Text("part")),
                     .rows = CountText(part.Count("rows")),
                     .subjects = CountText(part.Count("subjects"))};
    part.ForEach("targets", [&](const JsonPlace& target) {
      row.targets.push_back(CellOf(target));
    });
    rows.push_back(std::move(row));
  });
  return rows;
}

std::vector<TrainTuneRow> TrainTuneRows(const JsonPlace& train) {
  std::vector<TrainTuneRow> rows;
  train.ForEach("tuning", [&](const JsonPlace& estimate) {
    const auto value = estimate.Number("value");
    std::string auroc = "only one class";
    if (value) {
      auroc = NumberText(*value, NumberKind::kDecimal);
      const auto lo = estimate.Number("lo"), hi = estimate.Number("hi");
      auroc += lo && hi ? fmt::format(" ({})",
                                      RangeText(*lo, *hi, NumberKind::kDecimal))
                        : " (no interval)";
    }
    rows.push_back({estimate.TextOr("target", ""), auroc,
                    CountText(estimate.Count("n")),
                    CountText(estimate.Count("subjects")),
                    CountText(estimate.Count("events"))});
  });
  return rows;
}

std::vector<std::pair<std::string, std::string>> TrainSettingRows(
    const JsonPlace& train) {
  std::vector<std::pair<std::string, std::string>> rows;
  train.At("options").ForEachMember([&](std::string name,
                                        const JsonPlace& value) {
    for (char& c : name) {
      if (c == '_') c = ' ';
    }
    const Json& json = value.value();
    rows.emplace_back(name, json.is_string() ? value.AsText() : json.dump());
  });
  const JsonPlace computed = train.At("computed_in");
  rows.emplace_back("precision", computed.Text("precision"));
  rows.emplace_back("channels last",
                    computed.Truth("channels_last") ? "yes" : "no");
  return rows;
}

}  // namespace plumbline::report
