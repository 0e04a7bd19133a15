// SPDX-License-Identifier: MIT
// Fuzz target: decompresses any bytes in pieces of any size.
#include "engine.hpp"

#include <algorithm>
#include <cstdlib>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
	using namespace accel::core::engine;
	if (size < 2)
		return 0;
	// The first two bytes set the size of the input pieces and of the output buffers.
	const std::size_t most_in = 1 + data[0] * std::size_t{8};
	const std::size_t room = 1 + data[1] * std::size_t{16};
	auto in = std::as_bytes(std::span(data, size)).subspan(2);
	Inflate inflate;
	std::size_t total = 0;
	Result result;

	do {
		// Allocations of the exact size, so that the sanitizer finds every access outside.
		const std::vector<std::byte> piece(
			in.begin(), in.begin() + static_cast<long>(std::min(most_in, in.size())));
		std::vector<std::byte> out(room);
		result = inflate.run(piece, out, piece.size() == in.size());
		if (result.consumed > piece.size() || result.produced > room ||
		    result.status == Status::internal)
			std::abort();
		if (result.status == Status::ok && result.consumed != piece.size())
			std::abort();
		in = in.subspan(result.consumed);
		total += result.produced;
		if (in.empty() && result.status != Status::output_full)
			break;
	} while ((result.status == Status::ok || result.status == Status::output_full ||
		  result.status == Status::stream_end) &&
		 total < (std::size_t{1} << 20));
	return 0;
}
