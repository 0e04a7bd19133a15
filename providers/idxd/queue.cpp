// SPDX-License-Identifier: MIT
// Submits runs of entries, collects records, resumes operations after page faults.
#include "providers/idxd/queue.hpp"

#include "sys/sys.hpp"

#include <algorithm>
#include <sys/mman.h>
#include <utility>

namespace accel::core::idxd {

namespace {

constexpr uint64_t kPage = 4096;
/* The kernel has no call that waits for a record, so a wait polls: first without sleeping, because an operation takes
 * about a microsecond, then with sleeps of growing length. */
constexpr unsigned kSpins = 200;
constexpr uint64_t kShortestSleepNs = 10'000, kLongestSleepNs = 500'000;
/* Sysfs is the only way to detect the removal of a queue without work in progress. */
constexpr uint64_t kCheckNs = 10'000'000;
constexpr uint64_t kEndNs = 2'000'000'000;
/* The most bytes that are populated after one page fault. */
constexpr uint64_t kMostPopulated = 2u << 20;

uint8_t status_of(const Record &record)
{
	/* The device writes the status last, so the acquire load makes the rest of its record visible. */
	return __atomic_load_n(&record.dsa.status, __ATOMIC_ACQUIRE);
}

void relax()
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#endif
}

/* Populates the whole rest of the operation, or only the page of the fault: the memory after it may not belong to the
 * process. */
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

/* Closing the file ends the device's work, unless a forked child has a copy of the file. In that child the records are
 * a copy, too. */
IdxdQueue::~IdxdQueue()
{
	if (!destroyed_ && generation_ == sys::process_generation() && !wait_until_idle())
		records_.leak();
}

/* From publication to completion the queue owns the entry and may change it. */
Descriptor &IdxdQueue::entry(uint64_t sequence) const
{
	return *static_cast<Descriptor *>(const_cast<void *>(ring_.entry(sequence)));
}

void IdxdQueue::prepare(uint64_t sequence) noexcept
{
	Descriptor &d = entry(sequence);
	Record &record = records_[slot(sequence)];

	/* The kernel or the processor fills in the address space. */
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
		/* All places of the page are equivalent; using different ones keeps the stores of several threads
		 * apart. */
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
	/* Neither taking nothing without an errno, nor taking more than there was, is a valid result of the kernel. */
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
	/* A success without values needs no record; zero is the default of both. */
	const bool plain = status == ACCEL_RING_STATUS_SUCCESS && !record.result && !record.detail;

	return complete(sequence, status, plain ? nullptr : &record);
}

/* Submits the changed entry again. It has kept its credit. */
bool IdxdQueue::submit_again(uint64_t sequence) noexcept
{
	Record &record = records_[slot(sequence)];
	const Record before = record;

	__atomic_store_n(&record.dsa.status, 0, __ATOMIC_RELAXED);
	const int r = hand_over(&entry(sequence), 1);

	progress_[slot(sequence)].waiting = r == -EAGAIN;
	if (r > 0)
		return false;
	/* The device did not take it: restore the status, so that the entry counts as ended. */
	__atomic_store_n(&record.dsa.status, before.dsa.status, __ATOMIC_RELAXED);
	if (r == -EAGAIN)
		return false;
	if (r == -ENODEV)
		set_gone();
	return refuse_rest(sequence, -r);
}

/* Completes an entry that has ended early and whose rest was not submitted. */
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

/* True: the entry was changed to its rest, which must be submitted. */
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

/* Whether submission has stopped. */
bool IdxdQueue::is_over() const noexcept
{
	return is_gone() || work_queue_.disabled.load(std::memory_order_relaxed);
}

/* Handles an entry whose record has been written. True: it has completed. */
bool IdxdQueue::finish(uint64_t sequence) noexcept
{
	const Record &record = records_[slot(sequence)];
	accel_ring_record details;

	if (progress_[slot(sequence)].waiting || resume_fault(sequence))
		return is_over() ? refuse_rest(sequence, ENODEV) : submit_again(sequence);
	const uint8_t status = translate(entry(sequence), record, work_queue_.limits.iax,
					 progress_[slot(sequence)], &details);

	return end(sequence, status, details);
}

/* Completes ended entries and returns how many. Also called after the removal, because the driver drains the queue
 * before its state changes. */
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

/* Rate-limited, because it reads a file. */
bool IdxdQueue::check_removal(uint64_t now_ns) noexcept
{
	if (work_queue_.disabled.load())
		return true;
	if (now_ns - checked_ns_.load() < kCheckNs)
		return false;
	checked_ns_.store(now_ns);
	return work_queue_.is_disabled();
}

int IdxdQueue::reap(uint64_t deadline_ns) noexcept
{
	uint64_t sleep_ns = kShortestSleepNs;

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

		if (check_removal(now))
			return -ENODEV;
		if (now >= deadline_ns)
			return 0;
		if (sys::futex_wait(&sleep_word_, 0, std::min(deadline_ns, now + sleep_ns)) ==
		    -EINTR)
			return -EINTR;
		sleep_ns = std::min(sleep_ns * 2, kLongestSleepNs);
		if (is_stalled())
			return 0;
	}
}

Result<int> IdxdQueue::poll_fd()
{
	return fail(EOPNOTSUPP, ACCEL_REASON_UNSUPPORTED,
		    "poll() on an idxd node reports errors of the device only, not "
		    "completions; use accel_queue_wait()");
}

bool IdxdQueue::is_idle() const noexcept
{
	for (uint64_t at = ring_.oldest(), last = ring_.end(); at < last; at++)
		if (!ring_.has_ended(at) && !status_of(records_[slot(at)]))
			return false;
	return true;
}

/* Returns false if the device is still busy. The driver has drained a work queue that is disabled. */
bool IdxdQueue::wait_until_idle() noexcept
{
	const uint64_t until = sys::now_ns() + kEndNs;

	while (!is_idle() && !check_removal(sys::now_ns())) {
		const uint64_t now = sys::now_ns();

		if (now >= until)
			return false;
		(void)sys::futex_wait(&sleep_word_, 0, now + kShortestSleepNs);
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
