// What a vendor's library may not do in its own process.
#pragma once

#include <cstdint>

namespace plumbline::face {

// Memory, open files, core dumps, size of written files (0).
bool LimitResources(int64_t memory_bytes);

// Namespaces of its own, and a child in them that is their first process. In
// the calling process it never returns but to end as the child did; the child
// gets whether it is in namespaces.
bool EnterNamespaces();

// Reads (and maps) files below these folders and the system's libraries alone;
// writes nothing, opens no connection. `folders` ends with null.
bool RestrictFiles(const char* const* folders);

// System calls that neither computing nor reading needs fail with EPERM:
// sockets, programs, other processes' memory, mounts, keys, files opened for
// writing. `worker`: no threads or processes either.
bool RestrictSystemCalls(bool worker);

}  // namespace plumbline::face
