// SPDX-License-Identifier: MIT
// Partial completion by the DSA and IAX architecture specifications, and the meaning of statuses.
#include "providers/idxd/descriptor.hpp"

#include <algorithm>
#include <cstddef>

namespace accel::core::idxd {

namespace {

/* Flag bits that have an operation-specific meaning in DSA. */
constexpr uint32_t kSpecificFlags = 0xff0000;
constexpr uint64_t kPage = 4096;
constexpr uint32_t kLeastResumes = 16;

/* Offsets of fields in a descriptor, for the completion's field. */
constexpr uint8_t kControl = offsetof(Descriptor, control),
		  kSource = offsetof(Descriptor, memmove.source),
		  kDestination = offsetof(Descriptor, memmove.destination),
		  kSize = offsetof(Descriptor, memmove.size),
		  kInterrupt = offsetof(Descriptor, memmove.interrupt);

unsigned opcode_of(const Descriptor &d)
{
	return d.control >> ACCEL_IDXD_DSA_DESCRIPTOR_CONTROL_OPCODE_SHIFT;
}

uint8_t code_of(const Record &record)
{
	return record.dsa.status & ACCEL_IDXD_STATUS_MASK;
}

bool is_batch(const Descriptor &d, bool iax)
{
	return !iax && opcode_of(d) == ACCEL_IDXD_DSA_OPCODE_BATCH;
}

/* The address is in the range that starts at @first. */
bool lies_in(uint64_t address, uint64_t first, uint64_t size)
{
	return address / kPage >= first / kPage && address / kPage <= (first + size - 1) / kPage;
}

/* Rotates a pattern of 8 bytes of which @done bytes were used. */
uint64_t rotate(uint64_t pattern, uint64_t done)
{
	const unsigned bits = done % 8 * 8;

	return bits ? pattern >> bits | pattern << (64 - bits) : pattern;
}

/* The field of a code that reports a forbidden value. */
struct BadField {
	uint8_t code;
	uint8_t field;
};
constexpr BadField kBadFields[] = {
	{ACCEL_IDXD_DSA_STATUS_BAD_FLAGS, kControl},
	{ACCEL_IDXD_DSA_STATUS_RESERVED_NOT_ZERO, offsetof(Descriptor, memmove.reserved)},
	{ACCEL_IDXD_DSA_STATUS_BAD_SIZE, kSize},
	{ACCEL_IDXD_DSA_STATUS_BAD_COUNT, offsetof(Descriptor, batch.count)},
	{ACCEL_IDXD_DSA_STATUS_BAD_DELTA_SIZE, offsetof(Descriptor, create_delta.delta_size)},
	{ACCEL_IDXD_DSA_STATUS_OVERLAP, kDestination},
	{ACCEL_IDXD_DSA_STATUS_DUALCAST_MISMATCH, offsetof(Descriptor, dualcast.destination2)},
	{ACCEL_IDXD_DSA_STATUS_BAD_LIST_ALIGNMENT, offsetof(Descriptor, batch.descriptors)},
	{ACCEL_IDXD_DSA_STATUS_BAD_INTERRUPT, kInterrupt},
	{ACCEL_IDXD_DSA_STATUS_BAD_ALIGNMENT, kSource},
	{ACCEL_IDXD_DSA_STATUS_BAD_PRIVILEGE, 0},
	{ACCEL_IDXD_DSA_STATUS_BAD_CLASS, kControl},
};

/* The result of a successful operation. */
void result_of(const Descriptor &d, const Record &record, const Progress &progress,
	       accel_ring_record *out)
{
	switch (opcode_of(d)) {
	case ACCEL_IDXD_DSA_OPCODE_COMPARE:
	case ACCEL_IDXD_DSA_OPCODE_COMPARE_PATTERN:
		out->result = progress.done +
			      (record.dsa.result ? std::min(record.dsa.completed, d.compare.size) :
						   d.compare.size);
		break;
	case ACCEL_IDXD_DSA_OPCODE_CRC_GENERATE:
	case ACCEL_IDXD_DSA_OPCODE_COPY_CRC: out->result = record.dsa.crc.value; break;
	case ACCEL_IDXD_DSA_OPCODE_CREATE_DELTA: out->result = record.dsa.delta.size; break;
	case ACCEL_IDXD_DSA_OPCODE_BATCH:
		out->result = code_of(record) == ACCEL_IDXD_DSA_STATUS_SUCCESS ?
				      d.batch.count :
				      record.dsa.completed;
		break;
	default: break;
	}
}

uint8_t translate_fault(const Descriptor &d, const Record &record, const Progress &progress,
			accel_ring_record *out)
{
	const bool write = record.dsa.status & ACCEL_IDXD_STATUS_WRITE;

	out->address = record.dsa.fault_addr;
	out->result = progress.done + record.dsa.completed;
	out->field =
		!write && lies_in(out->address, d.memmove.source, std::max(d.memmove.size, 1u)) ?
			kSource :
			kDestination;
	return write ? ACCEL_RING_STATUS_WRITE_FAULT : ACCEL_RING_STATUS_READ_FAULT;
}

uint8_t translate_iax(const Record &record, accel_ring_record *out)
{
	switch (code_of(record)) {
	case ACCEL_IDXD_IAX_STATUS_SUCCESS:
		out->detail = record.iax.crc;
		out->result = record.iax.output_size;
		return ACCEL_RING_STATUS_SUCCESS;
	case ACCEL_IDXD_IAX_STATUS_OUTPUT_FULL:
		out->detail = record.iax.completed;
		out->result = record.iax.output_size;
		return ACCEL_RING_STATUS_OUTPUT_FULL;
	case ACCEL_IDXD_IAX_STATUS_ANALYTICS_ERROR:
		out->detail = record.iax.error_code;
		return ACCEL_RING_STATUS_DATA_ERROR;
	default: return ACCEL_RING_STATUS_NONE;
	}
}

uint8_t translate_dsa(const Descriptor &d, const Record &record, const Progress &progress,
		      accel_ring_record *out)
{
	switch (code_of(record)) {
	case ACCEL_IDXD_DSA_STATUS_SUCCESS: out->detail = 0; [[fallthrough]];
	case ACCEL_IDXD_DSA_STATUS_SUCCESS_FALSE:
		result_of(d, record, progress, out);
		return ACCEL_RING_STATUS_SUCCESS;
	case ACCEL_IDXD_DSA_STATUS_BATCH_FAILED:
	case ACCEL_IDXD_DSA_STATUS_BATCH_LOGGED:
		result_of(d, record, progress, out);
		out->index = UINT32_MAX; // the device does not report it
		return ACCEL_RING_STATUS_BATCH_ERROR;
	case ACCEL_IDXD_DSA_STATUS_DIF_ERROR:
		out->result = progress.done + record.dsa.completed;
		return ACCEL_RING_STATUS_CHECKSUM_ERROR;
	case ACCEL_IDXD_DSA_STATUS_PAGE_FAULT:
	case ACCEL_IDXD_DSA_STATUS_BATCH_PAGE_FAULT:
		return translate_fault(d, record, progress, out);
	default: return ACCEL_RING_STATUS_NONE;
	}
}

} // namespace

Progress begin(const Descriptor &d, bool iax)
{
	/* Each page of two ranges once, plus some that the kernel may reclaim in the meantime. */
	const uint32_t pages = is_batch(d, iax) ? d.batch.count / 64 : d.memmove.size / kPage;

	return {.resumes_left = kLeastResumes + 2 * pages};
}

bool find_fault(const Descriptor &d, const Record &record, bool iax, Fault *fault)
{
	const uint8_t code = code_of(record);
	const bool batch = is_batch(d, iax);

	if (code != ACCEL_IDXD_DSA_STATUS_PAGE_FAULT &&
	    code != ACCEL_IDXD_DSA_STATUS_PAGE_FAULT_INVALID &&
	    !(batch && code == ACCEL_IDXD_DSA_STATUS_BATCH_PAGE_FAULT))
		return false;
	const uint64_t size = batch ? uint64_t{d.batch.count} * sizeof(Descriptor) : d.memmove.size;
	const uint64_t done = uint64_t{record.dsa.completed} * (batch ? sizeof(Descriptor) : 1);
	/* An overlapping copy runs from the end, so the bytes before the fault are next. */
	const bool back = !iax && !batch && opcode_of(d) == ACCEL_IDXD_DSA_OPCODE_MEMMOVE &&
			  record.dsa.result;

	fault->address = record.dsa.fault_addr;
	fault->bytes = done < size && !back ? size - done : 1;
	fault->write = record.dsa.status & ACCEL_IDXD_STATUS_WRITE;
	return true;
}

bool advance(Descriptor &d, const Record &record, bool iax, Progress &progress)
{
	const uint32_t done = record.dsa.completed;

	/* An operation of IAX is restarted, because its output does not depend on what it wrote, unless it keeps a
	 * state. */
	if (iax)
		return !(d.control & (ACCEL_IDXD_DESCRIPTOR_FLAGS_AECS_READ |
				      ACCEL_IDXD_DESCRIPTOR_FLAGS_AECS_WRITE |
				      ACCEL_IDXD_DESCRIPTOR_FLAGS_AECS_WRITE_ON_OVERFLOW));
	if (is_batch(d, iax)) {
		/* The record of a batch that has started does not report whether the executed descriptors succeeded. */
		return code_of(record) == ACCEL_IDXD_DSA_STATUS_BATCH_PAGE_FAULT && !done;
	}
	if (done >= d.memmove.size)
		return false;
	switch (opcode_of(d)) {
	case ACCEL_IDXD_DSA_OPCODE_MEMMOVE:
		/* An overlapping copy may have run from the end; then the rest is at the beginning. */
		if (record.dsa.result)
			break;
		d.memmove.source += done;
		d.memmove.destination += done;
		break;
	case ACCEL_IDXD_DSA_OPCODE_MEMFILL:
		/* An operation-specific flag selects the length of the pattern, 8 or 16 bytes. */
		if (d.control & kSpecificFlags && done % 16)
			return false;
		if (!(d.control & kSpecificFlags))
			d.memfill.pattern = rotate(d.memfill.pattern, done);
		d.memfill.destination += done;
		break;
	case ACCEL_IDXD_DSA_OPCODE_COMPARE:
		d.compare.source += done;
		d.compare.source2 += done;
		break;
	case ACCEL_IDXD_DSA_OPCODE_COMPARE_PATTERN:
		d.compare_pattern.source += done;
		d.compare_pattern.pattern = rotate(d.compare_pattern.pattern, done);
		break;
	case ACCEL_IDXD_DSA_OPCODE_COPY_CRC: d.copy_crc.destination += done; [[fallthrough]];
	case ACCEL_IDXD_DSA_OPCODE_CRC_GENERATE:
		/* The partial checksum is the seed of the rest; it includes a seed that was to be read. */
		if (d.control & kSpecificFlags)
			return false;
		d.crc_generate.source += done;
		if (done)
			d.crc_generate.seed = static_cast<uint32_t>(record.dsa.crc.value);
		break;
	default: return false;
	}
	d.memmove.size -= done;
	progress.done += done;
	return true;
}

uint8_t translate(const Descriptor &d, const Record &record, bool iax, const Progress &progress,
		  accel_ring_record *out)
{
	const uint8_t code = code_of(record);
	uint8_t status;

	*out = {};
	out->detail = record.dsa.status;
	status = iax ? translate_iax(record, out) : translate_dsa(d, record, progress, out);
	if (status == ACCEL_RING_STATUS_NONE && code == ACCEL_IDXD_DSA_STATUS_PAGE_FAULT_INVALID)
		status = translate_fault(d, record, progress, out);
	if (status == ACCEL_RING_STATUS_NONE && code == ACCEL_IDXD_DSA_STATUS_BAD_OPCODE)
		status = ACCEL_RING_STATUS_BAD_OPCODE;
	for (const BadField &bad : kBadFields) {
		if (status != ACCEL_RING_STATUS_NONE || bad.code != code)
			continue;
		out->field = bad.field;
		status = ACCEL_RING_STATUS_BAD_FIELD;
	}
	if (status == ACCEL_RING_STATUS_NONE)
		status = ACCEL_RING_STATUS_DEVICE_ERROR;
	out->status = status;
	return status;
}

} // namespace accel::core::idxd
