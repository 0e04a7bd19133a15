// SPDX-License-Identifier: MIT
// Events: eventfds of the caller that workers signal.
#pragma once

#include "soft/objects/object.hpp"
#include "sys/fd.hpp"

namespace accel::core::softdev {

class Event final : public Object {
public:
	/// Duplicates @fd. EBADF: it is not an eventfd; EMFILE; EOPNOTSUPP: /proc is not readable; ENOMEM by exception.
	static Result<std::shared_ptr<Event>> create(int fd);

	explicit Event(Fd fd) : Object(ACCEL_OBJECT_EVENT), fd_(std::move(fd)) {}

	/// Add one to its counter. Any thread; never blocks, in any state of the eventfd.
	void signal() const;

private:
	Fd fd_;
};

} // namespace accel::core::softdev
