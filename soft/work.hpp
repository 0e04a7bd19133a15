// SPDX-License-Identifier: MIT
// Inside execute: one descriptor in work, its ranges, and the functions that the operations are.
#pragma once

#include "soft/execute.hpp"

#include <array>

namespace accel::core::softdev {

/// Offsets of fields within a descriptor, which completions name.
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
	/// The field has a value that is not allowed.
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
	/// What an engine's status means for a completion; ok and stream_end are a success.
	uint8_t of_engine(engine::Status status);
};

/// Whether a range goes on behind the last address there is.
constexpr bool wraps(uint64_t address, uint64_t length)
{
	return address && length > -address;
}

/// One range of a descriptor as memory in one piece. Made in three steps: check() all ranges, so that a fault
/// leaves everything as it was; then load() inputs and prepare() outputs; after the work store() outputs.
class Range {
public:
	/// Whether the device may touch a range that does not wrap: 0, or the status that the descriptor ends
	/// with. @field: of the address. An empty range may have any address.
	uint8_t check(Work &work, uint8_t field, uint64_t address, uint64_t length, uint64_t access)
	{
		at_ = reinterpret_cast<std::byte *>(address);
		if (!address || work.context.table) [[unlikely]]
			return check_slowly(work, field, address, length, access);
		return 0;
	}
	/// False: no memory to put it together. Both do nothing for what is in one piece already.
	bool load(Work &work, unsigned slot) { return !pieces_ || gather(work, slot); }
	bool prepare(Work &work, unsigned slot) { return !pieces_ || allot(work, slot); }
	/// @bytes from @offset on are what the operation made.
	void store(Work &work, uint64_t bytes, uint64_t offset = 0) const
	{
		if (pieces_ && bytes)
			work.context.table->scatter(address_ + offset, at_ + offset, bytes);
	}

	std::byte *at() const { return at_; }
	/// Whether it lies in several pieces: then at() is memory of the worker.
	bool pieces() const { return pieces_; }

private:
	uint8_t check_slowly(Work &work, uint8_t field, uint64_t address, uint64_t length,
			     uint64_t access);
	bool gather(Work &work, unsigned slot);
	bool allot(Work &work, unsigned slot);

	std::byte *at_ = nullptr;
	bool pieces_ = false;
	// Of a range in pieces; else nobody reads them, and nobody sets them.
	uint64_t address_;
	uint64_t length_;
};

/// What an operation does not name must be zero: one mask of 64 bytes says where.
struct Form {
	uint64_t zero[kWords];
	uint8_t end_of_fields; // behind it a field is one byte, before it eight
};
extern const std::array<Form, kOperations> kForms; // by operation
/// Tells which field it is that has something where there must be zero.
uint8_t first_wrong(Work &work, const Form &form);

/// 0, or the status for a descriptor whose form is wrong whatever it is about: operation, flags, bytes that
/// must be zero.
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

/// The operations. Each checks what check_form() did not, then works; returns the status.
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
/// Any operation, unless an injected fault takes it.
uint8_t run_injected(Work &work);

/// Put a failed descriptor into the device's log.
void log_failure(ExecutionContext &context, const Descriptor &d, const Record &record);

/// execute() in the place where it is called: for workers, and for the thread that publishes.
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
