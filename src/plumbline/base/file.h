// Files: read whole, mapped, or written so that a reader never sees half.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace plumbline {

// Throws Error(kInvalidInput): "preds.csv: no such file", "… is a directory",
// "… permission denied".
std::string ReadFile(const std::string& path);

// Writes to a temporary name in the same folder, flushes, renames. The
// temporary file is removed when anything fails.
// Throws Error(kOutOfResources) when the disk is full, Error(kUsage) when the
// place cannot be written ("out/audit.json: cannot write (permission denied);
// choose another folder with -o").
void WriteFile(const std::string& path, std::string_view bytes);

// Makes the folder and its parents. Throws Error(kUsage) if that is impossible
// ("out: is a file, not a folder").
void MakeFolder(const std::string& path);

// Throws the error of the system call that has just failed while writing
// `path`: out of resources for a full disk, else usage.
[[noreturn]] void ThrowUnwritable(const std::string& path, int number);

// Paths that match a shell pattern (*, ?, []), sorted; a pattern without
// wildcards is returned as it is. Throws Error(kInvalidInput) if a pattern
// matches nothing.
std::vector<std::string> ExpandGlob(const std::string& pattern);

// A file mapped into memory, read-only.
class MappedFile {
 public:
  explicit MappedFile(const std::string& path);  // throws like ReadFile
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;

  std::string_view bytes() const { return {data_, size_}; }
  // Tells the kernel that [begin, end) will not be read again, so that a large
  // file does not count as memory in use.
  void Release(size_t begin, size_t end) const;

 private:
  const char* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace plumbline
