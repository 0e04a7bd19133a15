// SPDX-License-Identifier: MIT
// The work of `accel bench`: descriptors on memory with known data, and the check of their results.
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

/// Memory that the operations use one after another.
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

/// One operation at one size, in several slots that are in flight at the same time. The data of each slot differs, so
/// that the check finds work on a wrong slot.
class BenchWork {
public:
	/// Executes one descriptor now; its time is not measured.
	using Execute = std::function<accel_completion(const accel_soft_descriptor &)>;

	/// @size is 0 for nop, else 1 to kMostBytes; @slots: wanted; fewer if they do not fit into @memory.
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
	/// Throws unless the completion has the expected status and result of the slot.
	void take(uint32_t slot, const accel_completion &completion)
	{
		if (completion.status != ACCEL_RING_STATUS_SUCCESS ||
		    completion.result != slots_[slot].expected)
			refuse(slot, completion);
	}
	/// Overwrites all outputs, so that check() finds work that was not done.
	void corrupt();
	/// Throws if the output of one of the first @count slots is wrong.
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
	/// Throws unless the output begins with @expected.
	void compare(uint32_t slot, std::span<const std::byte> output,
		     std::span<const std::byte> expected) const;

	std::vector<Slot> slots_;

private:
	std::string name_;
};

/// Writes the part from byte @from on of an endless text that compresses like natural text; equal in every run.
void fill_bench_text(std::span<std::byte> to, uint64_t from);

/// Create the work of each kind, for make().
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
