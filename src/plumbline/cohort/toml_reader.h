// TOML files that describe a cohort: strict about keys, exact about places.
#pragma once

#include <fmt/format.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "plumbline/base/error.h"

namespace plumbline {

// A table of a TOML document. Cheap to copy.
class TomlTable {
 public:
  // Throws Error(kUsage): "cohort.toml, line 3: ...".
  static TomlTable Parse(std::string_view text, const std::string& file);
  ~TomlTable();
  TomlTable(const TomlTable&);
  TomlTable& operator=(const TomlTable&);

  // Throws Error(kUsage) for any other key, with the nearest of these.
  void RequireKeys(const std::vector<std::string>& known) const;

  bool Has(const std::string& key) const;
  // In the order of the file.
  std::vector<std::string> Keys() const;
  bool IsTable(const std::string& key) const;
  // Where the key is not there: "", nothing, `standard`, an empty table. All
  // throw Error(kUsage) for a value of another type.
  std::string Text(const std::string& key) const;
  // A text or an array of texts; numbers are taken as written.
  std::vector<std::string> Texts(const std::string& key) const;
  double Number(const std::string& key, double standard) const;
  std::vector<double> Numbers(const std::string& key) const;
  TomlTable Table(const std::string& key) const;
  // [[key]], in the order of the file.
  std::vector<TomlTable> Tables(const std::string& key) const;

  const std::string& file() const;

  // Throws Error(kUsage) with the place of the key, or of the table for "".
  template <typename... Args>
  [[noreturn]] void Fail(const std::string& key,
                         fmt::format_string<Args...> format,
                         Args&&... args) const {
    FailAt(key, fmt::vformat(format, fmt::make_format_args(args...)));
  }

 private:
  struct State;
  explicit TomlTable(std::shared_ptr<const State> state);
  [[noreturn]] void FailAt(const std::string& key,
                           const std::string& message) const;

  std::shared_ptr<const State> state_;
};

}  // namespace plumbline
