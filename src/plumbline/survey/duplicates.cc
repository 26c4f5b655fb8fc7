// C8: pictures that are there several times, and what of the test was seen in
// training.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "plumbline/base/text.h"
#include "plumbline/image/perceptual_hash.h"
#include "plumbline/stats/proportion.h"
#include "plumbline/survey/checks.h"

namespace plumbline::survey {
namespace {

class UnionFind {
 public:
  explicit UnionFind(size_t count) : parent_(count) {
    std::iota(parent_.begin(), parent_.end(), size_t{0});
  }
  size_t Find(size_t a) {
    while (parent_[a] != a) a = parent_[a] = parent_[parent_[a]];
    return a;
  }
  void Join(size_t a, size_t b) {
    a = Find(a);
    b = Find(b);
    if (a != b) parent_[std::max(a, b)] = std::min(a, b);
  }

 private:
  std::vector<size_t> parent_;
};

// The rows of each image.
std::vector<std::vector<int64_t>> RowsOfImages(const SurveyInput& input) {
  std::vector<std::vector<int64_t>> rows(input.images);
  for (size_t row = 0; row < input.image_of_row.size(); ++row) {
    if (input.image_of_row[row] >= 0) {
      rows[input.image_of_row[row]].push_back(static_cast<int64_t>(row));
    }
  }
  return rows;
}

std::string HowOf(const PicturePair& pair) {
  if (pair.exact) return "the same pixels";
  std::string how =
      pair.variant == 0 ? "nearly the same pixels" : VariantName(pair.variant);
  return pair.cropped == 0 ? how : how + ", cropped";
}

void FillGroup(const Context& context,
               const std::vector<std::vector<int64_t>>& rows_of_image,
               const std::vector<int64_t>& images, DuplicateGroup* group) {
  const Cohort& cohort = context.cohort();
  std::set<uint32_t> subjects;
  std::set<int32_t> parts;
  for (const int64_t image : images) {
    group->paths.push_back(context.input.paths[image]);
    for (const int64_t row : rows_of_image[image]) {
      group->rows.push_back(row);
      subjects.insert(cohort.subjects[row]);
      if (cohort.HasSplit() && cohort.split.codes[row] >= 0) {
        parts.insert(cohort.split.codes[row]);
      }
    }
  }
  group->subjects = static_cast<int64_t>(subjects.size());
  group->crosses_split = parts.size() > 1;
  for (const CohortLabel& label : cohort.labels) {
    std::set<int8_t> known;
    for (const int64_t row : group->rows) {
      if (label.values[row] >= 0) known.insert(label.values[row]);
    }
    group->labels_differ |= known.size() > 1;
  }
}

// Rows outside the part that is trained on with the same person or picture in
// it.
void CountNeighbours(Context* context,
                     const std::vector<std::vector<int64_t>>& rows_of_image) {
  const Cohort& cohort = context->cohort();
  if (!cohort.HasSplit()) return;
  // Subjects, then images.
  UnionFind joined(cohort.subject_count + rows_of_image.size());
  for (size_t image = 0; image < rows_of_image.size(); ++image) {
    for (const int64_t row : rows_of_image[image]) {
      joined.Join(cohort.subjects[row], cohort.subject_count + image);
    }
  }
  for (const PicturePair& pair : context->input.pairs) {
    joined.Join(cohort.subject_count + pair.first,
                cohort.subject_count + pair.second);
  }
  const auto& parts = cohort.split.levels;
  const auto train = std::find(parts.begin(), parts.end(), "train");
  const auto trained =
      static_cast<int32_t>(train == parts.end() ? 0 : train - parts.begin());
  std::vector<uint8_t> is_trained(cohort.subject_count + rows_of_image.size(),
                                  0);
  for (int64_t row = 0; row < cohort.rows; ++row) {
    if (cohort.split.codes[row] == trained) {
      is_trained[joined.Find(cohort.subjects[row])] = 1;
    }
  }
  int64_t rows = 0, with = 0;
  for (int64_t row = 0; row < cohort.rows; ++row) {
    if (cohort.split.codes[row] < 0 || cohort.split.codes[row] == trained) {
      continue;
    }
    ++rows;
    with += is_trained[joined.Find(cohort.subjects[row])];
  }
  Duplicates& out = context->result->duplicates;
  out.test_rows = rows;
  if (rows == 0) return;
  out.test_with_neighbour = FromInterval(
      WilsonInterval(with, rows, {.level = context->options.level}), "wilson");
  out.test_with_neighbour.n = rows;
  out.test_with_neighbour.events = with;
  out.test_with_neighbour.subjects = cohort.subject_count;
}

Estimate Count(const Context& context, int64_t count) {
  Estimate effect;
  effect.value = static_cast<double>(count);
  effect.n = context.cohort().rows;
  effect.subjects = context.cohort().subject_count;
  effect.method = "count";
  return effect;
}

void FindDuplicates(Context* context) {
  const Duplicates& d = context->result->duplicates;
  if (d.failed > 0) {
    AddFinding(
        context,
        {.code = "SV308",
         .chapter = 3,
         .severity = Severity::kMedium,
         .text = fmt::format("{} of {} images are missing or damaged.",
                             WithThousands(d.failed), WithThousands(d.images)),
         .action = "plumbline pack lists them with the reason. Ask "
                   "whether they are lost at random.",
         .effect = Count(*context, d.failed),
         .measure = "images"});
  }
  if (d.crossing > 0) {
    AddFinding(
        context,
        {.code = "SV328",
         .chapter = 3,
         .severity = Severity::kHigh,
         .text = fmt::format(
             "{} pictures are in several parts of the split, as copies or "
             "changed ones; {} of the rows that are not trained on have the "
             "same person or picture in training.",
             WithThousands(d.crossing), Percent(d.test_with_neighbour.value)),
         .action = "Keep the groups below together when splitting.",
         .effect = Count(*context, d.crossing),
         .measure = "pictures"});
  }
  const auto groups = static_cast<int64_t>(d.groups.size());
  if (groups > 0 && d.crossing < groups) {
    AddFinding(context,
               {.code = "SV338",
                .chapter = 3,
                .severity = Severity::kLow,
                .text = fmt::format(
                    "{} pictures are there several times: {} with the same "
                    "pixels, {} changed.",
                    WithThousands(groups), WithThousands(d.exact_groups),
                    WithThousands(groups - d.exact_groups)),
                .action = "Count each once.",
                .effect = Count(*context, groups),
                .measure = "pictures"});
  }
  if (d.different_people > 0 && context->cohort().has_subjects) {
    AddFinding(
        context,
        {.code = "SV348",
         .chapter = 3,
         .severity = Severity::kMedium,
         .text = fmt::format("{} pictures are filed under several people.",
                             WithThousands(d.different_people)),
         .action = "Find out whose they are: attributes and labels of "
                   "the others are wrong.",
         .effect = Count(*context, d.different_people),
         .measure = "pictures"});
  }
  if (d.label_conflicts > 0) {
    AddFinding(context,
               {.code = "SV358",
                .chapter = 3,
                .severity = Severity::kMedium,
                .text = fmt::format(
                    "{} pictures have labels that contradict one another.",
                    WithThousands(d.label_conflicts)),
                .action = "Have them read again; the rate is a lower bound on "
                          "how often labels are wrong.",
                .effect = Count(*context, d.label_conflicts),
                .measure = "pictures"});
  }
}

}  // namespace

void CheckDuplicates(Context* context) {
  const SurveyInput& input = context->input;
  Duplicates& out = context->result->duplicates;
  const auto rows_of_image = RowsOfImages(input);
  out.looked = input.images > 0;
  out.images = input.images;
  out.failed = input.failed_images;
  out.candidates = input.candidates;
  UnionFind joined(input.images);
  std::map<size_t, const PicturePair*> first_pair;
  std::map<size_t, bool> all_exact;
  for (const PicturePair& pair : input.pairs)
    joined.Join(pair.first, pair.second);
  for (const PicturePair& pair : input.pairs) {
    const size_t root = joined.Find(pair.first);
    // A changed version says more than an exact one about how the group arose.
    const auto [at, is_new] = first_pair.emplace(root, &pair);
    if (!is_new && at->second->exact && !pair.exact) at->second = &pair;
    const auto [exact, first] = all_exact.emplace(root, true);
    exact->second = exact->second && pair.exact;
    out.near_pairs += !pair.exact;
  }
  std::map<size_t, std::vector<int64_t>> images;
  for (int64_t i = 0; i < input.images; ++i) {
    const size_t root = joined.Find(i);
    if (first_pair.contains(root)) images[root].push_back(i);
  }
  for (const auto& [root, members] : images) {
    DuplicateGroup group;
    group.exact = all_exact[root];
    group.how = HowOf(*first_pair[root]);
    group.correlation = first_pair[root]->correlation;
    FillGroup(*context, rows_of_image, members, &group);
    out.exact_groups += group.exact;
    if (group.exact) out.exact_images += static_cast<int64_t>(members.size());
    out.different_people += group.subjects > 1;
    out.label_conflicts += group.labels_differ;
    out.crossing += group.crosses_split;
    out.groups.push_back(std::move(group));
  }
  std::stable_sort(out.groups.begin(), out.groups.end(),
                   [](const DuplicateGroup& a, const DuplicateGroup& b) {
                     return a.crosses_split > b.crosses_split;
                   });
  CountNeighbours(context, rows_of_image);
  FindDuplicates(context);
}

}  // namespace plumbline::survey
