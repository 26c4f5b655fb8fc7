#include "plumbline/report/csv_members.h"

#include <fmt/format.h>

#include <iterator>

#include "plumbline/base/text.h"

namespace plumbline::report {

void AppendMember(const Json& object, const char* key, std::string* out) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return;
  if (found->is_string()) {
    AppendCsvField(found->get_ref<const std::string&>(), out);
  } else if (found->is_number_float()) {
    fmt::format_to(std::back_inserter(*out), "{}", found->get<double>());
  } else if (found->is_number_integer()) {
    AppendCsvField(found->dump(), out);
  } else {
    AppendCsvField(found->dump(-1, ' ', false, Json::error_handler_t::replace),
                   out);
  }
}

void AppendMembers(const Json& object, std::initializer_list<const char*> keys,
                   std::string* out) {
  bool first = true;
  for (const char* key : keys) {
    if (!first) *out += ',';
    first = false;
    AppendMember(object, key, out);
  }
}

}  // namespace plumbline::report
