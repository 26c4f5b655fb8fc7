#include "plumbline/base/cpu_quota.h"

#include <gtest/gtest.h>

#include "plumbline/base/file.h"
#include "plumbline/base/test_support.h"

namespace plumbline {
namespace {

void WriteLimit(const std::string& folder, const std::string& name,
                const std::string& text) {
  MakeFolder(folder);
  WriteFile(folder + "/" + name, text);
}

TEST(CpuQuota, OfVersion2IsQuotaOverPeriodRoundedUp) {
  const TemporaryFolder root;
  WriteLimit(root / "job", "cpu.max", "150000 100000\n");
  EXPECT_EQ(CpuQuota("0::/job\n", root.path()), 2);
}

TEST(CpuQuota, OfVersion2IsTheSmallestOfAllParents) {
  const TemporaryFolder root;
  WriteLimit(root / "a/b/c", "cpu.max", "max 100000\n");
  WriteLimit(root / "a/b", "cpu.max", "400000 100000\n");
  WriteLimit(root / "a", "cpu.max", "300000 100000\n");
  EXPECT_EQ(CpuQuota("0::/a/b/c\n", root.path()), 3);
}

TEST(CpuQuota, OfVersion1IsReadFromTheCpuController) {
  const TemporaryFolder root;
  WriteLimit(root / "cpu,cpuacct/job", "cpu.cfs_quota_us", "200000\n");
  WriteLimit(root / "cpu,cpuacct/job", "cpu.cfs_period_us", "100000\n");
  WriteLimit(root / "cpuset/job", "cpu.cfs_quota_us", "100000\n");
  WriteLimit(root / "cpuset/job", "cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(CpuQuota("5:cpuset:/job\n4:cpu,cpuacct:/job\n0::/\n", root.path()),
            2);
}

// Without a namespace of its own, a container is told a path of the host.
TEST(CpuQuota, IsFoundAtTheMountWhereTheGroupItselfIsInvisible) {
  const TemporaryFolder root;
  WriteLimit(root.path(), "cpu.max", "100000 100000\n");
  EXPECT_EQ(CpuQuota("0::/docker/0123abcd\n", root.path()), 1);
}

TEST(CpuQuota, IsNoneWithoutALimitOrWithoutSense) {
  const TemporaryFolder root;
  EXPECT_EQ(CpuQuota("0::/job\n", root.path()), 0);
  EXPECT_EQ(CpuQuota("", root.path()), 0);
  EXPECT_EQ(CpuQuota("nonsense\n1:2", root.path()), 0);
  WriteLimit(root / "job", "cpu.max", "max 100000\n");
  EXPECT_EQ(CpuQuota("0::/job\n", root.path()), 0);
  WriteLimit(root / "job", "cpu.max", "0 0\n");
  EXPECT_EQ(CpuQuota("0::/job\n", root.path()), 0);
  WriteLimit(root / "cpu", "cpu.cfs_quota_us", "-1\n");
  WriteLimit(root / "cpu", "cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(CpuQuota("4:cpu:/\n", root.path()), 0);
}

}  // namespace
}  // namespace plumbline
