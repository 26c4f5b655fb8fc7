#include "plumbline/cli/standard_output.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "plumbline/base/error.h"

namespace plumbline {

void WriteToStdout(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(STDOUT_FILENO, text.data(), text.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG) {
        throw Error(ErrorCode::kOutOfResources,
                    "standard output: the disk is full");
      }
      throw Error(ErrorCode::kUsage, "standard output: cannot write ({})",
                  std::generic_category().message(errno));
    }
    text.remove_prefix(written);
  }
}

int StdoutWidth(int otherwise) {
  winsize size = {};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
    return otherwise;
  }
  return size.ws_col;
}

}  // namespace plumbline
