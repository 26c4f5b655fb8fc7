#include "plumbline/cohort/packed/pack.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <set>

#include "plumbline/base/error.h"
#include "plumbline/base/file.h"
#include "plumbline/base/hash.h"
#include "plumbline/base/interrupt.h"
#include "plumbline/base/json.h"
#include "plumbline/base/log.h"
#include "plumbline/base/progress.h"
#include "plumbline/base/text.h"
#include "plumbline/base/thread_pool.h"
#include "plumbline/cohort/packed/pack_journal.h"

namespace plumbline {
namespace {

// A file larger than this is no image of a person.
constexpr int64_t kMostFileBytes = int64_t{4} << 30;

uint64_t RoundUp(uint64_t size, uint64_t to) {
  return (size + to - 1) / to * to;
}

std::string_view AsText(const void* data, size_t size) {
  return {static_cast<const char*>(data), size};
}

// The unfinished file.
class PartFile {
 public:
  PartFile(const std::string& path, bool keep) : path_(path) {
    file_ = open(path.c_str(),
                 O_RDWR | O_CREAT | O_CLOEXEC | (keep ? 0 : O_TRUNC), 0666);
    if (file_ < 0) ThrowUnwritable(path, errno);
  }
  ~PartFile() {
    if (file_ >= 0) close(file_);
  }
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  // Takes the space now rather than fail after hours.
  void Reserve(uint64_t size) {
    const int code = posix_fallocate(file_, 0, static_cast<off_t>(size));
    if (code != 0 && code != EOPNOTSUPP && code != EINVAL) {
      ThrowUnwritable(path_, code);
    }
  }
  void Write(std::string_view bytes, uint64_t at) {
    while (!bytes.empty()) {
      const ssize_t written =
          pwrite(file_, bytes.data(), bytes.size(), static_cast<off_t>(at));
      if (written < 0) {
        if (errno == EINTR) continue;
        ThrowUnwritable(path_, errno);
      }
      bytes.remove_prefix(written);
      at += written;
    }
  }
  // False beyond the end.
  bool Read(char* to, size_t size, uint64_t at) const {
    return pread(file_, to, size, static_cast<off_t>(at)) ==
           static_cast<ssize_t>(size);
  }
  void Finish(uint64_t size, const std::string& name) {
    if (ftruncate(file_, static_cast<off_t>(size)) != 0 || fsync(file_) != 0) {
      ThrowUnwritable(path_, errno);
    }
    close(file_);
    file_ = -1;
    if (rename(path_.c_str(), name.c_str()) != 0) {
      ThrowUnwritable(name, errno);
    }
  }

 private:
  std::string path_;
  int file_ = -1;
};

// Size and time of the image's file; false if it is not there.
bool LookAt(const std::string& path, PackedRecord* record) {
  struct stat found {};
  if (stat(path.c_str(), &found) != 0) return false;
  record->file_bytes = found.st_size;
  record->file_time =
      found.st_mtim.tv_sec * int64_t{1'000'000'000} + found.st_mtim.tv_nsec;
  return true;
}

// Without the file's name, which stands beside it.
std::string ReasonOf(const Error& error, const std::string& path) {
  std::string reason = error.what();
  const std::string prefix = path + ": ";
  if (reason.starts_with(prefix)) reason.erase(0, prefix.size());
  return reason;
}

DecodedImage DecodeFile(const std::string& file, const std::string& path,
                        const PackOptions& options,
                        const PackedRecord& record) {
  if (record.file_bytes > kMostFileBytes) {
    throw Error(ErrorCode::kInvalidInput, Location{.file = path},
                "has {} bytes, more than any image of this program",
                WithThousands(record.file_bytes));
  }
  const MappedFile mapped(file);
  DecodeOptions decode;
  decode.window = options.window;
  return DecodeImage(mapped.bytes(), path, decode);
}

Image ToShape(const Image& image, const PackOptions& options, int channels,
              std::vector<std::string>* notes) {
  Image packed = Resize(image, options.side, options.resize);
  if (channels == 1 && packed.channels == 3) {
    notes->emplace_back("its colours were turned into grey");
    packed = ToGrey(packed);
  } else if (channels == 3 && packed.channels == 1) {
    Image colours =
        MakeImage(packed.width, packed.height, 3, packed.bytes_per_sample);
    const size_t bytes = packed.bytes_per_sample;
    for (size_t i = 0; i < packed.samples(); ++i) {
      for (size_t c = 0; c < 3; ++c) {
        std::memcpy(&colours.data[(3 * i + c) * bytes], &packed.data[i * bytes],
                    bytes);
      }
    }
    packed = std::move(colours);
  }
  return options.depth == 8 ? ToUint8(packed) : ToUint16(packed);
}

void FillRecord(const DecodedImage& decoded, PackedImage* done) {
  const Image& image = decoded.image;
  PackedRecord& record = done->record;
  record.status = PackStatus::kDecoded;
  record.format = decoded.format;
  record.stored_width = decoded.stored_width;
  record.stored_height = decoded.stored_height;
  record.channels = static_cast<uint8_t>(image.channels);
  record.bits = static_cast<uint8_t>(8 * image.bytes_per_sample);
  // The shape belongs to the hash: 2 x 8 pixels are not 4 x 4.
  const int32_t shape[] = {image.width, image.height, image.channels,
                           image.bytes_per_sample};
  record.pixel_hash = FastHash(AsText(image.data.data(), image.data.size())) ^
                      FastHash(AsText(shape, sizeof shape));
  const PictureHashes hashes = HashForSearch(image);
  record.hash_whole = hashes.whole;
  record.hash_cropped = hashes.cropped;
  record.has_structure = hashes.has_structure ? 1 : 0;
  record.quality = MeasureQuality(image);
  std::vector<std::string> facts;
  for (const std::string& name : AllImageFacts()) {
    const auto found =
        std::find_if(decoded.facts.begin(), decoded.facts.end(),
                     [&](const ImageFact& fact) { return fact.first == name; });
    facts.push_back(found == decoded.facts.end() ? "" : found->second);
  }
  done->words.facts = std::move(facts);
}

class Packer {
 public:
  Packer(const PackInput& input, const PackOptions& options,
         const std::string& output)
      : input_(input),
        options_(options),
        output_(output),
        journal_(output + ".journal", PackFingerprint(input, options, false)) {
    for (const std::string& path : input.paths) {
      files_.push_back(ResolveImagePath(input.folder, path));
    }
  }

  PackResult Run() {
    const bool resumes = ChooseChannels();
    stride_ = RoundUp(uint64_t(options_.side) * options_.side * channels_ *
                          (options_.depth / 8),
                      64);
    const auto count = static_cast<int64_t>(files_.size());
    PartFile part(output_ + ".part", resumes);
    pixel_end_ = kPackedPixelOffset + static_cast<uint64_t>(count) * stride_;
    part.Reserve(pixel_end_);
    images_.resize(count);
    const std::vector<int64_t> left = WhatIsLeft(part);
    PackResult result;
    result.resumed = count - static_cast<int64_t>(left.size());
    if (result.resumed > 0) {
      LogInfo("{}: {} of {} images were packed before", output_,
              WithThousands(result.resumed), WithThousands(count));
    }
    {
      Progress progress("packing", static_cast<int64_t>(left.size()), "images");
      ParallelFor(static_cast<int64_t>(left.size()), options_.threads,
                  [&](int64_t i) {
                    PackOne(left[i], &part);
                    progress.Advance(1);
                  });
    }
    result.bytes = static_cast<int64_t>(WriteRest(&part));
    journal_.Remove();
    Summarise(&result);
    return result;
  }

 private:
  // Those of the journal or of the option, else of the first image that can be
  // decoded. True if the journal's entries hold.
  bool ChooseChannels() {
    if (journal_.channels() != 0) {
      channels_ = journal_.channels();
      return true;
    }
    channels_ = options_.channels;
    for (size_t i = 0; channels_ == 0 && i < files_.size(); ++i) {
      try {
        PackedRecord record;
        if (!LookAt(files_[i], &record)) continue;
        channels_ = DecodeFile(files_[i], input_.paths[i], options_, record)
                        .image.channels;
      } catch (const Error& error) {
        if (error.code() != ErrorCode::kInvalidInput) throw;
      }
    }
    if (channels_ == 0) channels_ = 1;
    journal_.Begin(channels_);
    return false;
  }

  std::vector<int64_t> WhatIsLeft(const PartFile& part) {
    std::vector<int64_t> left;
    std::string pixels(stride_, '\0');
    for (int64_t i = 0; i < static_cast<int64_t>(files_.size()); ++i) {
      const auto entry = journal_.entries().find(i);
      bool is_done = entry != journal_.entries().end();
      if (is_done) {
        PackedRecord now;
        LookAt(files_[i], &now);
        const PackedRecord& then = entry->second.record;
        is_done = now.file_bytes == then.file_bytes &&
                  now.file_time == then.file_time &&
                  part.Read(pixels.data(), PixelBytes(), PlaceOf(i)) &&
                  FastHash(std::string_view(pixels).substr(0, PixelBytes())) ==
                      then.checksum;
      }
      if (is_done) {
        images_[i] = entry->second;
      } else {
        left.push_back(i);
      }
    }
    return left;
  }

  uint64_t PixelBytes() const {
    return uint64_t(options_.side) * options_.side * channels_ *
           (options_.depth / 8);
  }
  uint64_t PlaceOf(int64_t image) const {
    return kPackedPixelOffset + static_cast<uint64_t>(image) * stride_;
  }

  void PackOne(int64_t i, PartFile* part) {
    PackedImage done;
    done.words.path = input_.paths[i];
    done.words.facts.assign(AllImageFacts().size(), "");
    Image packed =
        MakeImage(options_.side, options_.side, channels_, options_.depth / 8);
    if (!LookAt(files_[i], &done.record)) {
      done.record.status = PackStatus::kMissing;
      done.words.reason = "no such file";
    } else {
      try {
        DecodedImage decoded =
            DecodeFile(files_[i], input_.paths[i], options_, done.record);
        FillRecord(decoded, &done);
        packed = ToShape(decoded.image, options_, channels_, &decoded.notes);
        done.words.notes = JoinWords(decoded.notes, "and");
      } catch (const Error& error) {
        if (error.code() != ErrorCode::kInvalidInput) throw;
        done.record.status = PackStatus::kDamaged;
        done.words.reason = ReasonOf(error, files_[i]);
        const std::string by_path = ReasonOf(error, input_.paths[i]);
        if (by_path.size() < done.words.reason.size()) {
          done.words.reason = by_path;
        }
      }
    }
    const std::string_view pixels =
        AsText(packed.data.data(), packed.data.size());
    done.record.checksum = FastHash(pixels);
    part->Write(pixels, PlaceOf(i));
    journal_.Append(i, done);
    images_[i] = std::move(done);
  }

  std::string WordsCsv() const {
    std::string csv = "path,reason,notes";
    for (const std::string& fact : AllImageFacts()) csv += "," + fact;
    csv += "\n";
    for (const PackedImage& image : images_) {
      AppendCsvField(image.words.path, &csv);
      for (const std::string* text :
           {&image.words.reason, &image.words.notes}) {
        csv += ',';
        AppendCsvField(*text, &csv);
      }
      for (const std::string& fact : image.words.facts) {
        csv += ',';
        AppendCsvField(fact, &csv);
      }
      csv += '\n';
    }
    return csv;
  }

  // How the pixels came about, for whoever reads the file in ten years.
  std::string AboutJson() const {
    const Json about = {
        {"schema", "plumbline.packed/1"},
        {"images", images_.size()},
        {"side", options_.side},
        {"channels", channels_},
        {"bits", options_.depth},
        {"preprocessing",
         {{"window", options_.window},
          {"order",
           "decoded, modality and VOI transform, presentation inversion, "
           "upright, sRGB; then resized; then rounded to bits"},
          {"resize", NameOf(options_.resize)},
          {"filter", "triangle"}}},
        {"table_sha256", Sha256(input_.table_csv)},
        {"fingerprint", PackFingerprint(input_, options_, false)}};
    return WriteJson(about);
  }

  // Sections and header; the file's size.
  uint64_t WriteRest(PartFile* part) {
    PackedHeader header;
    header.images = images_.size();
    header.side = static_cast<uint32_t>(options_.side);
    header.channels = static_cast<uint32_t>(channels_);
    header.bytes_per_sample = static_cast<uint32_t>(options_.depth / 8);
    header.stride = stride_;
    std::vector<PackedRecord> records;
    for (const PackedImage& image : images_) records.push_back(image.record);
    const std::pair<const char*, std::string> sections[kPackedSections] = {
        {"records", std::string(AsText(records.data(),
                                       records.size() * sizeof(PackedRecord)))},
        {"words", WordsCsv()},
        {"table", input_.table_csv},
        {"roles", input_.roles_toml},
        {"mapping", input_.mapping_toml},
        {"about", AboutJson()}};
    uint64_t at = RoundUp(pixel_end_, 64);
    for (int s = 0; s < kPackedSections; ++s) {
      const auto& [name, raw] = sections[s];
      const std::string bytes = s == 0 ? raw : Compress(raw);
      PackedSection& section = header.sections[s];
      std::strncpy(section.name.data(), name, section.name.size() - 1);
      section.offset = at;
      section.size = bytes.size();
      section.raw_size = raw.size();
      section.checksum = FastHash(bytes);
      part->Write(bytes, at);
      at = RoundUp(at + bytes.size(), 64);
    }
    header.checksum =
        FastHash(AsText(&header, offsetof(PackedHeader, checksum)));
    std::string first(kPackedPixelOffset, '\0');
    std::memcpy(first.data(), &header, sizeof header);
    part->Write(first, 0);
    part->Finish(at, output_);
    return at;
  }

  // As it is if that is no shorter: then both sizes are equal.
  static std::string Compress(const std::string& raw) {
    std::string bytes(ZSTD_compressBound(raw.size()), '\0');
    const size_t size =
        ZSTD_compress(bytes.data(), bytes.size(), raw.data(), raw.size(), 3);
    if (ZSTD_isError(size) != 0 || size >= raw.size()) return raw;
    bytes.resize(size);
    return bytes;
  }

  void Summarise(PackResult* result) const {
    result->images = static_cast<int64_t>(images_.size());
    result->side = options_.side;
    result->channels = channels_;
    result->depth = options_.depth;
    for (const PackedImage& image : images_) {
      if (image.record.status != PackStatus::kDecoded) {
        result->failed.push_back({image.words.path, image.words.reason});
      }
      if (image.words.notes.empty()) continue;
      if (result->with_notes++ == 0) {
        result->first_note = image.words.path + ": " + image.words.notes;
      }
    }
  }

  const PackInput& input_;
  const PackOptions& options_;
  const std::string& output_;
  PackJournal journal_;
  std::vector<std::string> files_;
  int channels_ = 0;
  uint64_t stride_ = 0;
  uint64_t pixel_end_ = 0;
  std::vector<PackedImage> images_;
};

}  // namespace

std::string ResolveImagePath(const std::string& folder,
                             const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code code;
  const fs::path base = fs::weakly_canonical(fs::path(folder), code);
  const fs::path asked = base / path;
  const fs::path file = fs::weakly_canonical(asked, code);
  const auto [end, ignored] =
      std::mismatch(base.begin(), base.end(), file.begin(), file.end());
  // A folder written with a slash at its end has an empty last part.
  const bool is_below = end == base.end() || (end->empty() && !code);
  if (code || !is_below || path.find('\0') != std::string::npos) {
    throw Error(ErrorCode::kInvalidInput,
                "image \"{}\" does not lie in the cohort's folder \"{}\"; name "
                "the folder that holds all images (folder in cohort.toml, or "
                "--folder)",
                path, folder);
  }
  return file.string();
}

std::string PackFingerprint(const PackInput& input, const PackOptions& options,
                            bool with_files) {
  std::string all = fmt::format("{}|{}|{}|{}|{}|{}|", kPackedVersion,
                                options.side, options.depth, options.channels,
                                NameOf(options.resize), options.window);
  all += Sha256(input.table_csv) + Sha256(input.roles_toml) +
         Sha256(input.mapping_toml);
  all += std::filesystem::weakly_canonical(input.folder).string();
  for (const std::string& path : input.paths) {
    all += '\n' + path;
    if (!with_files) continue;
    PackedRecord record;
    LookAt(ResolveImagePath(input.folder, path), &record);
    all += fmt::format("|{}|{}", record.file_bytes, record.file_time);
  }
  return Sha256(all);
}

PackResult PackImages(const PackInput& input, const PackOptions& options,
                      const std::string& output) {
  if (options.side < 16 || options.side > 4096) {
    throw Error(ErrorCode::kUsage,
                "cannot pack to {} pixels: expected 16 to 4096", options.side);
  }
  if (input.paths.empty()) {
    throw Error(ErrorCode::kUsage,
                "there are no images to pack; name the column of their paths "
                "(image in cohort.toml, or --image)");
  }
  return Packer(input, options, output).Run();
}

}  // namespace plumbline
