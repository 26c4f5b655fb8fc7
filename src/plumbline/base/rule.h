// A stable code of findings and limitations, and what it means.
#pragma once

namespace plumbline {

// `plumbline explain CODE` shows it.
struct Rule {
  const char* code;   // "PB101"
  const char* title;  // "Underdiagnosis gap"
  const char* text;   // what it means, how it is found, what to do
};

}  // namespace plumbline
