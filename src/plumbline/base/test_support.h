// What many tests need.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>

#include "plumbline/base/error.h"

namespace plumbline {

// A new folder that is removed with everything in it.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "plumbline-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) {
      throw std::runtime_error("cannot make a temporary folder");
    }
    path_ = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::string& path() const { return path_; }
  // The path of `name` in this folder.
  std::string operator/(const std::string& name) const {
    return path_ + "/" + name;
  }

 private:
  std::string path_;
};

// Sets an environment variable, or unsets it for nullptr, until it goes.
class EnvironmentChange {
 public:
  EnvironmentChange(const std::string& name, const char* value) : name_(name) {
    if (const char* before = getenv(name.c_str())) before_ = before;
    Set(value);
  }
  ~EnvironmentChange() { Set(before_ ? before_->c_str() : nullptr); }
  EnvironmentChange(const EnvironmentChange&) = delete;
  EnvironmentChange& operator=(const EnvironmentChange&) = delete;

 private:
  void Set(const char* value) {
    if (value == nullptr) {
      unsetenv(name_.c_str());
    } else {
      setenv(name_.c_str(), value, 1);
    }
  }

  std::string name_;
  std::optional<std::string> before_;
};

// The Error that `action` throws; nothing if it throws none.
inline std::optional<Error> ErrorOf(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  return std::nullopt;
}

// Its code and words as one text that a test compares: "3: preds.csv: no such
// file", with the exit code in front; "no error" if there is none.
inline std::string ErrorText(const std::function<void()>& action) {
  const std::optional<Error> error = ErrorOf(action);
  if (!error) return "no error";
  return std::to_string(ExitCode(error->code())) + ": " + error->what();
}

}  // namespace plumbline
