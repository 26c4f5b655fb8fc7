// The text files of bob.measure and bob.bio: two fields (label, score; below 0
// is an impostor), four (claimed id, real id, probe label, score) or five
// (claimed id, model label, real id, probe label, score).
#include "plumbline/base/error.h"
#include "plumbline/face/input/profiles/profile.h"

namespace plumbline::face {
namespace {

void ReadLabel(std::string_view field, const TextLines& lines,
               ScoreText* scores) {
  const double label = lines.Number(field, "label", csv::MissingMarks({}));
  if (!(label < 0 || label > 0)) {
    throw Error(ErrorCode::kInvalidInput, lines.Where("label"),
                "\"{}\" is neither below 0 (impostor) nor above 0 (genuine)",
                field);
  }
  scores->label.Add(label < 0 ? "impostor" : "genuine",
                    static_cast<int64_t>(scores->score.size()));
}

void Read(std::string_view text, const ScoreTextFile& file, ScoreText* scores) {
  TextLines lines(text, file.name);
  const auto first_row = static_cast<int64_t>(scores->score.size());
  std::vector<std::string_view> fields;
  size_t width = 0;  // of all files
  if (first_row > 0) width = scores->label.size() > 0 ? 2 : 4;
  while (lines.Next(&fields)) {
    const size_t found = fields.size();
    if (found != 2 && found != 4 && found != 5) {
      throw Error(ErrorCode::kInvalidInput, lines.Where(""),
                  "has {} fields; expected are 2 (label, score), 4 (claimed "
                  "id, real id, label, score) or 5 (claimed id, model label, "
                  "real id, label, score)",
                  found);
    }
    if (lines.line() == 1 && (width == 0 || (width > 2) == (found > 2))) {
      width = found;
    }
    if (found != width) {
      throw Error(ErrorCode::kInvalidInput, lines.Where(""),
                  "has {} fields, and the lines before it have {}", found,
                  width);
    }
    const auto row = static_cast<int64_t>(scores->score.size());
    if (found == 2) {
      ReadLabel(fields[0], lines, scores);
    } else {
      scores->reference.Add(fields[0], row);
      scores->probe.Add(fields[found - 3], row);
    }
    scores->score.push_back(
        lines.Number(fields.back(), "score", scores->missing));
  }
  scores->sources.push_back(
      {file.name, first_row,
       static_cast<int64_t>(scores->score.size()) - first_row, ""});
  scores->header_lines.push_back(0);
}

}  // namespace

Profile BobTextProfile() {
  return {.name = "bob-text",
          .what = "text files of bob.measure and bob.bio",
          .wants =
              "2, 4 or 5 fields a line, set apart by spaces, the last of "
              "them the score",
          .read_text = Read};
}

}  // namespace plumbline::face
