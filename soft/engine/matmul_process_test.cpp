// SPDX-License-Identifier: MIT
// Matrix multiplication in processes without memory, without executable memory, or with environment variables of
// oneDNN. The first multiplication of a process is under test, so each test runs in a new process.
#include "engine.hpp"
#include "test_matmul.hpp"

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <cerrno>
#include <filesystem>
#include <fstream>

namespace accel::core::engine {
namespace {

using test::Bytes;
using test::Case;

/// Run one of the children in a new process. @return its exit status, or -1 if a signal ended it
int run_child(const std::string &setting, const std::string &test)
{
	const std::string command = setting + " exec '" +
				    std::filesystem::read_symlink("/proc/self/exe").string() +
				    "' --gtest_also_run_disabled_tests --gtest_brief=1 "
				    "--gtest_filter='MatmulChild.DISABLED_" +
				    test + "'";
	const int status = std::system(command.c_str());

	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

long number_of(const char *name)
{
	const char *text = getenv(name);
	return text ? atol(text) : 0;
}

/// Bytes of address space that this process uses.
std::size_t address_space()
{
	std::size_t pages = 0;
	std::ifstream("/proc/self/statm") >> pages;
	return pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

void expect_right_or_no_memory(DType type, bool must_be_right)
{
	Case one(type, {65, 70, 130});
	one.randomise(1);
	Multiplier multiplier;
	const rlimit before{RLIM_INFINITY, RLIM_INFINITY};
	const auto room = static_cast<std::size_t>(number_of("TEST_ROOM")) * 1024;
	const rlimit little{address_space() + room, RLIM_INFINITY};

	if (room) {
		ASSERT_EQ(setrlimit(RLIMIT_AS, &little), 0);
	}
	const Status status = multiplier.run(one.job);
	ASSERT_EQ(setrlimit(RLIMIT_AS, &before), 0);
	if (status == Status::no_memory && !must_be_right)
		return;
	ASSERT_EQ(status, Status::ok);
	one.check();
	ASSERT_EQ(multiplier.run(one.job), Status::ok) << "with memory";
	one.check();
}

TEST(MatmulChild, DISABLED_LittleMemory)
{
	expect_right_or_no_memory(static_cast<DType>(number_of("TEST_TYPE")), false);
}

TEST(MatmulProcess, GetsAlongWithLittleMemory)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	GTEST_SKIP() << "a sanitizer ends the process when it gets no memory";
#endif
	for (const int type : {0, 1, 2})
		for (const int kilobytes :
		     {4, 100, 500, 1000, 2000, 3000, 4000, 6000, 12000, 40000})
			EXPECT_EQ(run_child("TEST_TYPE=" + std::to_string(type) +
						    " TEST_ROOM=" + std::to_string(kilobytes),
					    "LittleMemory"),
				  0)
				<< "type " << type << ", " << kilobytes << " KiB";
}

TEST(MatmulChild, DISABLED_NoExecutableMemory)
{
	constexpr int kSetMdwe = 65; // PR_SET_MDWE, newer than some headers
	constexpr unsigned long kRefuseExec = 1;

	if (prctl(kSetMdwe, kRefuseExec, 0, 0, 0) != 0)
		GTEST_SKIP() << "the kernel has no PR_SET_MDWE";
	for (const DType type : {DType::f32, DType::bf16, DType::s8}) {
		expect_right_or_no_memory(type, true);
		EXPECT_EQ(Multiplier().prepare(type), Multiplier::Kernels::never);
	}
}

TEST(MatmulProcess, GetsAlongWithoutExecutableMemory)
{
	EXPECT_EQ(run_child("", "NoExecutableMemory"), 0);
}

TEST(MatmulChild, DISABLED_Multiply)
{
	for (const DType type : {DType::f32, DType::bf16, DType::s8})
		expect_right_or_no_memory(type, true);
}

TEST(MatmulProcess, IgnoresWhatOneDnnIsToldByTheEnvironment)
{
	char name[] = "/tmp/accel-matmul-XXXXXX";
	ASSERT_NE(mkdtemp(name), nullptr);
	const std::string there = name;

	// Its output goes to a file, and its dumps into the directory.
	EXPECT_EQ(run_child("cd " + there +
				    "; exec >out; export ONEDNN_VERBOSE=2 DNNL_VERBOSE=2 "
				    "ONEDNN_JIT_DUMP=1 DNNL_JIT_DUMP=1 ONEDNN_JIT_PROFILE=6 "
				    "ONEDNN_DEFAULT_FPMATH_MODE=ANY HOME=" +
				    there + " JITDUMPDIR=" + there + ";",
			    "Multiply"),
		  0);
	for (const auto &file : std::filesystem::recursive_directory_iterator(there))
		EXPECT_EQ(file.path().filename(), "out") << file.path();
	std::ifstream file(there + "/out");
	const std::string text{std::istreambuf_iterator<char>(file), {}};
	EXPECT_EQ(text.find("dnnl"), std::string::npos) << text;
	std::filesystem::remove_all(there);
}

/// Identity × a matrix of one value, in bf16.
void expect_small_number(std::uint32_t size, std::uint16_t on_diagonal, std::uint16_t other,
			 Multiplier &multiplier)
{
	Case one(DType::bf16, {size, size, size});
	auto *a = const_cast<std::byte *>(static_cast<const std::byte *>(one.job.a));
	auto *b = const_cast<std::byte *>(static_cast<const std::byte *>(one.job.b));

	std::memset(a, 0, std::size_t{size} * size * 2);
	for (std::size_t i = 0; i < std::size_t{size} * size; i++)
		std::memcpy(b + i * 2, &other, 2);
	for (std::size_t i = 0; i < size; i++)
		std::memcpy(a + i * (size + 1) * 2, &on_diagonal, 2);
	ASSERT_EQ(multiplier.run(one.job), Status::ok);
	const double expected = static_cast<double>(test::to_float(on_diagonal)) *
				static_cast<double>(test::to_float(other));
	for (std::size_t i = 0; i < std::size_t{size} * size; i++)
		ASSERT_EQ(test::value(DType::f32, static_cast<const std::byte *>(one.job.c), i),
			  expected)
			<< size << ", element " << i;
}

TEST(MatmulBf16, NumbersBelowTheNormalOnesCountForEverySize)
{
	Multiplier multiplier;

	for (const std::uint32_t size : {1, 16, 127, 128, 256, 300}) {
		ASSERT_NO_FATAL_FAILURE(expect_small_number(size, 0x0001, 0x7149, multiplier));
		ASSERT_NO_FATAL_FAILURE(expect_small_number(size, 0x7149, 0x8001, multiplier));
		// Both are normal numbers, and their product is denormal.
		ASSERT_NO_FATAL_FAILURE(expect_small_number(size, 0x1f80, 0x1f80, multiplier));
	}
}

} // namespace
} // namespace accel::core::engine
