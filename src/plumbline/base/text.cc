#include "plumbline/base/text.h"

#include <fast_float/fast_float.h>
#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <utility>

namespace plumbline {
namespace {

constexpr size_t kPrefix = 3;

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return lower;
}

// Insertions, deletions, substitutions and swaps of neighbours, none of which
// touches a letter twice (optimal string alignment).
size_t Edits(const std::string& a, const std::string& b) {
  std::vector<size_t> before(b.size() + 1);
  std::vector<size_t> last(b.size() + 1);
  std::vector<size_t> current(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const bool differs = a[i - 1] != b[j - 1];
      current[j] =
          std::min({last[j] + 1, current[j - 1] + 1, last[j - 1] + differs});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        current[j] = std::min(current[j], before[j - 2] + 1);
      }
    }
    std::swap(before, last);
    std::swap(last, current);
  }
  return last[b.size()];
}

bool SharesPrefix(const std::string& a, const std::string& b) {
  return a.size() >= kPrefix && a.compare(0, kPrefix, b, 0, kPrefix) == 0;
}

}  // namespace

std::vector<std::string> NearestNames(std::string_view word,
                                      const std::vector<std::string>& names,
                                      size_t most) {
  const std::string wanted = LowerCase(word);
  const size_t farthest = std::clamp<size_t>(wanted.size() / 3, 1, 3);
  std::vector<std::pair<size_t, const std::string*>> near;
  std::vector<std::pair<size_t, const std::string*>> alike;
  for (const std::string& name : names) {
    const std::string candidate = LowerCase(name);
    const size_t edits = Edits(wanted, candidate);
    // Every one-letter name is one edit from every other: no help.
    if (edits <= farthest && edits < std::max<size_t>(candidate.size(), 1)) {
      near.emplace_back(edits, &name);
    } else if (SharesPrefix(wanted, candidate)) {
      alike.emplace_back(edits, &name);
    }
  }
  auto& chosen = near.empty() ? alike : near;
  std::stable_sort(
      chosen.begin(), chosen.end(),
      [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> nearest;
  for (const auto& [edits, name] : chosen) {
    if (nearest.size() == most) break;
    nearest.push_back(*name);
  }
  return nearest;
}

std::string DidYouMean(std::string_view word,
                       const std::vector<std::string>& names) {
  std::vector<std::string> nearest = NearestNames(word, names);
  if (nearest.empty()) return "";
  for (std::string& name : nearest) name = fmt::format("\"{}\"", name);
  return fmt::format("; did you mean {}?", JoinWords(nearest, "or"));
}

std::string JoinWords(const std::vector<std::string>& words,
                      std::string_view last) {
  std::string text;
  for (size_t i = 0; i < words.size(); ++i) {
    if (i > 0) {
      text += i + 1 == words.size() ? fmt::format(" {} ", last) : ", ";
    }
    text += words[i];
  }
  return text;
}

std::vector<std::string> Split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  size_t begin = 0;
  while (true) {
    const size_t end = text.find(separator, begin);
    parts.emplace_back(text.substr(begin, end - begin));
    if (end == std::string_view::npos) return parts;
    begin = end + 1;
  }
}

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n\v\f";
  const size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

bool ParseNumber(std::string_view text, double* value) {
  const char* begin = text.data();
  const char* end = begin + text.size();
  // fast_float leaves the plus sign of some exports to its caller.
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') ++begin;
  double parsed = 0;
  const auto result = fast_float::from_chars(begin, end, parsed);
  if (result.ec != std::errc() || result.ptr != end || !std::isfinite(parsed)) {
    return false;
  }
  *value = parsed;
  return true;
}

void AppendCsvField(std::string_view field, std::string* out, char separator) {
  const char special[] = {separator, '"', '\r', '\n'};
  if (field.find_first_of({special, sizeof(special)}) ==
      std::string_view::npos) {
    *out += field;
    return;
  }
  *out += '"';
  for (const char c : field) {
    if (c == '"') *out += '"';
    *out += c;
  }
  *out += '"';
}

std::string WithThousands(long long value) {
  std::string text = std::to_string(value);
  const int first_digit = value < 0 ? 1 : 0;
  for (int i = static_cast<int>(text.size()) - 3; i > first_digit; i -= 3) {
    text.insert(i, 1, ',');
  }
  return text;
}

}  // namespace plumbline
