// SPDX-License-Identifier: MIT
// `accel run inflate` of members with a size field.
#include "verbs/soft/run/inflate_members.hpp"

#include <algorithm>
#include <cstring>

namespace cli {

namespace {

// Enough for the default chunk of `run deflate` with any content, and more: a completely filled output could be
// incomplete.
constexpr size_t kContent = (1 << 20) + 4096;
constexpr size_t kMember = member_room(kContent);
constexpr size_t kLengthField = 4; // the last bytes of a member: the length of its content

} // namespace

void Source::put_back(std::span<const std::byte> bytes)
{
	ahead_.insert(ahead_.end(), bytes.begin(), bytes.end());
}

size_t Source::read(std::byte *to, size_t bytes)
{
	size_t ahead = std::min(bytes, ahead_.size() - used_);

	std::copy_n(ahead_.data() + used_, ahead, to);
	used_ += ahead;
	return ahead + input_.read(to + ahead, bytes - ahead, -1);
}

Members::Members(const accel::Device &device, const RunOptions &options, Input &input,
		 Output &output, Progress &progress)
	: input_(input),
	  output_(output),
	  progress_(progress),
	  pipeline_(device, options, kMember, kContent)
{
	pipeline_.accelerator().inject_faults(ACCEL_SOFT_OP_INFLATE, options.faults);
}

bool Members::fill(Slot &slot, accel_soft_descriptor &descriptor)
{
	int stop_fd = pipeline_.stop_fd();

	header_bytes_ += input_.read(header_.data() + header_bytes_, header_.size() - header_bytes_,
				     stop_fd);
	size_t size = recorded_size(std::span(header_).first(header_bytes_));

	if (!size || size > slot.in.size())
		return false;
	size_t rest = input_.read(slot.in.data() + header_bytes_, size - header_bytes_, stop_fd);

	std::ranges::copy(header_, slot.in.begin());
	slot.in_bytes = header_bytes_ + rest;
	slot.offset = offset_;
	offset_ += slot.in_bytes;
	header_bytes_ = 0;
	filled_++;
	if (slot.in_bytes < size)
		return false;
	slot.second = 0;
	for (size_t i = 0; i < kLengthField; ++i)
		slot.second |= static_cast<size_t>(slot.in[size - kLengthField + i]) << (8 * i);
	accel_soft_inflate(&descriptor, slot.out.data(), slot.out.size(), slot.in.data(), size, 0,
			   0);
	return slot.second < slot.out.size();
}

bool Members::collect(Slot &slot, const accel_completion &completion)
{
	switch (completion.status) {
	case ACCEL_RING_STATUS_SUCCESS:
		if (completion.detail != slot.in_bytes || completion.result != slot.second)
			return false;
		break;
	case ACCEL_RING_STATUS_OUTPUT_FULL:
	case ACCEL_RING_STATUS_DATA_ERROR:
	case ACCEL_RING_STATUS_CHECKSUM_ERROR: return false;
	default: fail_completion(input_.shown() + ": inflate", completion, slot.offset);
	}
	output_.write(slot.out.data(), slot.second);
	done_++;
	bytes_in_ += slot.in_bytes;
	bytes_out_ += slot.second;
	progress_.update(bytes_in_);
	return true;
}

/// Returns unprocessed input to the source; returns false if there is none.
bool Members::put_back(Source &source)
{
	bool any = header_bytes_ || done_ < filled_;

	for (; done_ < filled_; ++done_) {
		const Slot &slot = pipeline_.slot(done_);

		source.put_back(slot.in.first(slot.in_bytes));
	}
	source.put_back(std::span(header_).first(header_bytes_));
	return any;
}

bool Members::run(std::span<const std::byte> header, Summary &summary, Source &source)
{
	header_bytes_ = header.size();
	std::ranges::copy(header, header_.begin());
	pipeline_.run([this](Slot &slot,
			     accel_soft_descriptor &descriptor) { return fill(slot, descriptor); },
		      [this](Slot &slot, const accel_completion &completion) {
			      return collect(slot, completion);
		      });
	summary.bytes_in = bytes_in_;
	summary.bytes_out = bytes_out_;
	pipeline_.add_to(summary);
	return !put_back(source);
}

} // namespace cli
