#include "plumbline/cohort/packed/pack_journal.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "plumbline/base/bytes.h"
#include "plumbline/base/error.h"
#include "plumbline/base/file.h"
#include "plumbline/base/hash.h"

namespace plumbline {
namespace {

// Longest entry: a path, a reason, facts.
constexpr uint32_t kMostEntryBytes = 1 << 20;

// Size and checksum in front of the payload.
std::string Framed(const std::string& payload) {
  ByteWriter frame;
  frame.Add(static_cast<uint32_t>(payload.size()));
  frame.Add(FastHash(payload));
  return frame.Take() + payload;
}

// The next payload; empty at the end or at a torn entry.
std::string_view NextPayload(std::string_view* bytes) {
  uint32_t size = 0;
  uint64_t checksum = 0;
  if (bytes->size() < sizeof size + sizeof checksum) return {};
  std::memcpy(&size, bytes->data(), sizeof size);
  std::memcpy(&checksum, bytes->data() + sizeof size, sizeof checksum);
  bytes->remove_prefix(sizeof size + sizeof checksum);
  if (size == 0 || size > kMostEntryBytes || size > bytes->size()) return {};
  const std::string_view payload = bytes->substr(0, size);
  if (FastHash(payload) != checksum) return {};
  bytes->remove_prefix(size);
  return payload;
}

}  // namespace

PackJournal::PackJournal(const std::string& path,
                         const std::string& fingerprint)
    : path_(path), fingerprint_(fingerprint) {
  file_ = open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (file_ < 0) ThrowUnwritable(path, errno);
  if (flock(file_, LOCK_EX | LOCK_NB) != 0) {
    close(file_);
    throw Error(ErrorCode::kUsage, Location{.file = path},
                "another process is packing to this place; wait for it or "
                "choose another file with -o");
  }
  ReadEntries(ReadFile(path));
}

PackJournal::~PackJournal() {
  if (file_ >= 0) close(file_);
}

void PackJournal::ReadEntries(const std::string& bytes) {
  std::string_view rest = bytes;
  const std::string_view first = NextPayload(&rest);
  if (first.empty()) return;
  ByteReader head(first);
  if (head.Read<std::string>() != fingerprint_) return;
  channels_ = head.Read<int32_t>();
  while (true) {
    const std::string_view payload = NextPayload(&rest);
    if (payload.empty()) return;
    ByteReader entry(payload);
    const auto image = entry.Read<int64_t>();
    PackedImage done;
    done.record = entry.Read<PackedRecord>();
    done.words.path = entry.Read<std::string>();
    done.words.reason = entry.Read<std::string>();
    done.words.notes = entry.Read<std::string>();
    done.words.facts = entry.Read<std::vector<std::string>>();
    entries_[image] = std::move(done);
  }
}

void PackJournal::Write(const std::string& bytes) {
  const ssize_t written = write(file_, bytes.data(), bytes.size());
  if (written != static_cast<ssize_t>(bytes.size())) {
    ThrowUnwritable(path_, written < 0 ? errno : ENOSPC);
  }
}

void PackJournal::Begin(int channels) {
  if (ftruncate(file_, 0) != 0) ThrowUnwritable(path_, errno);
  entries_.clear();
  channels_ = channels;
  ByteWriter head;
  head.Add(fingerprint_);
  head.Add(static_cast<int32_t>(channels));
  Write(Framed(head.Take()));
}

void PackJournal::Append(int64_t image, const PackedImage& done) {
  ByteWriter entry;
  entry.Add(image);
  entry.Add(done.record);
  entry.Add(done.words.path);
  entry.Add(done.words.reason);
  entry.Add(done.words.notes);
  entry.Add(done.words.facts);
  const std::string framed = Framed(entry.Take());
  const std::lock_guard lock(mutex_);
  Write(framed);
}

void PackJournal::Remove() {
  unlink(path_.c_str());
  close(file_);
  file_ = -1;
}

}  // namespace plumbline
