// The process that holds a vendor's face-recognition library:
//   plumbline-face-host-S-A LIBRARY CONFIG INTERFACE MEMORY
// started by Plumbline alone, with its control socket as descriptor 3. It
// confines itself, loads the library, initialises it once, and forks a worker
// for each that is asked for, as NIST's driver does.
#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>

#include "plumbline/face/library/host/confinement.h"
#include "plumbline/face/library/host/vendor_library.h"

namespace plumbline::face {
namespace {

void Send(const HostReport& report) {
  const ssize_t ignored =
      send(kControlSocket, &report, sizeof report, MSG_NOSIGNAL);
  static_cast<void>(ignored);
}

// Threads of this process, by a folder opened before opening was forbidden.
int CountThreads(DIR* tasks) {
  if (tasks == nullptr) return 0;
  rewinddir(tasks);
  int count = 0;
  while (const dirent* entry = readdir(tasks)) {
    count += entry->d_name[0] != '.';
  }
  return count;
}

[[noreturn]] void Work(VendorLibrary* library, int socket, int memory,
                       int64_t bytes) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  close(kControlSocket);
  auto* area = static_cast<char*>(
      mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0));
  if (area == MAP_FAILED || !RestrictSystemCalls(true)) _exit(71);
  close(memory);
  WorkRequest request;
  while (recv(socket, &request, sizeof request, 0) == sizeof request) {
    if (request.kind == WorkKind::kTemplate) {
      library->MakeTemplate(area, bytes);
    } else {
      library->Match(area, request.count);
    }
    if (send(socket, &request, sizeof request, MSG_NOSIGNAL) < 0) break;
  }
  _exit(0);
}

// A request and the descriptors that came with it, -1 where none did.
bool Receive(ControlRequest* request, int descriptors[2]) {
  iovec part{request, sizeof *request};
  alignas(cmsghdr) char control[CMSG_SPACE(2 * sizeof(int))] = {};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  ssize_t got = 0;
  do {
    got = recvmsg(kControlSocket, &message, 0);
  } while (got < 0 && errno == EINTR);
  if (got != sizeof *request) return false;
  descriptors[0] = descriptors[1] = -1;
  const cmsghdr* header = CMSG_FIRSTHDR(&message);
  if (header != nullptr && header->cmsg_type == SCM_RIGHTS) {
    memcpy(descriptors, CMSG_DATA(header), 2 * sizeof(int));
  }
  return true;
}

int Serve(VendorLibrary* library) {
  std::map<int32_t, pid_t> workers;
  ControlRequest request;
  int descriptors[2];
  while (Receive(&request, descriptors)) {
    ControlReply reply{request.worker, 0, 0};
    if (request.command == ControlCommand::kSpawn) {
      const pid_t worker = fork();
      if (worker == 0) {
        Work(library, descriptors[0], descriptors[1], request.area_bytes);
      }
      reply.error = worker < 0 ? errno : 0;
      workers[request.worker] = worker;
      close(descriptors[0]);
      close(descriptors[1]);
    } else {
      const pid_t worker = workers[request.worker];
      if (worker > 0) {
        // One that has ended already keeps its own status.
        if (waitpid(worker, &reply.wait_status, WNOHANG) == 0) {
          kill(worker, SIGKILL);
          waitpid(worker, &reply.wait_status, 0);
        }
      }
      workers[request.worker] = 0;
    }
    if (send(kControlSocket, &reply, sizeof reply, MSG_NOSIGNAL) < 0) break;
  }
  return 0;
}

int Run(char** arguments) {
  HostReport report{};
  report.api_major = report.api_minor = -1;
  report.structs_major = report.structs_minor = -1;
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  if (LimitResources(atoll(arguments[4]))) report.layers |= kLimits;
  if (EnterNamespaces()) report.layers |= kNamespaces;
  DIR* tasks = opendir("/proc/self/task");
  std::string folder = arguments[1];
  folder.resize(folder.rfind('/'));
  const char* const folders[] = {folder.c_str(), arguments[2], nullptr};
  if (RestrictFiles(folders)) report.layers |= kLandlock;
  if (RestrictSystemCalls(false)) report.layers |= kSeccomp;
  if ((report.layers & kSeccomp) == 0) {
    report.phase = HostPhase::kRefused;
    snprintf(report.text, sizeof report.text,
             "cannot be confined here: this kernel has no seccomp filters");
    Send(report);
    return 1;
  }
  report.phase = HostPhase::kLoading;
  Send(report);
  const auto library = LoadVendorLibrary(
      arguments[1], static_cast<FrvtInterface>(atoi(arguments[3])), &report);
  report.phase = library ? HostPhase::kInitialising : HostPhase::kRefused;
  Send(report);
  if (!library) return 1;
  report.initialize_code = library->Initialize(arguments[2]);
  report.threads = CountThreads(tasks);
  report.phase = HostPhase::kReady;
  Send(report);
  return Serve(library.get());
}

}  // namespace
}  // namespace plumbline::face

int main(int count, char** arguments) {
  if (count != 5) {
    fputs(
        "plumbline-face-host is started by `plumbline face audit --library`\n",
        stderr);
    return 2;
  }
  return plumbline::face::Run(arguments);
}
