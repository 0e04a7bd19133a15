// SPDX-License-Identifier: MIT
// What `accel bench` lets the device do: descriptors on memory that is full of known data, and the check that
// each of them did what it says.
#pragma once

#include <accel/soft.h>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace cli {

/// Memory that all operations use one after another.
class BenchMemory {
public:
	BenchMemory();
	~BenchMemory();
	BenchMemory(const BenchMemory &) = delete;
	BenchMemory &operator=(const BenchMemory &) = delete;

	static constexpr size_t kBytes = 64 << 20;

	std::byte *data() { return data_; }

private:
	std::byte *data_;
};

/// One operation at one size, in several slots that are worked on at the same time. Every slot has data of its
/// own, so that work on the wrong one is seen.
class BenchWork {
public:
	/// Have the device do one descriptor now, outside of what is timed.
	using Execute = std::function<accel_completion(const accel_soft_descriptor &)>;

	/// @size is 0 for nop, else 1 to kMostBytes; @slots: as many, or fewer if they need too much memory.
	static std::unique_ptr<BenchWork> make(BenchMemory &memory, const Execute &execute,
					       accel_soft_op operation, uint64_t size,
					       uint32_t slots);
	static constexpr uint64_t kMostBytes = 16 << 20;

	virtual ~BenchWork() = default;

	uint32_t slots() const { return static_cast<uint32_t>(slots_.size()); }
	const accel_soft_descriptor &descriptor(uint32_t slot) const
	{
		return slots_[slot].descriptor;
	}
	/// Throws unless the completion is what the slot's descriptor must end with.
	void take(uint32_t slot, const accel_completion &completion)
	{
		if (completion.status != ACCEL_RING_STATUS_SUCCESS ||
		    completion.result != slots_[slot].expected)
			refuse(slot, completion);
	}
	/// Overwrite all outputs.
	void spoil();
	/// Throws if the output of one of the first @count slots is not what it must be.
	virtual void check(uint32_t count);
	/// "copy of 4.0 KiB"
	const std::string &name() const { return name_; }
	virtual double flops() const { return 0; }
	virtual double ratio() const { return 0; }

protected:
	struct Slot {
		std::span<std::byte> in, out;
		accel_soft_descriptor descriptor = {};
		uint64_t expected = 0; // result
	};

	BenchWork(std::string name, BenchMemory &memory, uint32_t slots, size_t in, size_t out);
	[[noreturn]] void refuse(uint32_t slot, const accel_completion &completion) const;
	[[noreturn]] void wrong(uint32_t slot, uint64_t offset) const;
	/// Throws unless the output starts with @expected.
	void compare(uint32_t slot, std::span<const std::byte> output,
		     std::span<const std::byte> expected) const;

	std::vector<Slot> slots_;

private:
	std::string name_;
};

/// Text that compresses about as text does, the same in every run: a part of an endless one, from byte @from on.
void fill_bench_text(std::span<std::byte> to, uint64_t from);

/// The work of each kind, for make().
std::unique_ptr<BenchWork> make_bench_transfer(BenchMemory &memory, std::string name,
					       accel_soft_op operation, uint64_t size,
					       uint32_t slots);
std::unique_ptr<BenchWork> make_bench_compress(BenchMemory &memory,
					       const BenchWork::Execute &execute, std::string name,
					       accel_soft_op operation, uint64_t size,
					       uint32_t slots);
std::unique_ptr<BenchWork> make_bench_matmul(BenchMemory &memory, std::string name, uint64_t size,
					     uint32_t slots);

} // namespace cli
