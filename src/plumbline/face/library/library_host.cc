#include "plumbline/face/library/library_host.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <thread>

#include "plumbline/base/error.h"
#include "plumbline/base/interrupt.h"
#include "plumbline/base/on_demand.h"

namespace plumbline::face {
namespace {

constexpr size_t kMostOutput = 16 << 10;

double Now() {
  return std::chrono::duration<double>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { Reset(); }
  Descriptor(Descriptor&& other) noexcept : number_(other.number_) {
    other.number_ = -1;
  }
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  int get() const { return number_; }
  void Reset() {
    if (number_ >= 0) close(number_);
    number_ = -1;
  }

 private:
  int number_ = -1;
};

[[noreturn]] void ThrowSystem(const char* what) {
  throw Error(ErrorCode::kOutOfResources, "cannot {}: {}", what,
              strerror(errno));
}

std::pair<Descriptor, Descriptor> MakeSockets() {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) {
    ThrowSystem("make a socket");
  }
  return {Descriptor(pair[0]), Descriptor(pair[1])};
}

std::string HostProgram(const LibraryFile& file) {
  return fmt::format("{}/plumbline-face-host-{}-{}", FolderOfParts(),
                     file.interface == FrvtInterface::kFaceIris ? 3 : 1,
                     file.new_strings ? "new" : "old");
}

std::string DescribeStatus(int status) {
  if (WIFSIGNALED(status)) {
    const char* name = sigabbrev_np(WTERMSIG(status));
    return fmt::format("was ended by SIG{}", name ? name : "?");
  }
  return fmt::format("ended with exit code {}", WEXITSTATUS(status));
}

}  // namespace

struct LibraryHost::Process {
  struct Worker {
    Descriptor socket;
    Descriptor memory;
    char* area = nullptr;
  };

  pid_t pid = 0;
  Descriptor control;
  std::mutex control_mutex;
  std::vector<Worker> workers;
  Descriptor output;
  std::thread reader;
  mutable std::mutex text_mutex;
  std::string text;

  // The status it ended with. What it wrote has been read then.
  int End() {
    int status = 0;
    control.Reset();
    if (pid > 0) {
      while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
      }
      // Whatever it left behind, which would keep its output open.
      kill(-pid, SIGKILL);
      pid = 0;
    }
    if (reader.joinable()) reader.join();
    return status;
  }

  ~Process() {
    // Its first process dies with it, and so do all others of its namespace.
    if (pid > 0) kill(-pid, SIGKILL);
    End();
  }
};

namespace {

// Everything that the processes write, so that they never wait for a reader.
void Drain(int descriptor, std::mutex* mutex, std::string* text) {
  char buffer[4096];
  for (;;) {
    const ssize_t got = read(descriptor, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return;
    const std::lock_guard lock(*mutex);
    const size_t room = kMostOutput - std::min(kMostOutput, text->size());
    text->append(buffer, std::min(room, static_cast<size_t>(got)));
  }
}

pid_t Start(const std::string& program,
            const std::vector<std::string>& arguments,
            const std::string& library_folder, int control, int output) {
  std::vector<char*> list;
  for (const std::string& each : arguments) {
    list.push_back(const_cast<char*>(each.c_str()));
  }
  list.push_back(nullptr);
  // Nothing of this process's environment.
  std::string path = "LD_LIBRARY_PATH=" + library_folder;
  std::string locale = "LC_ALL=C";
  std::string threads = "OMP_NUM_THREADS=1";
  char* environment[] = {path.data(), locale.data(), threads.data(), nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output, 1);
  posix_spawn_file_actions_adddup2(&actions, output, 2);
  posix_spawn_file_actions_adddup2(&actions, control, kControlSocket);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  // Ctrl-C on the terminal is for Plumbline, which then ends the host.
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  pid_t pid = 0;
  const int error = posix_spawn(&pid, program.c_str(), &actions, &attributes,
                                list.data(), environment);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (error != 0) {
    errno = error;
    ThrowSystem("start the process of the library");
  }
  return pid;
}

// Waits until the socket has something to read, its other end is gone, or the
// time is over (false).
bool WaitFor(int socket, double seconds) {
  pollfd waiting{socket, POLLIN, 0};
  const int got = poll(&waiting, 1, static_cast<int>(seconds * 1000) + 1);
  return got > 0;
}

}  // namespace

LibraryHost::LibraryHost(const HostOptions& options)
    : options_(options), process_(std::make_unique<Process>()) {
  const std::string program = HostProgram(options.file);
  if (!std::filesystem::exists(program)) {
    throw Error(ErrorCode::kUnavailable,
                "{} does not exist, the program that holds a library; install "
                "libseccomp-dev and build again",
                program);
  }
  if (!std::filesystem::is_directory(options.config)) {
    throw Error(ErrorCode::kInvalidInput,
                "{}: is no folder; the library's configuration is expected "
                "there, in an empty folder if it has none",
                options.config);
  }
  const std::string library = std::filesystem::canonical(options.library);
  const std::string config = std::filesystem::canonical(options.config);
  auto [ours, theirs] = MakeSockets();
  int pipe_ends[2];
  if (pipe2(pipe_ends, O_CLOEXEC) != 0) ThrowSystem("make a pipe");
  process_->output = Descriptor(pipe_ends[0]);
  Descriptor write_end(pipe_ends[1]);
  process_->pid =
      Start(program,
            {program, library, config,
             std::to_string(static_cast<int>(options.file.interface)),
             std::to_string(options.memory_bytes)},
            std::filesystem::path(library).parent_path().string(), theirs.get(),
            write_end.get());
  theirs.Reset();
  write_end.Reset();
  process_->control = std::move(ours);
  process_->reader = std::thread(Drain, process_->output.get(),
                                 &process_->text_mutex, &process_->text);
  WaitUntilReady();
  ShareMemory();
  for (int i = 0; i < options.workers; ++i) Spawn(i);
}

void LibraryHost::WaitUntilReady() {
  const double end = Now() + options_.start_limit_seconds;
  constexpr const char* kDoing[] = {"was started", "was loaded",
                                    "was initialised", "ran", ""};
  int phase = 0;
  while (report_.phase != HostPhase::kReady || phase == 0) {
    StopIfInterrupted();
    if (Now() > end) {
      throw Error(ErrorCode::kInvalidInput,
                  "{}: hangs: no answer for {:g} s while it {}",
                  options_.library, options_.start_limit_seconds,
                  kDoing[phase]);
    }
    if (!WaitFor(process_->control.get(), 0.1)) continue;
    const ssize_t got =
        recv(process_->control.get(), &report_, sizeof report_, MSG_DONTWAIT);
    if (got != sizeof report_) {
      const int status = process_->End();
      throw Error(ErrorCode::kInvalidInput,
                  "{}: its process {} while it {}; it wrote: {}",
                  options_.library, DescribeStatus(status), kDoing[phase],
                  Output().empty() ? "nothing" : Output());
    }
    phase = static_cast<int>(report_.phase) + 1;
    if (report_.phase == HostPhase::kRefused) {
      report_.text[sizeof report_.text - 1] = 0;
      throw Error(ErrorCode::kInvalidInput, "{}: {}", options_.library,
                  static_cast<const char*>(report_.text));
    }
  }
  if (report_.initialize_code != 0) {
    throw Error(ErrorCode::kInvalidInput,
                "{}: initialize() answers {} (code {}); is {} its "
                "configuration?",
                options_.library, "with an error", report_.initialize_code,
                options_.config);
  }
}

void LibraryHost::ShareMemory() {
  process_->workers.resize(options_.workers);
  for (Process::Worker& worker : process_->workers) {
    worker.memory = Descriptor(
        memfd_create("plumbline-face", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (worker.memory.get() < 0 ||
        ftruncate(worker.memory.get(), options_.area_bytes) != 0 ||
        fcntl(worker.memory.get(), F_ADD_SEALS,
              F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0) {
      ThrowSystem("share memory with the library");
    }
    void* area = mmap(nullptr, options_.area_bytes, PROT_READ | PROT_WRITE,
                      MAP_SHARED, worker.memory.get(), 0);
    if (area == MAP_FAILED) ThrowSystem("share memory with the library");
    worker.area = static_cast<char*>(area);
  }
}

LibraryHost::~LibraryHost() {
  for (const Process::Worker& worker : process_->workers) {
    if (worker.area == nullptr) continue;
    explicit_bzero(worker.area, options_.area_bytes);
    munmap(worker.area, options_.area_bytes);
  }
}

std::string LibraryHost::Output() const {
  const std::lock_guard lock(process_->text_mutex);
  return process_->text;
}

char* LibraryHost::area(int worker) { return process_->workers[worker].area; }

void LibraryHost::Spawn(int worker) {
  Process::Worker& of = process_->workers[worker];
  auto [ours, theirs] = MakeSockets();
  ControlRequest request{ControlCommand::kSpawn, worker, options_.area_bytes};
  iovec part{&request, sizeof request};
  alignas(cmsghdr) char control[CMSG_SPACE(2 * sizeof(int))] = {};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(2 * sizeof(int));
  const int descriptors[2] = {theirs.get(), of.memory.get()};
  memcpy(CMSG_DATA(header), descriptors, sizeof descriptors);
  const std::lock_guard lock(process_->control_mutex);
  ControlReply reply{};
  if (sendmsg(process_->control.get(), &message, MSG_NOSIGNAL) < 0 ||
      !WaitFor(process_->control.get(), 30) ||
      recv(process_->control.get(), &reply, sizeof reply, 0) != sizeof reply ||
      reply.error != 0) {
    throw Error(ErrorCode::kInvalidInput,
                "{}: its process does not start workers any more",
                options_.library);
  }
  of.socket = std::move(ours);
}

std::string LibraryHost::End(int worker) {
  const std::lock_guard lock(process_->control_mutex);
  const ControlRequest request{ControlCommand::kKill, worker, 0};
  ControlReply reply{};
  if (send(process_->control.get(), &request, sizeof request, MSG_NOSIGNAL) <
          0 ||
      !WaitFor(process_->control.get(), 30) ||
      recv(process_->control.get(), &reply, sizeof reply, 0) != sizeof reply) {
    throw Error(ErrorCode::kInvalidInput,
                "{}: its process has ended and cannot go on", options_.library);
  }
  return DescribeStatus(reply.wait_status);
}

CallEnd LibraryHost::Run(int worker, const WorkRequest& request,
                         std::string* what) {
  Process::Worker& of = process_->workers[worker];
  const auto& done = reinterpret_cast<AreaHead*>(of.area)->done;
  CallEnd result = CallEnd::kAnswered;
  if (send(of.socket.get(), &request, sizeof request, MSG_NOSIGNAL) < 0) {
    result = CallEnd::kCrashed;
  }
  int64_t last = -1;
  double since = Now();
  while (result == CallEnd::kAnswered) {
    StopIfInterrupted();
    if (WaitFor(of.socket.get(), 0.05)) {
      WorkRequest answer;
      if (recv(of.socket.get(), &answer, sizeof answer, MSG_DONTWAIT) ==
          sizeof answer) {
        return CallEnd::kAnswered;
      }
      result = CallEnd::kCrashed;
      break;
    }
    const int64_t now_done = done.load(std::memory_order_acquire);
    if (now_done != last) {
      last = now_done;
      since = Now();
    } else if (Now() - since > options_.call_limit_seconds) {
      result = CallEnd::kTimedOut;
    }
  }
  const std::string ended = End(worker);
  *what = result == CallEnd::kTimedOut
              ? fmt::format("did not answer for {:g} s",
                            options_.call_limit_seconds)
              : ended;
  Spawn(worker);
  return result;
}

CallEnd LibraryHost::MakeTemplate(int worker, std::string* what) {
  return Run(worker, {WorkKind::kTemplate, 0}, what);
}

CallEnd LibraryHost::Match(int worker, int32_t first, int32_t count,
                           int32_t* done, std::string* what) {
  auto& counter = reinterpret_cast<AreaHead*>(area(worker))->done;
  counter.store(first);
  const CallEnd end = Run(worker, {WorkKind::kMatches, first}, what);
  const int64_t finished = end == CallEnd::kAnswered ? count : counter.load();
  *done = static_cast<int32_t>(std::clamp<int64_t>(finished, first, count));
  return end;
}

}  // namespace plumbline::face
