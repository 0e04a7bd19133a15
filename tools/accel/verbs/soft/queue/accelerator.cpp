// SPDX-License-Identifier: MIT
// A queue of the soft accelerator for `run` and `bench`.
#include "verbs/soft/queue/accelerator.hpp"

#include "device/library.hpp"
#include "terminal/fail.hpp"
#include "terminal/output.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace cli {

namespace {

void set_feature(const accel::CommandChannel &channel, const char *option,
		 accel_soft_feature feature, uint64_t value)
{
	must(option, accel::soft::set_feature(channel, feature, value));
}

/// Applies the options to the device; returns its number of workers.
unsigned set_up(const accel::Device &device, const RunOptions &options)
{
	std::vector<accel_attribute> attributes = {{ACCEL_SOFT_DEVICE_QUERY_WORKERS, 0, 4, 0}};

	if (options.workers || options.counters) {
		auto channel =
			must("command channel",
			     accel::CommandChannel::create(device, accel::Scope::configuration));

		if (options.workers)
			set_feature(channel, "--workers", ACCEL_SOFT_FEATURE_WORKERS,
				    options.workers);
		if (options.counters)
			set_feature(channel, "--counters", ACCEL_SOFT_FEATURE_COUNTERS, 1);
	}
	call(device, options.device, ACCEL_OBJECT_DEVICE, ACCEL_DEVICE_QUERY, attributes);
	return std::max(1U, static_cast<unsigned>(attributes[0].value));
}

} // namespace

Accelerator::Accelerator(const accel::Device &device, const RunOptions &options, uint32_t entries,
			 unsigned parallel)
	: device_(device),
	  workers_(set_up(device, options)),
	  parallel_(parallel	     ? parallel :
		    options.parallel ? options.parallel :
				       std::min<unsigned>(workers_, ACCEL_SOFT_MAX_PARALLEL)),
	  space_(must("address space",
		      accel::AddressSpace::create(device, accel::AddressMode::shared))),
	  queue_(make_queue(entries)),
	  ring_(queue_.ring())
{}

accel::Queue Accelerator::make_queue(uint32_t entries) const
{
	accel_soft_queue_options own = {.parallel = parallel_, .inline_limit = 0};

	return must("queue",
		    accel::Queue::create(space_, {.entries = std::bit_ceil(entries),
						  .driver = std::as_bytes(std::span(&own, 1))}));
}

void Accelerator::inject_faults(accel_soft_op operation, unsigned count)
{
	if (!count)
		return;
	auto channel = must("command channel",
			    accel::CommandChannel::create(device_, accel::Scope::debug_full));

	must("--faults", accel::soft::inject_fault(channel, operation, count));
}

uint64_t Accelerator::publish(const accel_soft_descriptor &descriptor)
{
	uint64_t sequence = 0;

	// The callers have fewer slots than the ring has entries.
	if (!accel_ring_reserve(ring_, 1, &sequence))
		fail(Exit::device, "queue", "internal error: the ring is full");
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
	must("queue", queue_.wait());
}

} // namespace cli
