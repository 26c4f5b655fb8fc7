#include "plumbline/face/embeddings/embedding_evidence.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <tuple>

#include "plumbline/base/error.h"
#include "plumbline/base/progress.h"
#include "plumbline/base/random.h"
#include "plumbline/base/text.h"
#include "plumbline/base/thread_pool.h"
#include "plumbline/face/embeddings/tile_kernel.h"

namespace plumbline::face {
namespace {

constexpr int64_t kPilotPairs = 1'000'000;
// Pairs drawn for the part of a curve below the cut.
constexpr int64_t kCurvePairs = 200'000;
// Left rows of a piece of work.
constexpr int64_t kBlockRows = 8 * kTileRows;
// Panels that stay in the second-level cache while the left rows pass by.
constexpr int64_t kPanelsAtOnce = 32;

// What the kernel multiplies: rows of the left and the right side, and the
// products that may belong to scores at or above the cut.
struct KernelRows {
  int64_t dimensions = 0;
  std::vector<float> made;  // empty: those of the set
  const float* left = nullptr;
  std::vector<float> right;  // panels
  float cut = 0;
  bool exact = true;  // products are the scores
};

// -|a - b|^2 = 2 a b - |a|^2 - |b|^2 is the product of (2 a, -|a|^2, -1) and
// (b, 1, |b|^2). In single precision it is off by at most n u sum |terms|
// (Higham 2002, eq. 3.5, u = 2^-24), so that products above a cut lower by as
// much are candidates whose distances are then computed one by one.
KernelRows DistanceRows(const EmbeddingSet& set, double cut) {
  KernelRows rows{.dimensions = set.dimensions + 2};
  rows.exact = false;
  std::vector<float> right(set.rows * rows.dimensions);
  rows.made.resize(right.size());
  double largest = 0;
  for (int64_t i = 0; i < set.rows; ++i) {
    const float* from = &set.values[i * set.dimensions];
    double squares = 0;
    for (int64_t k = 0; k < set.dimensions; ++k) {
      squares += static_cast<double>(from[k]) * from[k];
      rows.made[i * rows.dimensions + k] = 2 * from[k];
      right[i * rows.dimensions + k] = from[k];
    }
    largest = std::max(largest, squares);
    float* const left_end = &rows.made[i * rows.dimensions + set.dimensions];
    float* const right_end = &right[i * rows.dimensions + set.dimensions];
    left_end[0] = static_cast<float>(-squares);
    left_end[1] = -1;
    right_end[0] = 1;
    right_end[1] = static_cast<float>(squares);
  }
  rows.left = rows.made.data();
  rows.right = PackPanels(right.data(), set.rows, rows.dimensions);
  // Terms add up to at most 4 |a| |b| <= 4 max |a|^2; the squares are rounded
  // once besides.
  const double off =
      4 * largest * 0x1p-24 * static_cast<double>(rows.dimensions + 2);
  rows.cut =
      cut > 0 ? std::numeric_limits<float>::infinity()
              : static_cast<float>(-cut * cut - off) - static_cast<float>(off);
  return rows;
}

KernelRows RowsFor(const EmbeddingSet& set, double cut) {
  if (set.similarity == Similarity::kL2) return DistanceRows(set, cut);
  return {.dimensions = set.dimensions,
          .left = set.values.data(),
          .right = PackPanels(set.values.data(), set.rows, set.dimensions),
          .cut = static_cast<float>(cut)};
}

void CheckRoom(int64_t kept, const EmbeddingEvidenceOptions& options) {
  if (kept <= options.most_hits) return;
  throw Error(ErrorCode::kOutOfResources,
              "more than {} comparisons would have to be kept for this "
              "false-match rate; choose a lower one (--at fmr=...), or "
              "--replicates 0, which keeps a third",
              WithThousands(options.most_hits));
}

bool Before(const Hit& a, const Hit& b) {
  if (a.score != b.score) return a.score > b.score;
  return std::tie(a.reference, a.probe) < std::tie(b.reference, b.probe);
}

}  // namespace

EmbeddingEvidence::EmbeddingEvidence(const EmbeddingSet& set, int64_t subjects,
                                     const EmbeddingEvidenceOptions& options)
    : set_(set), images_(subjects), seed_(options.seed) {
  int64_t squares = 0;
  for (const uint32_t subject : set.subject) ++images_[subject];
  for (const int64_t images : images_) squares += images * images;
  comparisons_ = (set.rows * set.rows - squares) / 2;
  if (comparisons_ == 0) {
    throw Error(ErrorCode::kInvalidInput,
                "the embeddings are of one person; false matches are of two");
  }
  double cut = std::min(PilotCut(options), options.lowest_threshold);
  const int64_t in_basis = ComparisonsIn(options.basis);
  for (int attempt = 0;; ++attempt) {
    Compute(cut, options);
    int64_t accepted = 0;
    for (const Hit& hit : hits_) {
      accepted += options.basis.Contains(hit.reference, hit.probe);
    }
    if (static_cast<double>(accepted) >=
            options.most_accepted * static_cast<double>(in_basis) ||
        attempt == 4) {
      break;
    }
    // The sample promised more than there is.
    cut -= 0.1 * std::max(std::abs(cut), 0.1);
  }
}

int64_t EmbeddingEvidence::ComparisonsIn(const Within& within) const {
  if (within.groups == nullptr) return comparisons_;
  int64_t sum = 0;
  int64_t squares = 0;
  for (size_t i = 0; i < images_.size(); ++i) {
    if (within.groups->of_subject[i] != within.group) continue;
    sum += images_[i];
    squares += images_[i] * images_[i];
  }
  return (sum * sum - squares) / 2;
}

std::vector<double> EmbeddingEvidence::Sample(const Within& within,
                                              int64_t pairs) const {
  std::vector<int64_t> rows;
  for (int64_t row = 0; row < set_.rows; ++row) {
    const uint32_t subject = set_.subject[row];
    if (within.Contains(subject, subject)) rows.push_back(row);
  }
  std::vector<double> scores;
  RandomStream random(seed_, "pairs of images");
  for (int64_t i = 0; i < pairs && rows.size() > 1; ++i) {
    const int64_t a = rows[random.NextBelow(rows.size())];
    const int64_t b = rows[random.NextBelow(rows.size())];
    if (set_.subject[a] == set_.subject[b]) continue;
    scores.push_back(set_.Score(a, b));
  }
  return scores;
}

double EmbeddingEvidence::PilotCut(
    const EmbeddingEvidenceOptions& options) const {
  std::vector<double> scores = Sample(options.basis, kPilotPairs);
  if (scores.empty()) return -std::numeric_limits<double>::infinity();
  // Three standard errors of the sample's count more.
  const auto n = static_cast<double>(scores.size());
  const double wanted = options.most_accepted * n;
  const auto place =
      static_cast<size_t>(std::min(n - 1, wanted + 3 * std::sqrt(wanted) + 3));
  std::nth_element(scores.begin(), scores.begin() + place, scores.end(),
                   std::greater<>());
  return scores[place];
}

void EmbeddingEvidence::Compute(double cut,
                                const EmbeddingEvidenceOptions& options) {
  const KernelRows kernel = RowsFor(set_, cut);
  // The kernel compares floats; scores are floats, but for distances.
  cut_ = kernel.exact ? kernel.cut : cut;
  const int64_t rows = set_.rows;
  const int64_t dimensions = kernel.dimensions;
  const int64_t panels = (rows + kPanelRows - 1) / kPanelRows;
  const int64_t blocks = (rows + kBlockRows - 1) / kBlockRows;
  std::vector<std::vector<Hit>> of_block(blocks);
  std::atomic<int64_t> kept = 0;
  Progress progress("comparing images", comparisons_, "pairs");
  // In turn, because the first blocks have more pairs than the last.
  const int ranks = options.processes ? options.processes->size() : 1;
  const int rank = options.processes ? options.processes->rank() : 0;
  const int64_t own = (blocks - rank + ranks - 1) / ranks;
  ParallelFor(own, options.threads, [&](int64_t i) {
    const int64_t block = rank + i * ranks;
    const int64_t begin = block * kBlockRows;
    const int64_t end = std::min(rows, begin + kBlockRows);
    std::vector<Hit>& hits = of_block[block];
    std::vector<TileHit> found;
    std::vector<float> tile;
    for (int64_t first = begin / kPanelRows; first < panels;
         first += kPanelsAtOnce) {
      const int64_t last = std::min(panels, first + kPanelsAtOnce);
      for (int64_t row = begin; row < end; row += kTileRows) {
        const int64_t count = std::min(kTileRows, end - row);
        PackTile(kernel.left + row * dimensions, count, dimensions, &tile);
        for (int64_t panel = first; panel < last; ++panel) {
          // Everything below the diagonal was another block's.
          if ((panel + 1) * kPanelRows <= row) continue;
          found.clear();
          MultiplyPanel(tile.data(), count,
                        &kernel.right[panel * kPanelRows * dimensions],
                        dimensions, kernel.cut, &found);
          for (const TileHit& hit : found) {
            const int64_t a = row + hit.left;
            const int64_t b = panel * kPanelRows + hit.right;
            if (b >= rows || b <= a) continue;
            const uint32_t reference = set_.subject[a];
            const uint32_t probe = set_.subject[b];
            if (reference == probe) continue;
            const double score = kernel.exact ? hit.score : set_.Score(a, b);
            if (!kernel.exact && score < cut) continue;
            const auto pairs =
                static_cast<uint32_t>(images_[reference] * images_[probe]);
            hits.push_back({.score = score,
                            .reference = reference,
                            .probe = probe,
                            .forward = pairs,
                            .both = pairs});
          }
        }
      }
    }
    CheckRoom(kept += static_cast<int64_t>(hits.size()), options);
    progress.Advance((end - begin) * (rows - begin));
  });
  hits_.clear();
  hits_.reserve(kept);
  for (std::vector<Hit>& part : of_block) {
    hits_.insert(hits_.end(), part.begin(), part.end());
    std::vector<Hit>().swap(part);
  }
  GatherHits(options);
  std::sort(hits_.begin(), hits_.end(), Before);
}

void EmbeddingEvidence::GatherHits(const EmbeddingEvidenceOptions& options) {
  if (options.processes == nullptr || options.processes->size() == 1) return;
  const std::vector<std::string> of_rank =
      options.processes->AllGather({reinterpret_cast<const char*>(hits_.data()),
                                    hits_.size() * sizeof(Hit)});
  hits_.clear();
  for (const std::string& bytes : of_rank) {
    const size_t before = hits_.size();
    hits_.resize(before + bytes.size() / sizeof(Hit));
    if (!bytes.empty()) {
      std::memcpy(&hits_[before], bytes.data(), bytes.size());
    }
  }
  CheckRoom(static_cast<int64_t>(hits_.size()), options);
}

ImpostorCounts EmbeddingEvidence::Count(const SubjectGroups& groups) const {
  const auto size = static_cast<size_t>(groups.groups);
  std::vector<int64_t> total(size);
  std::vector<double> squares(size), fourths(size);
  for (size_t i = 0; i < images_.size(); ++i) {
    const uint32_t g = groups.of_subject[i];
    const auto n = static_cast<double>(images_[i]);
    total[g] += images_[i];
    squares[g] += n * n;
    fourths[g] += n * n * n * n;
  }
  ImpostorCounts counts{
      .groups = groups.groups,
      .comparisons = std::vector<int64_t>(size * size),
      .as_reference = std::vector<uint32_t>(images_.size() * size),
      .as_probe = std::vector<uint32_t>(images_.size() * size),
      .squares = std::vector<double>(size * size)};
  double all_squares = 0;
  double all_fourths = 0;
  for (size_t g = 0; g < size; ++g) {
    all_squares += squares[g];
    all_fourths += fourths[g];
    counts.comparisons[g * size + g] =
        (total[g] * total[g] - static_cast<int64_t>(squares[g])) / 2;
    counts.squares[g * size + g] = (squares[g] * squares[g] - fourths[g]) / 2;
    for (size_t h = g + 1; h < size; ++h) {
      counts.comparisons[g * size + h] = total[g] * total[h];
      counts.squares[g * size + h] = squares[g] * squares[h];
    }
  }
  counts.all_squares = (all_squares * all_squares - all_fourths) / 2;
  for (size_t i = 0; i < images_.size(); ++i) {
    const size_t g = groups.of_subject[i];
    for (size_t h = 0; h < size; ++h) {
      const int64_t others = h == g ? total[g] - images_[i] : total[h];
      (h >= g ? counts.as_reference : counts.as_probe)[i * size + h] =
          static_cast<uint32_t>(images_[i] * others);
    }
  }
  return counts;
}

FmrThreshold EmbeddingEvidence::Threshold(const Within& within,
                                          double target) const {
  FmrThreshold threshold{.target = target,
                         .value = std::numeric_limits<double>::infinity(),
                         .comparisons = ComparisonsIn(within)};
  if (threshold.comparisons == 0) return threshold;
  const auto total = static_cast<double>(threshold.comparisons);
  int64_t accepted = 0;
  bool ended = false;
  for (size_t i = 0; i < hits_.size() && !ended;) {
    int64_t with_ties = accepted;
    size_t next = i;
    for (; next < hits_.size() && hits_[next].score == hits_[i].score; ++next) {
      with_ties += within.Contains(hits_[next].reference, hits_[next].probe);
    }
    ended = static_cast<double>(with_ties) / total > target;
    if (!ended && with_ties > accepted) {
      threshold.value = hits_[i].score;
      threshold.accepted = with_ties;
      threshold.reachable = true;
      accepted = with_ties;
    }
    i = next;
  }
  // Without a score that is too many, the threshold may lie below the cut.
  if (!ended) {
    threshold.reachable = false;
    threshold.value = std::numeric_limits<double>::infinity();
    threshold.accepted = 0;
  }
  threshold.achieved = static_cast<double>(threshold.accepted) / total;
  return threshold;
}

FmrThreshold EmbeddingEvidence::At(double threshold) const {
  const auto accepted = std::partition_point(hits_.begin(), hits_.end(),
                                             [threshold](const Hit& hit) {
                                               return hit.score >= threshold;
                                             }) -
                        hits_.begin();
  return {.target = std::numeric_limits<double>::quiet_NaN(),
          .value = threshold,
          .accepted = accepted,
          .comparisons = comparisons_,
          .achieved =
              static_cast<double>(accepted) / static_cast<double>(comparisons_),
          .reachable = true};
}

std::vector<Hit> EmbeddingEvidence::Hits(double cut,
                                         const SubjectGroups& groups) const {
  const auto end =
      std::partition_point(hits_.begin(), hits_.end(),
                           [cut](const Hit& hit) { return hit.score >= cut; });
  std::vector<Hit> hits(hits_.begin(), end);
  for (Hit& hit : hits) {
    if (groups.of_subject[hit.reference] > groups.of_subject[hit.probe]) {
      std::swap(hit.reference, hit.probe);
    }
  }
  return hits;
}

DetCurve EmbeddingEvidence::Curve(const Within& within,
                                  std::span<const double> genuine,
                                  int most_points,
                                  ScoreSummary* impostor) const {
  const std::vector<double> sample = Sample(within, kCurvePairs);
  *impostor = Summarise(sample);
  std::vector<double> highest, body;
  for (const Hit& hit : hits_) {
    if (within.Contains(hit.reference, hit.probe)) highest.push_back(hit.score);
  }
  for (const double score : sample) {
    if (score < cut_) body.push_back(score);
  }
  return MakeDetCurve(highest, ComparisonsIn(within), body, genuine,
                      most_points);
}

GenuineScores EmbeddingEvidence::Genuine() const {
  GenuineScores genuine;
  for (int64_t a = 0; a < set_.rows; ++a) {
    for (int64_t b = a + 1; b < set_.rows && set_.subject[b] == set_.subject[a];
         ++b) {
      genuine.subject.push_back(set_.subject[a]);
      genuine.score.push_back(set_.Score(a, b));
    }
  }
  return genuine;
}

}  // namespace plumbline::face
