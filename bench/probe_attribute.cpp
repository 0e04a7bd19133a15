// SPDX-License-Identifier: MIT
// A call of the attribute uABI: encoding its message, compared with filling a fixed structure of the same content;
// and a whole call into soft0, compared with an ioctl that the kernel refuses at once. Allocations are counted.
#include "gbench.hpp"
#include "soft_client.hpp"

#include <accel/uabi/accel_client.hpp>
#include <atomic>
#include <cstdlib>
#include <fcntl.h>
#include <sys/ioctl.h>

static std::atomic<uint64_t> allocations;

extern "C" void *__libc_malloc(size_t size);
extern "C" void *__libc_calloc(size_t count, size_t size);
extern "C" void *__libc_realloc(void *memory, size_t size);

// These replace glibc's functions for the program and all its libraries; operator new calls them, too.
extern "C" void *malloc(size_t size)
{
	allocations.fetch_add(1, std::memory_order_relaxed);
	return __libc_malloc(size);
}

extern "C" void *calloc(size_t count, size_t size)
{
	allocations.fetch_add(1, std::memory_order_relaxed);
	return __libc_calloc(count, size);
}

extern "C" void *realloc(void *memory, size_t size)
{
	allocations.fetch_add(1, std::memory_order_relaxed);
	return __libc_realloc(memory, size);
}

namespace {

using namespace bench;

constexpr unsigned long kNoSuchRequest = 0xc0304bff; // of 48 bytes; /dev/null has none

/// The content of address-space.map, as a fixed structure of an ioctl.
struct Fixed {
	uint64_t handle, address, length, access, fixed_iova, iova;
};
static_assert(sizeof(Fixed) == 48);

/// Arguments as a function receives them: in registers, with values unknown to the compiler.
struct Input {
	uint64_t handle = 1, address = 0x7000, length = 4096, access = 3, iova = 0x10000;

	void launder()
	{
		asm volatile(""
			     : "+r"(handle), "+r"(address), "+r"(length), "+r"(access), "+r"(iova));
	}
};

int null_ioctl(const void *argument)
{
	static const int file = open("/dev/null", O_RDWR | O_CLOEXEC);

	return ioctl(file, kNoSuchRequest, argument);
}

template <bool kCall>
void fill_fixed(benchmark::State &state)
{
	Input in;

	for (auto _ : state) {
		in.launder();
		Fixed message{in.handle, in.address, in.length, in.access, in.iova, 0};
		asm volatile("" : : "r"(&message) : "memory");
		if constexpr (kCall)
			keep(null_ioctl(&message));
	}
}

template <bool kCall>
void encode(benchmark::State &state)
{
	Input in;

	for (auto _ : state) {
		in.launder();
		accel::core::uabi::AddressSpaceMap message;
		message.handle(in.handle)
			.address(in.address)
			.length(in.length)
			.access(in.access)
			.fixed_iova(in.iova);
		asm volatile("" : : "r"(&message) : "memory");
		if constexpr (kCall)
			keep(null_ioctl(&message.call()));
	}
}

void bare_ioctl(benchmark::State &state)
{
	for (auto _ : state)
		keep(null_ioctl(nullptr));
}

/// @call makes one attribute call into soft0.
template <class Call>
void count_and_time(benchmark::State &state, Call call)
{
	call();
	const uint64_t before = allocations.load(std::memory_order_relaxed);
	for (auto _ : state)
		call();
	const uint64_t after = allocations.load(std::memory_order_relaxed);

	// Google Benchmark allocates when the loop begins and ends, but not in it: about three allocations,
	// which add less than a thousandth to the average of each call.
	state.counters["allocations"] =
		static_cast<double>(after - before) / static_cast<double>(state.iterations());
}

} // namespace

int main()
{
	raise_priority();

	Soft soft;
	accel_queue *queue = soft.make_queue(64, 0);
	auto add = [](const char *name, auto function, int iterations = 5000) {
		benchmark::RegisterBenchmark(name, function)->Iterations(iterations);
	};

	null_ioctl(nullptr);
	add("attribute/fill-fixed", fill_fixed<false>, 200000);
	add("attribute/encode", encode<false>, 200000);
	add("attribute/fill-fixed+ioctl", fill_fixed<true>);
	add("attribute/encode+ioctl", encode<true>);
	add("attribute/null-ioctl", bare_ioctl);
	add("attribute/device.query", [&](benchmark::State &state) {
		count_and_time(state, [&] {
			accel_device_caps caps{.size = sizeof(caps)};
			accel_error error;

			check(accel_device_query(soft.device(), &caps, &error), error, "query");
			keep(caps);
		});
	});
	add("attribute/queue.query",
	    [&](benchmark::State &state) { count_and_time(state, [&] { keep(query(queue)); }); });

	int status = serve_benchmarks();
	accel_queue_destroy(queue, nullptr);
	return status;
}
