// SPDX-License-Identifier: MIT
// soft0 as the probes use it.
#include "soft_client.hpp"

#include <ctime>

namespace bench {

namespace {

constexpr uint64_t kPatienceNs = 10'000'000'000;

void nap(long ns)
{
	timespec t = {0, ns};

	nanosleep(&t, nullptr);
}

} // namespace

void check(int result, const accel_error &error, const char *what)
{
	if (result < 0)
		die("%s: %s: %s", what, accel_errno_name(result), error.record.text);
}

Soft::Soft(unsigned workers)
{
	accel_error error = {};
	accel_command *command;

	// The worker starts with the first queue and inherits the processor of the thread that creates it.
	check(accel_device_open("soft0", &device_, &error), error, "accel_device_open");
	check(accel_command_create(device_, ACCEL_SCOPE_CONFIGURATION, &command, &error), error,
	      "accel_command_create");
	check(accel_soft_set_feature(command, ACCEL_SOFT_FEATURE_WORKERS, workers, &error), error,
	      "workers");
	check(accel_command_destroy(command, &error), error, "accel_command_destroy");
	check(accel_address_space_create(device_, ACCEL_ADDRESS_MODE_SHARED, &space_, &error),
	      error, "accel_address_space_create");
}

Soft::~Soft()
{
	accel_address_space_destroy(space_, nullptr);
	accel_device_close(device_);
}

accel_queue *Soft::make_queue(uint32_t entries, uint64_t flags, uint32_t inline_limit)
{
	accel_queue_options options = {};
	accel_error error = {};
	accel_queue *queue;

	options.size = sizeof(options);
	options.entries = entries;
	options.flags = flags;
	accel_soft_queue_options own = {.parallel = 0, .inline_limit = inline_limit};
	options.driver = &own;
	options.driver_size = sizeof(own);
	pin(kWorkerCpu);
	check(accel_queue_create(space_, &options, &queue, &error), error, "accel_queue_create");
	pin(kRequesterCpu);
	return queue;
}

accel_queue_info query(accel_queue *queue)
{
	accel_queue_info info{.size = sizeof(info)};
	accel_error error = {};

	check(accel_queue_query(queue, &info, &error), error, "accel_queue_query");
	return info;
}

void wait_asleep(const accel_ring *ring)
{
	const uint64_t end = now_ns() + kPatienceNs;

	while (!__atomic_load_n(&ring->control->device_sleeping, __ATOMIC_ACQUIRE)) {
		if (now_ns() > end)
			die("the worker does not go to sleep");
		nap(20'000);
	}
	nap(20'000); // device_sleeping is set; the worker now falls asleep
}

void collect(accel_ring *ring, uint32_t wanted)
{
	const uint64_t end = now_ns() + kPatienceNs;

	while (wanted) {
		uint32_t n = poll_some(ring);

		wanted -= n < wanted ? n : wanted;
		if (!n && now_ns() > end)
			die("no completion for 10 seconds");
	}
}

} // namespace bench
