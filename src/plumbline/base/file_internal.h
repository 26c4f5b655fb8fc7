// The parts of reading a file that file.cc and hash.cc share.
#pragma once

#include <cstddef>
#include <string>

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

}  // namespace plumbline
