// SPDX-License-Identifier: MIT
// The work of `accel bench`: deflate and inflate.
#include "device/completion_error.hpp"
#include "terminal/fail.hpp"
#include "verbs/soft/bench/work.hpp"
#include "verbs/soft/run/members.hpp"

namespace cli {

namespace {

/// A text and its gzip member.
class Compress final : public BenchWork {
public:
	Compress(BenchMemory &memory, const Execute &execute, std::string name,
		 accel_soft_op operation, uint64_t size, uint32_t slots)
		: BenchWork(std::move(name), memory, slots, member_room(size), member_room(size)),
		  execute_(execute),
		  is_deflate_(operation == ACCEL_SOFT_OP_DEFLATE),
		  text_(size),
		  scratch_(member_room(size))
	{
		uint64_t packed = 0;

		for (uint32_t i = 0; i < this->slots(); ++i)
			packed += is_deflate_ ? prepare_deflate(slots_[i], i) :
						prepare_inflate(slots_[i], i);
		ratio_ = static_cast<double>(packed) / (static_cast<double>(size) * this->slots());
	}

	void check(uint32_t count) override
	{
		for (uint32_t i = 0; i < count; ++i) {
			const Slot &slot = slots_[i];

			fill_bench_text(text_, uint64_t{i} * 64);
			if (is_deflate_)
				unpack(i, slot.out.first(slot.expected));
			compare(i, is_deflate_ ? std::span(scratch_) : slot.out, text_);
		}
	}

	double ratio() const override { return ratio_; }

private:
	static constexpr unsigned kLevel = 1;

	/// Executes one descriptor that is not measured; returns its completion.
	accel_completion done(const accel_soft_descriptor &descriptor)
	{
		accel_completion completion = execute_(descriptor);

		if (completion.status != ACCEL_RING_STATUS_SUCCESS)
			fail_completion(name(), completion, 0);
		return completion;
	}

	/// Decompresses the member into scratch_.
	void unpack(uint32_t slot, std::span<const std::byte> member)
	{
		accel_soft_descriptor descriptor;

		accel_soft_inflate(&descriptor, scratch_.data(), scratch_.size(), member.data(),
				   member.size(), 0, ACCEL_SOFT_DESCRIPTOR_FLAGS_LAST);
		if (uint64_t written = done(descriptor).result; written != text_.size())
			wrong(slot, written);
	}

	uint64_t prepare_deflate(Slot &slot, uint32_t i)
	{
		std::span<std::byte> text = slot.in.first(text_.size());

		fill_bench_text(text, uint64_t{i} * 64);
		accel_soft_deflate(&slot.descriptor, slot.out.data(), slot.out.size(), text.data(),
				   text.size(), kLevel, 0);
		// The same input gives the same output every time; check() decompresses and compares it.
		slot.expected = done(slot.descriptor).result;
		if (slot.expected > slot.out.size())
			wrong(i, slot.out.size());
		return slot.expected;
	}

	uint64_t prepare_inflate(Slot &slot, uint32_t i)
	{
		accel_soft_descriptor descriptor;

		fill_bench_text(text_, uint64_t{i} * 64);
		accel_soft_deflate(&descriptor, slot.in.data(), slot.in.size(), text_.data(),
				   text_.size(), kLevel, 0);
		uint64_t packed = done(descriptor).result;

		accel_soft_inflate(&slot.descriptor, slot.out.data(), slot.out.size(),
				   slot.in.data(), packed, 0, ACCEL_SOFT_DESCRIPTOR_FLAGS_LAST);
		slot.expected = text_.size();
		return packed;
	}

	const Execute &execute_;
	bool is_deflate_;
	std::vector<std::byte> text_;
	std::vector<std::byte> scratch_;
	double ratio_;
};

} // namespace

std::unique_ptr<BenchWork> make_bench_compress(BenchMemory &memory,
					       const BenchWork::Execute &execute, std::string name,
					       accel_soft_op operation, uint64_t size,
					       uint32_t slots)
{
	return std::make_unique<Compress>(memory, execute, std::move(name), operation, size, slots);
}

} // namespace cli
