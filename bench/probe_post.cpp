// SPDX-License-Identifier: MIT
// The cost of publishing: the producer's time for windows of 512 descriptors into a ring of 1024 while the worker
// takes them, and continuous round trips of descriptors. probe_rte_ring.cpp does the same with the ring of DPDK.
#include "soft_client.hpp"

namespace {

using namespace bench;

constexpr uint32_t kEntries = 1024;
constexpr uint32_t kWindow = 512;
constexpr uint32_t kWindows = 50;
constexpr uint64_t kSteady = 64000;

void fill(accel_soft_descriptor *d, uint64_t)
{
	accel_soft_nop(d, 0);
}

/// Returns the producer's nanoseconds for all windows; polling and waiting between them are not counted.
uint64_t post_windows(accel_ring *ring, uint32_t burst)
{
	uint64_t ns = 0;

	post(ring, 1, fill);
	collect(ring, 1);
	for (uint32_t window = 0; window < kWindows; window++) {
		const uint64_t from = now_ns();

		for (uint32_t i = 0; i < kWindow; i += burst)
			post(ring, burst, fill);
		ns += now_ns() - from;
		collect(ring, kWindow);
	}
	wait_asleep(ring);
	return ns;
}

/// Publishes while the ring has room and takes completions while it is full.
uint64_t steady(accel_ring *ring, uint32_t burst)
{
	post(ring, 1, fill);
	collect(ring, 1);

	const uint64_t from = now_ns();
	for (uint64_t posted = 0, done = 0; done < kSteady;) {
		if (posted < kSteady && posted + burst - done <= kEntries) {
			post(ring, burst, fill);
			posted += burst;
		} else {
			done += poll_some(ring);
		}
	}
	const uint64_t ns = now_ns() - from;

	wait_asleep(ring);
	return ns;
}

} // namespace

int main()
{
	raise_priority();

	Soft soft;
	accel_queue *queue = soft.make_queue(kEntries, 0, kWorkerOnly);
	accel_ring *ring = accel_queue_ring(queue);
	Partner partner;

	int status = serve([&](unsigned samples) {
		while (samples--)
			for (uint32_t burst : {1U, 32U}) {
				const std::string end = "/burst" + std::to_string(burst);

				bracketed(partner, "soft/post" + end, uint64_t{kWindow} * kWindows,
					  [&] { return post_windows(ring, burst); });
				bracketed(partner, "soft/steady" + end, kSteady,
					  [&] { return steady(ring, burst); });
			}
	});
	accel_queue_destroy(queue, nullptr);
	return status;
}
