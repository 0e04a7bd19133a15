// SPDX-License-Identifier: MIT
// The real system calls: one convention (-errno), close-on-exec for all files, detection of fork().
#include "support/child.hpp"
#include "sys/fd.hpp"
#include "sys/sys.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace sys = accel::core::sys;
using accel::core::Fd;
using accel::support::in_child;

namespace {

bool close_on_exec(int fd)
{
	return fcntl(fd, F_GETFD) & FD_CLOEXEC;
}

TEST(Sys, FailuresAreNegativeErrnos)
{
	void *memory = nullptr;
	struct stat status;
	char byte = 0;

	EXPECT_EQ(sys::open("/nonexistent/accel", O_RDONLY), -ENOENT);
	EXPECT_EQ(sys::close(-1), -EBADF);
	EXPECT_EQ(sys::ioctl(-1, 0, nullptr), -EBADF);
	EXPECT_EQ(sys::mmap(&memory, nullptr, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
		  -EINVAL);
	EXPECT_EQ(memory, nullptr);
	EXPECT_EQ(sys::munmap(nullptr, 0), -EINVAL);
	EXPECT_EQ(sys::madvise(&byte, 1, -1), -EINVAL);
	EXPECT_EQ(sys::ftruncate(-1, 1), -EBADF);
	EXPECT_EQ(sys::fstat(-1, &status), -EBADF);
	EXPECT_EQ(sys::dup(-1), -EBADF);
	EXPECT_EQ(sys::read(-1, &byte, 1), -EBADF);
	EXPECT_EQ(sys::write(-1, &byte, 1), -EBADF);
	EXPECT_EQ(sys::access("/nonexistent/accel", F_OK), -ENOENT);
	EXPECT_EQ(sys::stat("/nonexistent/accel", &status), -ENOENT);
	EXPECT_EQ(sys::memfd_create("accel", ~0u), -EINVAL);
	EXPECT_EQ(sys::eventfd(0, -1), -EINVAL);
}

TEST(Sys, AccessUsesTheIdsOfOpen)
{
	char path[] = "/tmp/accel-sys-test-XXXXXX";
	Fd file(mkostemp(path, O_CLOEXEC)); // mode 0600
	constexpr uid_t kNobody = 65534;

	ASSERT_TRUE(file);
	EXPECT_EQ(sys::access(path, R_OK | W_OK), 0);
	if (geteuid() != 0) {
		unlink(path);
		GTEST_SKIP() << "only root can take the rights of another user";
	}
	EXPECT_EQ(in_child([&] {
			  if (seteuid(kNobody) != 0) // the real user is still root
				  return 1;
			  bool opens = sys::open(path, O_RDWR) >= 0;

			  return !opens && sys::access(path, R_OK | W_OK) == -EACCES ? 0 : 2;
		  }),
		  0);
	unlink(path);
}

TEST(Sys, MemoryFileIsMappedAndGrows)
{
	Fd file(sys::memfd_create("accel-test", MFD_CLOEXEC));
	struct stat status;
	void *memory = nullptr;

	ASSERT_TRUE(file);
	EXPECT_EQ(sys::ftruncate(file.get(), 4096), 0);
	EXPECT_EQ(sys::fstat(file.get(), &status), 0);
	EXPECT_EQ(status.st_size, 4096);
	ASSERT_EQ(sys::mmap(&memory, nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file.get(),
			    0),
		  0);
	strcpy(static_cast<char *>(memory), "accel");
	char text[6] = {};
	EXPECT_EQ(sys::read(file.get(), text, sizeof(text)), 6);
	EXPECT_STREQ(text, "accel");
	EXPECT_EQ(sys::madvise(memory, 4096, MADV_DONTFORK), 0);
	EXPECT_EQ(sys::munmap(memory, 4096), 0);
}

TEST(Sys, ALimitOnFilesFailsWithoutASignal)
{
	EXPECT_EQ(in_child([] {
			  const rlimit limit{4096, 4096};
			  Fd file(sys::memfd_create("test", MFD_CLOEXEC));

			  setrlimit(RLIMIT_FSIZE, &limit);
			  if (sys::ftruncate(file.get(), 8192) != -EFBIG)
				  return 1;
			  if (sys::pwrite(file.get(), "x", 1, 8192) != -EFBIG)
				  return 2;
			  sigset_t pending;
			  sigpending(&pending);
			  return sigismember(&pending, SIGXFSZ) ? 3 : 0;
		  }),
		  0);
}

TEST(Sys, NewFilesAreCloseOnExec)
{
	Fd null(sys::open("/dev/null", O_RDWR));
	Fd copy(sys::dup(null.get()));
	Fd event(sys::eventfd(0, 0));

	EXPECT_TRUE(close_on_exec(null.get()));
	EXPECT_TRUE(close_on_exec(copy.get()));
	EXPECT_TRUE(close_on_exec(event.get()));
}

TEST(Sys, EventIsCountedAndPolled)
{
	Fd event(sys::eventfd(0, 0));
	pollfd wanted{event.get(), POLLIN, 0};
	uint64_t count = 3;

	EXPECT_EQ(sys::poll(&wanted, 1, 0), 0);
	EXPECT_EQ(sys::write(event.get(), &count, sizeof(count)), 8);
	EXPECT_EQ(sys::poll(&wanted, 1, -1), 1);
	count = 0;
	EXPECT_EQ(sys::read(event.get(), &count, sizeof(count)), 8);
	EXPECT_EQ(count, 3u);
}

TEST(Sys, FutexWaitEndsByValueDeadlineAndWake)
{
	uint32_t word = 1;

	EXPECT_EQ(sys::futex_wait(&word, 0, UINT64_MAX), 0) << "the value differs";
	EXPECT_EQ(sys::futex_wait(&word, 1, 0), -ETIMEDOUT) << "a deadline in the past";
	uint64_t start = sys::now_ns();
	EXPECT_EQ(sys::futex_wait(&word, 1, start + 2000000), -ETIMEDOUT);
	EXPECT_GE(sys::now_ns(), start + 2000000);

	std::thread waker([&] {
		__atomic_store_n(&word, 2, __ATOMIC_SEQ_CST);
		while (sys::futex_wake(&word, 1) == 0 &&
		       __atomic_load_n(&word, __ATOMIC_SEQ_CST) != 3)
			std::this_thread::yield();
	});
	while (__atomic_load_n(&word, __ATOMIC_SEQ_CST) == 1)
		EXPECT_EQ(sys::futex_wait(&word, 1, UINT64_MAX), 0);
	__atomic_store_n(&word, 3, __ATOMIC_SEQ_CST);
	waker.join();
}

TEST(Sys, ThreadsOfTheLibraryTakeNoSignals)
{
	unsigned long thread;
	sigset_t blocked, mine;

	pthread_sigmask(SIG_SETMASK, nullptr, &mine);
	auto run = [](void *out) -> void * {
		pthread_sigmask(SIG_SETMASK, nullptr, static_cast<sigset_t *>(out));
		return nullptr;
	};
	ASSERT_EQ(sys::thread_create(&thread, run, &blocked), 0);
	sys::thread_join(thread);
	EXPECT_TRUE(sigismember(&blocked, SIGINT));
	EXPECT_TRUE(sigismember(&blocked, SIGUSR1));

	sigset_t after;
	pthread_sigmask(SIG_SETMASK, nullptr, &after);
	EXPECT_EQ(sigismember(&after, SIGUSR1), sigismember(&mine, SIGUSR1))
		<< "the mask of the caller is unchanged";
}

TEST(Sys, BarrierReturnsTheSameEachTime)
{
	int first = sys::barrier_all_threads();

	EXPECT_TRUE(first == 0 || first == -ENOSYS || first == -EPERM || first == -EINVAL) << first;
	EXPECT_EQ(sys::barrier_all_threads(), first);
	EXPECT_EQ(sys::has_barrier_all_threads(), first == 0);
}

TEST(Sys, StoreOf64BytesIsCompleteOrRefused)
{
	alignas(64) unsigned char from[64], to[64] = {};

	memset(from, 0x5a, sizeof(from));
	/* Ordinary memory accepts the posted store, but not ENQCMD. */
	const int posted = sys::can_store64(sys::Store64::posted);

	EXPECT_EQ(sys::store64(to, from, sys::Store64::posted), posted);
	EXPECT_EQ(memcmp(to, from, sizeof(to)) == 0, posted == 0);
	EXPECT_TRUE(posted == 0 || posted == -EOPNOTSUPP) << posted;
	if (sys::can_store64(sys::Store64::asked) == 0)
		GTEST_SKIP() << "this processor has ENQCMD, which needs a portal";
	memset(to, 0, sizeof(to));
	EXPECT_EQ(sys::store64(to, from, sys::Store64::asked), -EOPNOTSUPP);
	EXPECT_EQ(to[0], 0);
}

TEST(Sys, MemoryThatIsNotReadableIsNotRead)
{
	constexpr size_t kPage = 4096;
	char to[2 * kPage];
	auto *pages = static_cast<char *>(mmap(nullptr, 3 * kPage, PROT_READ | PROT_WRITE,
					       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	const auto at = reinterpret_cast<uintptr_t>(pages);

	ASSERT_NE(pages, MAP_FAILED);
	memset(pages, 0x5a, 3 * kPage);
	ASSERT_EQ(mprotect(pages + 2 * kPage, kPage, PROT_NONE), 0);
	EXPECT_EQ(sys::read_memory(to, at, sizeof(to)), 0);
	EXPECT_EQ(memcmp(to, pages, sizeof(to)), 0);
	EXPECT_EQ(sys::read_memory(to, at + 1, sizeof(to)), -EFAULT);
	EXPECT_EQ(sys::read_memory(to, at + 2 * kPage, 1), -EFAULT);
	EXPECT_EQ(sys::read_memory(to, 0, 1), -EFAULT);
	EXPECT_EQ(sys::read_memory(to, UINT64_MAX, 2), -EFAULT);
	munmap(pages, 3 * kPage);
}

TEST(Sys, ForkedChildHasAnotherGeneration)
{
	uint64_t mine = sys::process_generation();

	EXPECT_EQ(in_child([&] { return sys::process_generation() == mine ? 1 : 0; }), 0);
	EXPECT_EQ(sys::process_generation(), mine);
	/* No fork handler runs in this child. */
	const pid_t child = _Fork();
	if (child == 0)
		_exit(sys::process_generation() == mine ? 1 : 0);
	int status = -1;
	EXPECT_EQ(waitpid(child, &status, 0), child);
	EXPECT_EQ(status, 0);
	/* Each further child has another generation. */
	EXPECT_EQ(in_child([&] {
			  const uint64_t theirs = sys::process_generation();
			  return in_child([&] {
				  const uint64_t last = sys::process_generation();
				  return last == theirs || last == mine ? 1 : 0;
			  });
		  }),
		  0);
	EXPECT_EQ(in_child([] { return sys::has_barrier_all_threads() ? 1 : 0; }),
		  sys::has_barrier_all_threads() ? 1 : 0)
		<< "a child registers itself";
}

TEST(Sys, CallsCanBeReplaced)
{
	static int calls;
	sys::Calls fake = sys::kRealCalls;

	fake.open = [](const char *, int) {
		calls++;
		return -EMFILE;
	};
	sys::calls = &fake;
	EXPECT_EQ(sys::open("/dev/null", O_RDONLY), -EMFILE);
	sys::calls = &sys::kRealCalls;
	EXPECT_EQ(calls, 1);
}

TEST(Fd, ClosesOnceAndMoves)
{
	int raw = sys::open("/dev/null", O_RDONLY);
	{
		Fd one(raw);
		Fd two(std::move(one));
		EXPECT_FALSE(one);
		EXPECT_EQ(two.get(), raw);
		Fd three;
		three = std::move(two);
		EXPECT_EQ(three.get(), raw);
		EXPECT_GE(fcntl(raw, F_GETFD), 0);
	}
	EXPECT_EQ(fcntl(raw, F_GETFD), -1);

	Fd again(sys::open("/dev/null", O_RDONLY));
	raw = again.release();
	EXPECT_FALSE(again);
	EXPECT_EQ(sys::close(raw), 0);
}

} // namespace
