// SPDX-License-Identifier: MIT
// Creates what an obligation needs, or skips the obligation.
#include "conform/test.hpp"

#include <cerrno>
#include <cstring>
#include <ctime>

namespace accel::conform {

uint64_t now_ns()
{
	timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return static_cast<uint64_t>(t.tv_sec) * 1000000000 + static_cast<uint64_t>(t.tv_nsec);
}

uint64_t after_ms(uint64_t milliseconds)
{
	return now_ns() + milliseconds * 1000000;
}

uint64_t Test::pick(uint64_t least, uint64_t most)
{
	return std::uniform_int_distribution<uint64_t>(least, most)(random_);
}

Device Test::open()
{
	return NEED(Device::open(options_.device.c_str()));
}

const Device &Test::owner()
{
	if (!device_)
		device_.emplace(open());
	return *device_;
}

accel_device_caps Test::caps_of(accel_device *device)
{
	accel_device_caps caps{.size = sizeof(caps)};

	NEED_OK(accel_device_query(device, &caps, err()));
	return caps;
}

const accel_device_caps &Test::caps()
{
	if (!caps_)
		caps_ = caps_of(device());
	return *caps_;
}

void Test::check_queues(accel_device *device, uint64_t expected, Place place)
{
	accel_device_caps caps = caps_of(device);

	if (caps.given & ACCEL_DEVICE_CAPS_GIVEN_QUEUES)
		check_relation(caps.queues == expected, uint64_t{caps.queues}, expected,
			       "queues of device.query == expected", place);
}

void Test::check_clients(accel_device *device, uint64_t expected, Place place)
{
	accel_device_caps caps = caps_of(device);

	if (caps.given & ACCEL_DEVICE_CAPS_GIVEN_CLIENTS)
		check_relation(caps.clients == expected, uint64_t{caps.clients}, expected,
			       "clients of device.query == expected", place);
}

const Workload &Test::workload()
{
	const char *provider = accel_device_provider(device());
	const Workload *workload = find_workload(provider);

	if (!workload)
		skip(fmt::format("the conformance tests have no workload for the provider \"{}\" "
				 "(tools/conform/workload.cpp)",
				 provider));
	return *workload;
}

void Test::need_uabi()
{
	accel_error_record record{};
	accel_call call{.size = sizeof(call),
			.object = ACCEL_OBJECT_DEVICE,
			.method = ACCEL_DEVICE_QUERY,
			.error = reinterpret_cast<uintptr_t>(&record),
			.error_size = sizeof(record)};

	if (accel_device_call(device(), &call) == -EOPNOTSUPP)
		skip(record.text);
}

Space Test::space(accel_address_mode mode, const Device *on)
{
	const Device &device = on ? *on : owner();

	return {NEED(AddressSpace::create(device, static_cast<AddressMode>(mode))), mode,
		device.get()};
}

Space Test::any_space(const Device *on)
{
	const Device &device = on ? *on : owner();

	for (accel_address_mode mode : {ACCEL_ADDRESS_MODE_SHARED, ACCEL_ADDRESS_MODE_MAPPED}) {
		auto made = AddressSpace::create(device, static_cast<AddressMode>(mode));

		if (!made && made.error().code() == EOPNOTSUPP)
			continue;
		CHECK_OK(made);
		return {std::move(*made), mode, device.get()};
	}
	return space(ACCEL_ADDRESS_MODE_HANDLES, &device);
}

Buffer Test::buffer(uint64_t size, const Device *on)
{
	return NEED(Buffer::create(on ? *on : owner(), size));
}

Event Test::event(const Device *on)
{
	return NEED(Event::create(on ? *on : owner()));
}

Command Test::command(accel_scope scope)
{
	auto made = Command::create(owner(), static_cast<Scope>(scope));

	if (!made && (made.error().code() == EPERM || made.error().code() == EACCES))
		skip(std::string(made.error().message()));
	return NEED(std::move(made));
}

accel_queue_options Test::queue_options(uint32_t entries, uint64_t flags, accel_device *on)
{
	accel_queue_options o{};

	o.size = sizeof(o);
	o.entries = entries;
	o.flags = flags;
	if (options_.multi_producer)
		o.flags |= ACCEL_QUEUE_FLAGS_MULTI_PRODUCER;
	if (options_.status_phase)
		o.flags |= ACCEL_QUEUE_FLAGS_STATUS_PHASE;
	if (const Workload *known = find_workload(accel_device_provider(device()));
	    known && known->queue_options) {
		auto driver = known->queue_options(options_, on ? on : device());

		o.driver = driver.data();
		o.driver_size = driver.size();
	}
	return o;
}

Queue Test::queue(const Space &space, uint32_t entries, uint64_t flags, const Event *event)
{
	accel_queue_options o = queue_options(entries, flags, space.device);

	return NEED(Queue::create(space.owner, {.entries = o.entries,
						.flags = o.flags,
						.event = event,
						.driver = {static_cast<const std::byte *>(o.driver),
							   o.driver_size}}));
}

} // namespace accel::conform
