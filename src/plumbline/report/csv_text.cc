#include "plumbline/report/csv_text.h"

#include "plumbline/base/text.h"

namespace plumbline::report {

void AppendCsvRecord(const std::vector<std::string>& fields, std::string* out) {
  for (size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) *out += ',';
    AppendCsvField(fields[i], out);
  }
  *out += "\r\n";
}

}  // namespace plumbline::report
