#include "plumbline/face/input/guard.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include "plumbline/base/text.h"

namespace plumbline::face {
namespace {

constexpr std::string_view kOpaque =
    "subject ids must mean nothing to a stranger: number the subjects";

// A share of values that look like names or phone numbers by chance.
constexpr double kByChance = 0.1;

constexpr std::array<std::string_view, 20> kPersonalWords = {
    "name",     "names",    "firstname",  "lastname",  "surname",
    "forename", "fullname", "familyname", "nickname",  "username",
    "mail",     "email",    "phone",      "telephone", "mobile",
    "address",  "passport", "ssn",        "birthday",  "birthdate"};

bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
// Bytes of other alphabets count as letters of either case.
bool IsForeign(char c) { return static_cast<unsigned char>(c) >= 0x80; }

// "ref_firstName" gives ref, first, name.
std::vector<std::string> WordsOf(const std::string& name) {
  std::vector<std::string> words(1);
  for (size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const bool letter = IsUpper(c) || IsLower(c) || IsForeign(c);
    const bool hump = IsUpper(c) && i > 0 && IsLower(name[i - 1]);
    if ((!letter || hump) && !words.back().empty()) words.emplace_back();
    if (letter) {
      words.back() +=
          static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }
  return words;
}

// A word of a name: "Aaron", "O'Brien", "Müller-Lüdenscheidt", "SMITH".
bool IsNameWord(std::string_view word) {
  if (word.size() < 2 || !(IsUpper(word[0]) || IsForeign(word[0]))) {
    return false;
  }
  size_t lower = 0;
  size_t upper = 0;
  for (const char c : word) {
    lower += IsLower(c) || IsForeign(c);
    upper += IsUpper(c);
    const bool part = IsLower(c) || IsUpper(c) || IsForeign(c) || c == '\'' ||
                      c == '-' || c == '.';
    if (!part) return false;
  }
  return lower >= 1 || (upper == word.size() && upper >= 3);
}

void Refuse(const Location& where, std::string_view kind, int64_t count,
            size_t values) {
  throw Error(ErrorCode::kInvalidInput, where,
              "{} of {} values look like {}; {}", count, values, kind, kOpaque);
}

int64_t CountLike(const CategoricalColumn& column,
                  bool (*looks)(const std::string&)) {
  return std::count_if(column.levels.begin(), column.levels.end(), looks);
}

void CheckAddresses(const CategoricalColumn& column, const Location& where) {
  const size_t values = column.levels.size();
  const int64_t emails = CountLike(column, LooksLikeEmail);
  if (emails > 0) Refuse(where, "e-mail addresses", emails, values);
  const int64_t phones = CountLike(column, LooksLikePhone);
  if (static_cast<double>(phones) > kByChance * static_cast<double>(values)) {
    Refuse(where, "phone numbers", phones, values);
  }
}

}  // namespace

bool LooksLikeEmail(const std::string& value) {
  const size_t at = value.find('@');
  if (at == std::string::npos || at == 0) return false;
  const size_t dot = value.find('.', at + 2);
  return dot != std::string::npos && dot + 1 < value.size();
}

// "+49 151 2345678", "(555) 123-4567", "555-123-4567".
bool LooksLikePhone(const std::string& value) {
  std::vector<size_t> runs;  // of digits
  bool in_run = false;
  size_t digits = 0;
  for (const char c : value) {
    if (IsDigit(c)) {
      if (!in_run) runs.push_back(0);
      ++runs.back();
      ++digits;
    } else if (std::string_view(" -.()+/").find(c) == std::string_view::npos) {
      return false;
    }
    in_run = IsDigit(c);
  }
  if (digits < 8 || digits > 15) return false;
  if (value[0] == '+' || value[0] == '(') return true;
  return runs == std::vector<size_t>{3, 3, 4};
}

bool LooksLikeName(const std::string& value) {
  std::string words = value;
  for (char& c : words) {
    if (c == '_' || c == ',') c = ' ';
  }
  int count = 0;
  for (const std::string& word : Split(words, ' ')) {
    if (word.empty()) continue;
    if (!IsNameWord(word)) return false;
    ++count;
  }
  return count >= 2 && count <= 4;
}

void CheckColumnName(const std::string& name, const Location& where) {
  for (const std::string& word : WordsOf(name)) {
    if (std::find(kPersonalWords.begin(), kPersonalWords.end(), word) ==
        kPersonalWords.end()) {
      continue;
    }
    throw Error(ErrorCode::kInvalidInput, where,
                "the column is called as if it held people's names or "
                "addresses (\"{}\"); {}, or rename the column if it does not",
                word, kOpaque);
  }
}

void CheckIdColumn(const CategoricalColumn& column, const Location& where) {
  CheckColumnName(column.name, where);
  CheckAddresses(column, where);
  const size_t values = column.levels.size();
  const int64_t names = CountLike(column, LooksLikeName);
  if (static_cast<double>(names) > kByChance * static_cast<double>(values)) {
    Refuse(where, "people's names", names, values);
  }
}

void CheckAttributeColumn(const CategoricalColumn& column,
                          const Location& where, int64_t subjects) {
  CheckColumnName(column.name, where);
  CheckAddresses(column, where);
  const auto values = static_cast<int64_t>(column.levels.size());
  if (values < kMinimumSubjects || 2 * values <= subjects) return;
  throw Error(ErrorCode::kInvalidInput, where,
              "has {} values for {} subjects, and an attribute puts many "
              "subjects into one group; give bins for a number, or leave the "
              "attribute out",
              values, subjects);
}

void CheckShape(int64_t reference_subjects, int64_t probe_subjects,
                bool justified, const std::string& file) {
  const int64_t fewer = std::min(reference_subjects, probe_subjects);
  const int64_t more = std::max(reference_subjects, probe_subjects);
  if (fewer < kMinimumSubjects) {
    throw Error(ErrorCode::kInvalidInput, Location{file, 0, ""},
                "compares {} reference subjects with {} probe subjects; an "
                "audit needs at least {} on either side, because with fewer it "
                "would be a search for them",
                reference_subjects, probe_subjects, kMinimumSubjects);
  }
  if (justified ||
      static_cast<double>(fewer) >= kMinimumShare * static_cast<double>(more)) {
    return;
  }
  throw Error(ErrorCode::kInvalidInput, Location{file, 0, ""},
              "compares {} reference subjects with {} probe subjects, few with "
              "many (less than 1 in 100), as a search does; give a signed file "
              "that says why with --justification",
              reference_subjects, probe_subjects);
}

void CheckJustification(const std::string& text, const std::string& file) {
  constexpr std::string_view kSigned = "Signed:";
  int words = 0;
  bool is_signed = false;
  for (const std::string& line : Split(text, '\n')) {
    const std::string_view trimmed = Trim(line);
    if (trimmed.starts_with(kSigned)) {
      const std::string_view by = Trim(trimmed.substr(kSigned.size()));
      const size_t comma = by.find(',');
      is_signed = comma != std::string_view::npos && comma > 1 &&
                  !Trim(by.substr(comma + 1)).empty();
      continue;
    }
    for (const std::string& word : Split(trimmed, ' ')) words += !word.empty();
  }
  if (is_signed && words >= 10) return;
  throw Error(
      ErrorCode::kInvalidInput, Location{file, 0, ""},
      "{}; a justification says in at least ten words why few people "
      "are compared with many, and ends with a line \"Signed: NAME, "
      "DATE\"",
      is_signed ? fmt::format("gives {} words", words) : "is not signed");
}

}  // namespace plumbline::face
