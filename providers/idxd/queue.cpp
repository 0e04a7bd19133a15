// SPDX-License-Identifier: MIT
// Submitting runs of entries, collecting records, going on after page faults.
#include "providers/idxd/queue.hpp"

#include "sys/sys.hpp"

#include <algorithm>
#include <sys/mman.h>
#include <utility>

namespace accel::core::idxd {

namespace {

constexpr uint64_t kPage = 4096;
/* The kernel has no call that waits for a record, so a wait looks again and again: first at once, for an operation
 * takes about a microsecond, then after naps that grow. */
constexpr unsigned kSpins = 200;
constexpr uint64_t kLeastNapNs = 10'000, kMostNapNs = 500'000;
/* Nothing but sysfs tells a process without work in progress that the queue is gone. */
constexpr uint64_t kLookNs = 10'000'000;
constexpr uint64_t kEndNs = 2'000'000'000;
/* So much is made present at once after a page fault. */
constexpr uint64_t kMostPopulated = 2u << 20;

uint8_t status_of(const Record &record)
{
	/* The device writes the status last. */
	return __atomic_load_n(&record.dsa.status, __ATOMIC_ACQUIRE);
}

void relax()
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#endif
}

/* The whole rest of the operation, or only the page of the fault: behind it may be memory that is not the process's. */
bool populate(const Fault &fault)
{
	const int advice = fault.write ? MADV_POPULATE_WRITE : MADV_POPULATE_READ;
	const uint64_t first = fault.address / kPage * kPage;
	const uint64_t bytes = fault.address - first + std::min(fault.bytes, kMostPopulated);
	void *at = reinterpret_cast<void *>(first);

	return sys::madvise(at, (bytes + kPage - 1) / kPage * kPage, advice) == 0 ||
	       (bytes > kPage && sys::madvise(at, kPage, advice) == 0);
}

} // namespace

Result<std::unique_ptr<IdxdQueue>> IdxdQueue::create(DriverBackend &backend, WorkQueue &work_queue,
						     const Options &options)
{
	auto ring = ring::ProcessRing::create({.entries = options.entries,
					       .entry_size = sizeof(Descriptor),
					       .multi_producer = options.multi_producer});

	if (!ring)
		return std::unexpected(ring.error());
	auto records = Records::create(ring->slots());

	if (!records)
		return std::unexpected(records.error());
	return std::unique_ptr<IdxdQueue>(
		new IdxdQueue(backend, work_queue, std::move(*ring), std::move(*records), options));
}

IdxdQueue::IdxdQueue(DriverBackend &backend, WorkQueue &work_queue, ring::ProcessRing ring,
		     Records records, const Options &options)
	: ProcessQueue(std::move(ring)),
	  backend_(backend),
	  work_queue_(work_queue),
	  records_(std::move(records)),
	  progress_(ring_.slots()),
	  options_(options),
	  generation_(sys::process_generation())
{}

/* Closing the file ends what the device does, unless a forked child has a copy of it. In that child the records are a
 * copy, too. */
IdxdQueue::~IdxdQueue()
{
	if (!destroyed_ && generation_ == sys::process_generation() && !wait_until_idle())
		records_.leak();
}

/* From publish to completion the entry belongs to the queue, which may change it. */
Descriptor &IdxdQueue::entry(uint64_t sequence) const
{
	return *static_cast<Descriptor *>(const_cast<void *>(ring_.entry(sequence)));
}

void IdxdQueue::prepare(uint64_t sequence) noexcept
{
	Descriptor &d = entry(sequence);
	Record &record = records_[slot(sequence)];

	/* Whose addresses they are, the kernel or the processor fills in. */
	d.context = 0;
	d.control |= ACCEL_IDXD_DESCRIPTOR_FLAGS_RECORD_VALID |
		     ACCEL_IDXD_DESCRIPTOR_FLAGS_RECORD_REQUEST;
	d.completion_addr = reinterpret_cast<uintptr_t>(&record);
	progress_[slot(sequence)] = begin(d, work_queue_.limits.iax);
	__atomic_store_n(&record.dsa.status, 0, __ATOMIC_RELAXED);
}

int IdxdQueue::store(const Descriptor *descriptors, uint32_t count) noexcept
{
	const auto how = work_queue_.limits.dedicated ? sys::Store64::posted : sys::Store64::asked;

	for (uint32_t i = 0; i < count; i++) {
		/* Any place of the page will do; changing it keeps stores of several threads apart. */
		const uint64_t place = stores_.fetch_add(1, std::memory_order_relaxed) %
				       (ACCEL_IDXD_PORTAL_SIZE / sizeof(Descriptor));
		const int r = sys::store64(work_queue_.portal + place * sizeof(Descriptor),
					   &descriptors[i], how);

		if (r < 0)
			return i ? static_cast<int>(i) : r;
	}
	return static_cast<int>(count);
}

int IdxdQueue::hand_over(const Descriptor *descriptors, uint32_t count) noexcept
{
	if (work_queue_.disabled.load(std::memory_order_relaxed))
		return -ENODEV;
	if (options_.portal)
		return store(descriptors, count);
	const ssize_t r =
		sys::write(work_queue_.fd, descriptors, size_t{count} * sizeof(Descriptor));

	if (r < 0)
		return static_cast<int>(r);
	/* A kernel that took nothing and says no reason, or more than there was, makes no sense. */
	if (r < static_cast<ssize_t>(sizeof(Descriptor)) ||
	    r > static_cast<ssize_t>(count * sizeof(Descriptor)))
		return -EIO;
	return static_cast<int>(static_cast<size_t>(r) / sizeof(Descriptor));
}

int IdxdQueue::submit(const Run &run) noexcept
{
	const bool counted = work_queue_.limits.dedicated;
	const uint32_t count = counted ? work_queue_.credits.take(run.count) : run.count;

	if (!count)
		return -EAGAIN;
	for (uint32_t i = 0; i < count; i++)
		prepare(run.sequence + i);
	if (counted)
		held_.fetch_add(count, std::memory_order_relaxed);
	const int r = hand_over(static_cast<const Descriptor *>(run.entries), count);
	const auto taken = static_cast<uint32_t>(std::max(r, 0));

	if (counted) {
		held_.fetch_sub(count - taken, std::memory_order_relaxed);
		work_queue_.credits.put(count - taken);
	}
	return r;
}

bool IdxdQueue::end(uint64_t sequence, uint8_t status, const accel_ring_record &record) noexcept
{
	if (work_queue_.limits.dedicated) {
		held_.fetch_sub(1, std::memory_order_relaxed);
		work_queue_.credits.put(1);
	}
	/* What has more to tell than success; results of 0 are told by no record, too. */
	const bool plain = status == ACCEL_RING_STATUS_SUCCESS && !record.result && !record.detail;

	return complete(sequence, status, plain ? nullptr : &record);
}

/* Hands the changed entry over again. It has kept its credit. */
bool IdxdQueue::submit_again(uint64_t sequence) noexcept
{
	Record &record = records_[slot(sequence)];
	const Record before = record;

	__atomic_store_n(&record.dsa.status, 0, __ATOMIC_RELAXED);
	const int r = hand_over(&entry(sequence), 1);

	progress_[slot(sequence)].waiting = r == -EAGAIN;
	if (r > 0)
		return false;
	/* The device does not have it: the record stays as it was, so that it is known to have ended. */
	__atomic_store_n(&record.dsa.status, before.dsa.status, __ATOMIC_RELAXED);
	if (r == -EAGAIN)
		return false;
	if (r == -ENODEV)
		set_gone();
	return refuse_rest(sequence, -r);
}

/* The rest of an entry that has ended early and does not reach the device. */
bool IdxdQueue::refuse_rest(uint64_t sequence, int error) noexcept
{
	const accel_ring_record refused{.result = progress_[slot(sequence)].done,
					.detail = static_cast<uint64_t>(error),
					.address = 0,
					.index = 0,
					.status = ACCEL_RING_STATUS_SUBMIT_ERROR,
					.field = 0,
					.reserved = 0};
	return end(sequence, ACCEL_RING_STATUS_SUBMIT_ERROR, refused);
}

/* True: the entry has become its rest, which is to be submitted. */
bool IdxdQueue::resume_fault(uint64_t sequence) noexcept
{
	const Record &record = records_[slot(sequence)];
	Progress &progress = progress_[slot(sequence)];
	Descriptor &d = entry(sequence);
	const bool iax = work_queue_.limits.iax;
	Fault fault;

	if (!find_fault(d, record, iax, &fault) || !progress.resumes_left || !populate(fault) ||
	    !advance(d, record, iax, progress))
		return false;
	progress.resumes_left--;
	return true;
}

/* Nothing is submitted any more. */
bool IdxdQueue::is_over() const noexcept
{
	return is_gone() || work_queue_.disabled.load(std::memory_order_relaxed);
}

/* An entry whose record is there. True: it has completed. */
bool IdxdQueue::finish(uint64_t sequence) noexcept
{
	const Record &record = records_[slot(sequence)];
	accel_ring_record told;

	if (progress_[slot(sequence)].waiting || resume_fault(sequence))
		return is_over() ? refuse_rest(sequence, ENODEV) : submit_again(sequence);
	const uint8_t status = translate(entry(sequence), record, work_queue_.limits.iax,
					 progress_[slot(sequence)], &told);

	return end(sequence, status, told);
}

/* Completes what has ended; how many. Also after the removal: the driver drains the queue before its state changes. */
int IdxdQueue::collect() noexcept
{
	const uint64_t last = ring_.end();
	int found = 0;

	for (uint64_t at = ring_.oldest(); at < last; at++)
		if (!ring_.has_ended(at) && status_of(records_[slot(at)]))
			found += finish(at);
	if (found)
		retire();
	return found;
}

/* Reads a file, so not often. */
bool IdxdQueue::look_for_removal(uint64_t now_ns) noexcept
{
	if (work_queue_.disabled.load())
		return true;
	if (now_ns - looked_ns_.load() < kLookNs)
		return false;
	looked_ns_.store(now_ns);
	return work_queue_.is_disabled();
}

int IdxdQueue::reap(uint64_t deadline_ns) noexcept
{
	uint64_t nap_ns = kLeastNapNs;

	for (unsigned spins = 0;; spins++) {
		if (is_gone())
			return -ENODEV;
		const int found = collect();

		if (found)
			return found;
		if (!ring_.in_flight())
			return -EAGAIN;
		if (deadline_ns && spins < kSpins) {
			relax();
			continue;
		}
		const uint64_t now = sys::now_ns();

		if (look_for_removal(now))
			return -ENODEV;
		if (now >= deadline_ns)
			return 0;
		if (sys::futex_wait(&nap_word_, 0, std::min(deadline_ns, now + nap_ns)) == -EINTR)
			return -EINTR;
		nap_ns = std::min(nap_ns * 2, kMostNapNs);
		if (is_stalled())
			return 0;
	}
}

Result<int> IdxdQueue::poll_fd()
{
	return fail(EOPNOTSUPP, ACCEL_REASON_UNSUPPORTED,
		    "poll() on an idxd node tells of errors of the device only, not of "
		    "completions; use "
		    "accel_queue_wait()");
}

bool IdxdQueue::is_idle() const noexcept
{
	for (uint64_t at = ring_.oldest(), last = ring_.end(); at < last; at++)
		if (!ring_.has_ended(at) && !status_of(records_[slot(at)]))
			return false;
	return true;
}

/* Of a work queue that is disabled the driver has ended the work. False: the device still works on some. */
bool IdxdQueue::wait_until_idle() noexcept
{
	const uint64_t until = sys::now_ns() + kEndNs;

	while (!is_idle() && !look_for_removal(sys::now_ns())) {
		const uint64_t now = sys::now_ns();

		if (now >= until)
			return false;
		(void)sys::futex_wait(&nap_word_, 0, now + kLeastNapNs);
	}
	return true;
}

Result<void> IdxdQueue::destroy()
{
	if (!wait_until_idle())
		return fail(EBUSY, ACCEL_REASON_IN_USE,
			    "the device still works on descriptors of the queue; destroy it again "
			    "later, or close the device, which waits for them");
	destroyed_ = true;
	work_queue_.credits.put(held_.exchange(0, std::memory_order_relaxed));
	work_queue_.queues.fetch_sub(1, std::memory_order_relaxed);
	backend_.forget_queue(options_.space);
	return {};
}

} // namespace accel::core::idxd
