// What goes to stderr: messages and the progress bar, which share one screen
// line and must not run into each other.
#pragma once

#include <string_view>

namespace plumbline {

bool StderrIsTerminal();

// On a terminal that is not dumb, without NO_COLOR (no-color.org).
bool StderrHasColour();

// Columns of the terminal; 80 where it does not say.
int StderrWidth();

// Takes the bar away, if there is one, and writes whole lines.
void WriteToStderr(std::string_view lines);

// Draws over the bar that is there; "" takes it away.
void DrawBar(std::string_view bar);

}  // namespace plumbline
