// SPDX-License-Identifier: MIT
// accel_queue_wait() for a completion that arrives while it spins, and the cost of waking an idle queue: doorbells,
// wakes and time.
#include "soft_client.hpp"

namespace {

using namespace bench;

constexpr uint64_t kWaits = 3000;
constexpr unsigned kEdges = 20;
constexpr uint32_t kBurst = 32;

void fill(accel_soft_descriptor *d, uint64_t)
{
	accel_soft_nop(d, 0);
}

void wait_for_one(accel_queue *queue)
{
	accel_error error = {};

	post(accel_queue_ring(queue), 1, fill);
	check(accel_queue_wait(queue, ACCEL_DEADLINE_FOREVER, &error), error, "accel_queue_wait");
	collect(accel_queue_ring(queue), 1);
}

uint64_t waits(accel_queue *queue)
{
	for (unsigned i = 0; i < 256; i++)
		wait_for_one(queue);
	const uint64_t from = now_ns();
	for (uint64_t i = 0; i < kWaits; i++)
		wait_for_one(queue);
	const uint64_t ns = now_ns() - from;

	wait_asleep(accel_queue_ring(queue));
	return ns;
}

/// Publishes one descriptor after the other to a queue whose worker sleeps, and waits for completion.
void edge(accel_queue *queue)
{
	accel_ring *ring = accel_queue_ring(queue);
	accel_error error = {};

	wait_asleep(ring);
	const accel_queue_info before = query(queue);
	const uint64_t from = now_ns();

	for (uint32_t i = 0; i < kBurst; i++)
		post(ring, 1, fill);
	for (uint32_t got = 0; got < kBurst; got += poll_some(ring))
		check(accel_queue_wait(queue, ACCEL_DEADLINE_FOREVER, &error), error,
		      "accel_queue_wait");
	const uint64_t ns = now_ns() - from;
	const accel_queue_info after = query(queue);

	emit("soft/edge/time", "ns", static_cast<double>(ns));
	emit("soft/edge/kicks", "calls", static_cast<double>(after.kicks - before.kicks));
	emit("soft/edge/wakes", "calls", static_cast<double>(after.wakes - before.wakes));
}

} // namespace

int main()
{
	raise_priority();

	Soft soft;
	accel_queue *queue = soft.make_queue(64, 0, kWorkerOnly);
	Partner partner;

	int status = serve([&](unsigned samples) {
		while (samples--) {
			bracketed(partner, "soft/wait/nop", kWaits, [&] { return waits(queue); });
			for (unsigned i = 0; i < kEdges; i++)
				edge(queue);
		}
	});
	accel_queue_destroy(queue, nullptr);
	return status;
}
