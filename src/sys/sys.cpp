// SPDX-License-Identifier: MIT
// The real system calls of sys.hpp.
#include "sys/sys.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <dirent.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <linux/membarrier.h>
#include <memory>
#include <new>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace accel::core::sys {

namespace {

template <class T>
T result(T value)
{
	return value < 0 ? -errno : value;
}

int real_futex_wait(uint32_t *word, uint32_t expected, uint64_t deadline_ns)
{
	timespec deadline{static_cast<time_t>(deadline_ns / 1000000000),
			  static_cast<long>(deadline_ns % 1000000000)};
	timespec *until = deadline_ns == UINT64_MAX ? nullptr : &deadline;
	long r = syscall(SYS_futex, word, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG, expected, until,
			 nullptr, FUTEX_BITSET_MATCH_ANY);

	if (r == 0 || errno == EAGAIN)
		return 0;
	return -errno;
}

/* access() is used if the ids are the same: kernels before 5.8 lack faccessat2(), and seccomp filters of that time
 * return EPERM for it, which would look like the result for the file. */
int real_access(const char *path, int mode)
{
	if (geteuid() == getuid() && getegid() == getgid())
		return result(::access(path, mode));
	return result(::faccessat(AT_FDCWD, path, mode, AT_EACCESS));
}

int real_list_directory(const char *path, void (*each)(void *context, const char *name),
			void *context)
{
	struct Close {
		void operator()(DIR *directory) const { closedir(directory); }
	};
	const std::unique_ptr<DIR, Close> directory(opendir(path));

	if (!directory)
		return -errno;
	for (;;) {
		errno = 0;
		const dirent *entry = readdir(directory.get());

		if (!entry)
			return -errno;
		if (entry->d_name[0] != '.')
			each(context, entry->d_name);
	}
}

/* A file that would exceed the limit of the process (ulimit -f) must cause EFBIG, not a signal that terminates the
 * process by default. A signal that was pending before stays pending. */
template <class Call>
auto without_limit_signal(Call call)
{
	sigset_t limit, before, pending;

	sigemptyset(&limit);
	sigaddset(&limit, SIGXFSZ);
	sigpending(&pending);
	pthread_sigmask(SIG_BLOCK, &limit, &before);
	const auto r = call();
	if (r == -EFBIG && !sigismember(&pending, SIGXFSZ)) {
		const timespec now{};

		(void)sigtimedwait(&limit, nullptr, &now);
	}
	pthread_sigmask(SIG_SETMASK, &before, nullptr);
	return r;
}

int real_thread_create(unsigned long *thread, void *(*run)(void *), void *argument)
{
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int r = pthread_create(thread, nullptr, run, argument);
	pthread_sigmask(SIG_SETMASK, &before, nullptr);
	return -r;
}

/* With a pipe, for kernels that do not permit process_vm_readv(): write() returns EFAULT instead of raising a signal.
 * Writes at most PIPE_BUF bytes at once, which always fit into the empty pipe. */
int read_through_pipe(char *to, uint64_t from, size_t length)
{
	int ends[2];

	if (::pipe2(ends, O_CLOEXEC))
		return -errno;
	ssize_t r = 0;
	for (size_t done = 0, now; done < length && r >= 0; done += now) {
		now = std::min<size_t>(length - done, PIPE_BUF);
		r = ::write(ends[1], reinterpret_cast<const void *>(from + done), now);
		/* write() took only the readable part. */
		if (r >= 0 && static_cast<size_t>(r) < now)
			r = -1, errno = EFAULT;
		else if (r >= 0)
			r = ::read(ends[0], to + done, now);
	}
	const int error = r < 0 ? -errno : 0;
	::close(ends[0]);
	::close(ends[1]);
	return error;
}

int real_read_memory(void *to, uint64_t from, size_t length)
{
	const iovec here{to, length}, there{reinterpret_cast<void *>(from), length};

	if (from > UINTPTR_MAX - length)
		return -EFAULT;
	const ssize_t r = ::process_vm_readv(::getpid(), &here, 1, &there, 1, 0);
	if (r == static_cast<ssize_t>(length))
		return 0;
	if (r >= 0 || errno == EFAULT)
		return -EFAULT;
	return read_through_pipe(static_cast<char *>(to), from, length);
}

#if defined(__x86_64__)
/* CPUID leaf 7: ECX has one bit for each instruction. */
constexpr unsigned kLeaf = 7, kMovdir64b = 1u << 28, kEnqcmd = 1u << 29;

unsigned store_bits() noexcept
{
	unsigned a, b, c = 0, d;

	return __get_cpuid_count(kLeaf, 0, &a, &b, &c, &d) ? c : 0;
}

/* Read when the library is loaded: the guard of a function's static object could be locked forever in a forked
 * child. */
const unsigned kStoreBits = store_bits();

int real_can_store64(Store64 how)
{
	return kStoreBits & (how == Store64::posted ? kMovdir64b : kEnqcmd) ? 0 : -EOPNOTSUPP;
}

/* As bytes, because the compiler offers these instructions only if all code may use them. */
int real_store64(void *portal, const void *descriptor, Store64 how)
{
	struct Bytes {
		char bytes[64];
	};
	auto *to = static_cast<Bytes *>(portal);
	const auto *from = static_cast<const Bytes *>(descriptor);
	bool full;

	if (int r = real_can_store64(how); r < 0)
		return r;
	/* The instructions are not ordered after earlier stores. */
	__asm__ __volatile__("sfence" ::: "memory");
	if (how == Store64::posted) {
		/* movdir64b (%rdx), %rax */
		__asm__ __volatile__(".byte 0x66, 0x0f, 0x38, 0xf8, 0x02"
				     : "+m"(*to)
				     : "m"(*from), "a"(to), "d"(from));
		return 0;
	}
	/* enqcmd (%rdx), %rax: the zero flag is set if the device did not take the bytes. */
	__asm__ __volatile__(".byte 0xf2, 0x0f, 0x38, 0xf8, 0x02"
			     : "=@ccz"(full), "+m"(*to)
			     : "m"(*from), "a"(to), "d"(from));
	return full ? -EAGAIN : 0;
}
#else
int real_can_store64(Store64)
{
	return -EOPNOTSUPP;
}

int real_store64(void *, const void *, Store64)
{
	return -EOPNOTSUPP;
}
#endif

} // namespace

constexpr Calls kRealCalls = {
	.open = [](const char *path, int flags) { return result(::open(path, flags | O_CLOEXEC)); },
	.close = [](int fd) { return result(::close(fd)); },
	.ioctl = [](int fd, unsigned long request,
		    void *argument) { return result(::ioctl(fd, request, argument)); },
	.mmap = [](void *address, size_t length, int protection, int flags, int fd,
		   off_t offset) -> long {
		void *p = ::mmap(address, length, protection, flags, fd, offset);
		return p == MAP_FAILED ? -errno : reinterpret_cast<long>(p);
	},
	.munmap = [](void *address, size_t length) { return result(::munmap(address, length)); },
	.madvise = [](void *address, size_t length,
		      int advice) { return result(::madvise(address, length, advice)); },
	.futex_wait = real_futex_wait,
	.futex_wake =
		[](uint32_t *word, int count) {
			return static_cast<int>(result(
				syscall(SYS_futex, word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, count)));
		},
	.membarrier =
		[](int command) {
			return static_cast<int>(result(syscall(SYS_membarrier, command, 0, 0)));
		},
	.eventfd = [](unsigned initial,
		      int flags) { return result(::eventfd(initial, flags | EFD_CLOEXEC)); },
	.memfd_create = [](const char *name,
			   unsigned flags) { return result(::memfd_create(name, flags)); },
	.ftruncate =
		[](int fd, off_t length) {
			return without_limit_signal(
				[=] { return result(::ftruncate(fd, length)); });
		},
	.fstat = [](int fd, struct stat *out) { return result(::fstat(fd, out)); },
	.dup = [](int fd) { return result(::fcntl(fd, F_DUPFD_CLOEXEC, 0)); },
	.add_seals =
		[](int fd, int seals) {
			return static_cast<int>(result(::fcntl(fd, F_ADD_SEALS, seals)));
		},
	.get_seals = [](int fd) { return static_cast<int>(result(::fcntl(fd, F_GET_SEALS))); },
	.read = [](int fd, void *buffer,
		   size_t length) { return result(::read(fd, buffer, length)); },
	.write = [](int fd, const void *buffer,
		    size_t length) { return result(::write(fd, buffer, length)); },
	.pwrite =
		[](int fd, const void *buffer, size_t length, off_t offset) {
			return without_limit_signal(
				[=] { return result(::pwrite(fd, buffer, length, offset)); });
		},
	.read_memory = real_read_memory,
	.poll = [](pollfd *fds, unsigned count,
		   int timeout_ms) { return result(::poll(fds, count, timeout_ms)); },
	.access = real_access,
	.readlink = [](const char *path, char *buffer,
		       size_t length) { return result(::readlink(path, buffer, length)); },
	.realpath = [](const char *path,
		       char *resolved) { return ::realpath(path, resolved) ? 0 : -errno; },
	.list_directory = real_list_directory,
	.stat = [](const char *path, struct stat *out) { return result(::stat(path, out)); },
	.thread_create = real_thread_create,
	.can_store64 = real_can_store64,
	.store64 = real_store64,
};

const Calls *calls = &kRealCalls;

ssize_t read_file(const char *path, char *buffer, size_t length)
{
	const int fd = open(path, O_RDONLY);

	if (fd < 0)
		return fd;
	const ssize_t got = read(fd, buffer, length);

	close(fd);
	return got;
}

int mmap(void **out, void *address, size_t length, int protection, int flags, int fd, off_t offset)
{
	long r = calls->mmap(address, length, protection, flags, fd, offset);

	/* No mapping is in the last page, so errnos and addresses do not overlap. */
	if (r < 0 && r > -4096)
		return static_cast<int>(r);
	*out = reinterpret_cast<void *>(r);
	return 0;
}

void thread_join(unsigned long thread)
{
	pthread_join(thread, nullptr);
}

uint64_t now_ns()
{
	timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return static_cast<uint64_t>(now.tv_sec) * 1000000000u + static_cast<uint64_t>(now.tv_nsec);
}

int barrier_all_threads()
{
	int r = calls->membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED);

	if (r != -EPERM)
		return r;
	r = calls->membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED);
	return r < 0 ? r : calls->membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED);
}

bool has_barrier_all_threads()
{
	return barrier_all_threads() == 0;
}

namespace {

constinit std::atomic<uint64_t> last_generation{1}; // a child continues from the parent's value
constinit std::atomic<uint64_t> without_page{1};
/* A word in a page that the kernel clears in every child: handlers of pthread_atfork() do not run for _Fork() and
 * clone(). Without such pages, before Linux 4.14, no ring can be created either. */
constinit std::atomic<uint64_t> *generation_word = &without_page;

/* Runs when the shared object is loaded, before any device is opened. The page stays mapped. */
[[gnu::constructor]] void make_generation_page()
{
	constexpr size_t kPage = 4096;
	void *page =
		::mmap(nullptr, kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		return;
	if (::madvise(page, kPage, MADV_WIPEONFORK))
		::munmap(page, kPage);
	else
		generation_word = new (page) std::atomic<uint64_t>(1);
}

} // namespace

uint64_t process_generation()
{
	uint64_t here = generation_word->load(std::memory_order_relaxed);

	if (here) [[likely]]
		return here;
	/* Two threads of a child may both load 0: each takes its own number from the counter, and the exchange lets one
	 * number win. A third thread may call fork() between the counter and the exchange of another one. Excluded: the
	 * grandchild gets the number of the child, because the counter has moved before the word is set. */
	const uint64_t next = last_generation.fetch_add(1, std::memory_order_relaxed) + 1;

	return generation_word->compare_exchange_strong(here, next, std::memory_order_relaxed) ?
		       next :
		       here;
}

} // namespace accel::core::sys
