#include "plumbline/survey/label_rates.h"

#include <array>

#include "plumbline/base/thread_pool.h"

namespace plumbline::survey {
namespace {

// Rows of one subject at one level, by what the label says.
enum What { kNo, kYes, kUnsure, kEmpty, kSilent, kWhats };
using Counts = std::array<int32_t, kWhats>;

What WhatOf(int8_t value) {
  switch (value) {
    case kLabelNegative:
      return kNo;
    case kLabelPositive:
      return kYes;
    case kLabelUncertain:
      return kUnsure;
    case kLabelBlank:
      return kEmpty;
    default:
      return kSilent;
  }
}

void AddSubject(const Counts& n, LabelRates* rates) {
  const int32_t known = n[kNo] + n[kYes];
  const int32_t missing = n[kUnsure] + n[kEmpty] + n[kSilent];
  const int32_t all = known + missing;
  if (known > 0) rates->positive.AddSubject(known, n[kYes]);
  rates->blank.AddSubject(all, n[kEmpty]);
  rates->uncertain.AddSubject(all, n[kUnsure]);
  rates->not_mentioned.AddSubject(all, n[kSilent]);
  rates->missing.AddSubject(all, missing);
}

// Values of rows in the order of subjects: each is then read in a row.
template <typename T>
std::vector<T> InOrder(const std::vector<T>& values,
                       const std::vector<int64_t>& rows) {
  std::vector<T> ordered(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) ordered[i] = values[rows[i]];
  return ordered;
}

std::vector<LabelRates> RatesOf(const std::vector<uint32_t>& subjects,
                                const std::vector<int8_t>& values,
                                const std::vector<int32_t>& codes,
                                size_t levels) {
  std::vector<LabelRates> rates(levels);
  std::vector<Counts> of_subject(levels, Counts{});
  std::vector<int32_t> touched;
  for (size_t i = 0; i < subjects.size();) {
    size_t end = i + 1;
    while (end < subjects.size() && subjects[end] == subjects[i]) ++end;
    touched.clear();
    for (; i < end; ++i) {
      Counts& counts = of_subject[codes[i]];
      ++counts[WhatOf(values[i])];
      touched.push_back(codes[i]);
    }
    for (const int32_t level : touched) {
      if (of_subject[level] == Counts{}) continue;  // added before
      AddSubject(of_subject[level], &rates[level]);
      of_subject[level] = {};
    }
  }
  return rates;
}

}  // namespace

std::vector<std::vector<std::vector<LabelRates>>> RatesOfLabels(
    const SurveyInput& input, int threads) {
  const Cohort& cohort = *input.cohort;
  const size_t labels = cohort.labels.size();
  const size_t attributes = cohort.attributes.size();
  const std::vector<uint32_t> subjects =
      InOrder(cohort.subjects, input.by_subject);
  std::vector<std::vector<int32_t>> codes;
  for (const CohortAttribute& attribute : cohort.attributes) {
    codes.push_back(InOrder(attribute.codes, input.by_subject));
  }
  std::vector<std::vector<std::vector<LabelRates>>> rates(labels);
  ParallelFor(static_cast<int64_t>(labels), threads, [&](int64_t l) {
    const std::vector<int8_t> values =
        InOrder(cohort.labels[l].values, input.by_subject);
    for (size_t a = 0; a < attributes; ++a) {
      rates[l].push_back(RatesOf(subjects, values, codes[a],
                                 cohort.attributes[a].levels.size()));
    }
  });
  return rates;
}

}  // namespace plumbline::survey
