// SPDX-License-Identifier: MIT
// Runs a function in a child process, which returns its verdict in shared memory.
#include "conform/apart.hpp"

#include "conform/check.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace accel::conform {

namespace {

using Clock = std::chrono::steady_clock;

#ifndef __has_feature
#define __has_feature(feature) 0 // only clang defines it
#endif
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__) || __has_feature(thread_sanitizer)
constexpr bool kSanitizer = true;
#else
constexpr bool kSanitizer = false;
#endif

enum State : int { kNothing, kPassed, kFailed, kSkipped };

/* Shared by parent and child. The file name in `progress` is a literal, at the same address in both. */
struct Shared {
	int state;
	Place progress;
	char text[3900];
};

class SharedPage {
public:
	SharedPage()
	{
		void *p = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE,
			       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		if (p == MAP_FAILED)
			throw std::system_error(errno, std::generic_category(), "mmap");
		shared_ = new (p) Shared{};
	}
	~SharedPage() { munmap(shared_, sizeof(Shared)); }
	SharedPage(const SharedPage &) = delete;
	SharedPage &operator=(const SharedPage &) = delete;
	Shared *operator->() const { return shared_; }

private:
	Shared *shared_;
};

void answer(const SharedPage &page, State state, const std::string &text)
{
	size_t n = std::min(text.size(), sizeof(page->text) - 1);

	std::memcpy(page->text, text.data(), n);
	page->text[n] = 0;
	__atomic_store_n(&page->state, state, __ATOMIC_RELEASE);
}

void work_and_answer(const std::function<void()> &work, const SharedPage &page)
{
	try {
		work();
		answer(page, kPassed, "");
	} catch (const Skipped &skipped) {
		answer(page, kSkipped, skipped.reason);
	} catch (const Failed &failed) {
		answer(page, kFailed, failed.text);
	} catch (const std::exception &e) {
		answer(page, kFailed, fmt::format("exception: {}", e.what()));
	} catch (...) {
		answer(page, kFailed, "an exception of unknown type");
	}
}

/* Ends the child when the parent ends, for whatever reason; the parent may have ended before this call. */
void end_with(pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
}

/* Returns whether @pid ended before the deadline. Does not reap it. */
bool ended_by(pid_t pid, Clock::time_point deadline)
{
	auto pause = std::chrono::microseconds(100);

	for (;;) {
		siginfo_t info{};

		if (waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) ==
			    0 &&
		    info.si_pid == pid)
			return true;
		if (Clock::now() >= deadline)
			return false;
		std::this_thread::sleep_for(pause);
		pause = std::min(pause * 2, std::chrono::microseconds(5000));
	}
}

std::string last_seen(const SharedPage &page)
{
	if (!page->progress.file)
		return "before the first check";
	const char *slash = std::strrchr(page->progress.file, '/');

	return fmt::format("the last check that passed is {}:{}",
			   slash ? slash + 1 : page->progress.file, page->progress.line);
}

/* The verdict of a child that has ended. */
Verdict judge(int status, bool status_counts, const SharedPage &page)
{
	if (WIFSIGNALED(status))
		return {Outcome::failed,
			fmt::format("ended by signal {} ({}); {}", WTERMSIG(status),
				    sigabbrev_np(WTERMSIG(status)), last_seen(page)),
			0};
	int state = __atomic_load_n(&page->state, __ATOMIC_ACQUIRE);

	if (state == kNothing)
		return {Outcome::failed,
			fmt::format("ended the process with exit status {}; {}",
				    WEXITSTATUS(status), last_seen(page)),
			0};
	if (state == kFailed)
		return {Outcome::failed, page->text, 0};
	if (status_counts && WEXITSTATUS(status))
		return {Outcome::failed,
			fmt::format("exit status {} after the last check: see the error output "
				    "(a leak or race that a sanitizer reported?)",
				    WEXITSTATUS(status)),
			0};
	return {state == kSkipped ? Outcome::skipped : Outcome::passed, page->text, 0};
}

[[noreturn]] void child_main(const std::function<void()> &work, const SharedPage &page,
			     pid_t parent)
{
	rlimit no_core{0, 0};

	end_with(parent);
	setpgid(0, 0);
	setrlimit(RLIMIT_CORE, &no_core);
	set_progress(&page->progress);
	work_and_answer(work, page);
	/* exit() instead of _exit(): leak checkers and line counters run at exit. */
	std::exit(0);
}

} // namespace

Verdict run_apart(const std::function<void()> &work, unsigned timeout_s)
{
	SharedPage page;
	auto start = Clock::now();
	pid_t parent = getpid();

	std::fflush(nullptr);
	pid_t pid = fork();

	if (pid < 0)
		throw std::system_error(errno, std::generic_category(), "fork");
	if (pid == 0)
		child_main(work, page, parent);
	setpgid(pid, pid);

	bool in_time = ended_by(pid, start + std::chrono::seconds(timeout_s));
	int status = 0;

	/* The child leads its group and is not reaped yet, so no other process can have that number. */
	kill(-pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	Verdict verdict = judge(status, true, page);

	if (!in_time)
		verdict = {Outcome::failed,
			   fmt::format("not finished after {} s; {}", timeout_s, last_seen(page)),
			   0};
	verdict.seconds = std::chrono::duration<double>(Clock::now() - start).count();
	return verdict;
}

void in_child(const std::function<void()> &work, unsigned timeout_s, bool normal_exit)
{
	SharedPage page;
	pid_t parent = getpid();
	pid_t pid = fork();

	if (pid < 0)
		throw std::system_error(errno, std::generic_category(), "fork");
	if (pid == 0) {
		end_with(parent);
		work_and_answer(work, page);
		if (normal_exit)
			std::exit(0);
		_exit(0);
	}
	bool in_time = ended_by(pid, Clock::now() + std::chrono::seconds(timeout_s));
	int status = 0;

	if (!in_time)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (!in_time)
		throw Failed{fmt::format("a forked child had not finished after {} s{}", timeout_s,
					 page->state ? ", but its work had" : "")};
	Verdict verdict = judge(status, !normal_exit, page);

	if (verdict.outcome == Outcome::failed)
		throw Failed{"in a forked child: " + verdict.text};
	if (verdict.outcome == Outcome::skipped)
		throw Skipped{verdict.text};
}

void need_threads_in_child()
{
	if (kSanitizer)
		skip("the sanitizer of this build does not support threads that a forked child "
		     "starts");
}

} // namespace accel::conform
