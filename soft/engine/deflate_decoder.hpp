// SPDX-License-Identifier: MIT
// Decodes a stream of deflate blocks (RFC 1951), with input and output in pieces.
#pragma once

#include "huffman.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace accel::core::engine {

/// Accepts exactly the streams that zlib accepts; deflate_decoder.cpp names every case that is refused. Does not
/// allocate; the object has about 50 KiB.
class DeflateDecoder {
public:
	enum class Answer : std::uint8_t {
		input,	///< all of the input was read; the stream needs more
		output, ///< the output is full; the stream has more
		end,	///< the last block is complete
		bad, ///< the stream is invalid; why() describes the error. Permanent until reset()
	};

	/// Begin a new stream.
	void reset() noexcept;

	/// Decode the next piece of the input. Bytes of @out after the first @made may be overwritten.
	/// @used  bytes of @in that are not needed again; after `end` the stream ends before @in[used], after
	///        `bad` the wrong byte is at most a few bytes before it
	/// @made  bytes of output
	Answer run(std::span<const std::byte> in, std::span<std::byte> out, std::size_t &used,
		   std::size_t &made) noexcept;

	[[nodiscard]] const char *why() const noexcept { return why_; }

private:
	enum class State : std::uint8_t {
		block,		     // before the 3 bits that begin a block
		stored_length,	     // before the two lengths of a stored block
		stored,		     // in the bytes of a stored block
		counts,		     // before the counts of a block with dynamic codes
		length_code_lengths, // in the lengths of the code for code lengths
		lengths,	     // in the lengths of the codes
		symbols,	     // in the data
		match,		     // in a match that did not fit the output
		finished,
		failed,
	};
	// The result of a step: `go_on`, or the answer to return.
	enum class Step : std::uint8_t { input, output, end, bad, go_on };

	// The positions in the caller's memory.
	struct Cursor {
		const std::uint8_t *in, *in_end;
		std::uint8_t *out_begin, *out, *out_end;
	};

	Step step(Cursor &c);
	Step fail(const char *why);
	Step begin_block(Cursor &c);
	Step read_stored_length(Cursor &c);
	Step copy_stored(Cursor &c);
	Step read_counts(Cursor &c);
	Step read_length_code_lengths(Cursor &c);
	Step read_lengths(Cursor &c);
	Step build_codes();
	void use_fixed_codes();
	Step run_symbols(Cursor &c);
	Step run_one_symbol(Cursor &c);
	Step end_block();
	Step copy_match(Cursor &c);
	static Step fast(DeflateDecoder &self, Cursor &c);
	static Step fast_bmi2(DeflateDecoder &self, Cursor &c);
	static const bool kHasBmi2;
	static Step fast_body(DeflateDecoder &self, Cursor &c);

	bool need(Cursor &c, unsigned bits);
	unsigned take(unsigned bits);
	bool look_up(Cursor &c, const huffman::Entry *table, unsigned root, unsigned skip,
		     huffman::Entry &entry, unsigned &before);
	bool reaches_back_too_far(const Cursor &c, std::size_t distance) const;
	void remember(const std::uint8_t *made, std::size_t n);

	static constexpr std::size_t kWindow = 32768;
	static constexpr std::size_t kWide = 32; // bytes that may be copied at once

	// Bits that were read and not used: fewer than 8 unless a symbol is incomplete, so that no byte after the
	// stream is read.
	std::uint64_t bits_ = 0;
	unsigned count_ = 0;
	State state_ = State::block;
	bool last_block_ = false;
	bool fixed_codes_ = false; // the tables are those of the fixed codes
	const char *why_ = nullptr;
	unsigned literals_ = 0, distances_ = 0, length_codes_ = 0; // counts of the lengths
	unsigned have_ = 0;					   // lengths read so far
	std::size_t left_ = 0; // bytes of a stored block or of a match still to copy
	std::size_t distance_ = 0;
	std::size_t window_at_ = 0, window_bytes_ = 0;
	std::array<std::uint8_t, 320> lengths_;
	std::array<huffman::Entry, huffman::kLengthCodeRoom> length_code_table_;
	std::array<huffman::Entry, huffman::kLiteralRoom> literal_table_;
	std::array<huffman::Entry, huffman::kDistanceRoom> distance_table_;
	// The last output of earlier calls, as a ring; the kWide bytes after it are read and not used.
	std::array<std::uint8_t, kWindow + kWide> window_;
};

} // namespace accel::core::engine
