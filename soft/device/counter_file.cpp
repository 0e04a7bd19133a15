// SPDX-License-Identifier: MIT
// The counters of a device in a file that other processes can read.
#include "soft/device/counter_file.hpp"

#include "soft/queue/worker.hpp"
#include "soft/queue/worker_pool.hpp"
#include "sys/sys.hpp"

#include <cstddef>
#include <cstdio>
#include <new>
#include <sys/mman.h>
#include <unistd.h>

namespace accel::core::softdev {

static_assert(ACCEL_COUNTERS_MAX_SLOTS > kMaxQueues);

CounterFile::CounterFile(unsigned device, WorkerPool &pool)
	: pool_(pool),
	  file_(sys::memfd_create("accel-counters", MFD_CLOEXEC)),
	  slots_(ACCEL_COUNTERS_MAX_SLOTS)
{
	if (!file_)
		throw std::bad_alloc();
	head_.magic = ACCEL_COUNTERS_MAGIC;
	head_.pid = static_cast<uint32_t>(getpid());
	head_.slot_size = sizeof(accel_counters_slot);
	snprintf(head_.device, sizeof(head_.device), "soft%u", device);
	write();

	int r = sys::thread_create(
		&thread_,
		[](void *self) -> void * {
			static_cast<CounterFile *>(self)->run();
			return nullptr;
		},
		this);
	if (r < 0)
		throw std::bad_alloc();
}

CounterFile::~CounterFile()
{
	__atomic_store_n(&stop_, 1, __ATOMIC_RELEASE);
	sys::futex_wake(&stop_, 1);
	sys::thread_join(thread_);
}

void CounterFile::run()
{
	for (;;) {
		const uint64_t next = sys::now_ns() + ACCEL_COUNTERS_PERIOD_NS;

		while (!__atomic_load_n(&stop_, __ATOMIC_ACQUIRE) && sys::now_ns() < next)
			sys::futex_wait(&stop_, 0, next);
		if (__atomic_load_n(&stop_, __ATOMIC_ACQUIRE))
			return;

		write();
	}
}

/* Errors are not reported; a reader sees that time_ns does not advance. */
void CounterFile::write()
{
	constexpr off_t kSequence = offsetof(accel_counters_head, sequence);
	constexpr off_t kRest = offsetof(accel_counters_head, time_ns);
	const int fd = file_.get();

	const auto [counts, totals] = pool_.report(slots_);
	head_.workers = counts.workers;
	head_.worker_wakes = totals.worker_wakes;
	head_.slot_count = counts.queues + 1; /* the first one is the sum of destroyed queues */
	head_.time_ns = sys::now_ns();
	head_.sequence++;
	sys::pwrite(fd, &head_.sequence, sizeof(head_.sequence), kSequence);
	sys::pwrite(fd, reinterpret_cast<const char *>(&head_) + kRest, sizeof(head_) - kRest,
		    kRest);
	sys::pwrite(fd, slots_.data(), head_.slot_count * sizeof(slots_[0]), sizeof(head_));
	head_.sequence++;
	/* The magic number comes with the first whole content. */
	sys::pwrite(fd, &head_, kRest, 0);
}

} // namespace accel::core::softdev
