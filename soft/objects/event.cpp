// SPDX-License-Identifier: MIT
// Events.
#include "soft/objects/event.hpp"

#include "soft/process/file_kind.hpp"
#include "sys/sys.hpp"

#include <poll.h>

namespace accel::core::softdev {

Result<std::shared_ptr<Event>> Event::create(int fd)
{
	auto file = reference_file(fd, ACCEL_EVENT_CREATE_FD);

	if (!file)
		return std::unexpected(file.error());
	if (file->kind != FileKind::eventfd) {
		auto failed = fail(EBADF, ACCEL_REASON_BAD_FILE,
				   "file descriptor %d is not an eventfd", fd);
		failed.error().attribute = ACCEL_EVENT_CREATE_FD;
		failed.error().value = static_cast<uint32_t>(fd);
		return failed;
	}
	return std::make_shared<Event>(std::move(file->fd));
}

void Event::signal() const
{
	/* Writing to a blocking eventfd with a full counter would block the worker; a full counter is signalled. */
	pollfd ready{.fd = fd_.get(), .events = POLLOUT, .revents = 0};
	const uint64_t one = 1;

	if (sys::poll(&ready, 1, 0) == 1 && ready.revents & POLLOUT)
		(void)sys::write(fd_.get(), &one, sizeof(one));
}

} // namespace accel::core::softdev
