// SPDX-License-Identifier: MIT
// Tests of the search for libaccel-soft and of the side effects of loading it. Each test runs this program again, since
// a library is loaded once per process.
#include "providers/soft/loader.hpp"
#include "sys/sys.hpp"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace accel::core::soft {
namespace {

std::filesystem::path this_program()
{
	return std::filesystem::read_symlink("/proc/self/exe");
}

/* Whether a test passes in a new process. @before: shell code such as "cd /; NAME=VALUE"; @program: its path for the
 * shell. */
bool passes(const std::string &before, const std::string &program, const std::string &test)
{
	const std::string command = before + " exec " + program +
				    " --gtest_also_run_disabled_tests --gtest_brief=1 "
				    "--gtest_filter='LoaderChild.DISABLED_" +
				    test + "'";
	const int status = std::system(command.c_str());

	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

cpu_set_t affinity()
{
	cpu_set_t set;

	CPU_ZERO(&set);
	EXPECT_EQ(sched_getaffinity(0, sizeof(set), &set), 0);
	return set;
}

TEST(LoaderChild, DISABLED_KeepsTheAffinity)
{
	const cpu_set_t before = affinity();
	ASSERT_TRUE(load());
	const cpu_set_t after = affinity();
	EXPECT_TRUE(CPU_EQUAL(&before, &after)) << "the calling thread was bound";
	std::thread([&] {
		const cpu_set_t of_thread = affinity();
		EXPECT_TRUE(CPU_EQUAL(&before, &of_thread)) << "a thread that it starts is bound";
	}).join();
}

TEST(Loader, KeepsTheAffinityWhateverOpenMpIsTold)
{
	const std::string program = this_program().string();

	for (const char *setting :
	     {"OMP_PROC_BIND=true", "GOMP_CPU_AFFINITY=0", "OMP_PLACES=cores"})
		EXPECT_TRUE(passes(setting, program, "KeepsTheAffinity")) << setting;
}

TEST(LoaderChild, DISABLED_DoesNotLookIntoTheCurrentDirectory)
{
	const auto trap = std::filesystem::current_path() / "trap";

	ASSERT_TRUE(std::filesystem::exists(trap / "libaccel-soft.so.0"));
	std::filesystem::current_path(trap);
	EXPECT_NE(missing(), "");
	EXPECT_NE(missing().find(trap.parent_path().string() + "/"), std::string::npos)
		<< missing();
	auto entry = load();
	ASSERT_FALSE(entry);
	EXPECT_EQ(std::string(entry.error().text).find("cannot be loaded"), std::string::npos)
		<< entry.error().text;
}

/* The program, which contains the code of libaccel, is started by a relative path. */
TEST(Loader, DoesNotLookIntoTheCurrentDirectory)
{
	char name[] = "/tmp/accel-loader-XXXXXX";
	ASSERT_NE(mkdtemp(name), nullptr);
	const std::filesystem::path there = name;

	std::filesystem::copy_file(this_program(), there / "program");
	std::filesystem::create_directory(there / "trap");
	std::ofstream(there / "trap" / "libaccel-soft.so.0") << "this is no library";
	EXPECT_TRUE(passes("cd " + there.string() + ";", "./program",
			   "DoesNotLookIntoTheCurrentDirectory"));
	EXPECT_TRUE(passes("cd " + there.string() + "; LD_LIBRARY_PATH=.", "./program",
			   "DoesNotLookIntoTheCurrentDirectory"));
	std::filesystem::remove_all(there);
}

class Failing : public testing::Test {
protected:
	void SetUp() override { sys::calls = &calls_; }
	void TearDown() override { sys::calls = &sys::kRealCalls; }

	sys::Calls calls_ = sys::kRealCalls;
};

using LoaderErrors = Failing;

TEST_F(LoaderErrors, SayWhichResourceWasMissing)
{
	calls_.open = [](const char *, int) { return -EMFILE; };
	auto entry = load();
	ASSERT_FALSE(entry);
	EXPECT_EQ(entry.error().code, -EMFILE) << entry.error().text;

	calls_ = sys::kRealCalls;
	calls_.thread_create = [](unsigned long *, void *(*)(void *), void *) { return -EPERM; };
	entry = load();
	ASSERT_FALSE(entry);
	EXPECT_EQ(entry.error().code, -EACCES) << entry.error().text;
}

} // namespace
} // namespace accel::core::soft
