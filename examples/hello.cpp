// SPDX-License-Identifier: MIT
// Hello: checksum and compress a file on an accelerator, through a work ring. usage: hello [FILE]
#include <accel/soft.hpp>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <vector>

static int fail(const accel::Error &error)
{
	std::fprintf(stderr, "hello: %s: %s\n", error.name().data(), error.message().data());
	return 1;
}

int main(int argc, char **argv)
{
	std::ifstream file(argc > 1 ? argv[1] : "/proc/self/exe", std::ios::binary);
	const std::vector<char> text{std::istreambuf_iterator(file), {}};
	std::vector<char> packed(text.size() + text.size() / 8 + 1024);

	auto device = accel::Device::open("soft0");
	if (!device)
		return fail(device.error());
	auto space = accel::AddressSpace::create(*device, accel::AddressMode::shared);
	if (!space)
		return fail(space.error());
	auto queue = accel::Queue::create(*space, {.entries = 64});
	if (!queue)
		return fail(queue.error());

	queue->submit(accel::soft::crc32c(text));
	queue->submit(accel::soft::deflate(packed, text));
	for (const char *what : {"crc32c", "gzip bytes"}) {
		auto done = queue->wait_one();
		if (!done)
			return fail(done.error());
		std::printf("%s: %s, %#llx\n", what, accel_status_name(done->status),
			    static_cast<unsigned long long>(done->result));
	}
}
