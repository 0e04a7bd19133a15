// SPDX-License-Identifier: MIT
// `accel run inflate`: one stream of descriptors, each of which needs what the one before left behind.
// While one is in work, the output of the last one is written and the input of the next one is read.
#include "fail.hpp"
#include "file_io.hpp"
#include "pipeline.hpp"
#include "progress.hpp"
#include "summary.hpp"

#include <array>
#include <memory>
#include <nlohmann/json.hpp>

namespace cli {

namespace {

constexpr size_t kIn = 256 << 10;
constexpr size_t kOut = 4 << 20;
constexpr uint64_t kMagic = 3; // bytes by which gzip data is known: two, and the method

/// A piece of the input, with its place there.
struct Piece {
	std::unique_ptr<std::byte[]> memory = std::make_unique_for_overwrite<std::byte[]>(kIn);
	size_t bytes = 0;
	size_t used = 0;
	uint64_t offset = 0;
};

class Inflater {
public:
	Inflater(const RunOptions &options, Input &input, Output &output);

	Summary run();

private:
	uint64_t create_stream();
	void read(Piece &piece);
	void post();
	void take(const accel_completion &completion);
	void write_pending();

	Input &input_;
	Output &output_;
	std::string what_;
	// Pieces now in work, next, and being read; outputs now in work and being written.
	std::array<Piece, 3> pieces_;
	std::array<std::unique_ptr<std::byte[]>, 2> out_;
	Accelerator accelerator_;
	uint64_t stream_;
	Progress progress_;
	Summary summary_;
	unsigned now_ = 0;
	unsigned out_now_ = 0;
	size_t pending_ = 0; // bytes in the other output
	uint64_t read_ = 0;
	bool is_end_ = false; // of the input
};

Inflater::Inflater(const RunOptions &options, Input &input, Output &output)
	: input_(input),
	  output_(output),
	  what_(input.name() + ": inflate"),
	  accelerator_(options, 2, 1),
	  stream_(create_stream()),
	  progress_(input.size())
{
	accelerator_.inject_faults(ACCEL_SOFT_OP_INFLATE, options.faults);
	for (auto &memory : out_)
		memory = std::make_unique_for_overwrite<std::byte[]>(kOut);
}

uint64_t Inflater::create_stream()
{
	accel_error error = {};
	uint64_t stream = 0;
	int result = accel_soft_stream_create(accelerator_.device(), &stream, &error);

	if (result < 0)
		fail_device(what_, result, error);
	return stream;
}

void Inflater::read(Piece &piece)
{
	piece.bytes = is_end_ ? 0 : input_.read(piece.memory.get(), kIn, -1);
	piece.used = 0;
	piece.offset = read_;
	read_ += piece.bytes;
	is_end_ |= piece.bytes < kIn;
}

void Inflater::post()
{
	const Piece &piece = pieces_[now_];
	bool last = pieces_[(now_ + 1) % 3].bytes == 0;
	accel_soft_descriptor descriptor;

	accel_soft_inflate(&descriptor, out_[out_now_].get(), kOut, piece.memory.get() + piece.used,
			   piece.bytes - piece.used, stream_,
			   last ? ACCEL_SOFT_DESCRIPTOR_FLAGS_LAST : 0);
	accelerator_.post(descriptor);
}

void Inflater::write_pending()
{
	if (pending_)
		output_.write(out_[1 - out_now_].get(), pending_);
	pending_ = 0;
}

void Inflater::take(const accel_completion &completion)
{
	Piece &piece = pieces_[now_];

	if (completion.status != ACCEL_RING_STATUS_SUCCESS &&
	    completion.status != ACCEL_RING_STATUS_OUTPUT_FULL) {
		uint64_t at = piece.offset + piece.used + completion.detail;
		bool data = completion.status == ACCEL_RING_STATUS_DATA_ERROR;

		if (data && at == read_ && is_end_)
			fail(Exit::data, what_, "{}",
			     read_ ? fmt::format("the data ends too early, after {} bytes", read_) :
				     "the input is empty, not gzip data");
		if (data && at < kMagic)
			fail(Exit::data, what_, "it is not gzip data");
		fail_completion(what_, completion, piece.offset + piece.used);
	}
	piece.used += completion.detail;
	pending_ = completion.result;
	out_now_ = 1 - out_now_;
	summary_.bytes_out += completion.result;
	progress_.update(piece.offset + piece.used);
}

Summary Inflater::run()
{
	bool more = true;

	read(pieces_[0]);
	read(pieces_[1]);
	for (bool is_read = false; more;) {
		post();
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
	output_.finish();
	summary_.operation = "inflate";
	summary_.input = input_.name();
	summary_.output = output_.name();
	summary_.bytes_in = read_;
	summary_.seconds = progress_.seconds();
	summary_.descriptors = accelerator_.descriptors();
	summary_.in_flight = 1;
	summary_.parallel = 1;
	summary_.processed = summary_.bytes_out;
	return summary_;
}

} // namespace

int run_inflate(const RunOptions &options)
{
	Input input(options.input);
	Output output(options.output, {&input});
	Summary summary = Inflater(options, input, output).run();

	report(options, summary, Json::object());
	return 0;
}

} // namespace cli
