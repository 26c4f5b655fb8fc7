// Replicates shared out over processes, in blocks of kBootstrapLanes. A block
// is the same whoever draws it, so the result does not depend on how many there
// are.
#pragma once

#include "plumbline/audit/sweep.h"
#include "plumbline/base/communicator.h"
#include "plumbline/base/shared_blocks.h"

namespace plumbline {

// Gives the others this process's replicates and takes theirs. Does nothing
// where `processes` is null or one.
void ShareReplicates(Communicator* processes, Replicates* replicates);

}  // namespace plumbline
