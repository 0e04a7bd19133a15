// SPDX-License-Identifier: MIT
// A mock card and a program that uses it, for tests that verify that nothing leaks.
#pragma once

#include "mock/machine.hpp"
#include "mock/qaic/device.hpp"

#include <accel/accel.hpp>
#include <accel/qaic.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <optional>

namespace accel::core::qaic {

constexpr uint32_t kToDevice = ACCEL_QAIC_DATA_DIRECTION_TO_DEVICE;
constexpr uint32_t kFromDevice = ACCEL_QAIC_DATA_DIRECTION_FROM_DEVICE;
constexpr uint64_t kPage = 4096;

constexpr auto kSuccess = ACCEL_RING_STATUS_SUCCESS;
constexpr auto kRefused = ACCEL_RING_STATUS_SUBMIT_ERROR;
constexpr auto kUnknown = ACCEL_RING_STATUS_ENGINE_ERROR;

/// The objects of a program: one channel with a queue. An unexpected failure throws.
struct Program {
	explicit Program(uint32_t entries = 64, uint32_t fifo = 256, uint64_t flags = 0,
			 uint32_t driver_flags = 0)
		: device(accel::Device::open("accel0").value()),
		  space(accel::AddressSpace::create(device, accel::AddressMode::handles).value()),
		  channel(activate(fifo)),
		  queue(make_queue(channel, entries, flags, driver_flags).value())
	{}

	uint32_t activate(uint32_t fifo)
	{
		uint32_t made = UINT32_MAX;
		const int r = accel_qaic_activate_channel(device.get(), fifo, 0, &made);

		if (r < 0)
			throw r;
		return made;
	}
	accel::Result<accel::Queue> make_queue(uint32_t dbc, uint32_t entries, uint64_t flags = 0,
					       uint32_t driver_flags = 0)
	{
		const accel_qaic_queue_options options{dbc, driver_flags};

		return accel::Queue::create(space,
					    {.entries = entries,
					     .flags = flags,
					     .driver = std::as_bytes(std::span(&options, 1))});
	}
	/// Creates a buffer whose bytes are sent to or read from @address.
	accel::Buffer make_buffer(uint64_t address = 0x100000, uint32_t direction = kToDevice,
				  uint64_t size = kPage)
	{
		auto buffer = accel::Buffer::create(device, size).value();
		accel_qaic_slice slice{};

		slice.size = size;
		slice.dev_addr = address;
		const int r = accel_qaic_attach_slices(device.get(), buffer.get(), channel,
						       direction, &slice, 1);
		if (r < 0)
			throw r;
		return buffer;
	}
	std::vector<accel::Buffer> make_buffers(size_t count)
	{
		std::vector<accel::Buffer> made;

		for (size_t i = 0; i < count; i++)
			made.push_back(make_buffer(i * kPage));
		return made;
	}

	/// Publishes one entry for each handle in one publication. False: the ring is full.
	bool post(std::span<const uint32_t> handles) const
	{
		const auto count = static_cast<uint32_t>(handles.size());
		uint64_t at;

		if (!accel_ring_reserve(queue.ring(), count, &at))
			return false;
		for (uint32_t i = 0; i < count; i++) {
			auto *entry = static_cast<accel_qaic_execute_entry *>(
				accel_ring_entry(queue.ring(), at + i));

			*entry = {handles[i], kToDevice};
		}
		accel_ring_publish(queue.ring(), at, count);
		return true;
	}
	bool post(std::initializer_list<uint32_t> handles) const
	{
		return post(std::span(handles.begin(), handles.size()));
	}
	/// Returns the next @count completions; fewer if a wait fails.
	std::vector<accel_completion> drain(size_t count) const
	{
		std::vector<accel_completion> all(count);
		size_t there = 0;

		while (there < count) {
			there += queue.poll(std::span(all).subspan(there));
			if (there < count && !queue.wait(in_ms(5000)))
				break;
		}
		all.resize(there);
		return all;
	}

	static accel::Deadline in_ms(int ms)
	{
		return std::chrono::steady_clock::now() + std::chrono::milliseconds(ms);
	}

	accel::Device device;
	accel::AddressSpace space;
	uint32_t channel;
	accel::Queue queue;
};

inline uint32_t handle_of(const accel::Buffer &buffer)
{
	return static_cast<uint32_t>(buffer.handle());
}

inline std::vector<uint32_t> handles_of(const std::vector<accel::Buffer> &buffers)
{
	std::vector<uint32_t> handles;

	for (const accel::Buffer &buffer : buffers)
		handles.push_back(handle_of(buffer));
	return handles;
}

inline testing::Matcher<const accel_completion &> ended_as(unsigned status, uint64_t detail = 0)
{
	return testing::AllOf(testing::Field("status", &accel_completion::status, status),
			      testing::Field("detail", &accel_completion::detail, detail));
}

/// A machine with one card.
class Card : public testing::Test {
protected:
	void start(mock::QaicOptions options = {})
	{
		device = std::make_shared<mock::QaicDevice>(std::move(options));
		kernel.add(device);
	}
	~Card() override
	{
		EXPECT_TRUE(kernel.leaks().none()) << kernel.leaks().text;
		EXPECT_EQ(device->channels_in_use(), 0u);
		EXPECT_EQ(device->queued(), 0u);
	}
	uint64_t ioctls(unsigned long request) { return kernel.account().count_ioctl(request); }

	mock::MockKernel kernel;
	mock::Machine machine{kernel};
	std::shared_ptr<mock::QaicDevice> device;
};

} // namespace accel::core::qaic
