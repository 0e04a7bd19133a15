// SPDX-License-Identifier: MIT
// Internals of execute(): the descriptor being executed, its ranges, and the functions of the operations.
#pragma once

#include "soft/execute/execute.hpp"

#include <array>
#include <cstring>

namespace accel::core::softdev {

/// Offsets of fields in a descriptor, as reported in completion records.
inline constexpr uint8_t kFieldOp = 0, kFieldFlags = 1, kFieldParam = 2, kFieldSeed = 4;
inline constexpr uint8_t kFieldSrc = 8, kFieldDst = 16, kFieldLength = 24, kFieldRoom = 32,
			 kFieldStream = 40;

struct Work {
	ExecutionContext &context;
	const Descriptor &d;
	Record &r;
	bool has_record = false;

	uint8_t success(uint64_t result, uint64_t detail = 0)
	{
		r.result = result;
		r.detail = detail;
		has_record = true;
		return ACCEL_RING_STATUS_SUCCESS;
	}
	/// The field has an invalid value.
	uint8_t bad_field(uint8_t field)
	{
		r.field = field;
		return ACCEL_RING_STATUS_BAD_FIELD;
	}
	/// @code: a positive errno
	uint8_t engine_error(int code)
	{
		r.detail = static_cast<uint64_t>(code);
		return ACCEL_RING_STATUS_ENGINE_ERROR;
	}
	/// Returns the completion status for the status of an engine; ok and stream_end are a success.
	uint8_t of_engine(engine::Status status);
};

/// Whether a range exceeds the largest address.
constexpr bool wraps(uint64_t address, uint64_t length)
{
	return address && length > -address;
}

/// One range of a descriptor. As contiguous memory it is used in three steps: check() all ranges first, so that a fault
/// has no side effect; then load() inputs and prepare() outputs; after the operation store() outputs. After check(),
/// read() and write() access parts of it without these steps.
class Range {
public:
	/// Checks access to a range that does not wrap. Returns 0 or the completion status. @field: that of the
	/// address. An empty range may have any address.
	uint8_t check(Work &work, uint8_t field, uint64_t address, uint64_t length, uint64_t access)
	{
		at_ = reinterpret_cast<std::byte *>(address);
		if (!address || work.context.table) [[unlikely]]
			return check_slowly(work, field, address, length, access);
		return 0;
	}
	/// False: no memory. Both do nothing for a contiguous range.
	bool load(Work &work, unsigned slot) { return !pieces_ || gather(work, slot); }
	bool prepare(Work &work, unsigned slot) { return !pieces_ || allot(work, slot); }
	/// Write back @bytes from @offset on, the output of the operation.
	void store(Work &work, uint64_t bytes, uint64_t offset = 0) const
	{
		if (pieces_ && bytes)
			work.context.table->scatter(address_ + offset, at_ + offset, bytes);
	}

	void read(Work &work, uint64_t offset, void *to, size_t bytes) const
	{
		if (pieces_)
			work.context.table->gather(static_cast<std::byte *>(to), address_ + offset,
						   bytes);
		else
			memcpy(to, at_ + offset, bytes);
	}
	void write(Work &work, uint64_t offset, const void *from, size_t bytes) const
	{
		if (pieces_)
			work.context.table->scatter(address_ + offset,
						    static_cast<const std::byte *>(from), bytes);
		else
			memcpy(at_ + offset, from, bytes);
	}

	std::byte *at() const { return at_; }
	/// Whether the range spans several pieces of memory: then at() is scratch memory.
	bool pieces() const { return pieces_; }

private:
	uint8_t check_slowly(Work &work, uint8_t field, uint64_t address, uint64_t length,
			     uint64_t access);
	bool gather(Work &work, unsigned slot);
	bool allot(Work &work, unsigned slot);

	std::byte *at_ = nullptr;
	bool pieces_ = false;
	// Set and read only for a range in pieces.
	uint64_t address_;
	uint64_t length_;
};

/// The bits of a descriptor that an operation does not use and that must be zero.
struct Form {
	uint64_t zero[kWords];
	uint8_t end_of_fields; // after it a field has one byte, before it eight
};
extern const std::array<Form, kOperations> kForms; // by operation
/// Reports the first field with a bit that must be zero.
uint8_t first_wrong(Work &work, const Form &form);

/// Validates the operation, the flags and the bits that must be zero. Returns 0 or the completion status.
inline uint8_t check_form(Work &work)
{
	uint64_t wrong = 0;

	if (work.d.op >= kOperations) [[unlikely]]
		return ACCEL_RING_STATUS_BAD_OPCODE;
	const Form &form = kForms[work.d.op];
#pragma GCC unroll 7
	for (unsigned i = 0; i < kWords; i++)
		wrong |= word_of(&work.d, i) & form.zero[i];
	return wrong ? first_wrong(work, form) : 0;
}

/// The operations. Each validates the rest of the descriptor, executes it, and returns the completion status.
uint8_t run_nop(Work &work);
uint8_t run_copy(Work &work);
uint8_t run_fill(Work &work);
uint8_t run_compare(Work &work);
uint8_t run_crc32c(Work &work);
uint8_t run_copy_crc32c(Work &work);
uint8_t run_deflate(Work &work);
uint8_t run_inflate(Work &work);
uint8_t run_matmul(Work &work);
uint8_t run_batch(Work &work);

using Run = uint8_t (*)(Work &);
extern const std::array<Run, kOperations> kRun; // by operation
/// Executes any operation, or completes it with an injected fault.
uint8_t run_injected(Work &work);

/// Adds a failed descriptor to the error log of the device.
void log_failure(ExecutionContext &context, const Descriptor &d, const Record &record);

/// execute(), inlined into the loops of the workers and into the inline path.
[[gnu::always_inline]] inline Outcome execute_here(ExecutionContext &context, const Descriptor &d,
						   Record &record)
{
	Work work{context, d, record};
	uint8_t status = check_form(work);

	if (!status)
		status = context.inject ? run_injected(work) : kRun[d.op](work);
	record.status = status;
	if (status != ACCEL_RING_STATUS_SUCCESS) [[unlikely]] {
		log_failure(context, d, record);
		return {status, true};
	}
	return {status, work.has_record || d.flags & ACCEL_SOFT_DESCRIPTOR_FLAGS_RECORD};
}

} // namespace accel::core::softdev
