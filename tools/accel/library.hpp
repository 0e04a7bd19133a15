// SPDX-License-Identifier: MIT
// The library as this program uses it: failures as exceptions.
#pragma once

#include <accel/accel.hpp>
#include <cstddef>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace cli {

/// What every sub-command takes.
struct Common {
	bool json = false;
	bool verbose = false;
	bool trace = false; // report each uABI call on stderr
};

/// Throws what @error, with which a call for @what failed, says.
[[noreturn]] void fail_device(const std::string &what, const accel::Error &error);

/// The value of @result. Throws if there is none; @what: what it was for.
template <class T>
T must(const std::string &what, accel::Result<T> result)
{
	if (!result)
		fail_device(what, result.error());
	if constexpr (!std::is_void_v<T>)
		return std::move(*result);
}

/// Open a device; with common.trace its calls are reported on stderr from then on.
accel::Device open_device(const std::string &name, const Common &common);

/// Send a command; the answer has at most @room bytes.
std::string execute(const accel::CommandChannel &channel, const std::string &request, size_t room);

/// One message of the attribute uABI as it is. Throws if it is refused.
void call(const accel::Device &device, const std::string &what, uint16_t object, uint16_t method,
	  std::vector<accel_attribute> &attributes);

} // namespace cli
