// SPDX-License-Identifier: MIT
// The only access to the kernel. Every system call of the library and of soft/ is made here, returns a value or a
// negative errno, and can fail on request of a test.
#pragma once

#include <cstddef>
#include <cstdint>
#include <sys/types.h>

struct pollfd;
struct stat;

namespace accel::core::sys {

/// Stores of 64 bytes to a device in one piece.
enum class Store64 : uint8_t {
	posted, ///< MOVDIR64B: returns no result
	asked,	///< ENQCMD: returns whether the device took the bytes
};

/// The calls as a table, so that a test can replace them. Each returns -errno on failure.
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
	ssize_t (*readlink)(const char *path, char *buffer, size_t length);
	/* @resolved has PATH_MAX bytes. */
	int (*realpath)(const char *path, char *resolved);
	/* Calls @each with each name in the directory that does not begin with a dot; an exception of @each passes. */
	int (*list_directory)(const char *path, void (*each)(void *context, const char *name),
			      void *context);
	int (*stat)(const char *path, struct stat *out);
	int (*thread_create)(unsigned long *thread, void *(*run)(void *), void *argument);
	/* Not system calls, but stores to a device: the portal is not memory, so a test must be able to replace
	 * them. */
	int (*can_store64)(Store64 how);
	int (*store64)(void *portal, const void *descriptor, Store64 how);
};

/// The real calls.
extern const Calls kRealCalls;
/// The calls in use; only tests change it, and only while no other thread runs.
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
/// Returns 0 and stores the mapping in *@out, or returns -errno.
int mmap(void **out, void *address, size_t length, int protection, int flags, int fd, off_t offset);
inline int munmap(void *address, size_t length)
{
	return calls->munmap(address, length);
}
inline int madvise(void *address, size_t length, int advice)
{
	return calls->madvise(address, length, advice);
}
/// Sleeps while *@word is @expected, until the absolute CLOCK_MONOTONIC deadline (UINT64_MAX: no deadline).
/// 0: woken, or the value differed; -ETIMEDOUT; -EINTR.
inline int futex_wait(uint32_t *word, uint32_t expected, uint64_t deadline_ns)
{
	return calls->futex_wait(word, expected, deadline_ns);
}
/// Wakes at most @count sleepers; returns the number.
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
/// Returns a close-on-exec duplicate.
inline int dup(int fd)
{
	return calls->dup(fd);
}
/// Seals of a memory file, F_SEAL_*. -EINVAL: the file does not support seals; -EPERM: the set of seals is sealed.
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
/// Copies memory of this process that may be unreadable. 0, or -EFAULT: a part is unreadable, and @to may have any part
/// of it. Another -errno: the kernel does not permit the call.
inline int read_memory(void *to, uint64_t from, size_t length)
{
	return calls->read_memory(to, from, length);
}
inline int poll(struct pollfd *fds, unsigned count, int timeout_ms)
{
	return calls->poll(fds, count, timeout_ms);
}
/// Checks with the effective ids, as open() does.
inline int access(const char *path, int mode)
{
	return calls->access(path, mode);
}
/// Reads the start of a file, such as an attribute of sysfs, of which this is the whole. Returns the number of bytes, at
/// most @length, or a negative errno. Allocates nothing.
ssize_t read_file(const char *path, char *buffer, size_t length);
inline ssize_t readlink(const char *path, char *buffer, size_t length)
{
	return calls->readlink(path, buffer, length);
}
inline int realpath(const char *path, char *resolved)
{
	return calls->realpath(path, resolved);
}
inline int list_directory(const char *path, void (*each)(void *context, const char *name),
			  void *context)
{
	return calls->list_directory(path, each, context);
}
inline int stat(const char *path, struct stat *out)
{
	return calls->stat(path, out);
}
/// Creates a thread with all signals blocked, so that signal handlers of the program run on its own threads.
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
/// Stores the 64 bytes at @descriptor to the portal of a device; both are aligned to 64. Earlier stores to memory are
/// visible to the device before these bytes. 0; -EAGAIN: the device has no room for them (asked only); -EOPNOTSUPP.
/// ENQCMD faults on anything but a portal.
inline int store64(void *portal, const void *descriptor, Store64 how)
{
	return calls->store64(portal, descriptor, how);
}

/// Returns CLOCK_MONOTONIC in nanoseconds; uses the vDSO and cannot fail.
uint64_t now_ns();

/// Makes every running thread of the process execute a full barrier (membarrier, private expedited). Registers the
/// process on first use, also in a forked child. -ENOSYS or -EPERM where it is not available.
int barrier_all_threads();
/// Returns whether barrier_all_threads() works on this machine.
bool has_barrier_all_threads();

/// Returns a number that differs in a forked child: objects created under another number belong to the parent.
uint64_t process_generation();

} // namespace accel::core::sys
