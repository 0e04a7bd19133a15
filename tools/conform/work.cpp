// SPDX-License-Identifier: MIT
// Memory that a device reaches, and a queue with work.
#include "conform/work.hpp"

#include <algorithm>
#include <cerrno>
#include <exception>
#include <mutex>
#include <sys/mman.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace accel::conform {

namespace {

const size_t kPage = static_cast<size_t>(sysconf(_SC_PAGESIZE));

} // namespace

Memory::Memory(const Space &space, size_t bytes, uint64_t access, uint64_t iova)
	: bytes_((bytes + kPage - 1) / kPage * kPage)
{
	if (space.mode == ACCEL_ADDRESS_MODE_HANDLES)
		skip("entries of this device name buffers by their handles, not memory by "
		     "addresses");
	void *p = mmap(nullptr, bytes_ + 2 * kPage, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		throw std::system_error(errno, std::generic_category(), "mmap");
	base_ = static_cast<unsigned char *>(p) + kPage;
	if (mprotect(base_, bytes_, PROT_READ | PROT_WRITE))
		throw std::system_error(errno, std::generic_category(), "mprotect");
	iova_ = reinterpret_cast<uintptr_t>(base_);
	if (space.mode != ACCEL_ADDRESS_MODE_MAPPED)
		return;
	iova_ = iova;
	NEED_OK(accel_address_space_map(space.get(), base_, bytes_, access, &iova_, err()));
	mapped_in_ = space.get();
}

void Memory::unmap()
{
	CHECK_OK(accel_address_space_unmap(mapped_in_, iova_, bytes_, err()));
	mapped_in_ = nullptr;
}

Memory::~Memory()
{
	if (mapped_in_)
		accel_address_space_unmap(mapped_in_, iova_, bytes_, nullptr);
	munmap(base_ - kPage, bytes_ + 2 * kPage);
}

void Memory::randomize(Test &test)
{
	for (unsigned char &byte : bytes())
		byte = static_cast<unsigned char>(test.random()());
}

void Memory::clear(unsigned char value)
{
	std::ranges::fill(bytes(), value);
}

WorkQueue::WorkQueue(Test &test, const Space &space, uint32_t entries, uint64_t flags,
		     const Event *event)
	: workload_(test.workload()), queue_(test.queue(space, entries, flags, event))
{
	if (workload_.prepare)
		state_ = workload_.prepare({space.device, space.get(), queue_.get(), entries});
}

Entry WorkQueue::entry(uint64_t sequence) const
{
	return {accel_ring_entry(ring(), sequence), sequence, state_.get()};
}

template <class Function>
void WorkQueue::need(Function function, const char *what) const
{
	if (!function)
		skip(fmt::format("the workload of the provider \"{}\" does not provide: {}",
				 workload_.provider, what));
}

void WorkQueue::nop(uint64_t sequence, bool fence) const
{
	need(!fence || workload_.has_fence, "fenced entries");
	workload_.nop(entry(sequence), fence);
}

void WorkQueue::copy(uint64_t sequence, uint64_t to, uint64_t from, uint64_t bytes,
		     bool fence) const
{
	need(workload_.copy, "copies between addresses");
	need(!fence || workload_.has_fence, "fenced entries");
	workload_.copy(entry(sequence), to, from, bytes, fence);
}

void WorkQueue::unknown(uint64_t sequence) const
{
	need(workload_.unknown, "operation that the device does not know");
	workload_.unknown(entry(sequence));
}

void WorkQueue::malformed(uint64_t sequence) const
{
	need(workload_.malformed, "entry with a forbidden value");
	workload_.malformed(entry(sequence));
}

void WorkQueue::refused(uint64_t sequence) const
{
	need(workload_.refused, "entry that the kernel refuses");
	workload_.refused(entry(sequence));
}

void WorkQueue::need_fence() const
{
	need(workload_.has_fence, "fenced entries");
}

void WorkQueue::need_faults() const
{
	need(workload_.has_faults, "faults that name an address");
}

Runner::Runner(Test &test, const Space &space, uint32_t entries, uint64_t flags, const Event *event)
	: work_(test, space, entries, flags, event)
{}

void Runner::poll()
{
	accel_completion some[64];
	uint32_t n;

	while ((n = accel_ring_poll(ring(), some, std::size(some))) == 0)
		CHECK_OK(accel_queue_wait(queue(), after_ms(kPatienceMs), err()));
	for (uint32_t i = 0; i < n; i++) {
		CHECK_EQ(some[i].sequence, polled_);
		polled_++;
		pending_.push_back(some[i]);
	}
}

uint64_t Runner::post(const Fill &fill)
{
	uint64_t at = 0;

	while (!accel_ring_reserve(ring(), 1, &at))
		poll();
	fill(at);
	accel_ring_publish(ring(), at, 1);
	CHECK_EQ(at, posted_);
	posted_++;
	return at;
}

uint64_t Runner::post_nop(bool fence)
{
	return post([&](uint64_t at) { work_.nop(at, fence); });
}

uint64_t Runner::post_copy(uint64_t to, uint64_t from, uint64_t bytes, bool fence)
{
	return post([&](uint64_t at) { work_.copy(at, to, from, bytes, fence); });
}

uint64_t Runner::post_unknown()
{
	return post([&](uint64_t at) { work_.unknown(at); });
}

uint64_t Runner::post_malformed()
{
	return post([&](uint64_t at) { work_.malformed(at); });
}

accel_completion Runner::take()
{
	if (pending_.empty())
		poll();
	accel_completion completion = pending_.front();

	pending_.pop_front();
	taken_++;
	return completion;
}

accel_completion Runner::run(const Fill &fill)
{
	uint64_t sequence = post(fill);

	for (;;) {
		accel_completion completion = take();

		if (completion.sequence == sequence)
			return completion;
	}
}

accel_completion Runner::run_nop()
{
	return run([&](uint64_t at) { work_.nop(at); });
}

accel_completion Runner::run_unknown()
{
	return run([&](uint64_t at) { work_.unknown(at); });
}

accel_completion Runner::run_malformed()
{
	return run([&](uint64_t at) { work_.malformed(at); });
}

accel_completion Runner::run_copy(uint64_t to, uint64_t from, uint64_t bytes)
{
	return run([&](uint64_t at) { work_.copy(at, to, from, bytes); });
}

void Runner::finish()
{
	while (outstanding())
		CHECK_STATUS(take(), ACCEL_RING_STATUS_SUCCESS);
}

std::string completion_text(const accel_completion &c)
{
	return fmt::format("completion {}: {}, field {}, address {:#x}, result {}, detail {}",
			   c.sequence, accel_status_name(c.status), c.field, c.address, c.result,
			   c.detail);
}

void check_status(const accel_completion &completion, unsigned status, Place place)
{
	if (completion.status != status)
		fail(place, fmt::format("expected {}, got {}", accel_status_name(status),
					completion_text(completion)));
	passed(place);
}

void in_threads(unsigned count, const std::function<void(unsigned index)> &work)
{
	std::mutex mutex;
	std::exception_ptr first;
	{
		std::vector<std::jthread> threads;

		for (unsigned i = 0; i < count; i++)
			threads.emplace_back([&, i] {
				try {
					work(i);
				} catch (...) {
					std::lock_guard lock(mutex);

					if (!first)
						first = std::current_exception();
				}
			});
	}
	if (first)
		std::rethrow_exception(first);
}

size_t first_difference(std::span<const unsigned char> a, std::span<const unsigned char> b)
{
	return static_cast<size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
}

} // namespace accel::conform
