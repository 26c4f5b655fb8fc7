// A program outside Plumbline's tree that audits a table in memory.
//
// Among the positives, one of two women and two of three men are found at 0.5,
// so the FNRs are 1/2 and 1/3.
#include <plumbline/audit/audit.h>
#include <plumbline/base/version.h>
#include <plumbline/table/csv.h>

#include <cmath>
#include <cstdio>
#include <map>
#include <string>

namespace {

constexpr const char* kTable =
    "y,score,sex\n"
    "1,0.9,F\n"
    "1,0.2,F\n"
    "0,0.1,F\n"
    "0,0.6,F\n"
    "1,0.8,M\n"
    "1,0.7,M\n"
    "1,0.4,M\n"
    "0,0.3,M\n";

int Check(const std::string& name, double found, double expected) {
  std::printf("%s: FNR %.6f\n", name.c_str(), found);
  if (std::abs(found - expected) < 1e-12) return 0;
  std::printf("%s: expected %.6f\n", name.c_str(), expected);
  return 1;
}

}  // namespace

int main() {
  plumbline::AuditColumns columns;
  columns.labels = {"y"};
  columns.scores = {"score"};
  columns.by = {"sex"};
  const plumbline::AuditInput input = plumbline::MakeAuditInput(
      plumbline::ReadCsvText(
          kTable, "table",
          plumbline::RequestedColumns(columns, {"y", "score", "sex"}, "table")),
      columns);

  plumbline::AuditOptions options;
  options.metrics = {"fnr"};
  options.replicates = 0;
  const plumbline::AuditResult result = plumbline::Audit(input, options);

  const std::map<std::string, double> expected = {
      {"everyone", 2.0 / 5}, {"sex=F", 1.0 / 2}, {"sex=M", 1.0 / 3}};
  std::printf("Plumbline %s\n", plumbline::kVersion);
  if (result.groups.size() != expected.size()) {
    std::printf("expected 3 groups, found %zu\n", result.groups.size());
    return 1;
  }
  int wrong = 0;
  for (const plumbline::GroupResult& group : result.groups) {
    const std::string name = input.groups.Name(group.group);
    wrong += Check(name, group.metrics.at(0).value, expected.at(name));
  }
  return wrong;
}
