// What a survey is asked.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace plumbline::survey {

struct SurveyOptions {
  double level = 0.95;  // of intervals
  // A difference is a finding if its p, adjusted within its family (Benjamini
  // and Yekutieli), is below this and its effect above the threshold of the
  // check.
  double alpha = 0.01;
  // Group that the others of an attribute are compared with; else the one with
  // the most subjects.
  std::map<std::string, std::string> references;
  int permutations = 999;  // 199 to 99,999, of the association map
  uint64_t seed = 1;
  int threads = 0;
  // Half-width of the interval of a false-negative rate that a cell should be
  // able to give (B1).
  double half_width = 0.05;
  // Sensitivity and specificity of the labels, at worst, for the bounds of A6.
  double sensitivity = 0.8;
  double specificity = 0.95;
  // Cells with fewer subjects than this are named in B4.
  int privacy_minimum = 10;
  // Subjects, chosen at random, that the models of C6 see.
  int model_subjects = 10'000;
};

}  // namespace plumbline::survey
