// The parts of reading and writing a file that several sources of this folder
// share.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace plumbline {

// Closes the file when it goes.
class FileDescriptor {
 public:
  explicit FileDescriptor(int number) : number_(number) {}
  ~FileDescriptor();
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;

  int number() const { return number_; }
  // False if the system reports a late write error on closing.
  bool Close();

 private:
  int number_;
};

// Throws like ReadFile.
FileDescriptor OpenForReading(const std::string& path);

// Up to `size` bytes; 0 at the end of the file. Throws Error(kInvalidInput)
// that names `path`.
size_t ReadSome(const FileDescriptor& file, char* data, size_t size,
                const std::string& path);

// Throws like WriteFile.
void WriteAll(int file, std::string_view bytes, const std::string& path);

}  // namespace plumbline
