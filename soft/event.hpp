// SPDX-License-Identifier: MIT
// Events: an eventfd of the caller that workers signal.
#pragma once

#include "soft/object.hpp"
#include "sys/fd.hpp"

namespace accel::core::softdev {

class Event final : public Object {
public:
	/// References @fd. EBADF: it is no eventfd; EMFILE; EOPNOTSUPP: nobody can tell; ENOMEM by exception.
	static Result<std::shared_ptr<Event>> create(int fd);

	explicit Event(Fd fd) : Object(ACCEL_OBJECT_EVENT), fd_(std::move(fd)) {}

	/// Add one to it. By any thread; never waits, whatever the caller did to the eventfd.
	void signal() const;

private:
	Fd fd_;
};

} // namespace accel::core::softdev
