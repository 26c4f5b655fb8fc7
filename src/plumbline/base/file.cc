#include "plumbline/base/file.h"

#include <fcntl.h>
#include <glob.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <system_error>
#include <tuple>
#include <utility>

#include "plumbline/base/error.h"
#include "plumbline/base/file_internal.h"

namespace plumbline {
namespace {

// "permission denied", "is a directory".
std::string Reason(int number) {
  if (number == ENOENT) return "no such file";
  std::string text = std::generic_category().message(number);
  text[0] =
      static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

[[noreturn]] void ThrowUnreadable(const std::string& path, int number) {
  if (number == ENOMEM || number == EMFILE || number == ENFILE) {
    throw Error(ErrorCode::kOutOfResources, Location{.file = path},
                "cannot read ({})", Reason(number));
  }
  throw Error(ErrorCode::kInvalidInput, Location{.file = path}, "{}",
              Reason(number));
}

}  // namespace

void ThrowUnwritable(const std::string& path, int number) {
  const Location location{.file = path};
  if (number == ENOSPC || number == EDQUOT) {
    throw Error(ErrorCode::kOutOfResources, location,
                "the disk is full; free some space or choose another folder "
                "with -o");
  }
  if (number == EFBIG) {
    throw Error(ErrorCode::kOutOfResources, location,
                "the file would be larger than this process may write; raise "
                "the limit (ulimit -f) or choose another folder with -o");
  }
  throw Error(ErrorCode::kUsage, location,
              "cannot write ({}); choose another folder with -o",
              number == ENOENT ? "no such folder" : Reason(number));
}

void WriteAll(int file, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = write(file, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      ThrowUnwritable(path, errno);
    }
    bytes.remove_prefix(written);
  }
}

namespace {

// Removes the file unless it has been renamed.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::string path) : path_(std::move(path)) {}
  ~TemporaryFile() {
    if (!path_.empty()) unlink(path_.c_str());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  const std::string& path() const { return path_; }
  void Keep() { path_.clear(); }

 private:
  std::string path_;
};

// The same in the same folder for no other file, thread or process.
std::string TemporaryName(const std::string& path) {
  static std::atomic<int> count{0};
  return fmt::format("{}.{}-{}.part", path, getpid(), count++);
}

// The file that a link leads to, so that the link survives the renaming.
std::string BehindLinks(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> resolved(
      realpath(path.c_str(), nullptr), &std::free);
  return resolved ? resolved.get() : path;
}

// Pipes and devices cannot be replaced, only written to.
void WriteInPlace(const std::string& path, std::string_view bytes) {
  FileDescriptor file(open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (file.number() < 0) ThrowUnwritable(path, errno);
  WriteAll(file.number(), bytes, path);
  if (!file.Close()) ThrowUnwritable(path, errno);
}

// A pipe cannot be mapped: its contents go into anonymous memory that grows.
std::pair<char*, size_t> ReadIntoMemory(const FileDescriptor& file,
                                        const std::string& path) {
  size_t capacity = 1 << 20;
  size_t size = 0;
  void* memory = mmap(nullptr, capacity, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) ThrowUnreadable(path, errno);
  try {
    while (const size_t more = ReadSome(file, static_cast<char*>(memory) + size,
                                        capacity - size, path)) {
      size += more;
      if (size < capacity) continue;
      void* larger = mremap(memory, capacity, capacity * 2, MREMAP_MAYMOVE);
      if (larger == MAP_FAILED) ThrowUnreadable(path, errno);
      memory = larger;
      capacity *= 2;
    }
  } catch (...) {
    munmap(memory, capacity);
    throw;
  }
  // Shrinking in place cannot fail; an empty mapping cannot exist.
  mremap(memory, capacity, std::max<size_t>(size, 1), 0);
  if (size == 0) {
    munmap(memory, 1);
    return {nullptr, 0};
  }
  return {static_cast<char*>(memory), size};
}

struct stat StatusOf(const FileDescriptor& file, const std::string& path) {
  struct stat status;
  if (fstat(file.number(), &status) != 0) ThrowUnreadable(path, errno);
  return status;
}

}  // namespace

FileDescriptor::~FileDescriptor() { Close(); }

bool FileDescriptor::Close() {
  return number_ < 0 || close(std::exchange(number_, -1)) == 0;
}

FileDescriptor OpenForReading(const std::string& path) {
  const int number = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (number < 0) ThrowUnreadable(path, errno);
  return FileDescriptor(number);
}

size_t ReadSome(const FileDescriptor& file, char* data, size_t size,
                const std::string& path) {
  while (true) {
    const ssize_t count = read(file.number(), data, size);
    if (count >= 0) return count;
    if (errno != EINTR) ThrowUnreadable(path, errno);
  }
}

std::string ReadFile(const std::string& path) {
  const FileDescriptor file = OpenForReading(path);
  const struct stat status = StatusOf(file, path);
  // The size is a guess: a pipe has none, and a file may grow.
  std::string bytes(S_ISREG(status.st_mode) ? status.st_size + 1 : 1 << 16,
                    '\0');
  size_t size = 0;
  while (const size_t more =
             ReadSome(file, bytes.data() + size, bytes.size() - size, path)) {
    size += more;
    if (size == bytes.size()) bytes.resize(2 * size);
  }
  bytes.resize(size);
  return bytes;
}

void WriteFile(const std::string& path, std::string_view bytes) {
  struct stat existing;
  const bool exists = stat(path.c_str(), &existing) == 0;
  if (exists && S_ISDIR(existing.st_mode)) ThrowUnwritable(path, EISDIR);
  if (exists && !S_ISREG(existing.st_mode)) return WriteInPlace(path, bytes);

  const std::string target = exists ? BehindLinks(path) : path;
  const std::string name = TemporaryName(target);
  FileDescriptor file(
      open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (file.number() < 0) ThrowUnwritable(path, errno);
  TemporaryFile temporary(name);
  // What was private stays private.
  if (exists && fchmod(file.number(), existing.st_mode & 07777) != 0) {
    ThrowUnwritable(path, errno);
  }
  WriteAll(file.number(), bytes, path);
  if (fsync(file.number()) != 0 || !file.Close() ||
      rename(name.c_str(), target.c_str()) != 0) {
    ThrowUnwritable(path, errno);
  }
  temporary.Keep();
}

void MakeFolder(const std::string& path) {
  std::error_code error;
  std::error_code ignored;
  std::filesystem::create_directories(path, error);
  if (std::filesystem::is_directory(path, ignored)) return;
  for (std::filesystem::path part = path; !part.empty();
       part = part.parent_path()) {
    const std::filesystem::file_status status =
        std::filesystem::status(part, ignored);
    if (std::filesystem::is_directory(status)) break;
    if (std::filesystem::exists(status)) {
      throw Error(ErrorCode::kUsage, Location{.file = part.string()},
                  "is a file, not a folder");
    }
  }
  if (error.value() == ENOSPC || error.value() == EDQUOT) {
    ThrowUnwritable(path, error.value());
  }
  throw Error(ErrorCode::kUsage, Location{.file = path},
              "cannot make this folder ({}); choose another with -o",
              Reason(error.value()));
}

std::vector<std::string> ExpandGlob(const std::string& pattern) {
  struct stat status;
  if (pattern.find_first_of("*?[") == std::string::npos ||
      stat(pattern.c_str(), &status) == 0) {
    return {pattern};
  }
  glob_t found{};
  const int failed = glob(pattern.c_str(), GLOB_NOSORT, nullptr, &found);
  std::vector<std::string> paths;
  if (failed == 0) {
    paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  }
  globfree(&found);
  if (paths.empty()) {
    throw Error(ErrorCode::kInvalidInput, Location{.file = pattern},
                "no file matches this pattern");
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

MappedFile::MappedFile(const std::string& path) {
  const FileDescriptor file = OpenForReading(path);
  const struct stat status = StatusOf(file, path);
  if (S_ISDIR(status.st_mode)) ThrowUnreadable(path, EISDIR);
  // Files of /proc say that they are empty.
  if (!S_ISREG(status.st_mode) || status.st_size == 0) {
    std::tie(data_, size_) = ReadIntoMemory(file, path);
    return;
  }
  void* memory =
      mmap(nullptr, status.st_size, PROT_READ, MAP_PRIVATE, file.number(), 0);
  if (memory == MAP_FAILED) ThrowUnreadable(path, errno);
  data_ = static_cast<const char*>(memory);
  size_ = status.st_size;
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) munmap(const_cast<char*>(data_), size_);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

void MappedFile::Release(size_t begin, size_t end) const {
  const size_t page = sysconf(_SC_PAGESIZE);
  const size_t first = (begin + page - 1) / page * page;
  const size_t last = std::min(end, size_) / page * page;
  if (first >= last) return;
  madvise(const_cast<char*>(data_) + first, last - first, MADV_DONTNEED);
}

}  // namespace plumbline
