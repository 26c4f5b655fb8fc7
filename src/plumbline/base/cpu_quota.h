// How many CPUs the container or the batch system grants this process.
#pragma once

#include <string>
#include <string_view>

namespace plumbline {

// The smallest CPU quota among the control groups of a process and all their
// parents, rounded up to whole CPUs; 0 when there is none.
//
// `membership` is the text of /proc/self/cgroup, `root` the folder where the
// groups are mounted (/sys/fs/cgroup). Versions 1 and 2 are understood. Inside
// a container the groups above its own are invisible, so a path that is not
// there is passed over.
int CpuQuota(std::string_view membership, const std::string& root);

}  // namespace plumbline
