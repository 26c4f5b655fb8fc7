#include "plumbline/base/json.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

#include "plumbline/base/error.h"

namespace plumbline {
namespace {

// "a/b" in a key is written "a~1b" in a pointer (RFC 6901).
std::string PointerPart(const std::string& key) {
  std::string part = "/";
  for (const char c : key) {
    if (c == '~') {
      part += "~0";
    } else if (c == '/') {
      part += "~1";
    } else {
      part += c;
    }
  }
  return part;
}

// The JSON pointer of the first number that is not finite; false if none.
bool FindNotFinite(const Json& value, std::string* pointer) {
  const size_t size = pointer->size();
  if (value.is_number_float()) return !std::isfinite(value.get<double>());
  if (value.is_object()) {
    for (const auto& [key, part] : value.items()) {
      *pointer += PointerPart(key);
      if (FindNotFinite(part, pointer)) return true;
      pointer->resize(size);
    }
  } else if (value.is_array()) {
    for (size_t i = 0; i < value.size(); ++i) {
      *pointer += fmt::format("/{}", i);
      if (FindNotFinite(value[i], pointer)) return true;
      pointer->resize(size);
    }
  }
  return false;
}

class Writer {
 public:
  explicit Writer(const Json& document) : document_(document) {}

  std::string Write() {
    WriteValue(document_, 0);
    text_ += '\n';
    return std::move(text_);
  }

 private:
  void WriteValue(const Json& value, int depth) {
    switch (value.type()) {
      case Json::value_t::object:
        return WriteObject(value.get_ref<const Json::object_t&>(), depth);
      case Json::value_t::array:
        return WriteArray(value.get_ref<const Json::array_t&>(), depth);
      case Json::value_t::string:
        return WriteText(value.get_ref<const std::string&>());
      case Json::value_t::number_float:
        return WriteDouble(value.get<double>());
      case Json::value_t::number_integer:
        return WriteDigits(value.get<int64_t>());
      case Json::value_t::number_unsigned:
        return WriteDigits(value.get<uint64_t>());
      default:
        text_ += value.dump();
    }
  }

  void WriteObject(const Json::object_t& object, int depth) {
    if (object.empty()) {
      text_ += "{}";
      return;
    }
    char before = '{';
    for (const auto& [key, value] : object) {
      text_ += before;
      before = ',';
      NewLine(depth + 1);
      WriteText(key);
      text_ += ": ";
      WriteValue(value, depth + 1);
    }
    NewLine(depth);
    text_ += '}';
  }

  void WriteArray(const Json::array_t& array, int depth) {
    if (array.empty()) {
      text_ += "[]";
      return;
    }
    char before = '[';
    for (const Json& value : array) {
      text_ += before;
      before = ',';
      NewLine(depth + 1);
      WriteValue(value, depth + 1);
    }
    NewLine(depth);
    text_ += ']';
  }

  void NewLine(int depth) {
    text_ += '\n';
    text_.append(2 * static_cast<size_t>(depth), ' ');
  }

  void WriteText(const std::string& text) {
    const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
      return c >= ' ' && c < 0x7f && c != '"' && c != '\\';
    });
    if (plain) {
      text_ += '"';
      text_ += text;
      text_ += '"';
      return;
    }
    // Bytes that are not UTF-8 cannot stand in JSON: U+FFFD instead.
    text_ += Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
  }

  void WriteDouble(double value) {
    if (!std::isfinite(value)) {
      std::string pointer;
      FindNotFinite(document_, &pointer);
      throw Error(ErrorCode::kInternal,
                  "the number at \"{}\" of a JSON document is {}; JSON has "
                  "only finite numbers",
                  pointer, value);
    }
    const size_t begin = text_.size();
    WriteDigits(value);
    // A whole number that is a double stays one when it is read back.
    if (text_.find_first_of(".e", begin) == std::string::npos) text_ += ".0";
  }

  template <typename T>
  void WriteDigits(T value) {
    char digits[32];
    const auto result = std::to_chars(digits, digits + sizeof(digits), value);
    text_.append(digits, result.ptr);
  }

  const Json& document_;
  std::string text_;
};

// What the parser lets pass: the second of two equal keys would silently
// replace the first, and whoever walks a document deeper than any of ours runs
// out of stack.
class Strictness {
 public:
  explicit Strictness(const std::string& file) : file_(file) {}

  // `depth` is that of the container for a key, its outside for its braces.
  void Check(int depth, Json::parse_event_t event, const Json& parsed) {
    if (depth > kDeepest) {
      throw Error(ErrorCode::kInvalidInput, Location{.file = file_},
                  "the JSON is nested more than {} levels deep", kDeepest);
    }
    if (event == Json::parse_event_t::object_start) {
      if (keys_.size() < static_cast<size_t>(depth) + 2) {
        keys_.resize(depth + 2);
      }
      keys_[depth + 1].clear();
    } else if (event == Json::parse_event_t::key) {
      AddKey(parsed.get_ref<const std::string&>(), keys_[depth]);
    }
  }

 private:
  static constexpr int kDeepest = 200;

  // Json itself looks a key up by going through all of them, too.
  void AddKey(const std::string& key, std::vector<std::string>& keys) const {
    if (std::find(keys.begin(), keys.end(), key) != keys.end()) {
      throw Error(ErrorCode::kInvalidInput, Location{.file = file_},
                  "the key \"{}\" appears twice in one JSON object", key);
    }
    keys.push_back(key);
  }

  const std::string& file_;
  // Of the object that is open at each depth.
  std::vector<std::vector<std::string>> keys_;
};

}  // namespace

Json Number(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

std::string WriteJson(const Json& value) { return Writer(value).Write(); }

Json ParseJson(std::string_view text, const std::string& file) {
  Strictness strictness(file);
  const auto check = [&strictness](int depth, Json::parse_event_t event,
                                   const Json& parsed) {
    strictness.Check(depth, event, parsed);
    return true;
  };
  try {
    return Json::parse(text, check);
  } catch (const Json::exception& error) {
    // "[json.exception.parse_error.101] parse error at line 3, column 5: why",
    // or without a place "[json.exception.out_of_range.406] why".
    std::string full = error.what();
    full.erase(0, full.find("] ") + 2);
    const size_t place = full.find("line ");
    const size_t why = full.find(": ", std::min(place, full.size()));
    if (place == std::string::npos || why == std::string::npos) {
      throw Error(ErrorCode::kInvalidInput, Location{.file = file},
                  "not valid JSON: {}", full);
    }
    throw Error(ErrorCode::kInvalidInput, Location{.file = file},
                "not valid JSON at {}: {}", full.substr(place, why - place),
                full.substr(why + 2));
  }
}

}  // namespace plumbline
