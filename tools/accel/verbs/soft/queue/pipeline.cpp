// SPDX-License-Identifier: MIT
// The file path of `run`: reading, execution and writing in parallel, in a fixed number of slots.
#include "verbs/soft/queue/pipeline.hpp"

#include "run/summary.hpp"
#include "terminal/fail.hpp"
#include "terminal/output.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace cli {

namespace {

constexpr size_t kMostMemory = 96 << 20; // of all slots
constexpr size_t kMostSlots = 64;
constexpr size_t kAlign = 4096;

size_t rounded(size_t bytes)
{
	return (bytes + kAlign - 1) / kAlign * kAlign;
}

/// Returns the number of slots: two for each worker, so that it is busy while an output is written, and four for the
/// reading and the writing thread.
size_t slot_count(unsigned parallel, size_t bytes)
{
	size_t wanted = std::clamp<size_t>(2 * size_t(parallel) + 4, 8, kMostSlots);

	return std::clamp<size_t>(bytes ? kMostMemory / bytes : kMostSlots, 2, wanted);
}

std::thread start(const std::function<void()> &work)
{
	try {
		return std::thread(work);
	} catch (const std::system_error &error) {
		fail(Exit::resources, "",
		     "the thread that reads the input cannot be created: {}; check the limits on "
		     "processes and memory (ulimit -u, -v)",
		     error.code().message());
	}
}

} // namespace

void Pipeline::Unmapper::operator()(std::byte *memory) const
{
	if (bytes)
		munmap(memory, bytes);
}

Pipeline::Pipeline(const accel::Device &device, const RunOptions &options, size_t in_bytes,
		   size_t out_bytes)
	: memory_(nullptr, Unmapper{}),
	  accelerator_(device, options, kMostSlots + 1, 0),
	  free_(0),
	  stop_fd_(eventfd(0, EFD_CLOEXEC))
{
	size_t each = rounded(in_bytes) + rounded(out_bytes);
	size_t count = slot_count(accelerator_.parallel(), each);

	if (stop_fd_ < 0)
		throw std::system_error(errno, std::generic_category(),
					"an eventfd cannot be created");
	if (each) {
		void *memory = mmap(nullptr, each * count, PROT_READ | PROT_WRITE,
				    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (memory == MAP_FAILED)
			throw std::bad_alloc();
		memory_ = std::unique_ptr<std::byte, Unmapper>(static_cast<std::byte *>(memory),
							       Unmapper{each * count});
	}
	for (size_t i = 0; i < count; ++i) {
		std::byte *at = memory_.get() + i * each;

		slots_.push_back({{at, in_bytes}, {at + rounded(in_bytes), out_bytes}});
	}
	free_.release(static_cast<ptrdiff_t>(count));
}

Pipeline::~Pipeline()
{
	close(stop_fd_);
}

void Pipeline::read(const Fill &fill)
{
	uint64_t number = 0;

	try {
		for (;;) {
			free_.acquire();
			Slot &slot = slots_[number++ % slots_.size()];
			accel_soft_descriptor descriptor = {};

			if (stop_ || !fill(slot, descriptor))
				break;
			accelerator_.publish(descriptor);
		}
	} catch (...) {
		failed_ = std::current_exception();
	}
	// Publication is a release: the collecting thread sees end_ and failed_ when it takes this completion.
	end_ = accelerator_.descriptors();
	accelerator_.publish({});
}

void Pipeline::collect(const Collect &collect)
{
	for (uint64_t number = 0;; ++number) {
		accel_completion completion = accelerator_.next();

		if (completion.sequence == end_)
			break;
		if (!collect(slots_[number % slots_.size()], completion))
			break;
		free_.release();
	}
}

void Pipeline::stop()
{
	uint64_t one = 1;

	stop_ = true;
	static_cast<void>(write(stop_fd_, &one, sizeof(one)));
	free_.release();
}

void Pipeline::run(const Fill &fill, const Collect &collect_one)
{
	std::thread reader = start([this, &fill] { read(fill); });
	std::exception_ptr failed;

	try {
		collect(collect_one);
	} catch (...) {
		failed = std::current_exception();
	}
	stop();
	reader.join();
	if (failed)
		std::rethrow_exception(failed);
	if (failed_)
		std::rethrow_exception(failed_);
}

void Pipeline::add_to(Summary &summary) const
{
	summary.descriptors = end_;
	summary.in_flight = slots();
	summary.parallel = accelerator_.parallel();
}

} // namespace cli
