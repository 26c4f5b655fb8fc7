// What a run of a library looks like in face.json.
#pragma once

#include "plumbline/base/json.h"
#include "plumbline/face/library/library_scores.h"

namespace plumbline::face {

// Without anything that differs between two runs on the same machine.
Json ToJson(const LibraryRun& run, const LibraryOptions& options);

// Seconds, for the record of the run.
Json SecondsOf(const LibraryRun& run);

}  // namespace plumbline::face
