// SPDX-License-Identifier: MIT
// Calls of the library that throw on failure.
#pragma once

#include <accel/accel.hpp>
#include <cstddef>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace cli {

/// The options of every sub-command.
struct Common {
	bool json = false;
	bool verbose = false;
	bool trace = false; // report each uABI call on stderr
};

/// Throws the Failure of @error. @what: the subject of the message.
[[noreturn]] void fail_device(const std::string &what, const accel::Error &error);

/// Returns the value of @result, or throws its error. @what: the subject of the message.
template <class T>
T must(const std::string &what, accel::Result<T> result)
{
	if (!result)
		fail_device(what, result.error());
	if constexpr (!std::is_void_v<T>)
		return std::move(*result);
}

/// Opens a device; with common.trace, reports its calls on stderr.
accel::Device open_device(const std::string &name, const Common &common);

/// Sends a command; returns the response of at most @room bytes.
std::string execute(const accel::CommandChannel &channel, const std::string &request, size_t room);

/// Sends one message of the attribute uABI. Throws if the device refuses it.
void call(const accel::Device &device, const std::string &what, uint16_t object, uint16_t method,
	  std::vector<accel_attribute> &attributes);

} // namespace cli
