// SPDX-License-Identifier: MIT
// The cost of publishing by a system call: one entry at a time on a queue of a mock qaic card, by one thread, and by
// two threads on two queues of the card at the same time. The mock kernel returns at once and takes no lock, so any
// contention of the two threads is in the library.
#include "harness.hpp"

#include "mock/machine.hpp"
#include "mock/qaic/device.hpp"

#include <accel/accel.hpp>
#include <accel/qaic.h>
#include <array>
#include <optional>

namespace {

using namespace bench;
namespace mock = accel::core::mock;

constexpr uint32_t kEntries = 64;
constexpr uint32_t kBurst = 32; // kicks between two polls
constexpr uint64_t kKicks = 64'000;

/// One queue of the card, and the buffer that its entries name.
class Client {
public:
	Client(const accel::Device &device, const accel::AddressSpace &space)
	{
		accel_qaic_queue_options options{};
		accel_qaic_slice slice{};

		if (accel_qaic_activate_channel(device.get(), kEntries, 0, &options.dbc_id) < 0)
			die("the mock refuses a channel");
		auto queue = accel::Queue::create(
			space,
			{.entries = kEntries, .driver = std::as_bytes(std::span(&options, 1))});
		auto buffer = accel::Buffer::create(device, 4096);
		if (!queue || !buffer)
			die("the mock refuses a queue or a buffer");
		slice.size = 4096;
		if (accel_qaic_attach_slices(device.get(), buffer->get(), options.dbc_id,
					     ACCEL_QAIC_DATA_DIRECTION_TO_DEVICE, &slice, 1) < 0)
			die("the mock refuses a slice");
		queue_.emplace(std::move(*queue));
		buffer_.emplace(std::move(*buffer));
	}

	/// Returns the nanoseconds of the kicks alone; the code between them is not counted.
	uint64_t run()
	{
		accel_ring *ring = queue_->ring();
		accel_completion done[kBurst];
		uint64_t ns = 0;

		for (uint64_t kicks = 0; kicks < kKicks; kicks += kBurst) {
			const uint64_t from = now_ns();
			for (uint32_t i = 0; i < kBurst; i++)
				kick(ring);
			ns += now_ns() - from;
			for (uint32_t there = 0; there < kBurst;)
				there += accel_ring_poll(ring, done, kBurst);
		}
		return ns;
	}

private:
	void kick(accel_ring *ring)
	{
		uint64_t at;

		if (!accel_ring_reserve(ring, 1, &at))
			die("the ring is full");
		accel_qaic_entry(
			static_cast<accel_qaic_execute_entry *>(accel_ring_entry(ring, at)),
			buffer_->get(), ACCEL_QAIC_DATA_DIRECTION_TO_DEVICE);
		accel_ring_publish(ring, at, 1);
	}

	std::optional<accel::Queue> queue_;
	std::optional<accel::Buffer> buffer_;
};

} // namespace

int main()
{
	raise_priority();
	mock::MockKernel kernel({.null_kernel = true});
	mock::Machine machine(kernel);

	kernel.add(std::make_shared<mock::QaicDevice>(mock::QaicOptions{.null_execute = true}));
	auto device = accel::Device::open("accel0");
	if (!device)
		die("the mock card cannot be opened: %s", device.error().message().data());
	auto space = accel::AddressSpace::create(*device, accel::AddressMode::handles);
	if (!space)
		die("the address space cannot be created");
	Client mine(*device, *space), other(*device, *space);
	Partner partner;

	pin(kRequesterCpu);
	return serve([&](unsigned samples) {
		while (samples--) {
			bracketed(partner, "kick/one-thread", kKicks, [&] { return mine.run(); });
			bracketed(partner, "kick/two-threads", kKicks, [&] {
				uint64_t others = 0;

				partner.start([&] { others = other.run(); });
				const uint64_t ns = mine.run();
				partner.finish();
				return (ns + others) / 2;
			});
		}
	});
}
