// SPDX-License-Identifier: MIT
// The C interface of libaccel as this program uses it: owners, and failures as exceptions.
#pragma once

#include <accel/accel.h>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace cli {

/// What every sub-command takes.
struct Common {
	bool json = false;
	bool verbose = false;
	bool trace = false; // report each uABI call on stderr
};

struct Closer {
	void operator()(accel_device *device) const { accel_device_close(device); }
	void operator()(accel_address_space *space) const
	{
		accel_address_space_destroy(space, nullptr);
	}
	void operator()(accel_queue *queue) const { accel_queue_destroy(queue, nullptr); }
	void operator()(accel_command *command) const { accel_command_destroy(command, nullptr); }
};

using Device = std::unique_ptr<accel_device, Closer>;
using AddressSpace = std::unique_ptr<accel_address_space, Closer>;
using Queue = std::unique_ptr<accel_queue, Closer>;
using Command = std::unique_ptr<accel_command, Closer>;

/// Throws what @result, which is negative, and @error say of @what.
[[noreturn]] void fail_device(const std::string &what, int result, const accel_error &error);

/// Open a device; with common.trace its calls are reported on stderr from then on.
Device open_device(const std::string &name, const Common &common);

accel_device_caps query(accel_device *device, const std::string &name);
AddressSpace create_address_space(accel_device *device, accel_address_mode mode);
Queue create_queue(accel_address_space *space, const accel_queue_options &options);
Command create_command(accel_device *device, accel_scope scope);

/// Send a command; the answer has at most @room bytes.
std::string execute(accel_command *command, const std::string &request, size_t room);

/// One message of the attribute uABI as it is. Throws if it is refused.
void call(accel_device *device, const std::string &what, uint16_t object, uint16_t method,
	  std::vector<accel_attribute> &attributes);

} // namespace cli
