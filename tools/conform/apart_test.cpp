// SPDX-License-Identifier: MIT
// A test that crashes, hangs, exits or reports falsely affects no other.
#include "conform/apart.hpp"
#include "conform/check.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <gtest/gtest.h>
#include <stdexcept>
#include <sys/mman.h>
#include <thread>
#include <unistd.h>

namespace accel::conform {
namespace {

using namespace std::chrono_literals;

TEST(Apart, PassesOnAndCounts)
{
	Verdict verdict = run_apart([] { CHECK_EQ(1, 1); }, 20);

	EXPECT_EQ(verdict.outcome, Outcome::passed) << verdict.text;
	EXPECT_EQ(verdict.text, "");
}

TEST(Apart, TellsTheValuesOfAFailure)
{
	Verdict verdict = run_apart([] { CHECK_EQ(2 + 2, 5); }, 20);

	EXPECT_EQ(verdict.outcome, Outcome::failed);
	for (const char *part : {"apart_test.cpp:", "2 + 2 == 5", "4"})
		EXPECT_NE(verdict.text.find(part), std::string::npos) << verdict.text;
}

TEST(Apart, TellsWhyItWasSkipped)
{
	Verdict verdict = run_apart([] { skip("not available"); }, 20);

	EXPECT_EQ(verdict.outcome, Outcome::skipped);
	EXPECT_EQ(verdict.text, "not available");
}

TEST(Apart, SurvivesASignal)
{
	Verdict verdict = run_apart(
		[] {
			CHECK_EQ(1, 1);
			std::signal(SIGUSR1, SIG_DFL);
			std::raise(SIGUSR1);
		},
		20);

	EXPECT_EQ(verdict.outcome, Outcome::failed);
	EXPECT_NE(verdict.text.find("USR1"), std::string::npos) << verdict.text;
	EXPECT_NE(verdict.text.find("apart_test.cpp:"), std::string::npos) << verdict.text;
}

TEST(Apart, SurvivesExit)
{
	Verdict verdict = run_apart([] { _exit(0); }, 20);

	EXPECT_EQ(verdict.outcome, Outcome::failed);
	EXPECT_NE(verdict.text.find("exit status 0"), std::string::npos) << verdict.text;
}

TEST(Apart, SurvivesAnyException)
{
	EXPECT_EQ(run_apart([] { throw std::runtime_error("lost"); }, 20).text, "exception: lost");
	EXPECT_EQ(run_apart([] { throw 7; }, 20).outcome, Outcome::failed);
}

/* The process that adopted the child may reap it late. */
bool has_ended(pid_t pid)
{
	if (kill(pid, 0))
		return true;
	std::string stat = "/proc/" + std::to_string(pid) + "/stat";
	FILE *file = std::fopen(stat.c_str(), "r");
	char state = 'Z';

	if (file) {
		EXPECT_EQ(std::fscanf(file, "%*d %*s %c", &state), 1);
		std::fclose(file);
	}
	return state == 'Z';
}

TEST(Apart, EndsWhatHangsAndItsChildren)
{
	auto *grandchild = static_cast<pid_t *>(mmap(nullptr, sizeof(pid_t), PROT_READ | PROT_WRITE,
						     MAP_SHARED | MAP_ANONYMOUS, -1, 0));
	ASSERT_NE(grandchild, MAP_FAILED);
	unsigned patience = 1;
	auto hang = [&] {
		pid_t pid = fork();

		if (pid == 0)
			std::this_thread::sleep_for(1000s);
		*grandchild = pid;
		std::this_thread::sleep_for(1000s);
	};
	Verdict verdict = run_apart(hang, patience);

	/* A busy machine may take longer to reach this point. */
	while (*grandchild == 0 && patience < 16)
		verdict = run_apart(hang, patience *= 4);
	EXPECT_EQ(verdict.outcome, Outcome::failed);
	EXPECT_NE(verdict.text.find(std::to_string(patience) + " s"), std::string::npos)
		<< verdict.text;
	EXPECT_GE(verdict.seconds, patience);
	ASSERT_GT(*grandchild, 0);
	for (int i = 0; i < 30000 && !has_ended(*grandchild); i++)
		std::this_thread::sleep_for(1ms);
	EXPECT_TRUE(has_ended(*grandchild));
	munmap(grandchild, sizeof(pid_t));
}

TEST(Apart, CutsALongText)
{
	Verdict verdict = run_apart([] { skip(std::string(10000, 'x')); }, 20);

	EXPECT_EQ(verdict.outcome, Outcome::skipped);
	EXPECT_EQ(verdict.text, std::string(verdict.text.size(), 'x'));
	EXPECT_GT(verdict.text.size(), 1000u);
}

TEST(InChild, ThrowsAgainWhatTheChildThrew)
{
	EXPECT_NO_THROW(in_child([] {}));
	EXPECT_THROW(in_child([] { CHECK_EQ(1, 2); }), Failed);
	EXPECT_THROW(in_child([] { skip("no"); }), Skipped);
	EXPECT_THROW(in_child([] { std::raise(SIGKILL); }), Failed);
	EXPECT_THROW(in_child([] { std::this_thread::sleep_for(100s); }, 1), Failed);
}

TEST(Check, DemandsAWholeRecord)
{
	auto refuse = [](int code, unsigned reason, const char *text) {
		accel_error *error = err();

		error->record.code = code;
		error->record.reason = static_cast<uint16_t>(reason);
		std::snprintf(error->record.text, sizeof(error->record.text), "%s", text);
		return -EINVAL;
	};

	EXPECT_NO_THROW(
		CHECK_ERRNO(refuse(-EINVAL, ACCEL_REASON_OUT_OF_RANGE, "it is"), EINVAL, 0));
	EXPECT_THROW(CHECK_ERRNO(refuse(-EINVAL, ACCEL_REASON_OUT_OF_RANGE, ""), EINVAL, 0),
		     Failed);
	EXPECT_THROW(CHECK_ERRNO(refuse(-EBUSY, ACCEL_REASON_OUT_OF_RANGE, "x"), EINVAL, 0),
		     Failed);
	EXPECT_THROW(CHECK_ERRNO(refuse(-EINVAL, ACCEL_REASON_IN_USE, "x"), EINVAL, 0), Failed);
	EXPECT_THROW(CHECK_ERRNO(refuse(-EINVAL, ACCEL_REASON_OUT_OF_RANGE, "x"), EINVAL,
				 ACCEL_REASON_WRAPS),
		     Failed);
	EXPECT_THROW(CHECK_ERRNO(refuse(-EINVAL, ACCEL_REASON_OUT_OF_RANGE, "x"), ENOENT, 0),
		     Failed);
	EXPECT_THROW(CHECK_OK(refuse(-EINVAL, ACCEL_REASON_OUT_OF_RANGE, "x")), Failed);
	EXPECT_THROW(NEED_OK(refuse(-EINVAL, ACCEL_REASON_OUT_OF_RANGE, "x")), Failed);
}

} // namespace
} // namespace accel::conform
