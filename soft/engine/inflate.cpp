// SPDX-License-Identifier: MIT
// Decompression of gzip data that comes in pieces.
#include "engine.hpp"
#include "gzip_header.hpp"

#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <new>

namespace accel::core::engine {

namespace {

// ISA-L counts in 32 bits, and in 2.30 a count of input near 2^32 overruns a buffer of its own.
// Smaller pieces, for the sake of the CRC that it takes of its output after each call, were
// measured to win nothing.
constexpr std::size_t kMostAtOnce = std::size_t{1} << 30;

} // namespace

struct Inflate::State {
	enum class Phase : std::uint8_t {
		header,	 // before or in the header of a member
		body,	 // in its compressed data or its trailer
		between, // at the end of a member, where another may begin
		padding, // in the zero bytes after the last
		failed,
	};

	// What a phase did with the input.
	enum class Step : std::uint8_t {
		next, // look again: it consumed something or the phase has changed
		stop, // `result` says why
	};

	Phase phase;
	GzipHeader header;
	bool any_member; // has been complete
	Status failure;
	const char *failure_why;
	inflate_state isal;

	void reset() noexcept;
	Step fail(Result &result, Status status, const char *why) noexcept;
	Step run_header(std::span<const std::byte> in, bool last, Result &result) noexcept;
	Step run_body(std::span<const std::byte> in, std::span<std::byte> out, bool last,
		      Result &result) noexcept;
	Step run_between(std::span<const std::byte> in, Result &result) noexcept;
	Step run_padding(std::span<const std::byte> in, Result &result) noexcept;
	Step step(std::span<const std::byte> in, std::span<std::byte> out, bool last,
		  Result &result) noexcept;
};

Inflate::Inflate() noexcept = default;
Inflate::~Inflate() = default;
Inflate::Inflate(Inflate &&) noexcept = default;
Inflate &Inflate::operator=(Inflate &&) noexcept = default;

void Inflate::State::reset() noexcept
{
	phase = Phase::header;
	header = {};
	any_member = false;
	failure = Status::ok;
	failure_why = nullptr;
	isal_inflate_init(&isal);
	isal.crc_flag = ISAL_GZIP_NO_HDR_VER;
}

Inflate::State::Step Inflate::State::fail(Result &result, Status status, const char *why) noexcept
{
	phase = Phase::failed;
	failure = result.status = status;
	failure_why = result.why = why;
	return Step::stop;
}

Inflate::State::Step Inflate::State::run_header(std::span<const std::byte> in, bool last,
						Result &result) noexcept
{
	std::size_t used;
	const auto answer = header.feed(in, used);
	result.consumed += used;

	switch (answer) {
	case GzipHeader::Answer::done:
		isal_inflate_reset(&isal);
		phase = Phase::body;
		return Step::next;
	case GzipHeader::Answer::bad:
		return fail(result, Status::data_error,
			    any_member && header.in_magic() ? "garbage after the end" :
							      header.why());
	case GzipHeader::Answer::checksum:
		return fail(result, Status::checksum_error, header.why());
	case GzipHeader::Answer::more: break;
	}
	if (last)
		return fail(result, Status::data_error,
			    header.untouched() ? "not gzip data: empty" :
						 "unexpected end of input");
	result.status = Status::ok;
	return Step::stop;
}

Inflate::State::Step Inflate::State::run_body(std::span<const std::byte> in,
					      std::span<std::byte> out, bool last,
					      Result &result) noexcept
{
	const auto in_size = static_cast<std::uint32_t>(std::min(in.size(), kMostAtOnce));
	const auto out_size = static_cast<std::uint32_t>(std::min(out.size(), kMostAtOnce));
	auto *const from = reinterpret_cast<std::uint8_t *>(const_cast<std::byte *>(in.data()));

	isal.next_in = from;
	isal.avail_in = in_size;
	isal.next_out = reinterpret_cast<std::uint8_t *>(out.data());
	isal.avail_out = out_size;
	const int error = isal_inflate(&isal);
	const std::size_t consumed = in_size - isal.avail_in;
	const std::size_t produced = out_size - isal.avail_out;
	result.consumed += consumed;
	result.produced += produced;

	if (error == ISAL_INCORRECT_CHECKSUM)
		return fail(result, Status::checksum_error, "the checksum or the length differs");
	if (error != ISAL_DECOMP_OK) {
		// It reads ahead by up to 8 bytes, of which it has not made use.
		const auto ahead = static_cast<std::size_t>(std::max(isal.read_in_length, 0)) / 8;
		result.consumed -= std::min(ahead, consumed);
		return fail(result, Status::data_error, "corrupt compressed data");
	}
	if (isal.block_state == ISAL_BLOCK_FINISH) {
		phase = Phase::between;
		any_member = true;
		return Step::next;
	}
	if (isal.block_state != ISAL_CHECKSUM_CHECK && produced == out.size()) {
		result.status = Status::output_full;
		return Step::stop;
	}
	if (consumed < in.size()) {
		if (consumed == 0 && produced == 0)
			return fail(result, Status::internal, "ISA-L does not go on");
		return Step::next;
	}
	if (produced == out_size && out_size > 0)
		return Step::next;
	if (last)
		return fail(result, Status::data_error, "unexpected end of input");
	result.status = Status::ok;
	return Step::stop;
}

Inflate::State::Step Inflate::State::run_between(std::span<const std::byte> in,
						 Result &result) noexcept
{
	if (in.empty()) {
		result.status = Status::stream_end;
		return Step::stop;
	}
	header = {};
	phase = in[0] == std::byte{0} ? Phase::padding : Phase::header;
	return Step::next;
}

Inflate::State::Step Inflate::State::run_padding(std::span<const std::byte> in,
						 Result &result) noexcept
{
	const auto end = std::ranges::find_if(in, [](std::byte b) { return b != std::byte{0}; });
	result.consumed += static_cast<std::size_t>(end - in.begin());
	if (end != in.end())
		return fail(result, Status::data_error, "garbage after the end");
	result.status = Status::stream_end;
	return Step::stop;
}

Inflate::State::Step Inflate::State::step(std::span<const std::byte> in, std::span<std::byte> out,
					  bool last, Result &result) noexcept
{
	switch (phase) {
	case Phase::header: return run_header(in, last, result);
	case Phase::body: return run_body(in, out, last, result);
	case Phase::between: return run_between(in, result);
	case Phase::padding: return run_padding(in, result);
	case Phase::failed: break;
	}
	return fail(result, failure, failure_why);
}

Result Inflate::run(std::span<const std::byte> in, std::span<std::byte> out, bool last) noexcept
{
	Result result;

	if (!state_) {
		state_.reset(new (std::nothrow) State);
		if (!state_)
			return {Status::no_memory, 0, 0, "no memory for the decompressor"};
		state_->reset();
	}
	while (state_->step(in.subspan(result.consumed), out.subspan(result.produced), last,
			    result) == State::Step::next)
		;
	return result;
}

void Inflate::reset() noexcept
{
	if (state_)
		state_->reset();
}

} // namespace accel::core::engine
