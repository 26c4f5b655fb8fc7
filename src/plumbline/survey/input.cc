#include "plumbline/survey/input.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <unordered_map>

#include "plumbline/base/progress.h"
#include "plumbline/base/random.h"
#include "plumbline/base/text.h"
#include "plumbline/base/thread_pool.h"
#include "plumbline/cohort/packed/images_of_rows.h"
#include "plumbline/table/natural_order.h"

namespace plumbline::survey {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
// Facts of headers with more levels are identifiers or measurements.
constexpr size_t kMostLevels = 50;
constexpr size_t kMostNumberCodes = 12;

// Fifths of equal counts as levels.
void CutIntoFifths(Factor* factor) {
  std::vector<double> sorted;  // as far as needed
  for (const double x : factor->numbers) {
    if (std::isfinite(x)) sorted.push_back(x);
  }
  factor->codes.assign(factor->numbers.size(), -1);
  if (sorted.empty()) return;
  // Five values of the sorted column are wanted, not the sorted column.
  const double least = *std::min_element(sorted.begin(), sorted.end());
  std::vector<double> edges;
  auto from = sorted.begin();
  for (int fifth = 1; fifth < 5; ++fifth) {
    const auto at =
        sorted.begin() + static_cast<ptrdiff_t>(sorted.size() * fifth / 5);
    std::nth_element(from, at, sorted.end());
    from = at;
    const double edge = *at;
    if (edge > (edges.empty() ? least : edges.back())) {
      edges.push_back(edge);
    }
  }
  for (size_t i = 0; i <= edges.size(); ++i) {
    factor->levels.push_back(fmt::format("{} of {}", i + 1, edges.size() + 1));
  }
  for (size_t row = 0; row < factor->numbers.size(); ++row) {
    const double x = factor->numbers[row];
    if (!std::isfinite(x)) continue;
    factor->codes[row] = static_cast<int32_t>(
        std::upper_bound(edges.begin(), edges.end(), x) - edges.begin());
  }
}

void AddColumn(const CohortCovariate& column, std::vector<Factor>* factors) {
  if (column.name.empty()) return;
  for (const Factor& factor : *factors) {
    if (factor.name == column.name) return;
  }
  Factor factor;
  factor.name = column.name;
  if (column.numeric) {
    factor.numbers = column.numbers;
    CutIntoFifths(&factor);
  } else {
    factor.levels = column.levels;
    factor.codes = column.codes;
  }
  factors->push_back(std::move(factor));
}

// Of a column of texts, how long each is: a short report says less.
CohortCovariate ReportLength(const CohortCovariate& report) {
  CohortCovariate length;
  if (report.name.empty()) return length;
  length.name = "report length";
  length.numeric = true;
  if (report.numeric) {
    length.numbers = report.numbers;
    return length;
  }
  for (const int32_t code : report.codes) {
    length.numbers.push_back(
        code < 0 ? 0.0 : static_cast<double>(report.levels[code].size()));
  }
  return length;
}

// Texts of the images as a column of the rows: numbers if all are.
void AddFact(const std::string& name, const std::vector<std::string>& of_image,
             const std::vector<int64_t>& image_of_row,
             std::vector<Factor>* factors) {
  std::map<std::string, int32_t, decltype(&NaturalLess)> levels(&NaturalLess);
  bool all_numbers = true;
  double number = 0;
  for (const std::string& text : of_image) {
    if (text.empty()) continue;
    levels.emplace(text, 0);
    all_numbers = all_numbers && ParseNumber(text, &number);
  }
  if (levels.empty()) return;
  Factor factor;
  factor.name = name;
  factor.source = "header";
  if (all_numbers && levels.size() > kMostNumberCodes) {
    for (const int64_t image : image_of_row) {
      const bool known = image >= 0 && ParseNumber(of_image[image], &number);
      factor.numbers.push_back(known ? number : kNaN);
    }
    CutIntoFifths(&factor);
  } else if (levels.size() <= kMostLevels) {
    for (auto& [text, code] : levels) {
      code = static_cast<int32_t>(factor.levels.size());
      factor.levels.push_back(text);
    }
    for (const int64_t image : image_of_row) {
      const bool known = image >= 0 && !of_image[image].empty();
      factor.codes.push_back(known ? levels.at(of_image[image]) : -1);
    }
  } else {
    return;
  }
  factors->push_back(std::move(factor));
}

void AddFacts(const PackedCohort& packed,
              const std::vector<int64_t>& image_of_row,
              std::vector<Factor>* factors) {
  const int64_t images = packed.images();
  const auto add = [&](const std::string& name, const auto& text_of) {
    // The table's own column of the name knows better.
    for (const Factor& factor : *factors) {
      if (factor.name == name) return;
    }
    std::vector<std::string> of_image(images);
    for (int64_t i = 0; i < images; ++i) {
      if (packed.record(i).status == PackStatus::kDecoded) {
        of_image[i] = text_of(i);
      }
    }
    AddFact(name, of_image, image_of_row, factors);
  };
  for (size_t f = 0; f < AllImageFacts().size(); ++f) {
    add(AllImageFacts()[f],
        [&](int64_t i) { return packed.words(i).facts[f]; });
  }
  add("file format",
      [&](int64_t i) { return std::string(NameOf(packed.record(i).format)); });
  add("stored size", [&](int64_t i) {
    return fmt::format("{} x {}", packed.record(i).stored_width,
                       packed.record(i).stored_height);
  });
  for (int q = 0; q < kQualityMeasures; ++q) {
    Factor factor;
    factor.name = AllQualityMeasures()[q].name;
    factor.source = "pixels";
    bool any = false;
    for (const int64_t image : image_of_row) {
      const bool known =
          image >= 0 && packed.record(image).status == PackStatus::kDecoded;
      const double value = known ? packed.record(image).quality[q] : kNaN;
      factor.numbers.push_back(value);
      any |= std::isfinite(value);
    }
    if (!any) continue;
    CutIntoFifths(&factor);
    factors->push_back(std::move(factor));
  }
}

// Images with the same decoded pixels, each with the one before.
void FindExact(const PackedCohort& packed, const std::vector<uint8_t>& in_use,
               std::vector<PicturePair>* pairs) {
  std::unordered_map<uint64_t, int64_t> last;
  for (int64_t i = 0; i < packed.images(); ++i) {
    const PackedRecord& record = packed.record(i);
    if (record.status != PackStatus::kDecoded || !in_use[i]) continue;
    const auto [at, is_new] = last.emplace(record.pixel_hash, i);
    if (!is_new) {
      pairs->push_back({at->second, i, true, 0, 0, 1.0});
      at->second = i;
    }
  }
}

void FindNear(const PackedCohort& packed, const std::vector<uint8_t>& in_use,
              const InputOptions& options, SurveyInput* input) {
  std::vector<PictureHashes> hashes(packed.images());
  for (int64_t i = 0; i < packed.images(); ++i) {
    const PackedRecord& record = packed.record(i);
    hashes[i] = {record.hash_whole, record.hash_cropped,
                 record.has_structure != 0 && in_use[i] != 0 &&
                     record.status == PackStatus::kDecoded};
  }
  std::vector<HashPair> near = FindNearHashes(
      hashes, {.distance = options.distance, .threads = options.threads});
  std::erase_if(near, [&](const HashPair& pair) {
    return packed.record(pair.first).pixel_hash ==
           packed.record(pair.second).pixel_hash;
  });
  input->candidates = static_cast<int64_t>(near.size());
  std::vector<double> correlation(near.size());
  Progress progress("comparing pictures", input->candidates, "pairs");
  ParallelFor(input->candidates, options.threads, [&](int64_t i) {
    correlation[i] = DetailCorrelation(packed.ImageAt(near[i].first),
                                       packed.ImageAt(near[i].second), near[i]);
    progress.Advance(1);
  });
  for (size_t i = 0; i < near.size(); ++i) {
    if (correlation[i] < kSamePicture) continue;
    input->pairs.push_back({near[i].first, near[i].second, false,
                            near[i].variant, near[i].cropped, correlation[i]});
  }
}

void ChooseSample(const Cohort& cohort, uint64_t seed, SurveyInput* input) {
  std::vector<int64_t> chosen(cohort.subject_count, -1);
  std::vector<int32_t> seen(cohort.subject_count, 0);
  // Reservoir of one: the k-th row of a subject replaces with chance 1 / k.
  const PhiloxKey key = StreamKey(seed, "survey sample");
  for (int64_t row = 0; row < cohort.rows; ++row) {
    const uint32_t s = cohort.subjects[row];
    const auto k = static_cast<uint32_t>(++seen[s]);
    const uint32_t draw = Philox4x32({s, k, 0, 0}, key)[0];
    if (k == 1 || static_cast<uint64_t>(draw) * k < (uint64_t{1} << 32)) {
      chosen[s] = row;
    }
  }
  input->sample = std::move(chosen);
}

void SortBySubject(const Cohort& cohort, SurveyInput* input) {
  std::vector<int64_t> at(cohort.subject_count + 1, 0);
  for (const uint32_t subject : cohort.subjects) ++at[subject + 1];
  std::partial_sum(at.begin(), at.end(), at.begin());
  input->by_subject.resize(cohort.rows);
  for (int64_t row = 0; row < cohort.rows; ++row) {
    input->by_subject[at[cohort.subjects[row]]++] = row;
  }
}

}  // namespace

SurveyInput MakeSurveyInput(const Cohort& cohort, const PackedCohort* packed,
                            const InputOptions& options) {
  SurveyInput input;
  input.cohort = &cohort;
  for (const CohortCovariate& covariate : cohort.covariates) {
    AddColumn(covariate, &input.factors);
  }
  for (const CohortCovariate* column :
       {&cohort.site, &cohort.device, &cohort.time}) {
    AddColumn(*column, &input.factors);
  }
  AddColumn(ReportLength(cohort.report), &input.factors);
  ChooseSample(cohort, options.seed, &input);
  SortBySubject(cohort, &input);
  if (packed == nullptr || !cohort.HasImages()) return input;
  input.images = packed->images();
  std::vector<uint8_t> in_use(input.images, 0);
  input.image_of_row = ImagesOfRows(cohort, *packed);
  for (const int64_t image : input.image_of_row) {
    if (image >= 0) in_use[image] = 1;
  }
  for (int64_t i = 0; i < input.images; ++i) {
    input.paths.push_back(packed->words(i).path);
    input.failed_images += packed->record(i).status != PackStatus::kDecoded;
  }
  AddFacts(*packed, input.image_of_row, &input.factors);
  FindExact(*packed, in_use, &input.pairs);
  FindNear(*packed, in_use, options, &input);
  return input;
}

}  // namespace plumbline::survey
