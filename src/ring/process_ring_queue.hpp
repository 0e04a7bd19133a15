// SPDX-License-Identifier: MIT
// For tests: a queue on a ring of the process; the test plays the kernel.
#pragma once

#include "ring/process_ring.hpp"
#include "sys/sys.hpp"

#include <atomic>
#include <functional>
#include <vector>

namespace accel::core::ring::test {

inline constexpr uint8_t kGood = ACCEL_RING_STATUS_SUCCESS;
inline constexpr uint64_t kMs = 1000000;

/* A job as rocket and ethosu have it: 40 bytes. */
struct Job {
	uint64_t value;
	uint64_t pad[4];
};
static_assert(sizeof(Job) == 40);

inline uint64_t value_of(const ProcessRing::Run &run, uint32_t i)
{
	return static_cast<const Job *>(run.entries)[i].value;
}

/* A queue of a uABI without a kernel: submit_all() moves pending entries in flight, and the test completes them.
 * @progress is the body of the hook. */
struct Queue {
	explicit Queue(const ProcessRingOptions &options)
		: ring(std::move(*ProcessRing::create(options))),
		  user(std::move(*UserRing::attach(ring.memory(), {.submit = take,
								   .submit_context = this,
								   .progress = ask,
								   .context = this})))
	{}

	static bool take(void *context, uint64_t sequence, uint32_t count)
	{
		auto *self = static_cast<Queue *>(context);

		self->ring.publish(sequence, count);
		if (self->submits)
			self->submit_all();
		return true;
	}
	static int ask(void *context, uint64_t deadline_ns)
	{
		auto *self = static_cast<Queue *>(context);

		self->asked++;
		return self->progress(deadline_ns);
	}

	bool post(uint64_t value, uint32_t count = 1)
	{
		uint64_t at;

		if (!accel_ring_reserve(user.get(), count, &at))
			return false;
		for (uint32_t i = 0; i < count; i++)
			static_cast<Job *>(accel_ring_entry(user.get(), at + i))->value = value + i;
		accel_ring_publish(user.get(), at, count);
		return true;
	}
	ProcessRing::Run submit_all()
	{
		auto run = ring.pending();

		ring.submitted(run.count);
		return run;
	}
	std::vector<accel_completion> poll(uint32_t most = 64)
	{
		std::vector<accel_completion> done(most);

		done.resize(accel_ring_poll(user.get(), done.data(), most));
		return done;
	}

	ProcessRing ring;
	UserRing user;
	bool submits = true;
	std::atomic<unsigned> asked{0};
	std::function<int(uint64_t)> progress = [this](uint64_t) {
		return ring.in_flight() ? 0 : -EAGAIN;
	};
};

} // namespace accel::core::ring::test
