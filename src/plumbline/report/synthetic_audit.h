// For tests: audits of any size, and one that looks like a real one.
#pragma once

#include <string>
#include <vector>

#include "plumbline/base/json.h"

namespace plumbline::report {

struct SyntheticAudit {
  std::vector<std::string> targets = {"Effusion"};
  // Attribute and its levels; pairs are made of all of them.
  struct Attribute {
    std::string name;
    std::vector<std::string> levels;
  };
  std::vector<Attribute> attributes = {{"sex", {"F", "M"}},
                                       {"race", {"A", "B", "C"}}};
  std::vector<std::string> metrics = {"fnr", "fpr", "auroc"};
  bool curves = true;
};

// A document as docs/audit-json.md has it, with made-up but orderly numbers.
Json MakeAudit(const SyntheticAudit& audit = {});

// tests/golden/audit_fixture.json.
Json FixtureAudit();

}  // namespace plumbline::report
