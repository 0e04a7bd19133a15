// SPDX-License-Identifier: MIT
// The C interface: queues. Their fast path is inline in accel/ring.h.
#include "capi/boundary.hpp"
#include "capi/handles.hpp"
#include "core/sized.hpp"

using namespace accel::core;
using namespace accel::core::capi;

namespace {

constexpr Operation kCreate{ACCEL_OBJECT_QUEUE, ACCEL_QUEUE_CREATE};
constexpr Operation kDestroy{ACCEL_OBJECT_QUEUE, ACCEL_QUEUE_DESTROY};
constexpr Operation kResume{ACCEL_OBJECT_QUEUE, ACCEL_QUEUE_RESUME};
constexpr Operation kQuery{ACCEL_OBJECT_QUEUE, ACCEL_QUEUE_QUERY};
/* The uABI has no operations for waiting and fences. */
constexpr Operation kWait{ACCEL_OBJECT_QUEUE, 0};

/* The size in the first version of the library. */
constexpr size_t kLeastOptions = offsetof(accel_queue_options, driver);

} // namespace

int accel_queue_create(accel_address_space *space, const accel_queue_options *options,
		       accel_queue **queue, accel_error *error)
{
	return run(kCreate, error, {{"space", space}, {"options", options}, {"queue", queue}},
		   [&]() -> Result<void> {
			   auto known = read_options(options, kLeastOptions, "accel_queue_options");

			   if (!known)
				   return std::unexpected(known.error());
			   if (auto checked = check_driver(known->driver, known->driver_size);
			       !checked)
				   return checked;
			   return put(queue,
				      Queue::create(*object(space), *known, object(known->event)));
		   });
}

int accel_queue_destroy(accel_queue *queue, accel_error *error)
{
	return run(kDestroy, error, {}, [&] { return destroy(object(queue)); });
}

uint64_t accel_queue_handle(const accel_queue *queue)
{
	return queue ? object(queue)->handle() : 0;
}

accel_ring *accel_queue_ring(accel_queue *queue)
{
	return queue ? object(queue)->ring() : nullptr;
}

int accel_queue_wait(accel_queue *queue, uint64_t deadline_ns, accel_error *error)
{
	return run(kWait, error, {{"queue", queue}},
		   [&] { return object(queue)->wait(deadline_ns); });
}

int accel_queue_arm(accel_queue *queue, accel_error *error)
{
	bool ready = false;
	int r = run(kWait, error, {{"queue", queue}},
		    [&] { return put(&ready, object(queue)->arm()); });

	return r < 0 ? r : ready;
}

int accel_queue_poll_fd(accel_queue *queue, accel_error *error)
{
	int fd = -1;
	int r = run(kWait, error, {{"queue", queue}},
		    [&] { return put(&fd, object(queue)->poll_fd()); });

	return r < 0 ? r : fd;
}

int accel_queue_fence(accel_queue *queue, uint64_t sequence, accel_fence *fence, accel_error *error)
{
	return run(kWait, error, {{"queue", queue}, {"fence", fence}},
		   [&] { return put(fence, object(queue)->fence(sequence)); });
}

int accel_queue_resume(accel_queue *queue, accel_error *error)
{
	return run(kResume, error, {{"queue", queue}}, [&] { return object(queue)->resume(); });
}

int accel_queue_query(accel_queue *queue, accel_queue_info *info, accel_error *error)
{
	return run(kQuery, error, {{"queue", queue}, {"info", info}}, [&] {
		return put_answer(info, "accel_queue_info", [&] { return object(queue)->query(); });
	});
}
