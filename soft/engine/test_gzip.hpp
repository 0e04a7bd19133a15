// SPDX-License-Identifier: MIT
// Other implementations of gzip, with which the tests compare the engines.
#pragma once

#include "test_data.hpp"

#include <zlib.h>

#include <cstdio>

namespace accel::core::engine::test {

struct HeaderFields {
	const char *name = nullptr;
	const char *comment = nullptr;
	const char *extra = nullptr;
	bool crc = false;
};

/// A member written by zlib. @window 31: gzip; -15: without header and trailer.
inline Bytes zlib_deflate(std::span<const std::byte> in, int level,
			  int strategy = Z_DEFAULT_STRATEGY, const HeaderFields &fields = {},
			  int window = 31)
{
	z_stream stream{};
	gz_header header{};
	if (deflateInit2(&stream, level, Z_DEFLATED, window, 8, strategy) != Z_OK)
		std::abort();
	const auto bytes = [](const char *from) {
		return reinterpret_cast<Bytef *>(const_cast<char *>(from));
	};
	header.name = bytes(fields.name);
	header.comment = bytes(fields.comment);
	header.extra = bytes(fields.extra);
	header.extra_len = fields.extra ? static_cast<uInt>(std::strlen(fields.extra)) : 0;
	header.hcrc = fields.crc;
	if (window > 15)
		deflateSetHeader(&stream, &header);
	Bytes out(deflateBound(&stream, in.size()) + 1000);
	stream.next_in = reinterpret_cast<Bytef *>(const_cast<std::byte *>(in.data()));
	stream.avail_in = static_cast<uInt>(in.size());
	stream.next_out = reinterpret_cast<Bytef *>(out.data());
	stream.avail_out = static_cast<uInt>(out.size());
	if (deflate(&stream, Z_FINISH) != Z_STREAM_END)
		std::abort();
	out.resize(stream.total_out);
	deflateEnd(&stream);
	return out;
}

struct Decoded {
	bool good = false; // exactly one complete and valid member with nothing after it
	Bytes data;
};

inline Decoded zlib_inflate(std::span<const std::byte> in, std::size_t room)
{
	z_stream stream{};
	Decoded decoded;
	decoded.data.resize(room + 1);
	if (inflateInit2(&stream, 31) != Z_OK)
		std::abort();
	stream.next_in = reinterpret_cast<Bytef *>(const_cast<std::byte *>(in.data()));
	stream.avail_in = static_cast<uInt>(in.size());
	stream.next_out = reinterpret_cast<Bytef *>(decoded.data.data());
	stream.avail_out = static_cast<uInt>(decoded.data.size());
	decoded.good = inflate(&stream, Z_FINISH) == Z_STREAM_END && stream.avail_in == 0;
	decoded.data.resize(stream.total_out);
	inflateEnd(&stream);
	return decoded;
}

/// The output of a program of the system for the input @in: a filter, such as "gzip -c".
inline Bytes filter(const std::string &command, std::span<const std::byte> in)
{
	char path[] = "/tmp/accel-engine-XXXXXX";
	const int fd = mkstemp(path);
	if (fd < 0 || write(fd, in.data(), in.size()) != static_cast<ssize_t>(in.size()))
		std::abort();
	close(fd);
	FILE *pipe = popen((command + " <" + path).c_str(), "re");
	Bytes out;
	std::byte piece[65536];
	for (std::size_t got; (got = fread(piece, 1, sizeof(piece), pipe)) > 0;)
		out.insert(out.end(), piece, piece + got);
	const int status = pclose(pipe);
	unlink(path);
	if (status != 0)
		std::fprintf(stderr, "%s: exit status %d\n", command.c_str(), status);
	return out;
}

} // namespace accel::core::engine::test
