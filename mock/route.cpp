// SPDX-License-Identifier: MIT
// The table of system calls: counts each call, makes selected calls fail, and passes calls on mock files to them.
#include "mock/kernel.hpp"

#include "mock/user.hpp"

#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <poll.h>
#include <sys/mman.h>

namespace accel::core::mock {

namespace {

MockKernel *current = nullptr;

} // namespace

/// Accesses the kernel for the functions of the table, which have no context argument.
struct Route {
	/* A call that the mock only counts. */
	template <Call kind, auto member, class... Arguments>
	static auto counted(Arguments... arguments)
		-> decltype((sys::kRealCalls.*member)(arguments...))
	{
		if (int r = current->enter(kind); r < 0)
			return r;
		return (current->previous_->*member)(arguments...);
	}
	/* A call that the mock serves. */
	template <Call kind, auto member, class... Arguments>
	static auto served(Arguments... arguments) -> decltype((current->*member)(arguments...))
	{
		if (int r = current->enter(kind); r < 0)
			return r;
		return (current->*member)(arguments...);
	}
	static int ioctl(int fd, unsigned long request, void *argument)
	{
		if (int r = current->enter(Call::ioctl, request); r < 0)
			return r;
		return current->ioctl(fd, request, argument);
	}
	static int close(int fd)
	{
		const int failure = current->enter(Call::close);
		const int r = current->close(fd);

		return failure < 0 ? failure : r;
	}

	static const sys::Calls kCalls;
};

const sys::Calls Route::kCalls = {
	.open = served<Call::open, &MockKernel::open, const char *, int>,
	.close = close,
	.ioctl = ioctl,
	.mmap = served<Call::mmap, &MockKernel::mmap, void *, size_t, int, int, int, off_t>,
	.munmap = served<Call::munmap, &MockKernel::munmap, void *, size_t>,
	.madvise = counted<Call::madvise, &sys::Calls::madvise, void *, size_t, int>,
	.futex_wait =
		counted<Call::futex_wait, &sys::Calls::futex_wait, uint32_t *, uint32_t, uint64_t>,
	.futex_wake = counted<Call::futex_wake, &sys::Calls::futex_wake, uint32_t *, int>,
	.membarrier = counted<Call::membarrier, &sys::Calls::membarrier, int>,
	.eventfd = counted<Call::eventfd, &sys::Calls::eventfd, unsigned, int>,
	.memfd_create =
		counted<Call::memfd_create, &sys::Calls::memfd_create, const char *, unsigned>,
	.ftruncate = counted<Call::ftruncate, &sys::Calls::ftruncate, int, off_t>,
	.fstat = served<Call::fstat, &MockKernel::fstat, int, struct stat *>,
	.dup = served<Call::dup, &MockKernel::dup, int>,
	.add_seals = counted<Call::add_seals, &sys::Calls::add_seals, int, int>,
	.get_seals = counted<Call::get_seals, &sys::Calls::get_seals, int>,
	.read = served<Call::read, &MockKernel::read, int, void *, size_t>,
	.write = served<Call::write, &MockKernel::write, int, const void *, size_t>,
	.pwrite = counted<Call::pwrite, &sys::Calls::pwrite, int, const void *, size_t, off_t>,
	.read_memory =
		counted<Call::read_memory, &sys::Calls::read_memory, void *, uint64_t, size_t>,
	.poll = served<Call::poll, &MockKernel::poll, pollfd *, unsigned, int>,
	.access = served<Call::access, &MockKernel::access, const char *, int>,
	.thread_create = counted<Call::thread_create, &sys::Calls::thread_create, unsigned long *,
				 void *(*)(void *), void *>,
	/* The mock's processor has both instructions. */
	.can_store64 = [](sys::Store64) { return 0; },
	.store64 = served<Call::store64, &MockKernel::store64, void *, const void *, sys::Store64>,
};

MockKernel::MockKernel(KernelOptions options)
	: options_(options), previous_(sys::calls), shadowed_(current), files_(!options.null_kernel)
{
	current = this;
	sys::calls = &Route::kCalls;
}

MockKernel::~MockKernel()
{
	sys::calls = previous_;
	current = shadowed_;
}

int MockKernel::ioctl(int fd, unsigned long request, void *argument)
{
	FileUse file = files_.use(fd);

	if (!file)
		return previous_->ioctl(fd, request, argument);
	if (!file->file)
		return -EBADF;
	return file->file->ioctl(request, argument);
}

ssize_t MockKernel::read(int fd, void *to, size_t length)
{
	FileUse file = files_.use(fd);

	if (!file)
		return previous_->read(fd, to, length);
	if (!file->file)
		return -EBADF;
	return file->file->read(to, length);
}

ssize_t MockKernel::write(int fd, const void *from, size_t length)
{
	FileUse file = files_.use(fd);

	if (!file)
		return previous_->write(fd, from, length);
	if (!file->file)
		return -EBADF;
	return file->file->write(from, length);
}

long MockKernel::mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset)
{
	FileUse file = flags & MAP_ANONYMOUS ? FileUse() : files_.use(fd);
	MapTarget target;

	if (!file) {
		if (!(flags & MAP_FIXED) || !mappings_.count())
			return previous_->mmap(address, length, protection, flags, fd, offset);
		long r = 0;
		/* Also replaces earlier mappings in the range, including those of mock files. */
		mappings_.remove(address, length, [&] {
			r = previous_->mmap(address, length, protection, flags, fd, offset);
			return r < 0 && r > -4096 ? static_cast<int>(r) : 0;
		});
		return r;
	}
	if (!file->file)
		return -EBADF;
	if (!length)
		return -EINVAL;
	if (int r = file->file->map({length, protection, flags, offset}, &target); r < 0)
		return r;
	/* A mapping is a use of its file, even if uses are not counted. */
	file->users.fetch_add(1, std::memory_order_relaxed);
	return mappings_.add(length, FileUse(file.get(), true), [&] {
		return previous_->mmap(address, length, protection, flags, target.memory->fd(),
				       target.offset);
	});
}

int MockKernel::store64(void *portal, const void *descriptor, sys::Store64 how)
{
	uint64_t start = 0;
	FileUse file = mappings_.find(portal, &start);

	/* Never call the real function: memory that is not a portal of a mock is ordinary memory, where ENQCMD faults.
	 * */
	if (!file)
		abort();
	return file->file->store64(static_cast<off_t>(reinterpret_cast<uint64_t>(portal) - start),
				   descriptor, how == sys::Store64::asked);
}

int MockKernel::munmap(void *address, size_t length)
{
	return mappings_.remove(address, length,
				[&] { return previous_->munmap(address, length); });
}

int MockKernel::poll_mock(pollfd *fds, const std::vector<FileUse> &files)
{
	int ready = 0;

	for (size_t i = 0; i < files.size(); i++) {
		if (!files[i])
			continue;
		fds[i].revents = files[i]->file ? files[i]->file->poll(fds[i].events) :
						  static_cast<short>(POLLNVAL);
		ready += fds[i].revents != 0;
	}
	return ready;
}

int MockKernel::poll(pollfd *fds, unsigned count, int timeout_ms)
{
	std::vector<pollfd> real(fds, fds + count);
	std::vector<FileUse> files;
	const uint64_t start = sys::now_ns();
	bool any = false;

	for (pollfd &one : real) {
		files.push_back(files_.use(one.fd));
		any |= static_cast<bool>(files.back());
		one.fd = files.back() ? -1 : one.fd;
	}
	if (!any)
		return previous_->poll(fds, count, timeout_ms);
	for (;;) {
		const int ready = poll_mock(fds, files);
		const uint64_t passed_ms = (sys::now_ns() - start) / 1000000;
		const bool over = timeout_ms >= 0 && passed_ms >= static_cast<uint64_t>(timeout_ms);
		/* Events of the mock signal no descriptor, so they are polled every millisecond. */
		const int r = previous_->poll(real.data(), count, ready || over ? 0 : 1);

		if (r < 0)
			return r;
		if (!ready && !r && !over)
			continue;
		for (unsigned i = 0; i < count; i++)
			if (!files[i])
				fds[i].revents = real[i].revents;
		return ready + r;
	}
}

} // namespace accel::core::mock
