// C6: whether a group, or a site, can be told from how its images were made,
// from its labels, or from what can be measured on the pixels.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "plumbline/base/progress.h"
#include "plumbline/base/random.h"
#include "plumbline/base/thread_pool.h"
#include "plumbline/solve/ridge_logistic.h"
#include "plumbline/stats/multiple_testing.h"
#include "plumbline/stats/normal.h"
#include "plumbline/stats/roc.h"
#include "plumbline/survey/checks.h"

namespace plumbline::survey {
namespace {

constexpr int kFolds = 5;
constexpr double kRidge = 1;
constexpr size_t kMostLevels = 20;
constexpr int64_t kLeastSubjects = 20;  // in the group and outside it
// Telling a group this well is worth a sentence.
constexpr double kAuroc = 0.6;
constexpr double kAurocAlarm = 0.75;

// Rows (subjects) x columns.
struct Features {
  size_t columns = 0;
  std::vector<double> values;
};

class FeatureBuilder {
 public:
  explicit FeatureBuilder(std::span<const int64_t> rows) : rows_(rows) {}

  // Indicators of all levels but the first, and of missing.
  void AddWords(std::span<const int32_t> codes, size_t levels) {
    if (levels > kMostLevels) return;
    for (int32_t level = -1; level < static_cast<int32_t>(levels); ++level) {
      if (level == 0) continue;
      std::vector<double> column;
      double ones = 0;
      for (const int64_t row : rows_) {
        column.push_back(codes[row] == level);
        ones += column.back();
      }
      if (ones > 0) columns_.push_back(std::move(column));
    }
  }

  // In standard deviations; missing at the mean, with an indicator.
  void AddNumbers(std::span<const double> numbers) {
    double n = 0, sum = 0, squares = 0;
    for (const int64_t row : rows_) {
      if (!std::isfinite(numbers[row])) continue;
      n += 1;
      sum += numbers[row];
      squares += numbers[row] * numbers[row];
    }
    if (n < 2) return;
    const double mean = sum / n;
    const double sd = std::sqrt(std::max(0.0, squares / n - mean * mean));
    if (!(sd > 1e-12 * (1 + std::abs(mean)))) return;
    std::vector<double> column, missing;
    for (const int64_t row : rows_) {
      const bool known = std::isfinite(numbers[row]);
      column.push_back(known ? (numbers[row] - mean) / sd : 0);
      missing.push_back(known ? 0 : 1);
    }
    columns_.push_back(std::move(column));
    if (n < static_cast<double>(rows_.size())) {
      columns_.push_back(std::move(missing));
    }
  }

  Features Take() const {
    Features features;
    features.columns = columns_.size();
    for (size_t i = 0; i < rows_.size(); ++i) {
      for (const auto& column : columns_) features.values.push_back(column[i]);
    }
    return features;
  }

 private:
  std::span<const int64_t> rows_;
  std::vector<std::vector<double>> columns_;
};

// As many of each class in each fold: ranks within folds of another mix could
// not be put together.
std::vector<int> StratifiedFolds(const std::vector<uint8_t>& y) {
  std::vector<int> fold;
  int next[2] = {0, 0};
  for (const uint8_t label : y) fold.push_back(next[label]++ % kFolds);
  return fold;
}

// Scores of each row by a model that has not seen its fold.
std::vector<double> CrossValidate(const Features& features,
                                  const std::vector<uint8_t>& y,
                                  const std::vector<int>& fold) {
  std::vector<double> scores(y.size());
  for (int f = 0; f < kFolds; ++f) {
    std::vector<double> x;
    std::vector<uint8_t> labels;
    for (size_t i = 0; i < y.size(); ++i) {
      if (fold[i] == f) continue;
      const auto row = features.values.begin() +
                       static_cast<ptrdiff_t>(i * features.columns);
      x.insert(x.end(), row, row + static_cast<ptrdiff_t>(features.columns));
      labels.push_back(y[i]);
    }
    const std::vector<double> b =
        FitRidgeLogistic(x, labels, features.columns, kRidge);
    for (size_t i = 0; i < y.size(); ++i) {
      if (fold[i] != f) continue;
      scores[i] = LogOdds(std::span(features.values)
                              .subspan(i * features.columns, features.columns),
                          b);
    }
  }
  // Scores of different models are not on one scale: ranks within each fold
  // are.
  std::vector<double> ranks(y.size());
  for (int f = 0; f < kFolds; ++f) {
    std::vector<size_t> of_fold;
    for (size_t i = 0; i < y.size(); ++i) {
      if (fold[i] == f) of_fold.push_back(i);
    }
    std::vector<double> sorted;
    for (const size_t i : of_fold) sorted.push_back(scores[i]);
    std::sort(sorted.begin(), sorted.end());
    for (const size_t i : of_fold) {
      const auto [lo, hi] =
          std::equal_range(sorted.begin(), sorted.end(), scores[i]);
      ranks[i] = (static_cast<double>(lo - sorted.begin()) +
                  static_cast<double>(hi - sorted.begin())) /
                 2 / static_cast<double>(sorted.size());
    }
  }
  return ranks;
}

struct Task {
  std::string target;
  const char* features;
  const Features* matrix;
  std::span<const int32_t> codes;  // of each row of the cohort
  int32_t level;
  std::string group;
};

class Models {
 public:
  explicit Models(Context* context) : context_(*context) {
    ChooseRows();
    Build();
  }

  void Run() {
    const Cohort& cohort = context_.cohort();
    for (size_t a = 0; a < cohort.attributes.size(); ++a) {
      const CohortAttribute& attribute = cohort.attributes[a];
      const auto groups = std::count(attribute.kinds.begin(),
                                     attribute.kinds.end(), LevelKind::kGroup);
      for (size_t l = 0; l < attribute.levels.size(); ++l) {
        const auto level = static_cast<int32_t>(l);
        // Of two, one is told where the other is.
        if (!attribute.IsGroup(level) ||
            (groups == 2 && level == context_.reference[a])) {
          continue;
        }
        for (const auto& [name, matrix] :
             {std::pair{"acquisition", &acquisition_},
              {"labels", &labels_},
              {"pixels", &pixels_}}) {
          Add(attribute.name, name, matrix, attribute.codes, level,
              attribute.levels[l]);
        }
      }
    }
    // Name that data set: Torralba and Efros 2011.
    const CohortCovariate& site = cohort.site;
    for (size_t l = site.levels.size() == 2 ? 1 : 0;
         l < site.levels.size() && l < kMostLevels; ++l) {
      Add(site.name, "pixels", &pixels_, site.codes, static_cast<int32_t>(l),
          site.levels[l]);
    }
    std::vector<AttributeModel> models(tasks_.size());
    Progress progress("models of groups", static_cast<int64_t>(tasks_.size()),
                      "models");
    ParallelFor(static_cast<int64_t>(tasks_.size()), context_.options.threads,
                [&](int64_t i) {
                  models[i] = Fit(tasks_[i]);
                  progress.Advance(1);
                });
    std::erase_if(models, [](const AttributeModel& model) {
      return std::isnan(model.auroc.value);
    });
    context_.result->models = std::move(models);
  }

 private:
  void ChooseRows() {
    const std::vector<int64_t>& sample = context_.input.sample;
    const auto most = static_cast<size_t>(context_.options.model_subjects);
    RandomStream random(context_.options.seed, "survey models");
    rows_ = sample;
    for (size_t i = 0; i < std::min(most, rows_.size()); ++i) {
      std::swap(rows_[i], rows_[i + random.NextBelow(rows_.size() - i)]);
    }
    if (rows_.size() > most) rows_.resize(most);
  }

  void Build() {
    FeatureBuilder acquisition(rows_), pixels(rows_), labels(rows_);
    for (const Factor& factor : context_.input.factors) {
      const bool is_pixels = std::strcmp(factor.source, "pixels") == 0;
      FeatureBuilder& builder = is_pixels ? pixels : acquisition;
      if (factor.numeric()) {
        builder.AddNumbers(factor.numbers);
      } else {
        builder.AddWords(factor.codes, factor.levels.size());
      }
    }
    for (const CohortLabel& label : context_.cohort().labels) {
      std::vector<int32_t> codes(label.values.size());
      for (size_t i = 0; i < codes.size(); ++i) {
        codes[i] = label.values[i] < 0 ? 1 - label.values[i] : label.values[i];
      }
      labels.AddWords(codes, 5);
    }
    acquisition_ = acquisition.Take();
    pixels_ = pixels.Take();
    labels_ = labels.Take();
  }

  void Add(const std::string& target, const char* name, const Features* matrix,
           std::span<const int32_t> codes, int32_t level,
           const std::string& group) {
    if (matrix->columns == 0) return;
    tasks_.push_back({target, name, matrix, codes, level, group});
  }

  AttributeModel Fit(const Task& task) const {
    AttributeModel model{task.target, task.features, task.group};
    std::vector<uint8_t> y;
    int64_t in = 0;
    for (const int64_t row : rows_) {
      y.push_back(task.codes[row] == task.level);
      in += y.back();
    }
    model.columns = static_cast<int>(task.matrix->columns);
    const int64_t out = static_cast<int64_t>(y.size()) - in;
    if (in < kLeastSubjects || out < kLeastSubjects) return model;
    const std::vector<double> ranks =
        CrossValidate(*task.matrix, y, StratifiedFolds(y));
    const AurocResult auroc = DelongAuroc(ranks, y);
    model.auroc = FromInterval(AurocInterval(auroc, context_.options.level),
                               "delong_cross_validated");
    model.auroc.n = model.auroc.subjects = static_cast<int64_t>(y.size());
    model.auroc.events = in;
    // One-sided: a model that is worse than chance found nothing.
    // Where all are told DeLong's variance is 0, and the one without any
    // association (Mann and Whitney 1947) takes its place.
    const double variance =
        auroc.variance > 0
            ? auroc.variance
            : static_cast<double>(in + out + 1) /
                  (12 * static_cast<double>(in) * static_cast<double>(out));
    model.auroc.p = NormalCdf((0.5 - auroc.auroc) / std::sqrt(variance));
    return model;
  }

  const Context& context_;
  std::vector<int64_t> rows_;
  Features acquisition_, labels_, pixels_;
  std::vector<Task> tasks_;
};

const char* SourceOf(const char* features) {
  if (std::strcmp(features, "acquisition") == 0) {
    return "how the images were made";
  }
  return std::strcmp(features, "labels") == 0 ? "the labels alone"
                                              : "simple measures of the pixels";
}

const char* CodeOf(const AttributeModel& model, bool is_site) {
  if (is_site) return "SV336";
  if (std::strcmp(model.features, "acquisition") == 0) return "SV306";
  return std::strcmp(model.features, "labels") == 0 ? "SV316" : "SV326";
}

void FindModels(Context* context) {
  std::vector<Estimate*> family;
  for (AttributeModel& model : context->result->models) {
    family.push_back(&model.auroc);
  }
  AdjustFamily(family);
  for (const AttributeModel& model : context->result->models) {
    if (!(model.auroc.value > kAuroc) ||
        !(model.auroc.p_adjusted < context->options.alpha)) {
      continue;
    }
    const bool is_site = context->cohort().AttributeIndex(model.target) < 0;
    AddFinding(
        context,
        {.code = CodeOf(model, is_site),
         .chapter = 3,
         .severity = Grade(*context, model.auroc.value, kAurocAlarm,
                           model.auroc.p_adjusted,
                           static_cast<double>(model.auroc.events) /
                               static_cast<double>(model.auroc.n)),
         .text = fmt::format(
             "{}={} can be told from {}, with an AUROC of {:.2f} on people who "
             "were not used for fitting.",
             model.target, model.group, SourceOf(model.features),
             model.auroc.value),
         .action = is_site ? "Hold out whole sites for the test."
                           : "Before anybody says that a network reads the "
                             "group from anatomy, hold these constant.",
         .effect = model.auroc,
         .measure = "auroc",
         .attribute = model.target,
         .group = model.group,
         .covariate = model.features});
  }
}

// I(covariate; attribute | label).
void RunConditional(Context* context) {
  const Cohort& cohort = context->cohort();
  struct Place {
    size_t factor, attribute, label;
  };
  std::vector<Place> places;
  for (size_t f = 0; f < context->input.factors.size(); ++f) {
    const Factor& factor = context->input.factors[f];
    if (factor.levels.size() < 2 || factor.levels.size() > kMostLevels)
      continue;
    for (size_t a = 0; a < cohort.attributes.size(); ++a) {
      // With every label the answer is nearly the same; one is enough.
      if (!cohort.labels.empty()) places.push_back({f, a, 0});
    }
  }
  std::vector<ConditionalRow> rows(places.size());
  ParallelFor(
      static_cast<int64_t>(places.size()), context->options.threads,
      [&](int64_t i) {
        const auto& [f, a, l] = places[i];
        const Factor& factor = context->input.factors[f];
        const CohortAttribute& attribute = cohort.attributes[a];
        const CohortLabel& label = cohort.labels[l];
        std::vector<int32_t> x[3], y[3];
        for (const int64_t row : context->input.sample) {
          const int8_t value = label.values[row];
          const int stratum = value < 0 ? 2 : value;
          const int32_t group = attribute.codes[row];
          x[stratum].push_back(factor.codes[row]);
          y[stratum].push_back(attribute.IsGroup(group) ? group : -1);
        }
        std::vector<ContingencyTable> tables;
        for (int s = 0; s < 3; ++s) {
          tables.push_back(
              CountPairs(x[s], static_cast<int>(factor.levels.size()), y[s],
                         static_cast<int>(attribute.levels.size())));
        }
        rows[i] = {factor.name, attribute.name, label.name,
                   AssociateWithin(
                       tables, {.permutations = context->options.permutations,
                                .seed = context->options.seed,
                                .stream = static_cast<uint64_t>(i)})};
      });
  std::vector<double> p;
  for (const ConditionalRow& row : rows) p.push_back(row.association.p);
  const std::vector<double> adjusted = BenjaminiHochberg(p);
  for (size_t i = 0; i < rows.size(); ++i) rows[i].p_adjusted = adjusted[i];
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    return a.association.information_corrected >
           b.association.information_corrected;
  });
  context->result->conditional = std::move(rows);
}

}  // namespace

void CheckAttributeModels(Context* context) {
  Models(context).Run();
  FindModels(context);
  RunConditional(context);
}

}  // namespace plumbline::survey
