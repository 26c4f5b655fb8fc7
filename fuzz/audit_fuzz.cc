// A whole audit of any small table: an Error, or a document without NaN that is
// the same when the audit is run again.
#include <cstdlib>
#include <string>
#include <string_view>

#include "plumbline/audit/audit.h"
#include "plumbline/base/error.h"
#include "plumbline/base/json.h"

namespace {

std::string RunAudit(std::string_view text, uint8_t choice) {
  plumbline::AuditColumns columns;
  columns.labels = {"y"};
  columns.scores = {"score"};
  columns.by = {"sex", "age"};
  columns.bins = {{"age", {40, 60}}};
  if (choice & 1) columns.subject = "id";

  plumbline::AuditOptions options;
  options.threshold = plumbline::ParseThresholdRule((choice & 2)   ? "youden"
                                                    : (choice & 4) ? "top=20%"
                                                                   : "0.5");
  options.tune_on_audited = true;
  options.replicates = (choice & 8) ? 50 : 0;
  options.minimum = (choice & 16) ? 1 : 10;
  options.threads = 1;
  options.gates = {
      plumbline::ParseGate("fnr gap by sex <= 0.1", {"fnr"}, {"sex", "age"})};

  const std::vector<std::string> header = {"y", "score", "sex", "age", "id"};
  const plumbline::AuditInput input = plumbline::MakeAuditInput(
      plumbline::ReadCsvText(
          text, "input", plumbline::RequestedColumns(columns, header, "input")),
      columns);
  return plumbline::WriteJson(
      plumbline::ToJson(plumbline::Audit(input, options), input, options));
}

}  // namespace

// The first byte chooses options, the rest is the table.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data + 1),
                              size - 1);
  try {
    if (RunAudit(text, data[0]) != RunAudit(text, data[0])) std::abort();
  } catch (const plumbline::Error& error) {
    if (error.code() != plumbline::ErrorCode::kInvalidInput) std::abort();
  }
  return 0;
}
