// SPDX-License-Identifier: MIT
// Decompression of gzip data, with input and output in pieces.
#include "deflate_decoder.hpp"
#include "engine.hpp"
#include "gzip_header.hpp"

#include <isa-l/crc.h>

#include <algorithm>
#include <new>

namespace accel::core::engine {

namespace {

constexpr const char *kEndsTooEarly = "unexpected end of input";

} // namespace

struct Inflate::State {
	enum class Phase : std::uint8_t {
		header,	 // before or in the header of a member
		body,	 // in its compressed data
		trailer, // in the 8 bytes after the data
		between, // after a member; another may begin
		padding, // in the zero bytes after the last member
		failed,
	};

	// The result of a phase.
	enum class Step : std::uint8_t {
		next, // call step() again: input was consumed or the phase has changed
		stop, // return `result`
	};

	Phase phase;
	GzipHeader header;
	bool any_member; // at least one member was complete
	Status failure;
	const char *failure_why;
	DeflateDecoder decoder;
	std::uint32_t crc;     // of the member's output so far
	std::uint32_t length;  // of it, modulo 2^32
	std::uint64_t stated;  // the bytes of the trailer read so far
	unsigned stated_bytes; // their number

	void reset() noexcept;
	Step fail(Result &result, Status status, const char *why) noexcept;
	Step run_header(std::span<const std::byte> in, bool last, Result &result) noexcept;
	Step run_body(std::span<const std::byte> in, std::span<std::byte> out, bool last,
		      Result &result) noexcept;
	Step run_trailer(std::span<const std::byte> in, bool last, Result &result) noexcept;
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
		decoder.reset();
		crc = length = 0;
		stated = stated_bytes = 0;
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
			    header.untouched() ? "not gzip data: empty" : kEndsTooEarly);
	result.status = Status::ok;
	return Step::stop;
}

Inflate::State::Step Inflate::State::run_body(std::span<const std::byte> in,
					      std::span<std::byte> out, bool last,
					      Result &result) noexcept
{
	std::size_t used, made;
	const DeflateDecoder::Answer answer = decoder.run(in, out, used, made);

	result.consumed += used;
	result.produced += made;
	length += static_cast<std::uint32_t>(made);
	crc = crc32_gzip_refl(crc, reinterpret_cast<const unsigned char *>(out.data()), made);
	switch (answer) {
	case DeflateDecoder::Answer::bad: return fail(result, Status::data_error, decoder.why());
	case DeflateDecoder::Answer::end: phase = Phase::trailer; return Step::next;
	case DeflateDecoder::Answer::output: result.status = Status::output_full; return Step::stop;
	case DeflateDecoder::Answer::input: break;
	}
	if (last)
		return fail(result, Status::data_error, kEndsTooEarly);
	result.status = Status::ok;
	return Step::stop;
}

Inflate::State::Step Inflate::State::run_trailer(std::span<const std::byte> in, bool last,
						 Result &result) noexcept
{
	constexpr unsigned kCrcBytes = 4, kBytes = 8;

	for (std::size_t at = 0; at < in.size() && stated_bytes < kBytes; at++, stated_bytes++) {
		stated |= std::to_integer<std::uint64_t>(in[at]) << (8 * stated_bytes);
		result.consumed++;
	}
	if (stated_bytes >= kCrcBytes && static_cast<std::uint32_t>(stated) != crc)
		return fail(result, Status::checksum_error, "the checksum differs");
	if (stated_bytes == kBytes) {
		if (stated >> 32 != length)
			return fail(result, Status::checksum_error, "the length differs");
		phase = Phase::between;
		any_member = true;
		return Step::next;
	}
	if (last)
		return fail(result, Status::data_error, kEndsTooEarly);
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
	case Phase::trailer: return run_trailer(in, last, result);
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
