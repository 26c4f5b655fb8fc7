// The genuine and impostor files of pyeer: one score a line.
#include "plumbline/base/error.h"
#include "plumbline/face/input/profiles/profile.h"

namespace plumbline::face {
namespace {

void Read(std::string_view text, const ScoreTextFile& file, ScoreText* scores) {
  if (file.kind == FileKind::kAny) {
    throw Error(ErrorCode::kInternal, "{} is neither genuine nor impostor",
                file.name);
  }
  TextLines lines(text, file.name);
  const auto first_row = static_cast<int64_t>(scores->score.size());
  const char* label = file.kind == FileKind::kGenuine ? "genuine" : "impostor";
  std::vector<std::string_view> fields;
  while (lines.Next(&fields)) {
    if (fields.size() != 1) {
      throw Error(ErrorCode::kInvalidInput, lines.Where(""),
                  "has {} fields, and one score a line is expected",
                  fields.size());
    }
    scores->label.Add(label, static_cast<int64_t>(scores->score.size()));
    scores->score.push_back(lines.Number(fields[0], "score", scores->missing));
  }
  scores->sources.push_back(
      {file.name, first_row,
       static_cast<int64_t>(scores->score.size()) - first_row, ""});
  scores->header_lines.push_back(0);
}

}  // namespace

Profile PyeerProfile() {
  return {.name = "pyeer",
          .what = "genuine and impostor files of pyeer",
          .wants = "one score a line; inputs genuine=FILE and impostor=FILE",
          .read_text = Read,
          .kind_by_file = true};
}

}  // namespace plumbline::face
