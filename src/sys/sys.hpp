// SPDX-License-Identifier: MIT
// The one door to the kernel. Every system call of the library and of soft/ goes through here, returns
// a value or a negative errno, and can be made to fail in tests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <sys/types.h>

struct pollfd;
struct stat;

namespace accel::core::sys {

/// How a processor stores 64 bytes to a device in one piece.
enum class Store64 : uint8_t {
	posted, ///< MOVDIR64B: nothing comes back
	asked,	///< ENQCMD: the device says whether it took them
};

/// The calls as a table, so that a test can put its own in the way. Each returns -errno on failure.
struct Calls {
	int (*open)(const char *path, int flags);
	int (*close)(int fd);
	int (*ioctl)(int fd, unsigned long request, void *argument);
	long (*mmap)(void *address, size_t length, int protection, int flags, int fd, off_t offset);
	int (*munmap)(void *address, size_t length);
	int (*madvise)(void *address, size_t length, int advice);
	int (*futex_wait)(uint32_t *word, uint32_t expected, uint64_t deadline_ns);
	int (*futex_wake)(uint32_t *word, int count);
	int (*membarrier)(int command);
	int (*eventfd)(unsigned initial, int flags);
	int (*memfd_create)(const char *name, unsigned flags);
	int (*ftruncate)(int fd, off_t length);
	int (*fstat)(int fd, struct stat *out);
	int (*dup)(int fd);
	int (*add_seals)(int fd, int seals);
	int (*get_seals)(int fd);
	ssize_t (*read)(int fd, void *buffer, size_t length);
	ssize_t (*write)(int fd, const void *buffer, size_t length);
	ssize_t (*pwrite)(int fd, const void *buffer, size_t length, off_t offset);
	int (*read_memory)(void *to, uint64_t from, size_t length);
	int (*poll)(struct pollfd *fds, unsigned count, int timeout_ms);
	int (*access)(const char *path, int mode);
	int (*stat)(const char *path, struct stat *out);
	int (*thread_create)(unsigned long *thread, void *(*run)(void *), void *argument);
	/* No calls to the kernel, but stores that leave the process as they do, so that a test must be able to take
	 * their place: a portal is no memory. */
	int (*can_store64)(Store64 how);
	int (*store64)(void *portal, const void *descriptor, Store64 how);
};

/// The real ones.
extern const Calls kRealCalls;
/// What is used; only tests change it, and only while nothing else runs.
extern const Calls *calls;

inline int open(const char *path, int flags)
{
	return calls->open(path, flags);
}
inline int close(int fd)
{
	return calls->close(fd);
}
inline int ioctl(int fd, unsigned long request, void *argument)
{
	return calls->ioctl(fd, request, argument);
}
/// On success *@out is the mapping and 0 is returned.
int mmap(void **out, void *address, size_t length, int protection, int flags, int fd, off_t offset);
inline int munmap(void *address, size_t length)
{
	return calls->munmap(address, length);
}
inline int madvise(void *address, size_t length, int advice)
{
	return calls->madvise(address, length, advice);
}
/// Sleep while *@word is @expected, until the absolute CLOCK_MONOTONIC deadline (UINT64_MAX: forever).
/// 0: woken or the value differed; -ETIMEDOUT; -EINTR.
inline int futex_wait(uint32_t *word, uint32_t expected, uint64_t deadline_ns)
{
	return calls->futex_wait(word, expected, deadline_ns);
}
/// Wake at most @count sleepers; returns how many.
inline int futex_wake(uint32_t *word, int count)
{
	return calls->futex_wake(word, count);
}
inline int eventfd(unsigned initial, int flags)
{
	return calls->eventfd(initial, flags);
}
inline int memfd_create(const char *name, unsigned flags)
{
	return calls->memfd_create(name, flags);
}
inline int ftruncate(int fd, off_t length)
{
	return calls->ftruncate(fd, length);
}
inline int fstat(int fd, struct stat *out)
{
	return calls->fstat(fd, out);
}
/// A close-on-exec duplicate.
inline int dup(int fd)
{
	return calls->dup(fd);
}
/// Seals of a memory file, F_SEAL_*. -EINVAL: a file that has none; -EPERM: they are sealed.
inline int add_seals(int fd, int seals)
{
	return calls->add_seals(fd, seals);
}
inline int get_seals(int fd)
{
	return calls->get_seals(fd);
}
inline ssize_t read(int fd, void *buffer, size_t length)
{
	return calls->read(fd, buffer, length);
}
inline ssize_t write(int fd, const void *buffer, size_t length)
{
	return calls->write(fd, buffer, length);
}
inline ssize_t pwrite(int fd, const void *buffer, size_t length, off_t offset)
{
	return calls->pwrite(fd, buffer, length, offset);
}
/// Copies memory of this process that may not be readable. 0, or -EFAULT: not all of it can be read, and @to has
/// any part of it. Another -errno: the kernel does not allow the question.
inline int read_memory(void *to, uint64_t from, size_t length)
{
	return calls->read_memory(to, from, length);
}
inline int poll(struct pollfd *fds, unsigned count, int timeout_ms)
{
	return calls->poll(fds, count, timeout_ms);
}
/// For the effective ids, with which open() would be judged.
inline int access(const char *path, int mode)
{
	return calls->access(path, mode);
}
inline int stat(const char *path, struct stat *out)
{
	return calls->stat(path, out);
}
/// A thread with all signals blocked, so that handlers of the program run on its own threads.
inline int thread_create(unsigned long *thread, void *(*run)(void *), void *argument)
{
	return calls->thread_create(thread, run, argument);
}
void thread_join(unsigned long thread);
/// 0, or -EOPNOTSUPP: the processor lacks the instruction.
inline int can_store64(Store64 how)
{
	return calls->can_store64(how);
}
/// Stores the 64 bytes at @descriptor, which is aligned to 64, to the portal of a device, which is, too. Memory that
/// was written before is visible to the device before it sees them. 0; -EAGAIN: the device has no room for them
/// (asked only); -EOPNOTSUPP. On anything but a portal ENQCMD is a fault.
inline int store64(void *portal, const void *descriptor, Store64 how)
{
	return calls->store64(portal, descriptor, how);
}

/// CLOCK_MONOTONIC in nanoseconds; goes through the vDSO and cannot fail.
uint64_t now_ns();

/// Make every running thread of the process pass a full barrier (membarrier, private expedited).
/// Registers the process on first use, also in a forked child. -ENOSYS or -EPERM where it is not to be had.
int barrier_all_threads();
/// Whether barrier_all_threads() works here.
bool has_barrier_all_threads();

/// A number that changes in a forked child: what was opened under another number is the parent's.
uint64_t process_generation();

} // namespace accel::core::sys
