// SPDX-License-Identifier: MIT
// The n-th allocation or system call fails, for every n, through the whole public interface: each failure is an error
// with a text, nothing leaks, no object is partly created, and everything works afterwards.
#include "capi/failing_allocator.hpp"
#include "sys/sys.hpp"

#include <accel/soft.hpp>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <string>
#include <sys/resource.h>
#include <vector>

namespace {

using namespace accel;
using namespace accel::test;
namespace sys = accel::core::sys;

/// The result of a run through the interface. Allocates nothing.
struct Outcome {
	const char *step = nullptr; // the call that failed, or null
	accel_error error{};

	bool fail(const char *where, const Error &why)
	{
		step = where;
		error = why.raw();
		return false;
	}
};

template <class T>
bool good(Outcome &outcome, const char *step, const Result<T> &result)
{
	return result ? true : outcome.fail(step, result.error());
}

#define TRY(name, call)                  \
	auto name = call;                \
	if (!good(outcome, #call, name)) \
	return

void use_memory(Outcome &outcome, Device &device)
{
	static std::array<std::byte, 4096> memory;

	TRY(mapped, AddressSpace::create(device, AddressMode::mapped));
	TRY(buffer, Buffer::create(device, 4096));
	TRY(registered, Buffer::from_memory(device, memory));
	TRY(file, buffer->export_file());
	auto imported = Buffer::from_file(device, file->fd);
	sys::kRealCalls.close(file->fd);
	if (!good(outcome, "Buffer::from_file", imported))
		return;
	TRY(one, mapped->map(memory));
	TRY(two, mapped->map(*buffer, 0, 4096));
	TRY(info, mapped->query());
	TRY(one_gone, one->unmap());
	TRY(two_gone, two->unmap());
	TRY(buffer_gone, buffer->destroy());
	TRY(imported_gone, imported->destroy());
	TRY(registered_gone, registered->destroy());
	TRY(space_gone, mapped->destroy());
}

void use_queue(Outcome &outcome, Device &device)
{
	static char source[64] = "source", target[64];

	TRY(space, AddressSpace::create(device, AddressMode::shared));
	TRY(event, Event::create(device));
	TRY(queue, Queue::create(*space, {.entries = 4, .event = &*event}));
	TRY(armed, queue->arm());
	queue->submit(soft::copy(target, source));
	TRY(done, queue->wait_one());
	if (done->status != ACCEL_RING_STATUS_SUCCESS)
		outcome.step = "the copy";
	TRY(info, queue->query());
	TRY(queue_gone, queue->destroy());
	TRY(event_gone, event->destroy());
	TRY(space_gone, space->destroy());
}

void use_commands(Outcome &outcome, Device &device)
{
	TRY(channel, CommandChannel::create(device, Scope::debug_full));
	TRY(identity, soft::identify(*channel));
	TRY(stream, soft::Stream::create(device));
	TRY(stream_gone, stream->destroy());
	TRY(channel_gone, channel->destroy());
}

void list_devices(Outcome &outcome)
{
	TRY(list, devices());
	auto watch = DeviceWatch::create();
	if (!watch && watch.error().code() == EOPNOTSUPP)
		return; // a container without device events
	if (!good(outcome, "DeviceWatch::create()", watch))
		return;
	TRY(event, watch->next());
}

/// Uses every operation of devices once. Destroys every object explicitly, because a destructor cannot report a
/// failure.
void use_devices(Outcome &outcome)
{
	TRY(null, Device::open("null0"));
	TRY(device, Device::open("soft0"));
	TRY(caps, device->query());
	for (auto use : {use_memory, use_queue, use_commands}) {
		use(outcome, *device);
		if (outcome.step)
			return;
	}
}

int open_files()
{
	int count = 0;
	DIR *dir = opendir("/proc/self/fd");

	while (readdir(dir))
		count++;
	closedir(dir);
	return count;
}

/// Expects an errno of the contract and a text.
void expect_reported(const Outcome &outcome, int code, long n)
{
	const accel_error_record &record = outcome.error.record;

	EXPECT_EQ(record.code, -code) << "at " << n << ": " << outcome.step << ": " << record.text;
	EXPECT_STRNE(accel_errno_name(record.code), "unknown");
	EXPECT_GT(strlen(record.text), 10u) << "at " << n << ": " << outcome.step;
}

class Fault : public testing::Test {
protected:
	void SetUp() override
	{
		/* Not counted: what is loaded and allocated once. */
		for (int i = 0; i < 2; i++)
			expect_all_works();
		files_ = open_files();
		live_ = live;
	}

	void expect_all_works()
	{
		Outcome outcome;

		use_devices(outcome);
		ASSERT_EQ(outcome.step, nullptr) << outcome.error.record.text;
	}

	void expect_no_leak(long n, const char *step)
	{
		EXPECT_EQ(live, live_)
			<< "memory, at " << n << ": " << (step ? step : "no failure");
		EXPECT_EQ(open_files(), files_) << "files, at " << n;
	}

	/// Runs @use with the n-th allocation failing, for every n. Returns the number of reported failures.
	int with_each_allocation_failing(void (*use)(Outcome &))
	{
		long n = 0;
		int reported = 0;

		do {
			Outcome outcome;

			failed = false;
			countdown = ++n;
			use(outcome);
			countdown = 0;
			if (outcome.step) {
				expect_reported(outcome, ENOMEM, n);
				reported++;
			}
			expect_no_leak(n, outcome.step);
		} while (failed && !HasFailure());
		return reported;
	}

	int files_ = 0;
	long live_ = 0;
};

TEST_F(Fault, EachAllocationOfTheListMayFail)
{
	EXPECT_GT(with_each_allocation_failing(list_devices), SANITIZED ? 3 : 100);
}

TEST_F(Fault, EachFileOfTheListMayExceedTheLimit)
{
	rlimit before;
	int reported = 0;

	getrlimit(RLIMIT_NOFILE, &before);
	for (int most = 3; most < files_ + 16; most++) {
		Outcome outcome;
		rlimit few{static_cast<rlim_t>(most), before.rlim_max};

		setrlimit(RLIMIT_NOFILE, &few);
		list_devices(outcome);
		setrlimit(RLIMIT_NOFILE, &before);
		if (outcome.step) {
			expect_reported(outcome, EMFILE, most);
			reported++;
		}
		expect_no_leak(most, outcome.step);
	}
	EXPECT_GT(reported, 0);
	EXPECT_LT(reported, files_ + 13) << "succeeds with enough files";
}

TEST_F(Fault, EachAllocationMayFail)
{
	EXPECT_GT(with_each_allocation_failing(use_devices), 20);
	expect_all_works();
}

/* ---- system calls ------------------------------------------------------------------------- */

long calls_left = 0;
int call_error = 0;
bool call_failed = false;
int live_maps = 0;

template <class T>
bool fails(T *r)
{
	if (calls_left <= 0 || --calls_left > 0)
		return false;
	call_failed = true;
	*r = static_cast<T>(-call_error);
	return true;
}

/// The real calls, of which the n-th fails. Calls that release a resource are counted and never fail.
sys::Calls counting()
{
	sys::Calls c = sys::kRealCalls;

	c.open = [](const char *path, int flags) {
		int r;
		return fails(&r) ? r : sys::kRealCalls.open(path, flags);
	};
	c.eventfd = [](unsigned initial, int flags) {
		int r;
		return fails(&r) ? r : sys::kRealCalls.eventfd(initial, flags);
	};
	c.access = [](const char *path, int mode) {
		int r;
		return fails(&r) ? r : sys::kRealCalls.access(path, mode);
	};
	c.madvise = [](void *at, size_t length, int advice) {
		int r;
		return fails(&r) ? r : sys::kRealCalls.madvise(at, length, advice);
	};
	c.mmap = [](void *at, size_t length, int protection, int flags, int fd, off_t offset) {
		long r;
		if (fails(&r))
			return r;
		live_maps++;
		return sys::kRealCalls.mmap(at, length, protection, flags, fd, offset);
	};
	c.munmap = [](void *at, size_t length) {
		live_maps--;
		return sys::kRealCalls.munmap(at, length);
	};
	return c;
}

TEST_F(Fault, EachSystemCallMayFail)
{
	const sys::Calls counted = counting();

	for (int code : {EMFILE, ENOMEM, EPERM}) {
		long n = 0;

		do {
			Outcome outcome;

			call_failed = false;
			call_error = code;
			calls_left = ++n;
			sys::calls = &counted;
			use_devices(outcome);
			sys::calls = &sys::kRealCalls;
			calls_left = 0;
			if (outcome.step) {
				EXPECT_LT(outcome.error.record.code, 0);
				expect_reported(outcome, -outcome.error.record.code, n);
			}
			EXPECT_EQ(live_maps, 0) << "at " << n;
			expect_no_leak(n, outcome.step);
			if (HasFailure())
				return;
		} while (call_failed);
		EXPECT_GT(n, 3) << "at least the page of the ring, its advice and the eventfd";
	}
	expect_all_works();
}

} // namespace
