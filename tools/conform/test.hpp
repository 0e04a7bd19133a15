// SPDX-License-Identifier: MIT
// The environment of an obligation: the device under test, and owners for its objects.
#pragma once

#include "conform/check.hpp"
#include "conform/conform.hpp"
#include "conform/workload.hpp"

#include <accel/accel.hpp>
#include <cstdint>
#include <optional>
#include <random>
#include <span>

namespace accel::conform {

/// Device, Buffer, Event and Queue are those of accel.hpp. Obligations about destroying find a destroy that fails.
using Command = CommandChannel;

struct Space {
	AddressSpace owner;
	accel_address_mode mode;
	accel_device *device; ///< that it was created on

	accel_address_space *get() const { return owner.get(); }
};

/// One obligation while it runs. A function that cannot provide something because the device does not have it skips the
/// obligation. For one thread, except options() and workload().
class Test {
public:
	Test(const Options &options, uint64_t seed) : options_(options), seed_(seed), random_(seed)
	{}

	const Options &options() const { return options_; }
	uint64_t seed() const { return seed_; }
	/// Returns a random number from @least to @most.
	uint64_t pick(uint64_t least, uint64_t most);
	std::mt19937_64 &random() { return random_; }

	/// The device under test; the first use opens it.
	const Device &owner();
	accel_device *device() { return owner().get(); }
	/// Opens the device once more.
	Device open();
	const accel_device_caps &caps();
	accel_device_caps caps_of(accel_device *device);
	/// @device must now have @expected queues or clients, if it counts them.
	void check_queues(accel_device *device, uint64_t expected, Place place);
	void check_clients(accel_device *device, uint64_t expected, Place place);
	const Workload &workload();
	/// Skips the obligation if the device does not implement the attribute uABI.
	void need_uabi();

	/// Creates on @device, by default on the device under test.
	Space space(accel_address_mode mode, const Device *device = nullptr);
	/// Shared if the device has that mode, else mapped, else handles.
	Space any_space(const Device *device = nullptr);
	Buffer buffer(uint64_t size, const Device *device = nullptr);
	Event event(const Device *device = nullptr);
	Command command(accel_scope scope);
	/// With the modes of the run in addition to @flags.
	Queue queue(const Space &space, uint32_t entries = 16, uint64_t flags = 0,
		    const Event *event = nullptr);
	/// @device: the device of the queue, if it is not the device under test.
	accel_queue_options queue_options(uint32_t entries, uint64_t flags = 0,
					  accel_device *device = nullptr);

private:
	const Options &options_;
	uint64_t seed_;
	std::mt19937_64 random_;
	std::optional<Device> device_;
	std::optional<accel_device_caps> caps_;
};

/// accel_buffer_create() with only a length.
inline int create_buffer(accel_device *device, uint64_t length, accel_buffer **buffer,
			 accel_error *error)
{
	accel_buffer_options options{.size = sizeof(options), .length = length};

	return accel_buffer_create(device, &options, buffer, error);
}

inline bool has_pasid(const accel_address_space_info &info)
{
	return info.given & ACCEL_ADDRESS_SPACE_INFO_GIVEN_PASID;
}

/// The smallest size of a ring.
constexpr uint32_t kLeastEntries = 2;

uint64_t now_ns();
/// Returns the deadline that is @milliseconds from now.
uint64_t after_ms(uint64_t milliseconds);
/// Limit for every event that must happen; no test judges a shorter time.
constexpr uint64_t kPatienceMs = 40000;

} // namespace accel::conform

/// For an obligation whose Test is `test`.
#define CHECK_QUEUES(device, expected)	test.check_queues((device), (expected), CONFORM_HERE)
#define CHECK_CLIENTS(device, expected) test.check_clients((device), (expected), CONFORM_HERE)
