// SPDX-License-Identifier: MIT
// The decoder of deflate blocks, except the fast loop for long inputs and outputs (deflate_decoder_fast.cpp).
//
// ISA-L's decoder is not used: it accepts sets of Huffman codes that other decoders refuse, and does not let the
// caller check them.
#include "deflate_decoder.hpp"

#include <algorithm>
#include <cstring>

namespace accel::core::engine {

using namespace huffman;

void DeflateDecoder::reset() noexcept
{
	bits_ = 0;
	count_ = 0;
	state_ = State::block;
	why_ = nullptr;
	window_at_ = window_bytes_ = 0;
}

DeflateDecoder::Step DeflateDecoder::fail(const char *why)
{
	why_ = why;
	state_ = State::failed;
	return Step::bad;
}

/// Loads input until at least @bits bits are buffered. False: the input has ended.
bool DeflateDecoder::need(Cursor &c, unsigned bits)
{
	while (count_ < bits) {
		if (c.in == c.in_end)
			return false;
		bits_ |= std::uint64_t{*c.in++} << count_;
		count_ += 8;
	}
	return true;
}

unsigned DeflateDecoder::take(unsigned bits)
{
	const auto taken = static_cast<unsigned>(bits_ & ((std::uint64_t{1} << bits) - 1));

	bits_ >>= bits;
	count_ -= bits;
	return taken;
}

DeflateDecoder::Step DeflateDecoder::begin_block(Cursor &c)
{
	if (!need(c, 3))
		return Step::input;
	last_block_ = take(1);
	switch (take(2)) {
	case 0: state_ = State::stored_length; return Step::go_on;
	case 1: use_fixed_codes(); return Step::go_on;
	case 2: state_ = State::counts; return Step::go_on;
	default: return fail("a block of a type that does not exist");
	}
}

DeflateDecoder::Step DeflateDecoder::end_block()
{
	state_ = last_block_ ? State::finished : State::block;
	return Step::go_on;
}

DeflateDecoder::Step DeflateDecoder::read_stored_length(Cursor &c)
{
	take(count_ % 8);
	if (!need(c, 32))
		return Step::input;
	left_ = take(16);
	if ((left_ ^ take(16)) != 0xffff)
		return fail("the two lengths of a stored block differ");
	state_ = State::stored;
	return Step::go_on;
}

DeflateDecoder::Step DeflateDecoder::copy_stored(Cursor &c)
{
	const std::size_t n = std::min({left_, static_cast<std::size_t>(c.in_end - c.in),
					static_cast<std::size_t>(c.out_end - c.out)});
	if (n) {
		std::memmove(c.out, c.in, n); // the client may name overlapping ranges
		c.in += n;
		c.out += n;
		left_ -= n;
	}
	if (!left_)
		return end_block();
	return c.out == c.out_end ? Step::output : Step::input;
}

DeflateDecoder::Step DeflateDecoder::read_counts(Cursor &c)
{
	constexpr unsigned kMostLiterals = 286, kMostDistances = 30;

	if (!need(c, 14))
		return Step::input;
	literals_ = take(5) + 257;
	distances_ = take(5) + 1;
	length_codes_ = take(4) + 4;
	if (literals_ > kMostLiterals || distances_ > kMostDistances)
		return fail("too many length or distance symbols");
	std::fill_n(lengths_.begin(), kLengthCodes, std::uint8_t{0});
	have_ = 0;
	state_ = State::length_code_lengths;
	return Step::go_on;
}

DeflateDecoder::Step DeflateDecoder::read_length_code_lengths(Cursor &c)
{
	static constexpr std::uint8_t kOrder[kLengthCodes] = {16, 17, 18, 0, 8,	 7, 9,	6, 10, 5,
							      11, 4,  12, 3, 13, 2, 14, 1, 15};

	for (; have_ < length_codes_; have_++) {
		if (!need(c, 3))
			return Step::input;
		lengths_[kOrder[have_]] = static_cast<std::uint8_t>(take(3));
	}
	if (!build_length_codes(std::span(lengths_).first(kLengthCodes), length_code_table_))
		return fail("an impossible code for the code lengths");
	have_ = 0;
	state_ = State::lengths;
	return Step::go_on;
}

DeflateDecoder::Step DeflateDecoder::read_lengths(Cursor &c)
{
	// Symbols 16, 17 and 18: how many extra bits, and the least number of repeats.
	static constexpr std::uint8_t kExtra[] = {2, 3, 7}, kLeast[] = {3, 3, 11};
	constexpr unsigned kRepeatLast = 16;
	Entry entry;
	unsigned before;

	while (have_ < literals_ + distances_) {
		if (!look_up(c, length_code_table_.data(), kLengthCodeBits, 0, entry, before))
			return Step::input;
		const unsigned symbol = value(entry);
		if (symbol < kRepeatLast) {
			take(covered(entry));
			lengths_[have_++] = static_cast<std::uint8_t>(symbol);
			continue;
		}
		const unsigned extra = kExtra[symbol - kRepeatLast];
		if (!need(c, covered(entry) + extra))
			return Step::input;
		take(covered(entry));
		const unsigned repeats = kLeast[symbol - kRepeatLast] + take(extra);
		if ((symbol == kRepeatLast && !have_) || repeats > literals_ + distances_ - have_)
			return fail(
				"a code length is repeated without a previous one, or too often");
		std::fill_n(lengths_.begin() + have_, repeats,
			    symbol == kRepeatLast ? lengths_[have_ - 1] : std::uint8_t{0});
		have_ += repeats;
	}
	return build_codes();
}

DeflateDecoder::Step DeflateDecoder::build_codes()
{
	constexpr unsigned kEndSymbol = 256;
	const std::span<const std::uint8_t> all(lengths_);

	fixed_codes_ = false;
	if (!lengths_[kEndSymbol])
		return fail("a block without a code for its end");
	if (!build_literals(all.first(literals_), literal_table_))
		return fail("an impossible code for literals and lengths");
	if (!build_distances(all.subspan(literals_, distances_), distance_table_))
		return fail("an impossible code for distances");
	state_ = State::symbols;
	return Step::go_on;
}

void DeflateDecoder::use_fixed_codes()
{
	state_ = State::symbols;
	if (fixed_codes_)
		return;
	const std::span<std::uint8_t> all(lengths_);

	std::ranges::fill(all.first(144), 8);
	std::ranges::fill(all.subspan(144, 112), 9);
	std::ranges::fill(all.subspan(256, 24), 7);
	std::ranges::fill(all.subspan(280, 8), 8);
	build_literals(all.first(kLiterals), literal_table_);
	std::ranges::fill(all.first(kDistances), 5);
	build_distances(all.first(kDistances), distance_table_);
	fixed_codes_ = true;
}

/// Finds the entry of the codeword after the next @skip bits, and buffers all bits that it covers. @before: the bits
/// up to the last part of its codeword. False: the input has ended.
bool DeflateDecoder::look_up(Cursor &c, const Entry *table, unsigned root, unsigned skip,
			     Entry &entry, unsigned &before)
{
	// Bits that are not buffered read as zero. The entry is right if it covers no more bits than are buffered.
	for (;;) {
		before = skip;
		entry = table[bits_ >> before & ((1U << root) - 1)];
		if ((entry & kLink) && count_ >= before + root) {
			const unsigned select = codeword(entry);
			before += root;
			entry = table[value(entry) + (bits_ >> before & ((1U << select) - 1))];
		}
		if (!(entry & kLink) && count_ >= before + covered(entry))
			return true;
		if (!need(c, count_ + 1))
			return false;
	}
}

bool DeflateDecoder::reaches_back_too_far(const Cursor &c, std::size_t distance) const
{
	return distance > window_bytes_ + static_cast<std::size_t>(c.out - c.out_begin);
}

/// Decodes one symbol and reads no byte of input after it.
DeflateDecoder::Step DeflateDecoder::run_one_symbol(Cursor &c)
{
	Entry entry;
	unsigned before;
	const auto number = [&] {
		const unsigned from = before + codeword(entry),
			       extra = covered(entry) - codeword(entry);
		return value(entry) +
		       static_cast<unsigned>(bits_ >> from & ((std::uint64_t{1} << extra) - 1));
	};

	if (!look_up(c, literal_table_.data(), kLiteralBits, 0, entry, before))
		return Step::input;
	if (entry & kLiteral) {
		if (c.out == c.out_end)
			return Step::output;
		*c.out++ = static_cast<std::uint8_t>(value(entry));
		take(before + covered(entry));
		return Step::go_on;
	}
	if (entry & kEnd) {
		take(before + covered(entry));
		return end_block();
	}
	if (entry & kSpecial)
		return fail("no literal or length has that code");
	left_ = number();
	if (!look_up(c, distance_table_.data(), kDistanceBits, before + covered(entry), entry,
		     before))
		return Step::input;
	if (entry & kSpecial)
		return fail("no distance has that code");
	distance_ = number();
	if (reaches_back_too_far(c, distance_))
		return fail("a match refers to data before the start of the output");
	take(before + covered(entry));
	return copy_match(c);
}

/// Copies as much of the match as fits the output.
DeflateDecoder::Step DeflateDecoder::copy_match(Cursor &c)
{
	state_ = State::match;
	while (left_) {
		const auto made = static_cast<std::size_t>(c.out - c.out_begin);
		std::size_t n = std::min(left_, static_cast<std::size_t>(c.out_end - c.out));

		if (!n)
			return Step::output;
		if (distance_ > made) {
			// The source is output of an earlier call.
			const std::size_t from =
				(window_at_ + kWindow - (distance_ - made)) % kWindow;
			n = std::min({n, distance_ - made, kWindow - from});
			std::memcpy(c.out, window_.data() + from, n);
		} else {
			for (std::size_t i = 0; i < n; i++) // source and destination may overlap
				c.out[i] = (c.out - distance_)[i];
		}
		c.out += n;
		left_ -= n;
	}
	state_ = State::symbols;
	return Step::go_on;
}

DeflateDecoder::Step DeflateDecoder::run_symbols(Cursor &c)
{
	Step step = fast(*this, c);

	while (step == Step::go_on && state_ == State::symbols)
		step = run_one_symbol(c);
	return step;
}

DeflateDecoder::Step DeflateDecoder::step(Cursor &c)
{
	switch (state_) {
	case State::block: return begin_block(c);
	case State::stored_length: return read_stored_length(c);
	case State::stored: return copy_stored(c);
	case State::counts: return read_counts(c);
	case State::length_code_lengths: return read_length_code_lengths(c);
	case State::lengths: return read_lengths(c);
	case State::symbols: return run_symbols(c);
	case State::match: return copy_match(c);
	case State::finished: return Step::end;
	case State::failed: break;
	}
	return Step::bad;
}

void DeflateDecoder::remember(const std::uint8_t *made, std::size_t n)
{
	window_bytes_ = std::min(window_bytes_ + n, kWindow);
	if (n > kWindow) {
		made += n - kWindow;
		n = kWindow;
	}
	while (n) {
		const std::size_t part = std::min(n, kWindow - window_at_);

		std::memcpy(window_.data() + window_at_, made, part);
		window_at_ = (window_at_ + part) % kWindow;
		made += part;
		n -= part;
	}
}

DeflateDecoder::Answer DeflateDecoder::run(std::span<const std::byte> in, std::span<std::byte> out,
					   std::size_t &used, std::size_t &made) noexcept
{
	const auto *const from = reinterpret_cast<const std::uint8_t *>(in.data());
	auto *const to = reinterpret_cast<std::uint8_t *>(out.data());
	Cursor c{from, from + in.size(), to, to, to + out.size()};
	Step answer;

	do
		answer = step(c);
	while (answer == Step::go_on);
	if (answer == Step::bad) // buffered bytes, and at least the wrong one, are not consumed
		c.in -= std::max(count_ / 8, 1U);
	used = static_cast<std::size_t>(std::max(c.in, from) - from);
	made = static_cast<std::size_t>(c.out - to);
	if (answer != Step::end && answer != Step::bad)
		remember(to, made);
	return static_cast<Answer>(answer);
}

} // namespace accel::core::engine
