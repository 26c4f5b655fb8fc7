#include "plumbline/table/csv_source.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstring>
#include <future>

#include "plumbline/base/file.h"
#include "plumbline/base/hash.h"
#include "plumbline/table/csv_stream.h"

namespace plumbline::csv {
namespace {

// Decompressed in one go.
constexpr size_t kBlockBytes = 4 << 20;

class TextSource : public Source {
 public:
  TextSource(std::string_view text, std::string name)
      : Source(std::move(name)), text_(text) {}

  std::string_view Peek(size_t want) override {
    const std::string_view rest = text_.substr(offset_);
    at_end_ = want >= rest.size();
    return rest.substr(0, want);
  }
  bool AtEnd() const override { return at_end_; }
  void Consume(size_t bytes) override {
    offset_ += static_cast<int64_t>(bytes);
  }
  int64_t TotalBytes() const override {
    return static_cast<int64_t>(text_.size());
  }

 private:
  std::string_view text_;
  bool at_end_ = false;
};

// Starts work at once if `at_once` (and the system grants a thread), else when
// its result is asked for.
template <typename Work>
auto Start(bool at_once, Work work) {
  return std::async(at_once ? std::launch::async | std::launch::deferred
                            : std::launch::deferred,
                    std::move(work));
}

// Pages that were consumed are given back to the system.
class MappedSource : public TextSource {
 public:
  MappedSource(MappedFile file, const std::string& path,
               const SourceOptions& options)
      : TextSource(file.bytes(), path), file_(std::move(file)) {
    if (options.hash) {
      hash_ = Start(options.read_ahead, [path] { return Sha256OfFile(path); });
    }
  }

  void Consume(size_t bytes) override {
    file_.Release(offset_, offset_ + bytes);
    TextSource::Consume(bytes);
  }
  std::string Sha256() override { return hash_.valid() ? hash_.get() : ""; }

 private:
  MappedFile file_;
  std::future<std::string> hash_;
};

class StreamSource : public Source {
 public:
  StreamSource(const std::string& path, const std::string& name,
               const SourceOptions& options)
      : Source(name),
        read_ahead_(options.read_ahead),
        input_(path, name, options.hash),
        decoder_(MakeDecoder(&input_, path)) {}

  ~StreamSource() override {
    if (ahead_.valid()) ahead_.wait();
  }

  std::string_view Peek(size_t want) override {
    while (end_ - begin_ < want && !ended_) Append();
    return {buffer_.get() + begin_, end_ - begin_};
  }
  bool AtEnd() const override { return ended_; }
  void Consume(size_t bytes) override {
    begin_ += bytes;
    offset_ += static_cast<int64_t>(bytes);
  }
  std::string Sha256() override { return input_.Sha256(); }

 private:
  // Adds one block behind the text.
  void Append() {
    MakeRoom();
    size_t bytes = 0;
    if (read_ahead_) {
      if (!ahead_.valid()) StartReadingAhead();
      bytes = ahead_.get();
      std::memcpy(buffer_.get() + end_, block_.get(), bytes);
      if (bytes == kBlockBytes) StartReadingAhead();
    } else {
      bytes = decoder_->Read(buffer_.get() + end_, kBlockBytes);
    }
    end_ += bytes;
    ended_ = bytes < kBlockBytes;
  }

  void StartReadingAhead() {
    if (!block_) block_.reset(new char[kBlockBytes]);
    ahead_ = Start(
        true, [this] { return decoder_->Read(block_.get(), kBlockBytes); });
  }

  // Room for a block at the end of the buffer.
  void MakeRoom() {
    const size_t used = end_ - begin_;
    if (capacity_ - end_ >= kBlockBytes) return;
    if (capacity_ < used + kBlockBytes) {
      capacity_ = std::max(2 * capacity_, used + kBlockBytes);
      std::unique_ptr<char[]> larger(new char[capacity_]);
      std::copy(buffer_.get() + begin_, buffer_.get() + end_, larger.get());
      buffer_ = std::move(larger);
    } else {
      std::memmove(buffer_.get(), buffer_.get() + begin_, used);
    }
    begin_ = 0;
    end_ = used;
  }

  const bool read_ahead_;
  RawInput input_;
  std::unique_ptr<Decoder> decoder_;

  std::unique_ptr<char[]> buffer_;
  size_t capacity_ = 0;
  size_t begin_ = 0;
  size_t end_ = 0;
  bool ended_ = false;

  std::unique_ptr<char[]> block_;
  std::future<size_t> ahead_;
};

bool IsCompressed(std::string_view path, std::string_view bytes) {
  return path.ends_with(".gz") || path.ends_with(".zst") ||
         bytes.starts_with("\x1f\x8b") || bytes.starts_with("\x28\xb5\x2f\xfd");
}

// The hash of a compressed file is that of the bytes it is read from.
std::unique_ptr<Source> OpenStream(const std::string& path,
                                   const SourceOptions& options) {
  return std::make_unique<StreamSource>(
      path, path == "-" ? "standard input" : path, options);
}

}  // namespace

std::unique_ptr<Source> OpenSource(const std::string& path,
                                   const SourceOptions& options) {
  struct stat status {};
  const bool is_stream =
      path == "-" || (stat(path.c_str(), &status) == 0 &&
                      (S_ISFIFO(status.st_mode) || S_ISCHR(status.st_mode) ||
                       S_ISSOCK(status.st_mode)));
  if (is_stream) return OpenStream(path, options);
  MappedFile file(path);
  if (IsCompressed(path, file.bytes())) return OpenStream(path, options);
  return std::make_unique<MappedSource>(std::move(file), path, options);
}

std::unique_ptr<Source> OpenText(std::string_view text, std::string name) {
  return std::make_unique<TextSource>(text, std::move(name));
}

bool CanReopen(const std::string& path) {
  struct stat status {};
  return path != "-" && stat(path.c_str(), &status) == 0 &&
         S_ISREG(status.st_mode);
}

}  // namespace plumbline::csv
