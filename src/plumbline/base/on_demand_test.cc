#include "plumbline/base/on_demand.h"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "plumbline/base/communicator.h"
#include "plumbline/base/file.h"
#include "plumbline/base/interrupt.h"
#include "plumbline/base/log.h"
#include "plumbline/base/test_support.h"

namespace plumbline {
namespace {

// The parts that CMake builds for this test.
constexpr char kParts[] = PLUMBLINE_TEST_PARTS;
constexpr char kInstall[] = "install the part";

std::string PathOf(const std::string& name) {
  return std::string(kParts) + "/libplumbline_" + name + ".so";
}

TEST(LoadOnDemand, RunsACommandOfThePart) {
  const EnvironmentChange parts("PLUMBLINE_PARTS", kParts);
  const OnDemandPart& part = LoadOnDemand("good", kInstall);
  EXPECT_STREQ(part.name, "good");
  const char* const argv[] = {"train", "erm"};
  EXPECT_EQ(part.run(2, argv), 42);
}

TEST(LoadOnDemand, GivesALoadedPartAgain) {
  const EnvironmentChange parts("PLUMBLINE_PARTS", kParts);
  const OnDemandPart* first = &LoadOnDemand("good", kInstall);
  const EnvironmentChange elsewhere("PLUMBLINE_PARTS", "/nowhere");
  EXPECT_EQ(&LoadOnDemand("good", kInstall), first);
}

TEST(LoadOnDemand, LetsAnErrorOfThePartThrough) {
  const EnvironmentChange parts("PLUMBLINE_PARTS", kParts);
  const char* const argv[] = {"train", "fail"};
  EXPECT_EQ(ErrorText([&] { LoadOnDemand("good", kInstall).run(2, argv); }),
            "3: train failed inside the part");
}

// Without plumbline_loads_parts() the part has a flag of its own, which stays
// 0.
TEST(LoadOnDemand, GivesThePartTheProgramsInterruptFlag) {
  const EnvironmentChange parts("PLUMBLINE_PARTS", kParts);
  const OnDemandPart& part = LoadOnDemand("good", kInstall);
  const char* const argv[] = {"train", "signal"};
  // In a process of its own, because the flag is never lowered.
  EXPECT_EXIT(
      {
        InstallInterruptHandlers();
        std::raise(SIGTERM);
        std::exit(part.run(2, argv));
      },
      ::testing::ExitedWithCode(SIGTERM), "");
}

TEST(LoadOnDemand, GivesThePartTheProgramsLogLevel) {
  const EnvironmentChange parts("PLUMBLINE_PARTS", kParts);
  const OnDemandPart& part = LoadOnDemand("good", kInstall);
  const char* const argv[] = {"train", "log"};
  for (const auto& [level, expected] :
       {std::pair{LogLevel::kWarning, ""},
        std::pair{LogLevel::kInfo, "train speaks\n"}}) {
    SetLogLevel(level);
    ::testing::internal::CaptureStderr();
    part.run(2, argv);
    EXPECT_EQ(::testing::internal::GetCapturedStderr(), expected);
  }
  SetLogLevel(LogLevel::kWarning);
}

TEST(LoadOnDemand, GivesThePartTheProgramsCommunicator) {
  const EnvironmentChange parts("PLUMBLINE_PARTS", kParts);
  const OnDemandPart& part = LoadOnDemand("good", kInstall);
  const auto world = *static_cast<Communicator* (*const*)()>(part.service);
  EXPECT_EQ(world(), &WorldCommunicator());
}

TEST(LoadOnDemand, SaysWhereItLookedForAMissingPart) {
  const EnvironmentChange parts("PLUMBLINE_PARTS", "/nowhere");
  EXPECT_EQ(ErrorText([] {
              LoadOnDemand("network",
                           "install libtorch-dev and configure "
                           "with -DPLUMBLINE_NETWORK=ON");
            }),
            "2: the part \"network\" is not available: "
            "/nowhere/libplumbline_network.so does not exist; install "
            "libtorch-dev and configure with -DPLUMBLINE_NETWORK=ON");
}

TEST(LoadOnDemand, LooksBesideTheBinaryUnlessToldOtherwise) {
  const EnvironmentChange parts("PLUMBLINE_PARTS", nullptr);
  const std::filesystem::path binary =
      std::filesystem::read_symlink("/proc/self/exe");
  const std::string expected = (binary.parent_path().parent_path() / "lib" /
                                "plumbline" / "libplumbline_absent.so")
                                   .string();
  EXPECT_EQ(ErrorText([] { LoadOnDemand("absent", kInstall); }),
            "2: the part \"absent\" is not available: " + expected +
                " does not exist; install the part");
}

TEST(LoadOnDemand, RefusesAPartOfAnotherVersion) {
  const EnvironmentChange parts("PLUMBLINE_PARTS", kParts);
  EXPECT_EQ(ErrorText([] { LoadOnDemand("old", kInstall); }),
            "2: the part \"old\" is not available: " + PathOf("old") +
                " was built for another version of Plumbline (interface 99, "
                "this is 2); install the part that belongs to this version");
}

TEST(LoadOnDemand, RefusesALibraryThatIsNoPart) {
  const EnvironmentChange parts("PLUMBLINE_PARTS", kParts);
  EXPECT_EQ(ErrorText([] { LoadOnDemand("alien", kInstall); }),
            "2: the part \"alien\" is not available: " + PathOf("alien") +
                " is not a part of Plumbline (it has no plumbline_part); "
                "install the part");
}

TEST(LoadOnDemand, RefusesAPartUnderTheNameOfAnother) {
  const TemporaryFolder folder;
  std::filesystem::copy_file(PathOf("good"), folder / "libplumbline_mpi.so");
  const EnvironmentChange parts("PLUMBLINE_PARTS", folder.path().c_str());
  EXPECT_EQ(ErrorText([] { LoadOnDemand("mpi", kInstall); }),
            "2: the part \"mpi\" is not available: " +
                (folder / "libplumbline_mpi.so") +
                " is the part \"good\"; give each part the file name it was "
                "built with");
}

TEST(LoadOnDemand, SaysWhyAFileCannotBeLoaded) {
  const TemporaryFolder folder;
  WriteFile(folder / "libplumbline_broken.so", "not a library, only words");
  const EnvironmentChange parts("PLUMBLINE_PARTS", folder.path().c_str());
  const std::string path = folder / "libplumbline_broken.so";
  EXPECT_EQ(ErrorText([] { LoadOnDemand("broken", kInstall); }),
            "2: the part \"broken\" is not available: " + path +
                " cannot be loaded (" + path +
                ": file too short); install the part");
}

}  // namespace
}  // namespace plumbline
