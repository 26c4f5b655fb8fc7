// Members of JSON objects as CSV fields, exact: numbers with the digits that
// read back to the same number.
#pragma once

#include <initializer_list>
#include <string>

#include "plumbline/base/json.h"

namespace plumbline::report {

// A number, text or truth value as it is; lists and objects as compact JSON;
// nothing for null or a member that is not there.
void AppendMember(const Json& object, const char* key, std::string* out);

// The same for several, with commas between them.
void AppendMembers(const Json& object, std::initializer_list<const char*> keys,
                   std::string* out);

}  // namespace plumbline::report
