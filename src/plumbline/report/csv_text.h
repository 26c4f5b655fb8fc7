// Records of CSV as RFC 4180 has them, with CR LF at the end.
#pragma once

#include <string>
#include <vector>

namespace plumbline::report {

void AppendCsvRecord(const std::vector<std::string>& fields, std::string* out);

}  // namespace plumbline::report
