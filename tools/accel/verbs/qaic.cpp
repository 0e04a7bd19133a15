// SPDX-License-Identifier: MIT
// `accel run` on qaic cards. copy: copies a file through the memory of the card, with two buffers for each piece. The
// firmware of the channel must allow access to any memory of the card, as the mock does.
#include "device/completion_error.hpp"
#include "file/io.hpp"
#include "run/summary.hpp"
#include "terminal/fail.hpp"
#include "terminal/progress.hpp"
#include "verbs/verbs.hpp"

#include <accel/qaic.h>
#include <algorithm>
#include <vector>

namespace cli {

namespace {

constexpr uint32_t kIn = ACCEL_QAIC_DATA_DIRECTION_TO_DEVICE;
constexpr uint32_t kOut = ACCEL_QAIC_DATA_DIRECTION_FROM_DEVICE;
constexpr uint32_t kInFlight = 32;
constexpr uint64_t kMostPiece = 4 << 20;

void must_do(const accel::Device &device, const char *what, int result)
{
	if (result < 0)
		fail(exit_of(result, Exit::device), std::string(device.name()), "{} failed with {}",
		     what, accel_errno_name(result));
}

/// A piece of the file, copied from one buffer to a place on the card, and from there to the other buffer.
struct Piece {
	accel::Buffer in;
	accel::Buffer out;
	uint64_t bytes = 0;
	uint64_t offset = 0; // in the file
};

class Copy {
public:
	Copy(const accel::Device &device, uint64_t piece)
		: device_(device),
		  space_(must("address space",
			      accel::AddressSpace::create(device, accel::AddressMode::handles))),
		  queue_(make_queue())
	{
		for (uint64_t i = 0; i < kInFlight / 2; ++i)
			pieces_.push_back({make_buffer(kIn, piece, i * piece),
					   make_buffer(kOut, piece, i * piece)});
	}

	/// Publishes the transfers of the first @count pieces as one batch.
	void start(size_t count)
	{
		accel_ring *ring = queue_.ring();
		uint64_t at = 0;

		// At most as many as the queue has entries, and all earlier ones are complete.
		accel_ring_reserve(ring, static_cast<uint32_t>(2 * count), &at);
		for (size_t i = 0; i < count; ++i) {
			fill(at + 2 * i, pieces_[i].in, kIn, pieces_[i].bytes);
			fill(at + 2 * i + 1, pieces_[i].out, kOut, pieces_[i].bytes);
		}
		accel_ring_publish(ring, at, static_cast<uint32_t>(2 * count));
	}
	accel_completion next() { return must("queue", queue_.wait_one()); }
	std::vector<Piece> &pieces() { return pieces_; }

private:
	accel::Queue make_queue()
	{
		accel_qaic_queue_options options = {};

		must_do(device_, "activating a channel",
			accel_qaic_activate_channel(device_.get(), 2 * kInFlight, 0,
						    &options.dbc_id));
		options.flags = ACCEL_QAIC_QUEUE_FLAGS_PARTIAL;
		channel_ = options.dbc_id;
		return must("queue",
			    accel::Queue::create(
				    space_, {.entries = kInFlight,
					     .driver = std::as_bytes(std::span(&options, 1))}));
	}
	accel::Buffer make_buffer(uint32_t direction, uint64_t size, uint64_t place)
	{
		auto buffer = must("buffer", accel::Buffer::create(device_, size));
		accel_qaic_slice slice = {};

		slice.size = size;
		slice.dev_addr = place;
		if (direction == kOut) { // wait until the data has arrived
			slice.sem0.presync = 1;
			slice.sem0.command = ACCEL_QAIC_SEMAPHORE_COMMAND_INIT;
			slice.sem0.flags = ACCEL_QAIC_SEMAPHORE_FLAGS_INBOUND_FENCE;
		}
		must_do(device_, "attaching slices",
			accel_qaic_attach_slices(device_.get(), buffer.get(), channel_, direction,
						 &slice, 1));
		return buffer;
	}
	void fill(uint64_t sequence, const accel::Buffer &buffer, uint32_t direction,
		  uint64_t bytes)
	{
		accel_qaic_partial_entry(static_cast<accel_qaic_partial_execute_entry *>(
						 accel_ring_entry(queue_.ring(), sequence)),
					 buffer.get(), direction, bytes);
	}

	const accel::Device &device_;
	uint32_t channel_ = 0;
	accel::AddressSpace space_;
	accel::Queue queue_;
	std::vector<Piece> pieces_;
};

/// Fills pieces from @input; returns their number.
size_t read_pieces(Input &input, std::vector<Piece> &pieces, uint64_t piece, uint64_t &offset)
{
	size_t count = 0;

	while (count < pieces.size()) {
		Piece &next = pieces[count];

		next.bytes = input.read(next.in.bytes().data(), piece, -1);
		if (!next.bytes)
			break;
		next.offset = offset;
		offset += next.bytes;
		++count;
	}
	return count;
}

int copy(const accel::Device &device, const RunOptions &options)
{
	Input input(options.input);
	Output output(options.output, {&input});
	const uint64_t piece = std::min(options.chunk, kMostPiece);
	Copy work(device, piece);
	Progress progress(input.size());
	Summary summary = {.operation = "copy", .input = input.name(), .output = output.name()};

	for (;;) {
		const size_t count = read_pieces(input, work.pieces(), piece, summary.bytes_in);

		if (!count)
			break;
		work.start(count);
		summary.descriptors += 2 * count;
		summary.in_flight = std::max<uint64_t>(summary.in_flight, 2 * count);
		for (size_t i = 0; i < 2 * count; ++i) {
			const Piece &done = work.pieces()[i / 2];
			const accel_completion completion = work.next();

			if (completion.status != ACCEL_RING_STATUS_SUCCESS)
				fail_completion(input.shown() + ": copy", completion, done.offset);
			if (i % 2 == 0)
				continue;
			output.write(done.out.bytes().data(), done.bytes);
			summary.bytes_out += done.bytes;
			progress.update(summary.bytes_out);
		}
	}
	summary.seconds = progress.seconds();
	report_and_finish(options, summary, output);
	return 0;
}

constexpr RunVerb kRun[] = {{"copy", "Copy a file", kInput | kOutput | kChunk, copy}};

} // namespace

const ProviderVerbs qaic_verbs = {.provider = "qaic", .run = kRun};

} // namespace cli
