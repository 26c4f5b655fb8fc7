// The match log of NIST's FRVT 1:1 test driver: enrollTempl verifTempl simScore
// returnCode, in that order, with or without that header.
#include <array>
#include <cmath>

#include "plumbline/base/error.h"
#include "plumbline/face/input/profiles/profile.h"

namespace plumbline::face {
namespace {

// FRVT return codes that mean that the run went wrong, not one comparison:
// configuration, folders, memory, not implemented, vendor's error.
constexpr std::array<std::string_view, 6> kRunErrors = {"2",  "11", "12",
                                                        "13", "16", "17"};

bool IsCode(std::string_view field) {
  if (field.empty() || field.size() > 2) return false;
  return field.find_first_not_of("0123456789") == std::string_view::npos;
}

void CheckCode(std::string_view code, const TextLines& lines) {
  if (!IsCode(code) ||
      (code.size() == 2 && (code[0] != '1' || code[1] > '7'))) {
    throw Error(ErrorCode::kInvalidInput, lines.Where("returnCode"),
                "\"{}\" is no return code of FRVT (0 to 17)", code);
  }
  for (const std::string_view error : kRunErrors) {
    if (code != error) continue;
    throw Error(ErrorCode::kInvalidInput, lines.Where("returnCode"),
                "code {} says that the run went wrong, not this comparison "
                "alone; repair it and run the library again",
                code);
  }
}

void Read(std::string_view text, const ScoreTextFile& file, ScoreText* scores) {
  TextLines lines(text, file.name);
  const auto first_row = static_cast<int64_t>(scores->score.size());
  const csv::MissingMarks none({});
  int headers = 0;
  std::vector<std::string_view> fields;
  while (lines.Next(&fields)) {
    if (fields.size() != 4) {
      throw Error(ErrorCode::kInvalidInput, lines.Where(""),
                  "has {} fields; expected are 4: enrollTempl verifTempl "
                  "simScore returnCode",
                  fields.size());
    }
    if (lines.line() == 1 && fields[2] == "simScore") {
      headers = 1;
      continue;
    }
    CheckCode(fields[3], lines);
    const bool success = fields[3] == "0";
    const double score =
        lines.Number(fields[2], "simScore", success ? none : scores->missing);
    if (success && score < 0) {
      throw Error(ErrorCode::kInvalidInput, lines.Where("simScore"),
                  "{} is below 0 with return code 0 (success), which FRVT does "
                  "not allow; is this a match log?",
                  score);
    }
    const auto row = static_cast<int64_t>(scores->score.size());
    scores->reference.Add(fields[0], row);
    scores->probe.Add(fields[1], row);
    scores->status.Add(fields[3], row);
    scores->score.push_back(score);
  }
  scores->templates = true;
  scores->sources.push_back(
      {file.name, first_row,
       static_cast<int64_t>(scores->score.size()) - first_row, ""});
  scores->header_lines.push_back(headers);
}

}  // namespace

Profile NistLogProfile() {
  return {.name = "nist-log",
          .what = "match logs of NIST's FRVT 1:1 test driver",
          .wants =
              "enrollTempl verifTempl simScore returnCode, and a subject "
              "table with the columns template and subject",
          .read_text = Read};
}

}  // namespace plumbline::face
