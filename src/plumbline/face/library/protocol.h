// What Plumbline and the process that holds a vendor's library say to one
// another. Plain structs, so that both string ABIs understand them.
//
// Commands go over one socket of whole messages; images, templates and scores
// lie in an area of shared memory, one for each worker.
#pragma once

#include <atomic>
#include <cstdint>

namespace plumbline::face {

// File descriptor of the control socket in the host.
inline constexpr int kControlSocket = 3;

// Which methods the library has, in which order.
enum class FrvtInterface : int32_t {
  kVersion4 = 4,  // createTemplate(images), matchTemplates
  kVersion5 = 5,  // besides, createTemplate(image) of several people
  kFaceIris = 6,  // createFaceTemplate twice, createIrisTemplate
};

enum class HostPhase : int32_t {
  kLoading,       // before the library's own code runs
  kInitialising,  // loaded and checked
  kReady,
  kRefused,  // `text` says why
};

// Protections in force, one bit each.
enum HostLayer : uint32_t {
  kNamespaces = 1,  // of users, network, processes, mounts and more
  kLandlock = 2,    // reads its own files alone, writes none
  kSeccomp = 4,     // system calls
  kLimits = 8,      // memory, files, core dumps
};

// Sent at each change of phase.
struct HostReport {
  HostPhase phase;
  uint32_t layers;
  int32_t api_major, api_minor;          // -1: the library does not say
  int32_t structs_major, structs_minor;  // -1
  int32_t initialize_code;
  int32_t threads;         // of the library after initialize
  int32_t slots_verified;  // methods whose names were found in its table
  char text[1024];
};

enum class ControlCommand : int32_t {
  kSpawn,  // fork worker; its socket and area come as descriptors
  kKill,   // kill and wait; the reply has its wait status
};

struct ControlRequest {
  ControlCommand command;
  int32_t worker;
  int64_t area_bytes;
};

struct ControlReply {
  int32_t worker;
  int32_t wait_status;
  int32_t error;  // errno, 0: none
};

enum class WorkKind : int32_t { kTemplate, kMatches };

struct WorkRequest {
  WorkKind kind;
  int32_t count;  // 1 template, or so many matches
};

// Begins an area. The library's process can write what it wants here: whoever
// reads checks.
struct AreaHead {
  std::atomic<int64_t> done;  // matches finished
};
inline constexpr int64_t kAreaData = 64;  // offset of what follows

inline constexpr int kMostPictures = 16;  // of one template

struct PictureEntry {
  uint16_t width, height;
  uint8_t depth;
  int32_t description;
  int64_t offset;  // in the area
};

// At kAreaData for kTemplate.
struct TemplateWork {
  int32_t role;  // 0 enrolment, 1 verification
  int32_t pictures;
  PictureEntry picture[kMostPictures];
  // The answer.
  int32_t code;
  int32_t eyes;
  int64_t nanoseconds;
  int64_t bytes;  // at kAreaData + sizeof(TemplateWork); -1: too large
};

// At kAreaData for kMatches, then `templates` TemplateEntry and `matches`
// MatchEntry, in this order; templates lie behind.
struct MatchWork {
  int32_t templates;
  int32_t matches;
  int64_t nanoseconds;
};

struct TemplateEntry {
  int64_t offset;
  int64_t bytes;
};

struct MatchEntry {
  uint32_t verification;  // index of the template
  uint32_t enrolment;
  int32_t code;
  int32_t unused;
  double similarity;
};

inline constexpr int64_t kMatchTable = kAreaData + sizeof(MatchWork);

}  // namespace plumbline::face
