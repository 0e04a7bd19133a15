// SPDX-License-Identifier: MIT
// Several threads publish into one queue of soft0, one descriptor at a time. They share the requester's processor, so
// the figure is the cost of a descriptor in a shared queue, not the scaling with processors.
#include "soft_client.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <sched.h>
#include <vector>

namespace {

using namespace bench;

constexpr uint64_t kOperations = 64000;
constexpr uint32_t kEntries = 256;

struct Shared {
	accel_ring *ring;
	std::mutex polling; // held by the one thread that polls
	std::atomic<uint64_t> done{0};
	std::atomic<bool> go{false};
};

void poll_if_nobody_does(Shared &shared)
{
	std::unique_lock lock(shared.polling, std::try_to_lock);

	if (!lock)
		sched_yield();
	else if (uint32_t n = poll_some(shared.ring))
		shared.done.fetch_add(n, std::memory_order_relaxed);
}

void produce(Shared &shared, uint64_t operations)
{
	uint64_t at;

	while (!shared.go.load(std::memory_order_acquire))
		sched_yield();
	for (uint64_t i = 0; i < operations; i++) {
		while (!accel_ring_reserve(shared.ring, 1, &at))
			poll_if_nobody_does(shared);
		accel_soft_nop(
			static_cast<accel_soft_descriptor *>(accel_ring_entry(shared.ring, at)), 0);
		accel_ring_publish(shared.ring, at, 1);
	}
}

uint64_t run(accel_ring *ring, unsigned producers)
{
	Shared shared{.ring = ring, .polling = {}};
	std::vector<std::thread> threads;
	auto fill = [](accel_soft_descriptor *d, uint64_t) { accel_soft_nop(d, 0); };

	for (unsigned i = 0; i < producers; i++)
		threads.emplace_back([&] { produce(shared, kOperations / producers); });
	run_closed(ring, 256, 1, fill); // the worker is awake
	const uint64_t from = now_ns();
	shared.go.store(true, std::memory_order_release);
	for (std::thread &thread : threads)
		thread.join();
	while (shared.done.load(std::memory_order_relaxed) < kOperations)
		poll_if_nobody_does(shared);
	const uint64_t ns = now_ns() - from;

	wait_asleep(ring);
	return ns;
}

} // namespace

int main()
{
	raise_priority();

	Soft soft;
	accel_queue *single = soft.make_queue(kEntries, 0, kWorkerOnly);
	accel_queue *shared =
		soft.make_queue(kEntries, ACCEL_QUEUE_FLAGS_MULTI_PRODUCER, kWorkerOnly);
	Partner partner;

	int status = serve([&](unsigned samples) {
		while (samples--) {
			bracketed(partner, "soft/producers/single", kOperations,
				  [&] { return run(accel_queue_ring(single), 1); });
			for (unsigned producers : {1, 2, 4})
				bracketed(partner, "soft/producers/" + std::to_string(producers),
					  kOperations,
					  [&] { return run(accel_queue_ring(shared), producers); });
		}
	});
	accel_queue_destroy(single, nullptr);
	accel_queue_destroy(shared, nullptr);
	return status;
}
