// SPDX-License-Identifier: MIT
// Copies a line of text to the memory of a Cloud AI card and back. usage: qaic [DEVICE]
#include <accel/accel.hpp>
#include <accel/qaic.h>
#include <cstdio>
#include <cstring>

static int fail(const char *what, const char *why)
{
	return std::fprintf(stderr, "qaic: %s: %s\n", what, why), 1;
}

int main(int argc, char **argv)
{
	constexpr uint64_t kBytes = 4096;
	constexpr uint32_t kIn = ACCEL_QAIC_DATA_DIRECTION_TO_DEVICE;
	constexpr uint32_t kOut = ACCEL_QAIC_DATA_DIRECTION_FROM_DEVICE;
	accel_qaic_queue_options channel = {};
	accel_qaic_slice slice = {};

	auto device = accel::Device::open(argc > 1 ? argv[1] : "accel0");
	if (!device)
		return fail("open", device.error().message().data());
	auto space = accel::AddressSpace::create(*device, accel::AddressMode::handles);
	auto in = accel::Buffer::create(*device, kBytes);
	auto out = accel::Buffer::create(*device, kBytes);
	if (!space || !in || !out)
		return fail("buffers", "cannot be created");
	if (int r = accel_qaic_activate_channel(device->get(), 16, 0, &channel.dbc_id); r < 0)
		return fail("activate", accel_errno_name(r));
	auto queue = accel::Queue::create(
		*space, {.entries = 8, .driver = std::as_bytes(std::span(&channel, 1))});
	if (!queue)
		return fail("queue", queue.error().message().data());

	slice.size = kBytes;
	slice.dev_addr = 0x1000;
	if (accel_qaic_attach_slices(device->get(), in->get(), channel.dbc_id, kIn, &slice, 1) < 0)
		return fail("slices", "the card refuses them");
	// The card sends the buffer back after it has received the input.
	slice.sem0.presync = 1;
	slice.sem0.command = ACCEL_QAIC_SEMAPHORE_COMMAND_INIT;
	slice.sem0.flags = ACCEL_QAIC_SEMAPHORE_FLAGS_INBOUND_FENCE;
	if (accel_qaic_attach_slices(device->get(), out->get(), channel.dbc_id, kOut, &slice, 1) <
	    0)
		return fail("slices", "the card refuses them");

	std::strcpy(reinterpret_cast<char *>(in->bytes().data()), "there and back");
	for (auto [buffer, way] : {std::pair(&*in, kIn), std::pair(&*out, kOut)}) {
		accel_qaic_execute_entry entry;
		accel_qaic_entry(&entry, buffer->get(), way);
		queue->submit(entry);
	}
	for (const char *what : {"to the card", "from the card"}) {
		auto done = queue->wait_one();
		std::printf("%s: %s\n", what, done ? accel_status_name(done->status) : "none");
	}
	std::printf("%s\n", reinterpret_cast<const char *>(out->bytes().data()));
	return 0;
}
