// SPDX-License-Identifier: MIT
// A device that is open for `run`, with a queue and a shared address space.
#include "pipeline.hpp"

#include "fail.hpp"
#include "output.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace cli {

Accelerator::Accelerator(const RunOptions &options, uint32_t entries, unsigned parallel)
	: device_(open_device(options.device, options.common))
{
	accel_queue_options queue = {};

	if (accel_device_provider(device_.get()) != std::string("soft"))
		fail(Exit::device, options.device,
		     "`run` and `bench` post descriptors of the provider 'soft'; this device "
		     "belongs "
		     "to '{}', which has others or none",
		     accel_device_provider(device_.get()));
	if (options.workers)
		set_feature("--workers", ACCEL_SOFT_FEATURE_WORKERS, options.workers);
	if (options.counters)
		set_feature("--counters", ACCEL_SOFT_FEATURE_COUNTERS, 1);
	workers_ = query_workers(options.device);
	parallel_ = parallel	     ? parallel :
		    options.parallel ? options.parallel :
				       std::min<unsigned>(workers_, ACCEL_SOFT_MAX_PARALLEL);
	space_ = create_address_space(device_.get(), ACCEL_ADDRESS_MODE_SHARED);
	queue.size = sizeof(queue);
	queue.entries = std::bit_ceil(entries);
	accel_soft_queue_options own = {.parallel = parallel_, .inline_limit = 0};
	queue.driver = &own;
	queue.driver_size = sizeof(own);
	queue_ = create_queue(space_.get(), queue);
	ring_ = accel_queue_ring(queue_.get());
}

void Accelerator::set_feature(const char *option, accel_soft_feature feature, uint64_t value)
{
	Command command = create_command(device_.get(), ACCEL_SCOPE_CONFIGURATION);
	accel_error error = {};
	int result = accel_soft_set_feature(command.get(), feature, value, &error);

	if (result < 0)
		fail_device(option, result, error);
}

void Accelerator::inject_faults(accel_soft_op operation, unsigned count)
{
	if (!count)
		return;
	Command command = create_command(device_.get(), ACCEL_SCOPE_DEBUG_FULL);
	accel_error error = {};
	int result = accel_soft_inject_fault(command.get(), operation, count, &error);

	if (result < 0)
		fail_device("--faults", result, error);
}

unsigned Accelerator::query_workers(const std::string &name)
{
	std::vector<accel_attribute> attributes = {{ACCEL_SOFT_DEVICE_QUERY_WORKERS, 0, 4, 0}};

	call(device_.get(), name, ACCEL_OBJECT_DEVICE, ACCEL_DEVICE_QUERY, attributes);
	return std::max(1U, static_cast<unsigned>(attributes[0].value));
}

uint64_t Accelerator::post(const accel_soft_descriptor &descriptor)
{
	uint64_t sequence = 0;

	// There are fewer slots than entries.
	if (!accel_ring_reserve(ring_, 1, &sequence))
		fail(Exit::device, "queue", "the ring is full, which cannot be");
	memcpy(accel_ring_entry(ring_, sequence), &descriptor, ring_->entry_bytes);
	descriptors_ = sequence + 1;
	accel_ring_publish(ring_, sequence, 1);
	return sequence;
}

accel_completion Accelerator::next()
{
	accel_completion completion;

	while (!accel_ring_poll(ring_, &completion, 1))
		wait();
	return completion;
}

void Accelerator::wait()
{
	accel_error error = {};
	int result = accel_queue_wait(queue_.get(), ACCEL_DEADLINE_FOREVER, &error);

	if (result < 0)
		fail_device("queue", result, error);
}

} // namespace cli
