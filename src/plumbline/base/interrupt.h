// Ctrl-C and SIGTERM stop the work at the next checkpoint instead of killing
// the process in the middle of a file.
#pragma once

namespace plumbline {

// Installs handlers for SIGINT and SIGTERM that only set a flag; a second
// SIGINT ends the process at once. Called by main() alone.
void InstallInterruptHandlers();

// 0, or the number of the signal that asked the program to stop.
int InterruptSignal();

// Throws Error(kInterrupted) if a signal has asked the program to stop.
void StopIfInterrupted();

}  // namespace plumbline
