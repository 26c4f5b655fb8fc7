#include "plumbline/face/library/library_images.h"

#include <algorithm>
#include <filesystem>

#include "plumbline/base/error.h"
#include "plumbline/base/file.h"
#include "plumbline/base/text.h"
#include "plumbline/table/table_reader.h"

namespace plumbline::face {
namespace {

constexpr const char* kDescription = "description";

std::string FolderOf(const std::string& file) {
  const std::filesystem::path folder =
      std::filesystem::path(file).parent_path();
  return folder.empty() ? "." : folder.string();
}

std::string PathOf(const std::string& name, const std::string& folder,
                   const Location& where) {
  if (name.empty()) {
    throw Error(ErrorCode::kInvalidInput, where, "names no picture");
  }
  const std::filesystem::path path(name);
  if (path.is_absolute()) return name;
  for (const auto& part : path) {
    if (part == "..") {
      throw Error(ErrorCode::kInvalidInput, where,
                  "\"{}\" leads out of the table's folder", name);
    }
  }
  return (std::filesystem::path(folder) / path).string();
}

}  // namespace

PictureKind ParsePictureKind(std::string_view text) {
  std::string word(text);
  std::transform(word.begin(), word.end(), word.begin(),
                 [](unsigned char c) { return std::toupper(c); });
  constexpr std::pair<const char*, PictureKind> kWords[] = {
      {"", PictureKind::kUnknown},
      {"UNKNOWN", PictureKind::kUnknown},
      {"ISO", PictureKind::kIso},
      {"MUGSHOT", PictureKind::kMugshot},
      {"PHOTOJOURNALISM", PictureKind::kPhotojournalism},
      {"EXPLOITATION", PictureKind::kWild},
      {"WILD", PictureKind::kWild}};
  for (const auto& [name, kind] : kWords) {
    if (word == name) return kind;
  }
  throw Error(ErrorCode::kInvalidInput,
              "\"{}\": expected UNKNOWN, ISO, MUGSHOT, PHOTOJOURNALISM or WILD",
              text);
}

LibraryImages ReadLibraryImages(const std::vector<std::string>& inputs,
                                const FaceInputColumns& columns,
                                const std::string& path_column) {
  const std::string name = path_column.empty() ? "path" : path_column;
  LibraryImages result;
  result.images = ReadImageSubjects(inputs, columns);
  CsvOptions csv = columns.csv;
  csv.hash_sources = false;
  TableReader reader(inputs, csv);
  std::vector<ColumnRequest> requests = {{name}};
  const std::vector<std::string> header = reader.header();
  const bool described =
      std::find(header.begin(), header.end(), kDescription) != header.end();
  if (described) requests.push_back({kDescription});
  const Table table = reader.Read(requests);
  const CategoricalColumn& paths = table.Categorical(name);
  for (int64_t row = 0; row < table.rows(); ++row) {
    const Location where = table.Where(row, name);
    const uint32_t code = paths.codes[row];
    result.path.push_back(
        PathOf(code < paths.levels.size() ? paths.levels[code] : "",
               FolderOf(where.file), where));
    result.kind.push_back(PictureKind::kUnknown);
    if (!described) continue;
    const CategoricalColumn& kinds = table.Categorical(kDescription);
    const uint32_t kind = kinds.codes[row];
    if (kind < kinds.levels.size()) {
      result.kind.back() = ParsePictureKind(kinds.levels[kind]);
    }
  }
  return result;
}

}  // namespace plumbline::face
