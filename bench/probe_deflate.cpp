// SPDX-License-Identifier: MIT
// Compression of blocks of a file: soft0 with one worker, ISA-L, libdeflate and zlib, each at its level 1, one
// thread, one block after the other. usage: probe_deflate FILE
#include "soft_client.hpp"

#include <cstring>
#include <fstream>
#include <isa-l.h>
#include <libdeflate.h>
#include <memory>
#include <vector>
#include <zlib.h>

namespace {

using namespace bench;

constexpr size_t kBytes = 4 << 20; // from the middle of the file

struct Text {
	std::vector<unsigned char> in = std::vector<unsigned char>(kBytes);
	std::vector<unsigned char> out = std::vector<unsigned char>(2 * kBytes);
};

/// Checks that decompression restores the block.
void verify(const char *name, const Text &text, size_t block, const std::vector<size_t> &sizes)
{
	static libdeflate_decompressor *decompressor = libdeflate_alloc_decompressor();
	std::vector<unsigned char> back(block);
	const unsigned char *from = text.out.data();

	for (size_t i = 0; i < sizes.size(); from += sizes[i++]) {
		size_t got = 0;

		if (libdeflate_gzip_decompress(decompressor, from, sizes[i], back.data(), block,
					       &got) != LIBDEFLATE_SUCCESS ||
		    got != block ||
		    std::memcmp(back.data(), text.in.data() + i * block, block) != 0)
			die("the output of %s does not decompress to its input", name);
	}
}

/// Compresses all blocks with @one(out, room, in, bytes), which returns the number of bytes that it wrote.
template <class One>
void sample(const char *name, Text &text, size_t block, One one)
{
	std::vector<size_t> sizes;
	sizes.reserve(kBytes / block);
	const double aside = times_put_aside();
	const uint64_t from = now_ns();
	size_t bytes = 0;

	for (size_t at = 0; at < kBytes; at += block) {
		size_t n = one(text.out.data() + bytes, text.out.size() - bytes,
			       text.in.data() + at, block);

		if (!n)
			die("%s compressed nothing", name);
		sizes.push_back(n);
		bytes += n;
	}
	const auto ns = static_cast<double>(now_ns() - from);
	verify(name, text, block, sizes);
	const std::string end = "/" + std::to_string(block >> 10) + "K";

	emit(std::string(name) + "/deflate" + end, "MB/s", kBytes * 1e3 / ns,
	     {{"ns", ns}, {"aside", times_put_aside() - aside}});
	emit(std::string(name) + "/deflate-ratio" + end, "ratio",
	     static_cast<double>(kBytes) / static_cast<double>(bytes));
}

size_t isal_one(unsigned char *out, size_t room, unsigned char *in, size_t bytes)
{
	static std::vector<uint8_t> level_buffer(ISAL_DEF_LVL1_DEFAULT);
	isal_zstream stream;

	isal_deflate_stateless_init(&stream);
	stream.level = 1;
	stream.level_buf = level_buffer.data();
	stream.level_buf_size = static_cast<uint32_t>(level_buffer.size());
	stream.gzip_flag = IGZIP_GZIP;
	stream.end_of_stream = 1;
	stream.flush = NO_FLUSH;
	stream.next_in = in;
	stream.avail_in = static_cast<uint32_t>(bytes);
	stream.next_out = out;
	stream.avail_out = static_cast<uint32_t>(room);
	return isal_deflate_stateless(&stream) == COMP_OK ? stream.total_out : 0;
}

size_t zlib_one(unsigned char *out, size_t room, unsigned char *in, size_t bytes)
{
	// The context is kept between calls, as a program would do.
	static z_stream stream = [] {
		z_stream s = {};

		if (deflateInit2(&s, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
			die("deflateInit2 failed");
		return s;
	}();

	deflateReset(&stream);
	stream.next_in = in;
	stream.avail_in = static_cast<uInt>(bytes);
	stream.next_out = out;
	stream.avail_out = static_cast<uInt>(room);
	return deflate(&stream, Z_FINISH) == Z_STREAM_END ? stream.total_out : 0;
}

size_t libdeflate_one(unsigned char *out, size_t room, unsigned char *in, size_t bytes)
{
	static libdeflate_compressor *compressor = libdeflate_alloc_compressor(1);

	return libdeflate_gzip_compress(compressor, in, bytes, out, room);
}

size_t soft_one(accel_queue *queue, unsigned char *out, size_t room, unsigned char *in,
		size_t bytes)
{
	accel_ring *ring = accel_queue_ring(queue);
	accel_completion done;
	auto fill = [&](accel_soft_descriptor *d, uint64_t) {
		accel_soft_deflate(d, out, room, in, bytes, 1, 0);
	};

	post(ring, 1, fill);
	while (!accel_ring_poll(ring, &done, 1))
		;
	return done.status == ACCEL_RING_STATUS_SUCCESS ? done.result : 0;
}

} // namespace

int main(int argc, char **argv)
{
	raise_priority();
	if (argc != 2)
		die("usage: probe_deflate FILE");

	Text text;
	std::ifstream file(argv[1], std::ios::binary | std::ios::ate);
	const auto size = static_cast<std::streamoff>(file.tellg());

	file.seekg(std::max<std::streamoff>(0, size / 2 - std::streamoff{kBytes} / 2));
	if (!file.read(reinterpret_cast<char *>(text.in.data()), kBytes))
		die("%s has less than %zu bytes", argv[1], kBytes);

	Soft soft;
	accel_queue *queue = soft.make_queue(2, 0, kWorkerOnly);

	int status = serve([&](unsigned samples) {
		while (samples--)
			for (size_t block : {size_t{64} << 10, size_t{1} << 20}) {
				sample("soft", text, block,
				       [&](auto... a) { return soft_one(queue, a...); });
				wait_asleep(accel_queue_ring(queue));
				pin(kWorkerCpu);
				sample("isa-l", text, block, isal_one);
				sample("libdeflate", text, block, libdeflate_one);
				sample("zlib", text, block, zlib_one);
				pin(kRequesterCpu);
			}
	});
	accel_queue_destroy(queue, nullptr);
	return status;
}
