// SPDX-License-Identifier: MIT
// Executes descriptors: the table of operations, ranges, and the common parts of all operations.
#include "soft/execute/execute.hpp"

#include "soft/execute/work.hpp"
#include "sys/sys.hpp"

#include <cerrno>
#include <new>
#include <uapi/accel/accel.h>

namespace accel::core::softdev {

namespace {

/* Larger pieces of scratch memory are freed when the table is released. */
constexpr size_t kKeepScratch = size_t{1} << 20;

} // namespace

const std::array<Run, kOperations> kRun = {
	run_nop,	 run_copy,    run_fill,	   run_compare, run_crc32c,
	run_copy_crc32c, run_deflate, run_inflate, run_matmul,	run_batch,
};

uint8_t run_injected(Work &work)
{
	return work.context.inject >> work.d.op & 1 && work.context.injection->take(work.d.op) ?
		       work.engine_error(EIO) :
		       kRun[work.d.op](work);
}

Outcome execute(ExecutionContext &context, const Descriptor &d, Record &record)
{
	return execute_here(context, d, record);
}

void log_failure(ExecutionContext &context, const Descriptor &d, const Record &record)
{
	if (context.errors)
		context.errors->add({.time_ns = sys::now_ns(),
				     .sequence = context.sequence,
				     .address = record.address,
				     .op = d.op,
				     .status = record.status,
				     .field = record.field,
				     .reserved = {}});
}

bool ExecutionContext::take_new_table()
{
	if (table)
		hazard->release();
	table = hazard->acquire(current);
	return true;
}

void ExecutionContext::drop_table()
{
	hazard->release();
	table = nullptr;
	resources.scratch.trim();
}

uint8_t Work::of_engine(engine::Status status)
{
	switch (status) {
	case engine::Status::ok:
	case engine::Status::stream_end: return ACCEL_RING_STATUS_SUCCESS;
	case engine::Status::output_full: return ACCEL_RING_STATUS_OUTPUT_FULL;
	case engine::Status::data_error: return ACCEL_RING_STATUS_DATA_ERROR;
	case engine::Status::checksum_error: return ACCEL_RING_STATUS_CHECKSUM_ERROR;
	case engine::Status::no_memory: return engine_error(ENOMEM);
	case engine::Status::unsupported: return engine_error(EOPNOTSUPP);
	case engine::Status::internal: break;
	}
	return engine_error(EIO);
}

uint8_t Range::check_slowly(Work &work, uint8_t field, uint64_t address, uint64_t length,
			    uint64_t access)
{
	uint64_t fault = address;
	Reach reach = Reach::denied;

	if (!length)
		return 0;
	if (work.context.table)
		reach = work.context.table->reach(address, length, access, at_, fault);
	if (reach == Reach::denied) {
		work.r.field = field;
		work.r.address = fault;
		return access == ACCEL_ACCESS_WRITE ? ACCEL_RING_STATUS_WRITE_FAULT :
						      ACCEL_RING_STATUS_READ_FAULT;
	}
	pieces_ = reach == Reach::pieces;
	address_ = address;
	length_ = length;
	return 0;
}

bool Range::allot(Work &work, unsigned slot)
{
	at_ = work.context.resources.scratch.get(slot, length_);
	return at_ != nullptr;
}

bool Range::gather(Work &work, unsigned slot)
{
	if (!allot(work, slot))
		return false;
	work.context.table->gather(at_, address_, length_);
	return true;
}

Scratch::~Scratch()
{
	for (Slot &slot : slots_)
		::operator delete(slot.memory);
}

std::byte *Scratch::get(unsigned index, size_t bytes)
{
	Slot &slot = slots_[index];

	if (slot.bytes < bytes) {
		::operator delete(slot.memory);
		slot.memory = static_cast<std::byte *>(::operator new(bytes, std::nothrow));
		slot.bytes = slot.memory ? bytes : 0;
	}
	return slot.memory;
}

void Scratch::trim()
{
	for (Slot &slot : slots_) {
		if (slot.bytes <= kKeepScratch)
			continue;
		::operator delete(slot.memory);
		slot = {};
	}
}

} // namespace accel::core::softdev
