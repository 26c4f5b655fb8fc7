// Bytes of a file descriptor, as they are or decompressed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace plumbline::csv {

// A file descriptor with a small buffer, so that the first bytes can be looked
// at before they are taken.
class RawInput {
 public:
  // "-" is standard input. Throws Error(kInvalidInput) like ReadFile.
  RawInput(const std::string& path, std::string name, bool hash);
  ~RawInput();
  RawInput(const RawInput&) = delete;
  RawInput& operator=(const RawInput&) = delete;

  // The bytes in the buffer, at least `want` (up to 4096) unless the input ends
  // before.
  std::string_view Fill(size_t want);
  void Take(size_t bytes);
  // Past the buffer straight into `out`; 0 at the end.
  size_t Read(char* out, size_t room);

  const std::string& name() const { return name_; }
  // Of all bytes taken; "" without `hash`.
  std::string Sha256();

 private:
  struct Digest;

  size_t ReadDescriptor(char* out, size_t room);

  std::string name_;
  int descriptor_ = -1;
  std::unique_ptr<char[]> buffer_;
  size_t begin_ = 0;
  size_t end_ = 0;
  std::unique_ptr<Digest> digest_;
};

// Turns raw bytes into text.
class Decoder {
 public:
  virtual ~Decoder() = default;
  // Fills `out` as far as there is text; less than `room` only at the end.
  // Throws Error(kInvalidInput) if the data are damaged or cut off.
  virtual size_t Read(char* out, size_t room) = 0;
};

// The decoder for what the input begins with; `path` tells what it should be.
// The input must outlive the decoder.
std::unique_ptr<Decoder> MakeDecoder(RawInput* input, const std::string& path);

}  // namespace plumbline::csv
