// Values as bytes and back, for what processes of the same program send to one
// another. Not a file format: the bytes depend on the machine.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "plumbline/base/error.h"

namespace plumbline {

class ByteWriter {
 public:
  template <typename T>
  void Add(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    Append(&value, sizeof(T));
  }
  void Add(std::string_view text) {
    Add(static_cast<uint64_t>(text.size()));
    Append(text.data(), text.size());
  }
  void Add(const std::string& text) { Add(std::string_view(text)); }
  template <typename T>
  void Add(const std::vector<T>& values) {
    static_assert(std::is_trivially_copyable_v<T>);
    Add(static_cast<uint64_t>(values.size()));
    Append(values.data(), values.size() * sizeof(T));
  }
  void Add(const std::vector<std::string>& texts) {
    Add(static_cast<uint64_t>(texts.size()));
    for (const std::string& text : texts) Add(text);
  }

  std::string Take() { return std::move(bytes_); }

 private:
  void Append(const void* data, size_t size) {
    bytes_.append(static_cast<const char*>(data), size);
  }

  std::string bytes_;
};

// Reads in the order of writing. Throws Error(kInternal) beyond the end.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  template <typename T>
  T Read() {
    T value{};
    if constexpr (std::is_trivially_copyable_v<T>) {
      std::memcpy(&value, Next(sizeof(T)).data(), sizeof(T));
    } else {
      ReadInto(&value);
    }
    return value;
  }

  bool AtEnd() const { return bytes_.empty(); }

 private:
  std::string_view Next(size_t size) {
    if (size > bytes_.size()) {
      throw Error(ErrorCode::kInternal,
                  "a message between processes is too short: {} bytes are "
                  "left of {}",
                  bytes_.size(), size);
    }
    const std::string_view next = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return next;
  }
  void ReadInto(std::string* text) { *text = Next(Read<uint64_t>()); }
  template <typename T>
  void ReadInto(std::vector<T>* values) {
    const uint64_t count = Read<uint64_t>();
    if constexpr (std::is_trivially_copyable_v<T>) {
      const std::string_view from = Next(count * sizeof(T));
      values->resize(count);
      if (count > 0) std::memcpy(values->data(), from.data(), from.size());
    } else {
      for (uint64_t i = 0; i < count; ++i) values->push_back(Read<T>());
    }
  }

  std::string_view bytes_;
};

}  // namespace plumbline
