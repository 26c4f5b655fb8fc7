// Where text comes from: a mapped file, standard input or a pipe, gzip or
// Zstandard. All are handed out in pieces, so that a file of any size takes
// little memory.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace plumbline::csv {

class Source {
 public:
  virtual ~Source() = default;

  // The text that is not consumed yet: `want` bytes of it, less only at the end
  // of the input (then AtEnd()), perhaps more. Valid until the next Peek.
  //
  // Throws Error(kInvalidInput) if the input cannot be read or is damaged.
  virtual std::string_view Peek(size_t want) = 0;
  // The last Peek reached the end of the input.
  virtual bool AtEnd() const = 0;
  virtual void Consume(size_t bytes) = 0;
  // Bytes of text in all; 0 if that is not known.
  virtual int64_t TotalBytes() const { return 0; }
  // Lower-case SHA-256 of the whole input as stored, once all is consumed; ""
  // if the source was opened without `hash`.
  virtual std::string Sha256() { return ""; }

  // For messages.
  const std::string& name() const { return name_; }
  // Bytes of text consumed.
  int64_t offset() const { return offset_; }

 protected:
  explicit Source(std::string name) : name_(std::move(name)) {}

  int64_t offset_ = 0;

 private:
  std::string name_;
};

struct SourceOptions {
  bool hash = false;
  // Decompress on another thread while the caller works.
  bool read_ahead = false;
};

// "-" is standard input. Gzip and Zstandard are known by their first bytes;
// a file called *.gz or *.zst that has others is damaged.
std::unique_ptr<Source> OpenSource(const std::string& path,
                                   const SourceOptions& options);

// A source that is `text` itself, which must live on.
std::unique_ptr<Source> OpenText(std::string_view text, std::string name);

// A regular file, which can be opened again to read it from the start.
bool CanReopen(const std::string& path);

}  // namespace plumbline::csv
