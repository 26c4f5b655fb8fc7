// The result on stdout.
#pragma once

#include <string_view>

namespace plumbline {

// Throws Error(kOutOfResources) when the disk behind stdout is full,
// Error(kUsage) when it cannot be written.
void WriteToStdout(std::string_view text);

// Columns of the terminal on stdout; `otherwise` where it is none.
int StdoutWidth(int otherwise);

}  // namespace plumbline
