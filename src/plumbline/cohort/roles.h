// Which columns of a table play which part in a cohort, and what is declared
// about it: cohort.toml, or options of the command line.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plumbline/table/bins.h"

namespace plumbline {

// The population that a cohort should stand for, by one attribute.
struct ReferencePopulation {
  std::string attribute;
  std::vector<std::pair<std::string, double>> shares;  // by group, sum 1
  std::string source;  // where the shares come from
};

// A comparison that is declared before any model exists.
struct Contrast {
  std::string attribute;
  std::string group;
  std::string reference;
  std::string label;
  std::string metric = "fnr";  // "fnr" or "auroc"
  double margin = 0.05;        // the gap that must not be missed
};

// One step of the flow of a cohort: which rows go on.
//
// "view = PA,AP", "age >= 18", "quality != poor", "sex known".
struct FlowStep {
  enum class Test {
    kOneOf,
    kNoneOf,
    kBelow,
    kAtMost,
    kAtLeast,
    kAbove,
    kKnown
  };
  std::string name;
  std::string where;  // the condition as written
  std::string column;
  Test test = Test::kOneOf;
  std::vector<std::string> words;  // kOneOf, kNoneOf
  double number = 0;               // kBelow, kAtMost, kAtLeast, kAbove
};

struct CohortRoles {
  std::vector<std::string> tables;  // paths, patterns
  std::string folder;               // image paths are relative to it; "": "."
  std::string subject;
  std::string study;
  std::string image;
  std::vector<std::string> labels;  // columns, or patterns with one '*'
  std::vector<std::string> attributes;
  std::vector<std::string> covariates;
  std::string split;
  std::string site;
  std::string device;  // scanner or camera, where a column says so
  std::string time;    // year or date of the image
  std::string report;  // text, or length of the text, that labels come from
  std::vector<BinRule> bins;
  std::string mapping;  // file (attribute_map.h)
  std::vector<ReferencePopulation> references;
  std::vector<Contrast> contrasts;
  std::vector<FlowStep> flow;
  // Words of label columns besides 0, 1, -1 (uncertain) and blank.
  std::vector<std::string> not_mentioned;
  std::vector<std::string> uncertain;
};

// Reads cohort.toml. Paths in it are relative to the file's folder and come out
// relative to where the program runs.
//
// Throws Error(kUsage) with file, line and the nearest key.
CohortRoles ParseCohortFile(std::string_view text, const std::string& file);

// The same as a file, with the names of tables and the folder left out: for a
// packed cohort, which holds both. What is not set is not written.
std::string ToToml(const CohortRoles& roles);

// Roles of such a text; no table is needed.
CohortRoles ParsePackedRoles(std::string_view text, const std::string& file);

// "view = PA,AP". Throws Error(kUsage) that shows the right form.
FlowStep ParseFlowStep(const std::string& name, const std::string& text);

}  // namespace plumbline
