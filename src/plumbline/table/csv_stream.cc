#include "plumbline/table/csv_stream.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "plumbline/base/error.h"
#include "plumbline/base/interrupt.h"

namespace plumbline::csv {
namespace {

constexpr size_t kBufferBytes = 256 << 10;
constexpr std::string_view kGzipStart("\x1f\x8b", 2);
constexpr std::string_view kZstdStart("\x28\xb5\x2f\xfd", 4);

[[noreturn]] void ThrowCutOff(const std::string& name,
                              std::string_view format) {
  throw Error(ErrorCode::kInvalidInput, Location{name},
              "the file seems cut off: its {} data end in the middle; copy or "
              "download it again",
              format);
}

[[noreturn]] void ThrowDamaged(const std::string& name, std::string_view format,
                               std::string_view why) {
  throw Error(ErrorCode::kInvalidInput, Location{name},
              "damaged {} data ({}); copy or download the file again", format,
              why);
}

class PlainDecoder : public Decoder {
 public:
  explicit PlainDecoder(RawInput* input) : input_(input) {}

  size_t Read(char* out, size_t room) override {
    size_t done = 0;
    while (done < room) {
      const size_t bytes = input_->Read(out + done, room - done);
      if (bytes == 0) break;
      done += bytes;
    }
    return done;
  }

 private:
  RawInput* input_;
};

// One or more gzip members.
class GzipDecoder : public Decoder {
 public:
  explicit GzipDecoder(RawInput* input) : input_(input) {
    constexpr int kGzipWithLargestWindow = 15 + 16;
    if (inflateInit2(&stream_, kGzipWithLargestWindow) != Z_OK) {
      throw Error(ErrorCode::kOutOfResources, "no memory for zlib");
    }
  }
  ~GzipDecoder() override { inflateEnd(&stream_); }

  size_t Read(char* out, size_t room) override {
    stream_.next_out = reinterpret_cast<Bytef*>(out);
    stream_.avail_out = static_cast<uInt>(room);
    while (stream_.avail_out > 0) {
      const std::string_view raw = input_->Fill(1);
      if (raw.empty()) {
        if (in_member_) ThrowCutOff(input_->name(), "gzip");
        break;
      }
      Inflate(raw);
    }
    return room - stream_.avail_out;
  }

 private:
  void Inflate(std::string_view raw) {
    in_member_ = true;
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(raw.data()));
    stream_.avail_in = static_cast<uInt>(raw.size());
    const int status = inflate(&stream_, Z_NO_FLUSH);
    input_->Take(raw.size() - stream_.avail_in);
    if (status == Z_STREAM_END) {
      in_member_ = false;
      inflateReset(&stream_);
    } else if (status == Z_MEM_ERROR) {
      throw Error(ErrorCode::kOutOfResources, "no memory for zlib");
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
      ThrowDamaged(input_->name(), "gzip",
                   stream_.msg != nullptr ? stream_.msg : "unknown format");
    }
  }

  RawInput* input_;
  z_stream stream_{};
  bool in_member_ = true;  // an empty file is cut off, too
};

// One or more Zstandard frames.
class ZstdDecoder : public Decoder {
 public:
  explicit ZstdDecoder(RawInput* input)
      : input_(input), stream_(ZSTD_createDStream(), &ZSTD_freeDStream) {
    if (!stream_) {
      throw Error(ErrorCode::kOutOfResources, "no memory for Zstandard");
    }
  }

  size_t Read(char* out, size_t room) override {
    ZSTD_outBuffer output{out, room, 0};
    while (output.pos < room) {
      const std::string_view raw = input_->Fill(1);
      ZSTD_inBuffer buffer{raw.data(), raw.size(), 0};
      const size_t written = output.pos;
      if (raw.empty() && !in_frame_) break;
      const size_t status =
          ZSTD_decompressStream(stream_.get(), &output, &buffer);
      if (ZSTD_isError(status)) {
        ThrowDamaged(input_->name(), "Zstandard", ZSTD_getErrorName(status));
      }
      input_->Take(buffer.pos);
      in_frame_ = status != 0;
      if (raw.empty() && in_frame_ && output.pos == written) {
        ThrowCutOff(input_->name(), "Zstandard");
      }
    }
    return output.pos;
  }

 private:
  RawInput* input_;
  std::unique_ptr<ZSTD_DStream, decltype(&ZSTD_freeDStream)> stream_;
  bool in_frame_ = true;  // an empty file is cut off, too
};

}  // namespace

struct RawInput::Digest {
  Digest() : context(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
    Check(context != nullptr &&
          EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1);
  }

  void Add(const char* data, size_t size) const {
    Check(EVP_DigestUpdate(context.get(), data, size) == 1);
  }

  static void Check(bool done) {
    if (!done) throw Error(ErrorCode::kInternal, "SHA-256 is not available");
  }

  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context;
};

RawInput::RawInput(const std::string& path, std::string name, bool hash)
    : name_(std::move(name)), buffer_(new char[kBufferBytes]) {
  if (hash) digest_ = std::make_unique<Digest>();
  if (path == "-") {
    descriptor_ = STDIN_FILENO;
    return;
  }
  descriptor_ = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor_ < 0) {
    throw Error(ErrorCode::kInvalidInput, Location{name_},
                "cannot be read ({})", std::strerror(errno));
  }
}

RawInput::~RawInput() {
  if (descriptor_ > STDIN_FILENO) close(descriptor_);
}

size_t RawInput::ReadDescriptor(char* out, size_t room) {
  while (true) {
    const ssize_t bytes = read(descriptor_, out, room);
    if (bytes >= 0) {
      if (digest_) digest_->Add(out, static_cast<size_t>(bytes));
      return static_cast<size_t>(bytes);
    }
    if (errno == EINTR) {
      StopIfInterrupted();
      continue;
    }
    throw Error(ErrorCode::kInvalidInput, Location{name_},
                "cannot be read ({})", std::strerror(errno));
  }
}

std::string_view RawInput::Fill(size_t want) {
  if (begin_ == end_) begin_ = end_ = 0;
  while (end_ - begin_ < want) {
    if (begin_ > 0) {
      std::copy(buffer_.get() + begin_, buffer_.get() + end_, buffer_.get());
      end_ -= begin_;
      begin_ = 0;
    }
    const size_t bytes =
        ReadDescriptor(buffer_.get() + end_, kBufferBytes - end_);
    if (bytes == 0) break;
    end_ += bytes;
  }
  return {buffer_.get() + begin_, end_ - begin_};
}

void RawInput::Take(size_t bytes) { begin_ += bytes; }

size_t RawInput::Read(char* out, size_t room) {
  if (begin_ == end_) return ReadDescriptor(out, room);
  const size_t bytes = std::min(room, end_ - begin_);
  std::copy_n(buffer_.get() + begin_, bytes, out);
  begin_ += bytes;
  return bytes;
}

std::string RawInput::Sha256() {
  if (!digest_) return "";
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  Digest::Check(EVP_DigestFinal_ex(digest_->context.get(), digest, &size) == 1);
  std::string text;
  for (unsigned int i = 0; i < size; ++i) {
    text += fmt::format("{:02x}", digest[i]);
  }
  return text;
}

std::unique_ptr<Decoder> MakeDecoder(RawInput* input, const std::string& path) {
  const std::string_view start = input->Fill(kZstdStart.size());
  if (start.starts_with(kGzipStart)) {
    return std::make_unique<GzipDecoder>(input);
  }
  if (start.starts_with(kZstdStart)) {
    return std::make_unique<ZstdDecoder>(input);
  }
  for (const auto& [suffix, format] :
       {std::pair{".gz", "gzip"}, std::pair{".zst", "Zstandard"}}) {
    if (!path.ends_with(suffix)) continue;
    if (start.empty()) ThrowCutOff(input->name(), format);
    ThrowDamaged(input->name(), format, "wrong first bytes");
  }
  return std::make_unique<PlainDecoder>(input);
}

}  // namespace plumbline::csv
