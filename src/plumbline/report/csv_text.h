// CSV as RFC 4180 has it: fields with a comma, a quote or a line end are
// quoted, quotes doubled. Records end in CR LF.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plumbline::report {

void AppendCsvField(std::string_view field, std::string* out);
void AppendCsvRecord(const std::vector<std::string>& fields, std::string* out);

}  // namespace plumbline::report
