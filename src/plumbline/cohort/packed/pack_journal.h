// What has been packed so far: lives beside the unfinished file.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "plumbline/cohort/packed/packed_cohort.h"

namespace plumbline {

// One image that is done.
struct PackedImage {
  PackedRecord record;
  PackedWords words;
};

// Appends with a checksum each, so that a torn last entry is told from a whole
// one. One process at a time (flock).
class PackJournal {
 public:
  // Opens or makes the file. Entries of an earlier call are kept if its
  // fingerprint is the same; `channels` is what that call had found, 0 if there
  // was none. Throws Error(kUsage) if another process has it.
  PackJournal(const std::string& path, const std::string& fingerprint);
  ~PackJournal();
  PackJournal(const PackJournal&) = delete;
  PackJournal& operator=(const PackJournal&) = delete;

  int channels() const { return channels_; }
  // Begins anew for pictures of that many channels; forgets all entries.
  void Begin(int channels);
  // By image, of the earlier call.
  const std::map<int64_t, PackedImage>& entries() const { return entries_; }
  // Threads may append at the same time.
  void Append(int64_t image, const PackedImage& done);
  // Deletes the file.
  void Remove();

 private:
  void ReadEntries(const std::string& bytes);
  void Write(const std::string& bytes);

  std::string path_;
  std::string fingerprint_;
  int file_ = -1;
  int channels_ = 0;
  std::map<int64_t, PackedImage> entries_;
  std::mutex mutex_;
};

}  // namespace plumbline
