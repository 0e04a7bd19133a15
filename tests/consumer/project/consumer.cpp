// SPDX-License-Identifier: MIT
// Compresses and decompresses a block of bytes. If soft0 cannot be opened, prints the reason and returns 3.
#include <accel/soft.hpp>
#include <cstdio>
#include <cstring>
#include <vector>

namespace soft = accel::soft;

static int fail(int status, const accel::Error &error)
{
	std::fprintf(stderr, "%s: %s\n", error.name().data(), error.message().data());
	return status;
}

int main()
{
	std::vector<char> bytes(1 << 20), packed(2 << 20), back(1 << 20);
	auto device = accel::Device::open("soft0");

	for (size_t i = 0; i < bytes.size(); i++)
		bytes[i] = static_cast<char>(i * i >> 7);
	if (!device)
		return fail(3, device.error());
	auto space = accel::AddressSpace::create(*device, accel::AddressMode::shared);
	if (!space)
		return fail(1, space.error());
	auto queue = accel::Queue::create(*space, {.entries = 16});
	if (!queue)
		return fail(1, queue.error());
	queue->submit(soft::deflate(packed, bytes));
	auto small = queue->wait_one();
	if (!small)
		return fail(1, small.error());
	queue->submit(soft::inflate(back, soft::Source(packed.data(), small->result)));
	auto large = queue->wait_one();
	if (!large)
		return fail(1, large.error());
	std::printf("libaccel %s: %zu -> %llu -> %llu bytes\n", accel_version(), bytes.size(),
		    static_cast<unsigned long long>(small->result),
		    static_cast<unsigned long long>(large->result));
	return bytes == back && large->result == back.size() ? 0 : 1;
}
