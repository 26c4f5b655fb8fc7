// Small things about words that every error message needs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plumbline {

// The names nearest to `word` by Damerau-Levenshtein distance ignoring case,
// best first, none farther than a third of the word's length (at least 1, at
// most 3 edits), at most `most`. Where none is so near, the names that begin
// with the same 3 letters.
std::vector<std::string> NearestNames(std::string_view word,
                                      const std::vector<std::string>& names,
                                      size_t most = 3);

// `; did you mean "score"?`, `; did you mean "a" or "b"?`, or "".
std::string DidYouMean(std::string_view word,
                       const std::vector<std::string>& names);

// "a, b and c".
std::string JoinWords(const std::vector<std::string>& words,
                      std::string_view last = "and");

std::vector<std::string> Split(std::string_view text, char separator);
std::string_view Trim(std::string_view text);

// A whole text as a finite number; false if it is anything else.
bool ParseNumber(std::string_view text, double* value);

// Appends one field of CSV as RFC 4180 has it: in quotes, quotes doubled, if it
// holds the separator, a quote or a line end.
void AppendCsvField(std::string_view field, std::string* out,
                    char separator = ',');

// "13,017"
std::string WithThousands(long long value);

}  // namespace plumbline
