// SPDX-License-Identifier: MIT
// `accel run inflate`: members with a size field are decompressed in parallel. From the first other member on, one
// stream of descriptors is used, each of which continues the state of the previous one. While one descriptor is in
// flight, the output of the previous one is written and the input of the next one is read.
#include "file/io.hpp"
#include "run/summary.hpp"
#include "terminal/fail.hpp"
#include "terminal/progress.hpp"
#include "verbs/soft/queue/pipeline.hpp"
#include "verbs/soft/run/inflate_end.hpp"
#include "verbs/soft/run/inflate_members.hpp"
#include "verbs/soft/run/run.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

namespace cli {

namespace {

constexpr size_t kIn = 256 << 10;
constexpr size_t kOut = 4 << 20;
constexpr uint64_t kMagic = 3; // bytes that identify gzip data: two, and the method

/// An empty member.
constexpr uint8_t kEmptyMember[] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255,
				    3,	  0,	0, 0, 0, 0, 0, 0, 0, 0};

/// Aligned to a cache line: copies by the kernel to unaligned memory took up to three times as long.
template <size_t bytes>
struct alignas(64) Memory {
	std::byte at[bytes];
};

/// A piece of the input and its offset.
struct Piece {
	std::unique_ptr<Memory<kIn>> memory = std::make_unique_for_overwrite<Memory<kIn>>();
	size_t bytes = 0;
	size_t used = 0;
	uint64_t offset = 0;
};

class Inflater {
public:
	/// @summary: of the members that are already decompressed.
	Inflater(const accel::Device &device, const RunOptions &options, const Input &input,
		 Source &source, Output &output, Progress &progress, Summary &summary);

	void run();

private:
	uint64_t create_stream();
	void continue_after_members();
	void read(Piece &piece);
	void publish();
	void take(const accel_completion &completion);
	[[noreturn]] void fail_at(const accel_completion &completion);
	std::optional<uint64_t> garbage(const accel_completion &completion) const;
	void write_pending();

	Source &source_;
	Output &output_;
	Progress &progress_;
	Summary &summary_;
	std::string what_;
	// Pieces in flight, next, and being read; outputs in flight and being written.
	std::array<Piece, 3> pieces_;
	std::array<std::unique_ptr<Memory<kOut>>, 2> out_;
	Accelerator accelerator_;
	uint64_t stream_;
	unsigned now_ = 0;
	unsigned out_now_ = 0;
	size_t pending_ = 0;  // bytes of the other output that must be written
	size_t previous_ = 0; // bytes of the other output, written or not
	uint64_t read_ = 0;
	uint64_t begin_; // of the input of this object
	InputEnd end_;
	bool is_end_ = false; // the input has ended
};

Inflater::Inflater(const accel::Device &device, const RunOptions &options, const Input &input,
		   Source &source, Output &output, Progress &progress, Summary &summary)
	: source_(source),
	  output_(output),
	  progress_(progress),
	  summary_(summary),
	  what_(input.shown() + ": inflate"),
	  accelerator_(device, options, 2, 1),
	  stream_(create_stream()),
	  read_(summary.bytes_in),
	  begin_(summary.bytes_in)
{
	for (auto &memory : out_)
		memory = std::make_unique_for_overwrite<Memory<kOut>>();
	if (!summary.parallel) // not yet done by Members
		accelerator_.inject_faults(ACCEL_SOFT_OP_INFLATE, options.faults);
	if (summary.bytes_in)
		continue_after_members();
}

uint64_t Inflater::create_stream()
{
	accel_error error = {};
	uint64_t stream = 0;

	if (accel_soft_stream_create(accelerator_.device().get(), &stream, &error) < 0)
		fail_device(what_, accel::Error(error));
	return stream;
}

/// Decompresses an empty member first: after a member, the engine accepts padding and the end of the input.
void Inflater::continue_after_members()
{
	accel_soft_descriptor descriptor;

	accel_soft_inflate(&descriptor, out_[0]->at, kOut, kEmptyMember, sizeof(kEmptyMember),
			   stream_, 0);
	accelerator_.publish(descriptor);
	accel_completion completion = accelerator_.next();

	if (completion.status != ACCEL_RING_STATUS_SUCCESS)
		fail_completion(what_, completion, read_);
}

void Inflater::read(Piece &piece)
{
	piece.bytes = is_end_ ? 0 : source_.read(piece.memory->at, kIn);
	piece.used = 0;
	piece.offset = read_;
	read_ += piece.bytes;
	is_end_ |= piece.bytes < kIn;
}

void Inflater::publish()
{
	const Piece &piece = pieces_[now_];
	bool last = pieces_[(now_ + 1) % 3].bytes == 0;
	accel_soft_descriptor descriptor;

	accel_soft_inflate(&descriptor, out_[out_now_]->at, kOut, piece.memory->at + piece.used,
			   piece.bytes - piece.used, stream_,
			   last ? ACCEL_SOFT_DESCRIPTOR_FLAGS_LAST : 0);
	accelerator_.publish(descriptor);
}

void Inflater::write_pending()
{
	if (pending_)
		output_.write(out_[1 - out_now_]->at, pending_);
	pending_ = 0;
}

/// Returns the offset of bytes that are neither a member nor padding, if complete members precede them.
std::optional<uint64_t> Inflater::garbage(const accel_completion &completion) const
{
	const Piece &piece = pieces_[now_];
	uint64_t at = piece.offset + piece.used + completion.detail;

	if (begin_ && at == begin_)
		return at;
	if (std::optional<uint64_t> back =
		    end_.after_member(summary_.bytes_out + completion.result,
				      std::span(out_[1 - out_now_]->at, previous_),
				      std::span(out_[out_now_]->at, completion.result)))
		return at - *back;
	return std::nullopt;
}

void Inflater::fail_at(const accel_completion &completion)
{
	const Piece &piece = pieces_[now_];
	uint64_t at = piece.offset + piece.used + completion.detail;
	bool data = completion.status == ACCEL_RING_STATUS_DATA_ERROR;

	// Write the output before the error, as zcat does; a pipe receives it.
	if (data || completion.status == ACCEL_RING_STATUS_CHECKSUM_ERROR) {
		output_.write(out_[out_now_]->at, completion.result);
		end_.add({piece.memory->at + piece.used, completion.detail});
	}
	if (data && at == read_ && is_end_)
		fail(Exit::data, what_, "{}",
		     read_ ? fmt::format("the data is truncated: it ends after {} bytes", read_) :
			     "not gzip data: the input is empty");
	if (data && at < kMagic)
		fail(Exit::data, what_, "not gzip data");
	if (std::optional<uint64_t> begin = data ? garbage(completion) : std::nullopt)
		fail(Exit::data, what_, "garbage after the last member at byte {}", *begin);
	fail_completion(what_, completion, piece.offset + piece.used);
}

void Inflater::take(const accel_completion &completion)
{
	Piece &piece = pieces_[now_];

	if (completion.status != ACCEL_RING_STATUS_SUCCESS &&
	    completion.status != ACCEL_RING_STATUS_OUTPUT_FULL)
		fail_at(completion);
	end_.add({piece.memory->at + piece.used, completion.detail});
	piece.used += completion.detail;
	pending_ = previous_ = completion.result;
	out_now_ = 1 - out_now_;
	summary_.bytes_out += completion.result;
	progress_.update(piece.offset + piece.used);
}

void Inflater::run()
{
	bool more = true;

	read(pieces_[0]);
	read(pieces_[1]);
	for (bool is_read = false; more;) {
		publish();
		write_pending();
		if (!is_read)
			read(pieces_[(now_ + 2) % 3]);
		accel_completion completion = accelerator_.next();

		take(completion);
		is_read = completion.status == ACCEL_RING_STATUS_OUTPUT_FULL;
		if (!is_read) {
			now_ = (now_ + 1) % 3;
			more = pieces_[now_].bytes != 0;
		}
	}
	write_pending();
	summary_.bytes_in = read_;
	summary_.descriptors += accelerator_.descriptors();
	summary_.in_flight = std::max<uint64_t>(summary_.in_flight, 1);
	summary_.parallel = std::max(summary_.parallel, 1U);
}

} // namespace

int run_inflate(const accel::Device &device, const RunOptions &options)
{
	Input input(options.input);
	Output output(options.output, {&input});
	Progress progress(input.size());
	Summary summary = {.operation = "inflate", .input = input.name(), .output = output.name()};
	Source source(input);
	std::array<std::byte, kSizedHeader> header;
	std::span<const std::byte> begin =
		std::span(header).first(input.read(header.data(), header.size(), -1));

	if (recorded_size(begin)) {
		Members members(device, options, input, output, progress);

		if (!members.run(begin, summary, source))
			Inflater(device, options, input, source, output, progress, summary).run();
	} else {
		source.put_back(begin);
		Inflater(device, options, input, source, output, progress, summary).run();
	}
	summary.seconds = progress.seconds();
	summary.processed = summary.bytes_out;
	report_and_finish(options, summary, output);
	return 0;
}

} // namespace cli
