#include "plumbline/face/audit/library_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "plumbline/base/text.h"

namespace plumbline::face {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// A template that was not made is a "comparison" below the threshold: the same
// estimator, clustered by person.
GenuineScores AsAttempts(const std::vector<uint32_t>& subject_of_row,
                         const std::vector<uint8_t>& made) {
  GenuineScores attempts;
  attempts.subject = subject_of_row;
  attempts.score.assign(made.begin(), made.end());
  return attempts;
}

// One attempt a person: the best of theirs.
GenuineScores AsPeople(const std::vector<uint32_t>& subject_of_row,
                       const std::vector<uint8_t>& made, int64_t subjects) {
  GenuineScores people;
  people.score.assign(subjects, 0);
  for (int64_t i = 0; i < subjects; ++i) {
    people.subject.push_back(static_cast<uint32_t>(i));
  }
  for (size_t row = 0; row < made.size(); ++row) {
    double& best = people.score[subject_of_row[row]];
    best = std::max<double>(best, made[row]);
  }
  return people;
}

FaceRate Guard(const RateEstimate& rate, const FaceAuditOptions& options) {
  if (rate.subjects >= options.minimum_subjects) return {.rate = rate};
  return {.rate = {.value = kNaN,
                   .lo = kNaN,
                   .hi = kNaN,
                   .variance = kNaN,
                   .design_effect = kNaN,
                   .conservative_hi = kNaN},
          .reason = "below_minimum"};
}

void AddFinding(const char* code, const char* severity, std::string sentence,
                std::string action, int64_t events, int64_t n,
                FaceAuditResult* result) {
  result->findings.push_back(
      {.code = code,
       .severity = severity,
       .sentence = std::move(sentence),
       .action = std::move(action),
       .value =
           n > 0 ? static_cast<double>(events) / static_cast<double>(n) : kNaN,
       .lo = kNaN,
       .hi = kNaN,
       .n = n,
       .subjects = 0});
}

void CheckCrashes(const LibraryRun& run, FaceAuditResult* result) {
  const int64_t ended = run.enrolment.crashed + run.enrolment.timed_out +
                        run.verification.crashed + run.verification.timed_out +
                        run.match_crashes + run.match_time_outs;
  if (ended == 0) return;
  const int64_t calls = run.enrolment.attempts + run.verification.attempts +
                        run.matches + run.match_crashes + run.match_time_outs;
  AddFinding("PF501", "high",
             fmt::format(
                 "The library crashed or hung in {} of {} calls; these count "
                 "as failures. The first: {}.",
                 WithThousands(ended), WithThousands(calls), run.first_trouble),
             "Ask the vendor for a library that runs through.", ended, calls,
             result);
}

void CheckScores(const LibraryRun& run, FaceAuditResult* result) {
  if (run.invalid_scores > 0) {
    AddFinding(
        "PF502", "high",
        fmt::format("{} of {} comparisons answered success with a score that "
                    "is negative or no number; they count as failed.",
                    WithThousands(run.invalid_scores),
                    WithThousands(run.matches)),
        "Ask the vendor which scores are valid.", run.invalid_scores,
        run.matches, result);
  }
  // Both directions of a pair may have one score.
  if (4 * run.different_scores < run.valid_scores) {
    AddFinding(
        "PF503", "medium",
        fmt::format("Only {} of {} scores are different: thresholds can be "
                    "set between few values alone.",
                    WithThousands(run.different_scores),
                    WithThousands(run.valid_scores)),
        "Ask the vendor for scores that are not rounded.", run.different_scores,
        run.valid_scores, result);
  }
  if (run.repeated_otherwise > 0) {
    AddFinding(
        "PF504", "high",
        fmt::format("{} of {} comparisons that were made twice gave another "
                    "score the second time.",
                    WithThousands(run.repeated_otherwise),
                    WithThousands(run.repeated)),
        "Do not rely on one run: a decision may be another tomorrow.",
        run.repeated_otherwise, run.repeated, result);
  }
}

}  // namespace

void AddEnrolment(const FaceInput& input,
                  const std::vector<uint32_t>& subject_of_row,
                  const LibraryRun& run, const FaceAuditOptions& options,
                  FaceAuditResult* result) {
  const GenuineScores enrolled = AsAttempts(subject_of_row, run.enrolled);
  const GenuineScores acquired = AsAttempts(subject_of_row, run.acquired);
  const GenuineScores people =
      AsPeople(subject_of_row, run.enrolled, input.subjects);
  for (size_t k = 0; k < input.groups.groupings.size(); ++k) {
    const SubjectGroups groups = GroupsOf(input, static_cast<int>(k));
    const auto rates = [&](const GenuineScores& attempts) {
      return EstimateFalseNonMatchRates(attempts, groups, 0.5, options.level);
    };
    const auto fte = rates(enrolled);
    const auto fta = rates(acquired);
    const auto never = rates(people);
    for (int g = 0; g < groups.groups; ++g) {
      result->enrolment.push_back(
          {.group = input.groups.groupings[k].first_group + g,
           .fte = Guard(fte[g], options),
           .fta = Guard(fta[g], options),
           .people = Guard(never[g], options)});
    }
  }
}

void AddLibraryChecks(const LibraryRun& run, FaceAuditResult* result) {
  CheckCrashes(run, result);
  CheckScores(run, result);
  constexpr uint32_t kAll = kNamespaces | kLandlock | kSeccomp | kLimits;
  if ((run.report.layers & kAll) != kAll) {
    result->limitations.push_back(
        {"PF505",
         fmt::format("This machine does not offer all protections against the "
                     "library:{}{}{} missing.",
                     (run.report.layers & kNamespaces) ? "" : " namespaces",
                     (run.report.layers & kLandlock) ? "" : " Landlock",
                     (run.report.layers & kLimits) ? "" : " limits")});
  }
  if (run.sampled) {
    result->limitations.push_back(
        {"PF506",
         fmt::format("Impostor comparisons are a random sample of the {} that "
                     "there are between these pictures.",
                     WithThousands(run.impostor_pairs))});
  }
}

}  // namespace plumbline::face
