// SPDX-License-Identifier: MIT
// `accel run` on idxd work queues: copy, fill, compare, crc32c. Each round reads as many pieces of
// the file as may be in flight, publishes them together, and takes their completions in order.
#include "device/completion_error.hpp"
#include "file/io.hpp"
#include "run/crc32c.hpp"
#include "run/difference.hpp"
#include "run/pattern.hpp"
#include "run/summary.hpp"
#include "terminal/fail.hpp"
#include "terminal/progress.hpp"
#include "verbs/verbs.hpp"

#include <accel/idxd.h>
#include <algorithm>
#include <functional>
#include <vector>

namespace cli {

namespace {

constexpr uint32_t kInFlight = 16;
constexpr uint64_t kMostPiece = 4 << 20;

struct Piece {
	std::vector<std::byte> in, out; // compare: the two inputs
	size_t in_bytes = 0, second = 0;
	uint64_t offset = 0; // in the file
};

/// A queue, and the memory of the pieces in flight.
class Work {
public:
	/// Returns false if there is no further piece.
	using Fill = std::function<bool(Piece &piece, accel_idxd_dsa_descriptor *descriptor)>;
	/// Returns false to stop early.
	using Collect = std::function<bool(const Piece &piece, const accel_completion &completion)>;

	Work(const accel::Device &device, const RunOptions &options, bool in, bool out)
		: pieces_(kInFlight),
		  space_(must("address space",
			      accel::AddressSpace::create(device, accel::AddressMode::shared))),
		  queue_(must("queue", accel::Queue::create(space_, {.entries = kInFlight})))
	{
		const accel_device_caps caps = must(options.device, device.query());
		// A multiple of the pattern of a fill.
		const uint64_t most = std::min({options.chunk, kMostPiece, caps.max_transfer});
		const uint64_t bytes = std::max<uint64_t>(most & ~UINT64_C(7), 8);

		for (Piece &piece : pieces_) {
			piece.in.resize(in ? bytes : 0);
			piece.out.resize(out ? bytes : 0);
		}
	}

	void run(const Fill &fill, const Collect &collect, Summary &summary)
	{
		bool more = true, wanted = true;

		while (more && wanted) {
			uint64_t first = 0;
			uint32_t count = 0;

			// The queue is empty here, so the reservation succeeds.
			accel_ring_reserve(queue_.ring(), kInFlight, &first);
			for (; more && count < kInFlight; count += more)
				more = fill(pieces_[count], entry(first + count));
			summary.descriptors += count;
			summary.in_flight = std::max<uint64_t>(summary.in_flight, count);
			// All reserved entries must be published.
			for (uint32_t i = count; i < kInFlight; ++i)
				accel_idxd_nop(entry(first + i), 0);
			accel_ring_publish(queue_.ring(), first, kInFlight);
			// Wait for all, also after a failure: the memory of the pieces must outlive the work.
			for (uint32_t i = 0; i < kInFlight; ++i)
				done_[i] = must("queue", queue_.wait_one());
			for (uint32_t i = 0; i < count && wanted; ++i)
				wanted = collect(pieces_[i], done_[i]);
		}
	}

private:
	accel_idxd_dsa_descriptor *entry(uint64_t sequence)
	{
		return static_cast<accel_idxd_dsa_descriptor *>(
			accel_ring_entry(queue_.ring(), sequence));
	}

	std::vector<Piece> pieces_; // outlive the queue
	accel::AddressSpace space_;
	accel::Queue queue_;
	accel_completion done_[kInFlight] = {};
};

uint32_t narrow(size_t bytes)
{
	return static_cast<uint32_t>(bytes); // of a piece
}

/// Reads the next piece; returns false at the end of the input.
bool read(Input &input, Piece &piece, uint64_t &offset)
{
	piece.in_bytes = input.read(piece.in.data(), piece.in.size(), -1);
	piece.offset = offset;
	offset += piece.in_bytes;
	return piece.in_bytes != 0;
}

void check(const std::string &what, const Piece &piece, const accel_completion &completion)
{
	if (completion.status != ACCEL_RING_STATUS_SUCCESS)
		fail_completion(what, completion, piece.offset);
}

int copy(const accel::Device &device, const RunOptions &options)
{
	Input input(options.input);
	Output output(options.output, {&input});
	Work work(device, options, true, true);
	Progress progress(input.size());
	Summary summary = {.operation = "copy", .input = input.name(), .output = output.name()};

	work.run(
		[&](Piece &piece, accel_idxd_dsa_descriptor *d) {
			if (!read(input, piece, summary.bytes_in))
				return false;
			accel_idxd_memmove(d, piece.out.data(), piece.in.data(),
					   narrow(piece.in_bytes), 0);
			return true;
		},
		[&](const Piece &piece, const accel_completion &completion) {
			check(input.shown() + ": copy", piece, completion);
			output.write(piece.out.data(), piece.in_bytes);
			summary.bytes_out += piece.in_bytes;
			progress.update(summary.bytes_out);
			return true;
		},
		summary);
	summary.seconds = progress.seconds();
	report_and_finish(options, summary, output);
	return 0;
}

int fill(const accel::Device &device, const RunOptions &options)
{
	const uint64_t pattern = parse_pattern(options.pattern);
	Output output(options.output, {});
	Work work(device, options, false, true);
	Progress progress(options.size);
	Summary summary = {.operation = "fill",
			   .input = "pattern " + options.pattern,
			   .output = output.name()};
	uint64_t left = options.size;

	work.run(
		[&](Piece &piece, accel_idxd_dsa_descriptor *d) {
			piece.in_bytes = std::min<uint64_t>(left, piece.out.size());
			piece.offset = options.size - left;
			left -= piece.in_bytes;
			if (!piece.in_bytes)
				return false;
			accel_idxd_memfill(d, piece.out.data(), narrow(piece.in_bytes), pattern, 0);
			return true;
		},
		[&](const Piece &piece, const accel_completion &completion) {
			check("fill", piece, completion);
			output.write(piece.out.data(), piece.in_bytes);
			summary.bytes_out += piece.in_bytes;
			progress.update(summary.bytes_out);
			return true;
		},
		summary);
	summary.seconds = progress.seconds();
	summary.processed = summary.bytes_out;
	report_and_finish(options, summary, output);
	return 0;
}

int crc32c(const accel::Device &device, const RunOptions &options)
{
	Input input(options.input);
	Work work(device, options, true, false);
	Progress progress(input.size());
	Summary summary = {.operation = "crc32c", .input = input.name()};
	uint32_t crc = 0;
	CrcJoiner joiner;

	work.run(
		[&](Piece &piece, accel_idxd_dsa_descriptor *d) {
			if (!read(input, piece, summary.bytes_in))
				return false;
			accel_idxd_crcgen(d, piece.in.data(), narrow(piece.in_bytes), 0, 0);
			return true;
		},
		[&](const Piece &piece, const accel_completion &completion) {
			check(input.shown() + ": crc32c", piece, completion);
			crc = joiner.join(crc, static_cast<uint32_t>(completion.result),
					  piece.in_bytes);
			progress.update(piece.offset + piece.in_bytes);
			return true;
		},
		summary);
	summary.seconds = progress.seconds();
	report_crc32c(options, summary, crc);
	return 0;
}

int compare(const accel::Device &device, const RunOptions &options)
{
	ComparedInputs inputs(options);
	Work work(device, options, true, true);
	Progress progress(inputs.size());
	Summary summary = {.operation = "compare", .input = inputs.name()};
	uint64_t offset = 0;
	std::optional<FileDifference> found;

	work.run(
		[&](Piece &piece, accel_idxd_dsa_descriptor *d) {
			const bool more = read(inputs.a, piece, offset);
			const auto room = piece.out.size();

			piece.second = inputs.b.read(piece.out.data(), room, -1);
			const size_t both = std::min(piece.in_bytes, piece.second);
			// A length of 0 is not allowed.
			if (both)
				accel_idxd_compare(d, piece.in.data(), piece.out.data(),
						   narrow(both), 0);
			else
				accel_idxd_nop(d, 0);
			return more || piece.second != 0;
		},
		[&](const Piece &piece, const accel_completion &completion) {
			check(inputs.shown() + ": compare", piece, completion);
			found = find_difference(inputs, piece.offset, completion.result,
						std::span(piece.in).first(piece.in_bytes),
						std::span(piece.out).first(piece.second));
			summary.bytes_in += piece.in_bytes;
			progress.update(summary.bytes_in);
			return !found;
		},
		summary);
	summary.seconds = progress.seconds();
	return report_difference(options, summary, found);
}

constexpr RunVerb kRun[] = {
	{"crc32c", "Print the CRC-32C of a file", kInput | kChunk, crc32c},
	{"copy", "Copy a file", kInput | kOutput | kChunk, copy},
	{"fill", "Fill a file with a repeated pattern", kOutput | kPattern | kChunk, fill},
	{"compare", "Find the first difference between two files", kTwoInputs | kChunk, compare},
};

} // namespace

const ProviderVerbs idxd_verbs = {.provider = "idxd", .run = kRun};

} // namespace cli
