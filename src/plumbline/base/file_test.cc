#include "plumbline/base/file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <thread>
#include <utility>

#include "plumbline/base/test_support.h"

namespace plumbline {
namespace {

using testing::ElementsAre;

std::vector<std::string> NamesIn(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    names.push_back(entry.path().filename().string());
  }
  return names;
}

int ModeOf(const std::string& path) {
  struct stat status;
  EXPECT_EQ(stat(path.c_str(), &status), 0);
  return status.st_mode & 0777;
}

TEST(ReadFile, GivesWhatWasWritten) {
  const TemporaryFolder folder;
  for (const size_t size : {0, 1, 4096, 1'000'001}) {
    const std::string bytes(size, '\0');
    WriteFile(folder / "a", bytes);
    EXPECT_EQ(ReadFile(folder / "a"), bytes);
    EXPECT_EQ(MappedFile(folder / "a").bytes(), bytes);
  }
}

TEST(ReadFile, SaysWhyItCannot) {
  const TemporaryFolder folder;
  for (const auto read : {+[](const std::string& path) { ReadFile(path); },
                          +[](const std::string& path) { MappedFile{path}; }}) {
    EXPECT_EQ(ErrorText([&] { read("preds.csv"); }),
              "3: preds.csv: no such file");
    EXPECT_EQ(ErrorText([&] { read(folder.path()); }),
              "3: " + folder.path() + ": is a directory");
    EXPECT_EQ(ErrorText([&] { read("/dev/null/preds.csv"); }),
              "3: /dev/null/preds.csv: not a directory");
  }
}

// `<(zcat preds.csv.gz)` in a shell gives a pipe.
TEST(ReadFile, ReadsPipesToTheEnd) {
  const TemporaryFolder folder;
  const std::string pipe = folder / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  std::string bytes;
  for (int i = 0; i < 500'000; ++i) bytes += std::to_string(i);
  for (const bool mapped : {false, true}) {
    std::jthread writer([&] { WriteFile(pipe, bytes); });
    if (mapped) {
      EXPECT_TRUE(MappedFile(pipe).bytes() == bytes);
    } else {
      EXPECT_TRUE(ReadFile(pipe) == bytes);
    }
  }
}

TEST(ReadFile, ReadsFilesThatSayTheyAreEmpty) {
  EXPECT_NE(ReadFile("/proc/self/status"), "");
  EXPECT_NE(MappedFile("/proc/self/status").bytes(), "");
}

TEST(WriteFile, ReplacesTheFileAndLeavesNothingElse) {
  const TemporaryFolder folder;
  WriteFile(folder / "a.json", "old");
  WriteFile(folder / "a.json", "new");
  EXPECT_EQ(ReadFile(folder / "a.json"), "new");
  EXPECT_THAT(NamesIn(folder.path()), ElementsAre("a.json"));
}

TEST(WriteFile, DoesNotDisturbWhoeverReadsTheOldFile) {
  const TemporaryFolder folder;
  WriteFile(folder / "a", "old bytes");
  const MappedFile reader(folder / "a");
  WriteFile(folder / "a", "new");
  EXPECT_EQ(reader.bytes(), "old bytes");
}

TEST(WriteFile, FollowsTheUmaskAndKeepsAPrivateFilePrivate) {
  const TemporaryFolder folder;
  const mode_t before = umask(027);
  WriteFile(folder / "a", "1");
  EXPECT_EQ(ModeOf(folder / "a"), 0640);
  umask(before);
  chmod((folder / "a").c_str(), 0600);
  WriteFile(folder / "a", "2");
  EXPECT_EQ(ModeOf(folder / "a"), 0600);
}

TEST(WriteFile, WritesThroughALink) {
  const TemporaryFolder folder;
  WriteFile(folder / "target", "old");
  std::filesystem::create_symlink("target", folder / "link");
  WriteFile(folder / "link", "new");
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "link"));
  EXPECT_EQ(ReadFile(folder / "target"), "new");
}

TEST(WriteFile, SaysWhyItCannotAndWhatToDo) {
  const TemporaryFolder folder;
  EXPECT_EQ(ErrorText([&] { WriteFile(folder / "no/a.json", ""); }),
            "2: " + (folder / "no/a.json") +
                ": cannot write (no such folder); choose another folder with "
                "-o");
  EXPECT_EQ(ErrorText([&] { WriteFile(folder.path(), ""); }),
            "2: " + folder.path() +
                ": cannot write (is a directory); choose another folder with "
                "-o");
}

TEST(WriteFile, SaysThatTheDiskIsFull) {
  EXPECT_EQ(ErrorText([] { WriteFile("/dev/full", "x"); }),
            "6: /dev/full: the disk is full; free some space or choose another "
            "folder with -o");
}

TEST(WriteFile, LeavesTheOldFileWhenASmallDiskIsFull) {
  const TemporaryFolder folder;
  if (mount("none", folder.path().c_str(), "tmpfs", 0, "size=64k") != 0) {
    GTEST_SKIP() << "only root may mount a small disk";
  }
  const std::string path = folder / "a.json";
  WriteFile(path, "old");
  EXPECT_EQ(ErrorText([&] { WriteFile(path, std::string(200'000, 'x')); }),
            "6: " + path +
                ": the disk is full; free some space or choose another folder "
                "with -o");
  EXPECT_EQ(ReadFile(path), "old");
  EXPECT_THAT(NamesIn(folder.path()), ElementsAre("a.json"));
  EXPECT_EQ(umount(folder.path().c_str()), 0);
}

// Limits and rights cannot be had back: these run in a process of their own.
using FileDeathTest = testing::Test;

TEST(FileDeathTest, WriteFileStopsAtTheLimitOfTheProcess) {
  const TemporaryFolder folder;
  const auto write_too_much = [&] {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{.rlim_cur = 1000, .rlim_max = 1000};
    setrlimit(RLIMIT_FSIZE, &limit);
    const std::string text =
        ErrorText([&] { WriteFile(folder / "a", std::string(5000, 'x')); });
    std::fprintf(stderr, "%s, %d left", text.c_str(),
                 static_cast<int>(NamesIn(folder.path()).size()));
    std::_Exit(0);
  };
  EXPECT_EXIT(write_too_much(), testing::ExitedWithCode(0),
              "^6: .*/a: the file would be larger than this process may write; "
              "raise the limit .ulimit -f. or choose another folder with -o, "
              "0 left$");
}

TEST(FileDeathTest, RightsThatAreMissingAreNamed) {
  const TemporaryFolder folder;
  WriteFile(folder / "secret", "x");
  chmod((folder / "secret").c_str(), 0);
  chmod(folder.path().c_str(), 0555);
  const auto try_as_nobody = [&] {
    if (geteuid() == 0 && setuid(65534) != 0) std::_Exit(1);
    std::fprintf(stderr, "%s|%s|%s",
                 ErrorText([&] { ReadFile(folder / "secret"); }).c_str(),
                 ErrorText([&] { WriteFile(folder / "a", "x"); }).c_str(),
                 ErrorText([&] { MakeFolder(folder / "b"); }).c_str());
    std::_Exit(0);
  };
  EXPECT_EXIT(try_as_nobody(), testing::ExitedWithCode(0),
              "^3: .*/secret: permission denied.2: .*/a: cannot write "
              ".permission denied.; choose another folder with -o.2: .*/b: "
              "cannot make this folder .permission denied.; choose another "
              "with -o$");
  chmod(folder.path().c_str(), 0755);
}

TEST(MakeFolder, MakesParentsAndBearsThatItIsThere) {
  const TemporaryFolder folder;
  MakeFolder(folder / "a/b/c");
  MakeFolder(folder / "a/b/c/");
  EXPECT_TRUE(std::filesystem::is_directory(folder / "a/b/c"));
}

TEST(MakeFolder, NamesTheFileInItsWay) {
  const TemporaryFolder folder;
  WriteFile(folder / "out", "");
  const std::string expected =
      "2: " + (folder / "out") + ": is a file, not a folder";
  EXPECT_EQ(ErrorText([&] { MakeFolder(folder / "out"); }), expected);
  EXPECT_EQ(ErrorText([&] { MakeFolder(folder / "out/a/b"); }), expected);
}

TEST(ExpandGlob, SortsWhatMatches) {
  const TemporaryFolder folder;
  for (const char* name : {"b.csv", "a.csv", "c.txt"}) {
    WriteFile(folder / name, "");
  }
  EXPECT_THAT(ExpandGlob(folder / "*.csv"),
              ElementsAre(folder / "a.csv", folder / "b.csv"));
  EXPECT_THAT(ExpandGlob(folder / "[bc].*"),
              ElementsAre(folder / "b.csv", folder / "c.txt"));
}

TEST(ExpandGlob, TakesAPlainNameAsItIs) {
  EXPECT_THAT(ExpandGlob("nowhere.csv"), ElementsAre("nowhere.csv"));
}

TEST(ExpandGlob, TakesAFileWhoseNameLooksLikeAPatternAsItIs) {
  const TemporaryFolder folder;
  WriteFile(folder / "scan[1].csv", "");
  EXPECT_THAT(ExpandGlob(folder / "scan[1].csv"),
              ElementsAre(folder / "scan[1].csv"));
}

TEST(ExpandGlob, SaysThatNothingMatches) {
  EXPECT_EQ(ErrorText([] { ExpandGlob("nowhere/*.csv"); }),
            "3: nowhere/*.csv: no file matches this pattern");
}

TEST(MappedFile, MovesWithItsBytes) {
  const TemporaryFolder folder;
  WriteFile(folder / "a", "abc");
  WriteFile(folder / "b", "defg");
  MappedFile first(folder / "a");
  MappedFile second(std::move(first));
  EXPECT_EQ(second.bytes(), "abc");
  EXPECT_EQ(first.bytes(), "");  // NOLINT(bugprone-use-after-move)
  second = MappedFile(folder / "b");
  EXPECT_EQ(second.bytes(), "defg");
}

TEST(MappedFile, BearsTheReleaseOfAnyRange) {
  const TemporaryFolder folder;
  const std::string bytes(100'000, 'x');
  WriteFile(folder / "a", bytes);
  const MappedFile file(folder / "a");
  file.Release(0, 100'000);
  file.Release(10, 20);
  file.Release(5000, 1'000'000);
  file.Release(200'000, 100);
  // A released range is only forgotten: reading it again reads the file again.
  EXPECT_EQ(file.bytes(), bytes);
}

}  // namespace
}  // namespace plumbline
