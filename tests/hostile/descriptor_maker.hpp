// SPDX-License-Identifier: MIT
// Descriptors of soft with random and hostile content.
#pragma once

#include "hostile/memory.hpp"
#include "hostile/options.hpp"

#include <accel/soft.h>

#include <vector>

namespace accel::hostile {

/// A range of addresses that descriptors may name.
struct Target {
	std::uint64_t address, length;
	bool writable;
};

class DescriptorMaker {
public:
	/// @targets: each has at least a page. @batches: memory for the arrays of batches.
	/// @is_shared: the addresses are those of the process. A descriptor that would access memory outside of
	/// @targets is changed so that the device must refuse it, or its addresses are moved to a target.
	DescriptorMaker(Random &random, std::vector<Target> targets, Guarded &batches,
			bool is_shared);

	accel_soft_descriptor next();
	/// The arrays of earlier batches are free again: all descriptors have completed.
	void reuse_batches() { used_ = 0; }
	/// Elements of batches so far.
	std::uint64_t elements() const { return elements_; }
	/// The address of @batches in a mapped space.
	void set_batch_iova(std::uint64_t iova) { batch_iova_ = iova; }
	/// Valid input of inflate.
	void set_members(std::vector<Target> members) { members_ = std::move(members); }
	void set_stream(std::uint64_t stream) { stream_ = stream; }

private:
	accel_soft_descriptor single();
	void make_batch(accel_soft_descriptor &d);
	void operands(accel_soft_descriptor &d);
	std::uint64_t address();
	std::uint64_t length();
	bool is_allowed(std::uint64_t address, std::uint64_t length, bool write) const;
	bool is_harmless(const accel_soft_descriptor &d) const;
	void refuse(accel_soft_descriptor &d);
	void move_to_targets(accel_soft_descriptor &d);

	Random &random_;
	std::vector<Target> targets_;
	std::vector<Target> members_;
	Guarded &batches_;
	bool is_shared_;
	std::uint64_t batch_iova_;
	std::uint64_t stream_ = 0;
	std::size_t used_ = 0; // of the memory for batches
	std::uint64_t elements_ = 0;
};

} // namespace accel::hostile
