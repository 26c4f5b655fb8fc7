#include "plumbline/cohort/packed/packed_cohort.h"

#include <zstd.h>

#include <cstddef>
#include <cstring>
#include <fstream>
#include <unordered_map>

#include "plumbline/base/error.h"
#include "plumbline/base/file.h"
#include "plumbline/base/hash.h"
#include "plumbline/base/progress.h"
#include "plumbline/base/thread_pool.h"
#include "plumbline/table/csv.h"

namespace plumbline {
namespace {

[[noreturn]] void ThrowDamaged(const std::string& file, const char* what) {
  throw Error(ErrorCode::kInvalidInput, Location{.file = file},
              "{}; the file is damaged, pack the cohort again", what);
}

// Beyond this a section is a lie that would fill the memory.
constexpr uint64_t kMostSectionBytes = uint64_t{1} << 36;

PackedHeader ReadHeader(std::string_view bytes, const std::string& file) {
  const Location where{.file = file};
  PackedHeader header;
  if (bytes.size() < 16 ||
      std::memcmp(bytes.data(), kPackedMagic.data(), 8) != 0) {
    throw Error(ErrorCode::kInvalidInput, where,
                "is no packed cohort; make one with plumbline pack");
  }
  uint32_t version = 0, order = 0;
  std::memcpy(&version, bytes.data() + 8, 4);
  std::memcpy(&order, bytes.data() + 12, 4);
  if (order != kPackedByteOrder) {
    throw Error(ErrorCode::kInvalidInput, where,
                "was packed on a machine with another order of bytes; pack the "
                "cohort again here");
  }
  if (version != kPackedVersion) {
    throw Error(ErrorCode::kInvalidInput, where,
                "is a packed cohort of format {}, and this program reads "
                "format {}; pack the cohort again",
                version, kPackedVersion);
  }
  if (bytes.size() < kPackedPixelOffset) ThrowDamaged(file, "it is cut off");
  std::memcpy(&header, bytes.data(), sizeof header);
  if (FastHash(bytes.substr(0, offsetof(PackedHeader, checksum))) !=
      header.checksum) {
    ThrowDamaged(file, "its header does not fit its checksum");
  }
  return header;
}

void CheckSizes(const PackedHeader& h, size_t file_size,
                const std::string& file) {
  const bool shape_is_good =
      h.side >= 1 && h.side <= 16384 && (h.channels == 1 || h.channels == 3) &&
      (h.bytes_per_sample == 1 || h.bytes_per_sample == 2);
  if (!shape_is_good) ThrowDamaged(file, "its images have no shape");
  const uint64_t needed =
      uint64_t{h.side} * h.side * h.channels * h.bytes_per_sample;
  if (h.stride < needed || h.stride > needed + 64 ||
      h.images > (file_size - kPackedPixelOffset) / h.stride) {
    ThrowDamaged(file, "it is cut off");
  }
  for (const PackedSection& s : h.sections) {
    if (s.offset > file_size || s.size > file_size - s.offset) {
      ThrowDamaged(file, "it is cut off");
    }
    if (s.raw_size > kMostSectionBytes) {
      ThrowDamaged(file, "a section is too large");
    }
  }
}

}  // namespace

struct PackedCohort::State {
  std::string path;
  MappedFile file;
  PackedHeader header;
  std::vector<PackedRecord> records;
  std::vector<PackedWords> words;
  std::string table, roles, mapping, about;
  std::unordered_map<std::string, int64_t> by_path;

  explicit State(const std::string& name) : path(name), file(name) {}

  std::string Section(const char* name) const {
    for (const PackedSection& section : header.sections) {
      if (std::strncmp(section.name.data(), name, section.name.size()) != 0) {
        continue;
      }
      const std::string_view bytes =
          file.bytes().substr(section.offset, section.size);
      if (FastHash(bytes) != section.checksum) {
        ThrowDamaged(path, "a section does not fit its checksum");
      }
      if (section.raw_size == section.size) return std::string(bytes);
      return Decompress(bytes, section.raw_size, path);
    }
    ThrowDamaged(path, "a section is missing");
  }

  void ReadRecords() {
    const std::string bytes = Section("records");
    if (bytes.size() != header.images * sizeof(PackedRecord)) {
      ThrowDamaged(path, "it has not one record for each image");
    }
    records.resize(header.images);
    if (!bytes.empty()) {
      std::memcpy(records.data(), bytes.data(), bytes.size());
    }
    for (const PackedRecord& record : records) {
      if (record.status > PackStatus::kDamaged) {
        ThrowDamaged(path, "a record has no known status");
      }
    }
  }

  void ReadWords() {
    std::vector<std::string> names = {"path", "reason", "notes"};
    for (const std::string& fact : AllImageFacts()) names.push_back(fact);
    std::vector<ColumnRequest> requests;
    for (const std::string& name : names) requests.push_back({name});
    CsvOptions options;
    options.delimiter = ',';
    options.missing.clear();
    const Table read = ReadCsvText(Section("words"), path, requests, options);
    if (read.rows() != static_cast<int64_t>(header.images)) {
      ThrowDamaged(path, "it has not one line for each image");
    }
    words.resize(header.images);
    for (size_t c = 0; c < names.size(); ++c) {
      const CategoricalColumn& column = read.categorical()[c];
      for (size_t i = 0; i < words.size(); ++i) {
        const uint32_t code = column.codes[i];
        std::string text = code == kMissingCode ? "" : column.levels[code];
        if (c == 0) {
          by_path.emplace(text, static_cast<int64_t>(i));
          words[i].path = std::move(text);
        } else if (c == 1) {
          words[i].reason = std::move(text);
        } else if (c == 2) {
          words[i].notes = std::move(text);
        } else {
          words[i].facts.push_back(std::move(text));
        }
      }
    }
  }
};

PackedCohort::PackedCohort(const std::string& path)
    : state_(std::make_unique<State>(path)) {
  State& s = *state_;
  s.header = ReadHeader(s.file.bytes(), path);
  CheckSizes(s.header, s.file.bytes().size(), path);
  s.ReadRecords();
  s.ReadWords();
  s.table = s.Section("table");
  s.roles = s.Section("roles");
  s.mapping = s.Section("mapping");
  s.about = s.Section("about");
}

PackedCohort::~PackedCohort() = default;

int64_t PackedCohort::images() const {
  return static_cast<int64_t>(state_->header.images);
}
int PackedCohort::side() const { return static_cast<int>(state_->header.side); }
int PackedCohort::channels() const {
  return static_cast<int>(state_->header.channels);
}
int PackedCohort::bytes_per_sample() const {
  return static_cast<int>(state_->header.bytes_per_sample);
}

const PackedRecord& PackedCohort::record(int64_t image) const {
  return state_->records[image];
}
const PackedWords& PackedCohort::words(int64_t image) const {
  return state_->words[image];
}

std::span<const uint8_t> PackedCohort::Pixels(int64_t image) const {
  const PackedHeader& h = state_->header;
  const size_t size = size_t{h.side} * h.side * h.channels * h.bytes_per_sample;
  const char* first =
      state_->file.bytes().data() + kPackedPixelOffset + image * h.stride;
  return {reinterpret_cast<const uint8_t*>(first), size};
}

Image PackedCohort::ImageAt(int64_t image) const {
  const auto pixels = Pixels(image);
  const std::string_view bytes(reinterpret_cast<const char*>(pixels.data()),
                               pixels.size());
  if (FastHash(bytes) != record(image).checksum) {
    ThrowDamaged(state_->path, "an image does not fit its checksum");
  }
  Image copy = MakeImage(side(), side(), channels(), bytes_per_sample());
  std::memcpy(copy.data.data(), pixels.data(), pixels.size());
  return copy;
}

void PackedCohort::VerifyPixels(int threads) const {
  Progress progress("checking " + state_->path, images(), "images");
  ParallelFor(images(), threads, [&](int64_t image) {
    ImageAt(image);
    progress.Advance(1);
  });
}

int64_t PackedCohort::Find(const std::string& path) const {
  const auto found = state_->by_path.find(path);
  return found == state_->by_path.end() ? -1 : found->second;
}

const std::string& PackedCohort::table_csv() const { return state_->table; }
const std::string& PackedCohort::roles_toml() const { return state_->roles; }
const std::string& PackedCohort::mapping_toml() const {
  return state_->mapping;
}
const std::string& PackedCohort::about_json() const { return state_->about; }

bool IsPackedFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::array<char, 8> magic{};
  file.read(magic.data(), magic.size());
  return file && magic == kPackedMagic;
}

std::string Decompress(std::string_view bytes, uint64_t raw_size,
                       const std::string& file) {
  // A frame that says it is larger than its section would be a bomb.
  if (ZSTD_getFrameContentSize(bytes.data(), bytes.size()) != raw_size) {
    ThrowDamaged(file, "a section has another size than it says");
  }
  std::string raw(raw_size, '\0');
  const size_t size =
      ZSTD_decompress(raw.data(), raw.size(), bytes.data(), bytes.size());
  if (ZSTD_isError(size) != 0 || size != raw_size) {
    ThrowDamaged(file, "a section cannot be decompressed");
  }
  return raw;
}

}  // namespace plumbline
