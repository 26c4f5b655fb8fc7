#include "plumbline/face/library/library_scores.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <cstring>
#include <limits>
#include <mutex>
#include <numeric>

#include "plumbline/base/error.h"
#include "plumbline/base/file.h"
#include "plumbline/base/hash.h"
#include "plumbline/base/progress.h"
#include "plumbline/base/thread_pool.h"
#include "plumbline/face/library/pnm.h"

namespace plumbline::face {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr int64_t kMostMatches = 4096;  // of a piece of work
// Calls that end a process, before a library is given up.
constexpr int64_t kMostLostCalls = 50;
constexpr int64_t kTile = 64;  // templates on each side

double Seconds() {
  return std::chrono::duration<double>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// Bytes that are wiped before they are given back.
class TemplateBytes {
 public:
  TemplateBytes() = default;
  TemplateBytes(TemplateBytes&&) = default;
  TemplateBytes& operator=(TemplateBytes&&) = default;
  ~TemplateBytes() {
    if (!bytes_.empty()) explicit_bzero(bytes_.data(), bytes_.size());
  }
  void Set(const char* from, int64_t size) { bytes_.assign(from, from + size); }
  const std::vector<char>& bytes() const { return bytes_; }

 private:
  std::vector<char> bytes_;
};

// Workers that have nothing to do.
class FreeWorkers {
 public:
  explicit FreeWorkers(int count) : free_(count) {
    std::iota(free_.begin(), free_.end(), 0);
  }
  int Take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !free_.empty(); });
    const int worker = free_.back();
    free_.pop_back();
    return worker;
  }
  void Give(int worker) {
    const std::lock_guard lock(mutex_);
    free_.push_back(worker);
    changed_.notify_one();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<int> free_;
};

struct WorkerLoan {
  explicit WorkerLoan(FreeWorkers* from)
      : workers(from), worker(from->Take()) {}
  ~WorkerLoan() { workers->Give(worker); }
  FreeWorkers* workers;
  int worker;
};

// Codes that mean the library cannot run: configuration, folders, memory, not
// implemented, vendor's own (a licence, say).
bool CannotRun(int code) {
  return code == 2 || code == 11 || code == 12 || code == 13 || code == 16 ||
         code == 17;
}

int DescriptionOf(PictureKind kind, FrvtInterface interface) {
  // Of structs 1.x and 3.1: the fourth was dropped.
  const int wild = interface == FrvtInterface::kFaceIris ? 4 : 5;
  return kind == PictureKind::kWild ? wild : static_cast<int>(kind);
}

// Of one template.
struct Made {
  TemplateBytes bytes;
  int code = 0;
  CallEnd end = CallEnd::kAnswered;
  double seconds = 0;
  bool good() const { return end == CallEnd::kAnswered && code == 0; }
};

class Scorer {
 public:
  Scorer(const LibraryImages& images, const LibraryOptions& options,
         LibraryRun* run)
      : images_(images),
        options_(options),
        run_(run),
        host_(options.host),
        free_(options.host.workers) {
    run_->report = host_.report();
    run_->file = options.host.file;
  }

  void MakeTemplates();
  void Compare(const FaceInputColumns& columns, FaceInput* input);
  std::string Output() const { return host_.Output(); }

 private:
  struct Pair {
    uint32_t reference, probe;  // rows
  };
  // The scores of some pairs, NaN for a failed comparison.
  struct Batch {
    std::vector<Pair> pairs;
    std::vector<double> scores;
  };

  Made MakeOne(int64_t row, int role);
  void Count(const std::vector<Made>& made, TemplateCounts* counts,
             std::vector<uint8_t>* good);
  std::vector<Pair> PairsOfTile(int64_t left, int64_t right, int64_t side,
                                uint64_t keep_below) const;
  std::vector<double> Score(std::span<const Pair> pairs);
  std::vector<double> ScoreBatch(int worker, std::span<const Pair> pairs);
  size_t FitBatch(std::span<const Pair> pairs) const;
  void FillBatch(char* area, std::span<const Pair> pairs) const;
  void NoteTrouble(const std::string& text);
  int64_t rows() const { return static_cast<int64_t>(images_.path.size()); }

  const LibraryImages& images_;
  const LibraryOptions& options_;
  LibraryRun* run_;
  LibraryHost host_;
  FreeWorkers free_;
  std::mutex mutex_;
  std::atomic<int64_t> answered_ = 0;  // calls, those of pieces of work at once
  int64_t lost_calls_ = 0;
  std::vector<Made> enrolment_;
  std::vector<Made> verification_;
};

void Scorer::NoteTrouble(const std::string& text) {
  const std::lock_guard lock(mutex_);
  if (run_->first_trouble.empty()) run_->first_trouble = text;
  ++lost_calls_;
  if (lost_calls_ < kMostLostCalls || lost_calls_ < answered_) return;
  throw Error(ErrorCode::kInvalidInput,
              "{}: crashes or hangs in most calls ({} of {}), so there is "
              "nothing to audit; the first time, {}",
              options_.host.library, lost_calls_, lost_calls_ + answered_,
              run_->first_trouble);
}

Made Scorer::MakeOne(int64_t row, int role) {
  const std::string& path = images_.path[row];
  const MappedFile file(path);
  const Picture picture = ReadPnm(file.bytes(), path);
  const WorkerLoan loan(&free_);
  char* area = host_.area(loan.worker);
  auto* work = reinterpret_cast<TemplateWork*>(area + kAreaData);
  constexpr int64_t kPlace = kAreaData + sizeof(TemplateWork);
  if (static_cast<int64_t>(picture.pixels.size()) >
      host_.area_bytes() - kPlace) {
    throw Error(ErrorCode::kInvalidInput,
                "{}: {} x {} pixels are more than a library is given ({} "
                "bytes)",
                path, picture.width, picture.height, host_.area_bytes());
  }
  *work = {.role = role, .pictures = 1};
  work->picture[0] = {.width = static_cast<uint16_t>(picture.width),
                      .height = static_cast<uint16_t>(picture.height),
                      .depth = static_cast<uint8_t>(8 * picture.channels),
                      .description = DescriptionOf(
                          images_.kind[row], options_.host.file.interface),
                      .offset = kPlace};
  memcpy(area + kPlace, picture.pixels.data(), picture.pixels.size());
  Made made;
  std::string what;
  made.end = host_.MakeTemplate(loan.worker, &what);
  if (made.end != CallEnd::kAnswered) {
    NoteTrouble(fmt::format("the process that made a template {}", what));
    return made;
  }
  ++answered_;
  made.code = work->code;
  made.seconds = static_cast<double>(work->nanoseconds) * 1e-9;
  const int64_t bytes = work->bytes;
  if (made.code == 0 && (bytes < 0 || bytes > host_.area_bytes() - kPlace)) {
    made.code = 6;  // a template that cannot be passed on
    return made;
  }
  if (made.code == 0) made.bytes.Set(area + kPlace, bytes);
  explicit_bzero(area + kPlace, std::min<int64_t>(std::max<int64_t>(bytes, 0),
                                                  host_.area_bytes() - kPlace));
  return made;
}

void Scorer::Count(const std::vector<Made>& made, TemplateCounts* counts,
                   std::vector<uint8_t>* good) {
  for (const Made& each : made) {
    ++counts->attempts;
    counts->made += each.good();
    counts->crashed += each.end == CallEnd::kCrashed;
    counts->timed_out += each.end == CallEnd::kTimedOut;
    if (each.end == CallEnd::kAnswered && each.code != 0) {
      ++counts->refused[each.code];
    }
    good->push_back(each.good());
    run_->seconds_of_templates += each.seconds;
    if (each.end == CallEnd::kAnswered && CannotRun(each.code)) {
      throw Error(ErrorCode::kInvalidInput,
                  "{}: answers createTemplate with code {}, which means that "
                  "it cannot run here (2 configuration, 11 and 12 folders, 13 "
                  "memory, 16 not implemented, 17 the vendor's own, often a "
                  "licence)",
                  options_.host.library, each.code);
    }
    if (!each.good()) continue;
    const auto size = static_cast<int64_t>(each.bytes.bytes().size());
    run_->largest_template = std::max(run_->largest_template, size);
    run_->smallest_template = run_->smallest_template == 0
                                  ? size
                                  : std::min(run_->smallest_template, size);
  }
}

void Scorer::MakeTemplates() {
  enrolment_.resize(rows());
  verification_.resize(rows());
  Progress progress("making templates", 2 * rows(), "templates");
  ParallelFor(2 * rows(), options_.host.workers, [&](int64_t i) {
    (i < rows() ? enrolment_[i] : verification_[i - rows()]) =
        MakeOne(i % rows(), i < rows() ? 0 : 1);
    progress.Advance(1);
  });
  Count(enrolment_, &run_->enrolment, &run_->enrolled);
  Count(verification_, &run_->verification, &run_->acquired);
}

std::vector<Scorer::Pair> Scorer::PairsOfTile(int64_t left, int64_t right,
                                              int64_t side,
                                              uint64_t keep_below) const {
  const std::vector<uint32_t>& subject = images_.images.subject_of_row;
  std::vector<Pair> pairs;
  const int64_t left_end = std::min(rows(), left + side);
  const int64_t right_end = std::min(rows(), right + side);
  for (int64_t i = left; i < left_end; ++i) {
    for (int64_t j = right; j < right_end; ++j) {
      if (i == j) continue;
      // Which pairs are drawn is a matter of seed and rows alone.
      const uint64_t key[] = {options_.seed, static_cast<uint64_t>(i),
                              static_cast<uint64_t>(j)};
      if (subject[i] != subject[j] &&
          keep_below != std::numeric_limits<uint64_t>::max() &&
          FastHash({reinterpret_cast<const char*>(key), sizeof key}) >
              keep_below) {
        continue;
      }
      pairs.push_back({static_cast<uint32_t>(i), static_cast<uint32_t>(j)});
    }
  }
  return pairs;
}

// How many of the pairs fit into one area.
size_t Scorer::FitBatch(std::span<const Pair> pairs) const {
  const int64_t room =
      host_.area_bytes() - kMatchTable -
      kMostMatches *
          static_cast<int64_t>(sizeof(MatchEntry) + 2 * sizeof(TemplateEntry));
  int64_t bytes = 0;
  std::vector<uint32_t> references, probes;
  size_t count = 0;
  const auto add = [](std::vector<uint32_t>* seen, uint32_t row,
                      const Made& made) -> int64_t {
    if (std::find(seen->rbegin(), seen->rend(), row) != seen->rend()) return 0;
    seen->push_back(row);
    return static_cast<int64_t>(made.bytes.bytes().size());
  };
  for (; count < pairs.size() && count < kMostMatches; ++count) {
    const Pair& pair = pairs[count];
    bytes += add(&references, pair.reference, enrolment_[pair.reference]) +
             add(&probes, pair.probe, verification_[pair.probe]);
    if (bytes > room) break;
  }
  return count;
}

void Scorer::FillBatch(char* area, std::span<const Pair> pairs) const {
  auto* work = reinterpret_cast<MatchWork*>(area + kAreaData);
  std::map<uint32_t, uint32_t> enrolments, verifications;
  for (const Pair& pair : pairs) {
    enrolments.emplace(pair.reference, 0);
    verifications.emplace(pair.probe, 0);
  }
  auto* entries = reinterpret_cast<TemplateEntry*>(area + kMatchTable);
  const size_t templates = enrolments.size() + verifications.size();
  int64_t offset =
      kMatchTable + static_cast<int64_t>(templates * sizeof(TemplateEntry) +
                                         pairs.size() * sizeof(MatchEntry));
  uint32_t number = 0;
  const auto put = [&](std::map<uint32_t, uint32_t>* rows,
                       const std::vector<Made>& made) {
    for (auto& [row, index] : *rows) {
      const std::vector<char>& bytes = made[row].bytes.bytes();
      if (!bytes.empty()) memcpy(area + offset, bytes.data(), bytes.size());
      entries[number] = {offset, static_cast<int64_t>(bytes.size())};
      offset += static_cast<int64_t>(bytes.size());
      index = number++;
    }
  };
  put(&enrolments, enrolment_);
  put(&verifications, verification_);
  auto* matches = reinterpret_cast<MatchEntry*>(
      area + kMatchTable + templates * sizeof(TemplateEntry));
  for (size_t i = 0; i < pairs.size(); ++i) {
    matches[i] = {.verification = verifications[pairs[i].probe],
                  .enrolment = enrolments[pairs[i].reference],
                  .similarity = kNaN};
  }
  *work = {.templates = static_cast<int32_t>(templates),
           .matches = static_cast<int32_t>(pairs.size())};
}

std::vector<double> Scorer::ScoreBatch(int worker,
                                       std::span<const Pair> pairs) {
  char* area = host_.area(worker);
  FillBatch(area, pairs);
  const auto count = static_cast<int32_t>(pairs.size());
  // Kept here: the library can write to the area.
  const int32_t templates =
      reinterpret_cast<const MatchWork*>(area + kAreaData)->templates;
  std::vector<uint8_t> lost(pairs.size());
  int64_t crashes = 0, time_outs = 0;
  for (int32_t first = 0; first < count;) {
    int32_t done = first;
    std::string what;
    const CallEnd end = host_.Match(worker, first, count, &done, &what);
    if (end == CallEnd::kAnswered) {
      answered_ += count - first;
      break;
    }
    (end == CallEnd::kCrashed ? crashes : time_outs) += 1;
    answered_ += done - first;
    NoteTrouble(
        fmt::format("the process that compared two templates {}", what));
    if (done < count) lost[done] = 1;
    first = done + 1;
  }
  const auto* matches = reinterpret_cast<const MatchEntry*>(
      area + kMatchTable + templates * sizeof(TemplateEntry));
  std::vector<double> scores(pairs.size(), kNaN);
  int64_t failures = 0, invalid = 0, answered = 0;
  for (size_t i = 0; i < pairs.size(); ++i) {
    if (lost[i]) continue;
    ++answered;
    const MatchEntry match = matches[i];
    if (CannotRun(match.code)) {
      throw Error(ErrorCode::kInvalidInput,
                  "{}: answers matchTemplates with code {}, which means that "
                  "it cannot run here",
                  options_.host.library, match.code);
    }
    if (match.code != 0) {
      ++failures;
    } else if (!(match.similarity >= 0) || std::isinf(match.similarity)) {
      ++invalid;
    } else {
      scores[i] = match.similarity;
    }
  }
  const std::lock_guard lock(mutex_);
  run_->matches += answered;
  run_->match_failures += failures;
  run_->invalid_scores += invalid;
  run_->match_crashes += crashes;
  run_->match_time_outs += time_outs;
  run_->seconds_of_matches +=
      static_cast<double>(
          reinterpret_cast<const MatchWork*>(area + kAreaData)->nanoseconds) *
      1e-9;
  return scores;
}

std::vector<double> Scorer::Score(std::span<const Pair> pairs) {
  // Pictures without a template are failed comparisons without a call.
  std::vector<Pair> callable;
  for (const Pair& pair : pairs) {
    if (enrolment_[pair.reference].good() && verification_[pair.probe].good()) {
      callable.push_back(pair);
    }
  }
  std::vector<double> called;
  const WorkerLoan loan(&free_);
  for (std::span<const Pair> rest = callable; !rest.empty();) {
    const size_t fit = FitBatch(rest);
    if (fit == 0) {
      throw Error(ErrorCode::kInvalidInput,
                  "{}: two templates do not fit into {} bytes",
                  options_.host.library, host_.area_bytes());
    }
    const auto scores = ScoreBatch(loan.worker, rest.first(fit));
    called.insert(called.end(), scores.begin(), scores.end());
    rest = rest.subspan(fit);
  }
  const auto repeats = static_cast<size_t>(
      std::ceil(options_.repeated_share *
                static_cast<double>(std::min<size_t>(called.size(), 4096))));
  if (repeats > 0) {
    const auto again =
        ScoreBatch(loan.worker, std::span<const Pair>(callable).first(
                                    std::min(repeats, FitBatch(callable))));
    int64_t otherwise = 0;
    for (size_t i = 0; i < again.size(); ++i) {
      otherwise += again[i] != called[i] &&
                   !(std::isnan(again[i]) && std::isnan(called[i]));
    }
    const std::lock_guard lock(mutex_);
    run_->repeated += static_cast<int64_t>(again.size());
    run_->repeated_otherwise += otherwise;
    run_->matches -= static_cast<int64_t>(again.size());
  }
  std::vector<double> scores(pairs.size(), kNaN);
  size_t next = 0;
  for (size_t i = 0; i < pairs.size(); ++i) {
    if (enrolment_[pairs[i].reference].good() &&
        verification_[pairs[i].probe].good()) {
      scores[i] = called[next++];
    }
  }
  return scores;
}

void Scorer::Compare(const FaceInputColumns& columns, FaceInput* input) {
  const std::vector<uint32_t>& subject = images_.images.subject_of_row;
  std::vector<int64_t> images(input->subjects);
  for (const uint32_t each : subject) ++images[each];
  int64_t mated = 0;
  for (const int64_t each : images) mated += each * (each - 1);
  run_->impostor_pairs = rows() * (rows() - 1) - mated;
  const double share = static_cast<double>(options_.most_impostors) /
                       static_cast<double>(run_->impostor_pairs);
  run_->sampled = share < 1;
  const uint64_t keep_below = run_->sampled
                                  ? static_cast<uint64_t>(share * 0x1p64)
                                  : std::numeric_limits<uint64_t>::max();
  const auto side = std::clamp<int64_t>(
      static_cast<int64_t>(kTile / std::sqrt(std::min(1.0, share))), kTile,
      16 * kTile);
  const int64_t tiles = (rows() + side - 1) / side;
  std::vector<Batch> batches(tiles * tiles);
  const double begin = Seconds();
  {
    Progress progress("comparing templates", rows() * rows(), "pairs");
    ParallelFor(tiles * tiles, options_.host.workers, [&](int64_t tile) {
      Batch& batch = batches[tile];
      batch.pairs = PairsOfTile(tile / tiles * side, tile % tiles * side, side,
                                keep_below);
      batch.scores = Score(batch.pairs);
      progress.Advance(side * side);
    });
  }
  run_->wall_seconds_of_matches = Seconds() - begin;
  std::vector<double> valid;
  for (Batch& batch : batches) {
    for (size_t i = 0; i < batch.pairs.size(); ++i) {
      const uint32_t reference = subject[batch.pairs[i].reference];
      const uint32_t probe = subject[batch.pairs[i].probe];
      if (!std::isnan(batch.scores[i])) valid.push_back(batch.scores[i]);
      AddComparison(reference, probe, batch.scores[i], columns.failures, input);
    }
    batch = {};
  }
  std::sort(valid.begin(), valid.end());
  run_->valid_scores = static_cast<int64_t>(valid.size());
  run_->different_scores =
      std::unique(valid.begin(), valid.end()) - valid.begin();
}

}  // namespace

LibraryRun ScoreWithLibrary(const LibraryImages& images,
                            const LibraryOptions& options,
                            const FaceInputColumns& columns, FaceInput* input) {
  LibraryRun run;
  Scorer scorer(images, options, &run);
  scorer.MakeTemplates();
  scorer.Compare(columns, input);
  run.output = scorer.Output();
  if (run.valid_scores == 0) {
    throw Error(ErrorCode::kInvalidInput, "{}: gave no valid score at all{}{}",
                options.host.library, run.first_trouble.empty() ? "" : ": ",
                run.first_trouble);
  }
  return run;
}

}  // namespace plumbline::face
