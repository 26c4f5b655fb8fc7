#include "plumbline/face/library/host/confinement.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <initializer_list>

namespace plumbline::face {
namespace {

bool Limit(int what, rlim_t value) {
  const rlimit limit{value, value};
  return setrlimit(what, &limit) == 0;
}

void WriteText(const char* path, const char* text) {
  const int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) return;
  const ssize_t ignored = write(file, text, strlen(text));
  static_cast<void>(ignored);
  close(file);
}

// As the child ended.
[[noreturn]] void EndLike(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFSIGNALED(status)) {
    signal(WTERMSIG(status), SIG_DFL);
    kill(getpid(), WTERMSIG(status));
  }
  _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 70);
}

uint64_t FileRights(int abi) {
  uint64_t rights = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;
  // Added by later kernels: refer, truncate, ioctl on devices.
  if (abi >= 2) rights |= uint64_t{1} << 13;
  if (abi >= 3) rights |= uint64_t{1} << 14;
  if (abi >= 5) rights |= uint64_t{1} << 15;
  return rights;
}

void Allow(int ruleset, const char* path) {
  const int folder = open(path, O_PATH | O_CLOEXEC);
  if (folder < 0) return;
  landlock_path_beneath_attr rule{};
  rule.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE |
                        LANDLOCK_ACCESS_FS_READ_DIR |
                        LANDLOCK_ACCESS_FS_EXECUTE;
  rule.parent_fd = folder;
  if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule,
              0) != 0) {
    // A file has no entries to read.
    rule.allowed_access &= ~uint64_t{LANDLOCK_ACCESS_FS_READ_DIR};
    syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule,
            0);
  }
  close(folder);
}

constexpr const char* kRefused[] = {"socket",
                                    "socketpair",
                                    "connect",
                                    "bind",
                                    "listen",
                                    "accept",
                                    "accept4",
                                    "execve",
                                    "execveat",
                                    "ptrace",
                                    "process_vm_readv",
                                    "process_vm_writev",
                                    "mount",
                                    "umount2",
                                    "move_mount",
                                    "open_tree",
                                    "fsopen",
                                    "pivot_root",
                                    "chroot",
                                    "unshare",
                                    "setns",
                                    "bpf",
                                    "perf_event_open",
                                    "keyctl",
                                    "add_key",
                                    "request_key",
                                    "kexec_load",
                                    "init_module",
                                    "finit_module",
                                    "delete_module",
                                    "io_uring_setup",
                                    "io_uring_enter",
                                    "io_uring_register",
                                    "userfaultfd",
                                    "open_by_handle_at",
                                    "name_to_handle_at",
                                    "creat",
                                    "mkdir",
                                    "mkdirat",
                                    "mknod",
                                    "mknodat",
                                    "rename",
                                    "renameat",
                                    "renameat2",
                                    "unlink",
                                    "unlinkat",
                                    "rmdir",
                                    "link",
                                    "linkat",
                                    "symlink",
                                    "symlinkat",
                                    "chmod",
                                    "fchmod",
                                    "fchmodat",
                                    "chown",
                                    "fchown",
                                    "fchownat",
                                    "lchown",
                                    "truncate",
                                    "setxattr",
                                    "lsetxattr",
                                    "fsetxattr",
                                    "settimeofday",
                                    "clock_settime",
                                    "adjtimex",
                                    "reboot",
                                    "swapon",
                                    "swapoff",
                                    "sethostname",
                                    "setdomainname",
                                    "acct",
                                    "quotactl",
                                    "ioperm",
                                    "iopl",
                                    "personality",
                                    "pidfd_open",
                                    "pidfd_getfd",
                                    "pidfd_send_signal",
                                    "process_madvise",
                                    "kcmp",
                                    "syslog",
                                    "memfd_secret",
                                    "shmget",
                                    "shmat",
                                    "msgget",
                                    "semget",
                                    "mq_open"};
constexpr const char* kRefusedOfWorkers[] = {"fork", "vfork", "clone"};

bool Refuse(scmp_filter_ctx filter, const char* name) {
  const int number = seccomp_syscall_resolve_name(name);
  // Not on this architecture.
  if (number == __NR_SCMP_ERROR || number < 0) return true;
  return seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), number, 0) == 0;
}

// Files opened to be written, with the flags as argument `place`.
bool RefuseWriting(scmp_filter_ctx filter, int number, unsigned place) {
  for (const scmp_datum_t flag : {O_WRONLY, O_RDWR, O_CREAT, O_TRUNC}) {
    if (seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), number, 1,
                         SCMP_CMP(place, SCMP_CMP_MASKED_EQ, flag, flag)) !=
        0) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool LimitResources(int64_t memory_bytes) {
  return Limit(RLIMIT_CORE, 0) && Limit(RLIMIT_FSIZE, 0) &&
         Limit(RLIMIT_NOFILE, 512) &&
         Limit(RLIMIT_AS, static_cast<rlim_t>(memory_bytes));
}

bool EnterNamespaces() {
  const uid_t user = geteuid();
  const gid_t group = getegid();
  const bool inside = unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS |
                              CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWPID) == 0;
  if (inside) {
    char map[64];
    WriteText("/proc/self/setgroups", "deny");
    snprintf(map, sizeof map, "65534 %u 1", user);
    WriteText("/proc/self/uid_map", map);
    snprintf(map, sizeof map, "65534 %u 1", group);
    WriteText("/proc/self/gid_map", map);
  }
  const pid_t child = fork();
  if (child < 0) _exit(70);
  if (child > 0) {
    close(3);
    EndLike(child);
  }
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  return inside;
}

bool RestrictFiles(const char* const* folders) {
  const long abi = syscall(SYS_landlock_create_ruleset, nullptr, 0,
                           LANDLOCK_CREATE_RULESET_VERSION);
  if (abi < 1) return false;
  // Files; from the fourth version on TCP, from the sixth on abstract sockets
  // and signals. Debian's header knows the first field alone.
  struct {
    uint64_t files, network, scopes;
  } attributes{FileRights(static_cast<int>(abi)), abi >= 4 ? 3u : 0u,
               abi >= 6 ? 3u : 0u};
  const size_t size = abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
  const int ruleset = static_cast<int>(
      syscall(SYS_landlock_create_ruleset, &attributes, size, 0));
  if (ruleset < 0) return false;
  for (const char* path :
       {"/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib",
        "/etc/ld.so.cache", "/dev/null", "/dev/zero", "/dev/urandom",
        "/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu"}) {
    Allow(ruleset, path);
  }
  for (; *folders != nullptr; ++folders) Allow(ruleset, *folders);
  const bool done = syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
  close(ruleset);
  return done;
}

bool RestrictSystemCalls(bool worker) {
  const scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
  if (filter == nullptr) return false;
  bool good = true;
  for (const char* name : kRefused) good = good && Refuse(filter, name);
  if (worker) {
    for (const char* name : kRefusedOfWorkers) {
      good = good && Refuse(filter, name);
    }
    // The C library tries this first; without it, clone.
    good = good && seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS),
                                    SCMP_SYS(clone3), 0) == 0;
  }
  good = good && RefuseWriting(filter, SCMP_SYS(open), 1) &&
         RefuseWriting(filter, SCMP_SYS(openat), 2) &&
         seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(openat2),
                          0) == 0 &&
         seccomp_load(filter) == 0;
  seccomp_release(filter);
  return good;
}

}  // namespace plumbline::face
