// SPDX-License-Identifier: MIT
// The operations of the mock DSA. Memory is accessed in pieces within a page, so that a page fault occurs at the same
// address as on a device.
#include "mock/idxd/engine.hpp"

#include "mock/user.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <sys/mman.h>
#include <vector>

namespace accel::core::mock {

namespace {

constexpr uint64_t kPage = 4096;
constexpr uint32_t kKnownFlags = ACCEL_IDXD_DESCRIPTOR_FLAGS_CRC_ISCSI * 2 - 1 - 0x40;
constexpr uint32_t kSpecificFlags = 0xff0000;

unsigned opcode_of(const accel_idxd_dsa_descriptor &d)
{
	return d.control >> ACCEL_IDXD_DSA_DESCRIPTOR_CONTROL_OPCODE_SHIFT;
}

uint32_t flags_of(const accel_idxd_dsa_descriptor &d)
{
	return d.control & ACCEL_IDXD_DSA_DESCRIPTOR_CONTROL_FLAGS_MASK;
}

bool blocks(const accel_idxd_dsa_descriptor &d)
{
	return flags_of(d) & ACCEL_IDXD_DESCRIPTOR_FLAGS_BLOCK_ON_FAULT;
}

constexpr std::array<uint32_t, 256> make_table()
{
	std::array<uint32_t, 256> table{};

	for (uint32_t i = 0; i < 256; i++) {
		uint32_t value = i;

		for (int bit = 0; bit < 8; bit++)
			value = value >> 1 ^ (value & 1 ? 0x82f63b78u : 0);
		table[i] = value;
	}
	return table;
}

/* As on the device: the register starts with the inverse of the seed, and the result is its inverse. */
uint32_t crc32c(uint32_t seed, const unsigned char *bytes, uint64_t size)
{
	static constexpr auto kTable = make_table();
	uint32_t value = ~seed;

	for (uint64_t i = 0; i < size; i++)
		value = value >> 8 ^ kTable[(value ^ bytes[i]) & 0xff];
	return ~value;
}

bool succeeded(uint8_t status)
{
	return status == ACCEL_IDXD_DSA_STATUS_SUCCESS ||
	       status == ACCEL_IDXD_DSA_STATUS_SUCCESS_FALSE;
}

} // namespace

bool IdxdEngine::has(bool iax, unsigned opcode)
{
	switch (opcode) {
	case ACCEL_IDXD_DSA_OPCODE_NOOP:
	case ACCEL_IDXD_DSA_OPCODE_DRAIN:
	case ACCEL_IDXD_DSA_OPCODE_MEMMOVE: return true;
	case ACCEL_IDXD_DSA_OPCODE_BATCH:
	case ACCEL_IDXD_DSA_OPCODE_MEMFILL:
	case ACCEL_IDXD_DSA_OPCODE_COMPARE:
	case ACCEL_IDXD_DSA_OPCODE_COMPARE_PATTERN:
	case ACCEL_IDXD_DSA_OPCODE_CRC_GENERATE:
	case ACCEL_IDXD_DSA_OPCODE_COPY_CRC: return !iax;
	default: return false;
	}
}

void IdxdEngine::fault(uint64_t address, unsigned times)
{
	std::lock_guard lock(mutex_);

	faults_[address / kPage] = times;
}

void IdxdEngine::lie(IdxdLie lie, unsigned times)
{
	std::lock_guard lock(mutex_);

	lie_ = lie;
	lies_ = times;
}

IdxdLie IdxdEngine::take_lie()
{
	std::lock_guard lock(mutex_);

	if (!lies_)
		return IdxdLie::none;
	lies_--;
	return lie_;
}

bool IdxdEngine::is_absent(uint64_t address, bool block)
{
	const uint64_t page = address / kPage * kPage;
	unsigned char resident = 1;

	if (block)
		return false;
	{
		std::lock_guard lock(mutex_);
		auto at = faults_.find(address / kPage);

		if (at != faults_.end() && at->second) {
			at->second--;
			return true;
		}
	}
	/* Fails where nothing is mapped, as does the access itself. */
	return options_.absent_pages &&
	       mincore(reinterpret_cast<void *>(page), kPage, &resident) == 0 && !(resident & 1);
}

uint64_t IdxdEngine::piece(uint64_t address, uint64_t most)
{
	return std::min(most, kPage - address % kPage);
}

bool IdxdEngine::reach(Record &record, uint64_t address, bool write, bool block)
{
	if (!is_absent(address, block))
		return true;
	record.status = options_.iax ?
				static_cast<uint8_t>(ACCEL_IDXD_IAX_STATUS_PAGE_FAULT_INVALID) :
				static_cast<uint8_t>(ACCEL_IDXD_DSA_STATUS_PAGE_FAULT);
	record.status |= write ? ACCEL_IDXD_STATUS_WRITE : 0;
	record.fault_addr = address;
	return false;
}

bool IdxdEngine::read(Record &record, void *to, uint64_t from, uint64_t size, bool block)
{
	if (!reach(record, from, false, block))
		return false;
	if (copy_from_user(to, from, size) == 0)
		return true;
	record.status = ACCEL_IDXD_DSA_STATUS_PAGE_FAULT_INVALID;
	record.fault_addr = from;
	return false;
}

bool IdxdEngine::write(Record &record, uint64_t to, const void *from, uint64_t size, bool block)
{
	if (copy_to_user(to, from, size) == 0)
		return true;
	(void)block;
	record.status = ACCEL_IDXD_DSA_STATUS_PAGE_FAULT_INVALID | ACCEL_IDXD_STATUS_WRITE;
	record.fault_addr = to;
	return false;
}

/* Returns the status of a refusal, or success. */
uint8_t IdxdEngine::check(const Descriptor &d, Record &record) const
{
	const uint32_t flags = flags_of(d);
	uint32_t bad = flags & ~kKnownFlags;

	if (!has(options_.iax, opcode_of(d)))
		return ACCEL_IDXD_DSA_STATUS_BAD_OPCODE;
	if (!options_.block_on_fault)
		bad |= flags & ACCEL_IDXD_DESCRIPTOR_FLAGS_BLOCK_ON_FAULT;
	/* The operation-specific flags that this mock supports: none of the highest bits. */
	bad |= flags & kSpecificFlags;
	if (bad) {
		record.refused.invalid = bad;
		return ACCEL_IDXD_DSA_STATUS_BAD_FLAGS;
	}
	if (d.context & ACCEL_IDXD_DSA_DESCRIPTOR_CONTEXT_PRIVILEGED_MASK)
		return ACCEL_IDXD_DSA_STATUS_BAD_PRIVILEGE;
	if (d.memmove.reserved)
		return ACCEL_IDXD_DSA_STATUS_RESERVED_NOT_ZERO;
	if (d.memmove.interrupt || flags & ACCEL_IDXD_DESCRIPTOR_FLAGS_INTERRUPT_REQUEST)
		return ACCEL_IDXD_DSA_STATUS_BAD_INTERRUPT;
	switch (opcode_of(d)) {
	case ACCEL_IDXD_DSA_OPCODE_NOOP:
	case ACCEL_IDXD_DSA_OPCODE_DRAIN: break;
	case ACCEL_IDXD_DSA_OPCODE_BATCH:
		if (d.batch.descriptors % ACCEL_IDXD_DESCRIPTOR_SIZE)
			return ACCEL_IDXD_DSA_STATUS_BAD_LIST_ALIGNMENT;
		if (d.batch.count < ACCEL_IDXD_BATCH_MINIMUM ||
		    d.batch.count > options_.most_descriptors)
			return ACCEL_IDXD_DSA_STATUS_BAD_COUNT;
		break;
	default:
		if (!d.memmove.size || d.memmove.size > options_.most_bytes)
			return ACCEL_IDXD_DSA_STATUS_BAD_SIZE;
	}
	return ACCEL_IDXD_DSA_STATUS_SUCCESS;
}

/* If the destination overlaps the source at a higher address, copies from the end, and reports that in the result. */
void IdxdEngine::move(const Descriptor &d, Record &record, bool crc)
{
	const uint64_t from = d.memmove.source, to = d.memmove.destination, size = d.memmove.size;
	const bool back = to > from && to - from < size;
	std::array<unsigned char, kPage> bytes;
	uint32_t sum = crc ? d.copy_crc.seed : 0;
	uint64_t done = 0;

	if (crc && (back || (from > to && from - to < size) || from == to)) {
		record.status = ACCEL_IDXD_DSA_STATUS_OVERLAP;
		return;
	}
	record.result = back;
	while (done < size) {
		uint64_t at = done, n = piece(to + at, piece(from + at, size - at));

		if (back) {
			const uint64_t end = size - done;
			const auto room = [](uint64_t e) { return e % kPage ? e % kPage : kPage; };

			n = std::min({end, room(from + end), room(to + end)});
			at = end - n;
		}
		/* If the destination would fault, the source is not read. */
		if (!reach(record, to + at, true, blocks(d)) ||
		    !read(record, bytes.data(), from + at, n, blocks(d)) ||
		    !write(record, to + at, bytes.data(), n, blocks(d)))
			break;
		if (crc)
			sum = crc32c(sum, bytes.data(), n);
		done += n;
	}
	record.completed = done < size ? static_cast<uint32_t>(done) : 0;
	if (crc)
		record.crc.value = sum;
}

void IdxdEngine::fill(const Descriptor &d, Record &record)
{
	const uint64_t to = d.memfill.destination, size = d.memfill.size;
	std::array<unsigned char, kPage> bytes;
	uint64_t done = 0;

	while (done < size) {
		const uint64_t n = piece(to + done, size - done);

		for (uint64_t i = 0; i < n; i++)
			bytes[i] = static_cast<unsigned char>(d.memfill.pattern >>
							      8 * ((done + i) % 8));
		if (!reach(record, to + done, true, blocks(d)) ||
		    !write(record, to + done, bytes.data(), n, blocks(d)))
			break;
		done += n;
	}
	record.completed = done < size ? static_cast<uint32_t>(done) : 0;
}

void IdxdEngine::compare(const Descriptor &d, Record &record, bool pattern)
{
	const uint64_t one = d.compare.source, other = d.compare.source2, size = d.compare.size;
	std::array<unsigned char, kPage> first, second;
	uint64_t done = 0;

	while (done < size) {
		const uint64_t n = pattern ? piece(one + done, size - done) :
					     piece(other + done, piece(one + done, size - done));

		for (uint64_t i = 0; pattern && i < n; i++)
			second[i] = static_cast<unsigned char>(d.compare_pattern.pattern >>
							       8 * ((done + i) % 8));
		if (!read(record, first.data(), one + done, n, blocks(d)) ||
		    (!pattern && !read(record, second.data(), other + done, n, blocks(d)))) {
			record.completed = static_cast<uint32_t>(done);
			return;
		}
		const auto differ = std::mismatch(
			first.begin(), first.begin() + static_cast<long>(n), second.begin());
		const auto same = static_cast<uint64_t>(differ.first - first.begin());

		if (same < n) {
			record.result = 1;
			record.completed = static_cast<uint32_t>(done + same);
			break;
		}
		done += n;
	}
	if (flags_of(d) & ACCEL_IDXD_DESCRIPTOR_FLAGS_CHECK_RESULT &&
	    record.result != d.compare.expected)
		record.status = ACCEL_IDXD_DSA_STATUS_SUCCESS_FALSE;
}

void IdxdEngine::checksum(const Descriptor &d, Record &record)
{
	const uint64_t from = d.crc_generate.source, size = d.crc_generate.size;
	std::array<unsigned char, kPage> bytes;
	uint32_t sum = d.crc_generate.seed;
	uint64_t done = 0;

	while (done < size) {
		const uint64_t n = piece(from + done, size - done);

		if (!read(record, bytes.data(), from + done, n, blocks(d)))
			break;
		sum = crc32c(sum, bytes.data(), n);
		done += n;
	}
	record.completed = done < size ? static_cast<uint32_t>(done) : 0;
	record.crc.value = sum;
}

/* Executes the descriptors in order; a real device may execute several at once up to a fence. */
void IdxdEngine::batch(const Descriptor &d, Record &record)
{
	uint32_t good = 0, i = 0;
	bool failed = false;

	for (; i < d.batch.count; i++) {
		Descriptor one;
		Record own{};

		if (!read(record, &one, d.batch.descriptors + uint64_t{i} * sizeof(one),
			  sizeof(one), blocks(d))) {
			record.status =
				static_cast<uint8_t>(ACCEL_IDXD_DSA_STATUS_BATCH_PAGE_FAULT);
			record.completed = i;
			return;
		}
		if (failed && flags_of(one) & ACCEL_IDXD_DESCRIPTOR_FLAGS_FENCE)
			break;
		if (opcode_of(one) == ACCEL_IDXD_DSA_OPCODE_BATCH)
			own.status = ACCEL_IDXD_DSA_STATUS_BAD_OPCODE;
		else
			run(one, own);
		(void)put(one, own);
		if (own.status == ACCEL_IDXD_DSA_STATUS_SUCCESS)
			good++;
		else
			failed = true;
	}
	record.completed = good;
	if (failed)
		record.status = ACCEL_IDXD_DSA_STATUS_BATCH_FAILED;
}

void IdxdEngine::run(const Descriptor &d, Record &record)
{
	record.status = check(d, record);
	if (record.status != ACCEL_IDXD_DSA_STATUS_SUCCESS)
		return;
	switch (opcode_of(d)) {
	case ACCEL_IDXD_DSA_OPCODE_BATCH: return batch(d, record);
	case ACCEL_IDXD_DSA_OPCODE_MEMMOVE: return move(d, record, false);
	case ACCEL_IDXD_DSA_OPCODE_COPY_CRC: return move(d, record, true);
	case ACCEL_IDXD_DSA_OPCODE_MEMFILL: return fill(d, record);
	case ACCEL_IDXD_DSA_OPCODE_COMPARE: return compare(d, record, false);
	case ACCEL_IDXD_DSA_OPCODE_COMPARE_PATTERN: return compare(d, record, true);
	case ACCEL_IDXD_DSA_OPCODE_CRC_GENERATE: return checksum(d, record);
	default: return;
	}
}

/* The status is one byte and written last, so that a reader that sees it sees the rest of the record. */
bool IdxdEngine::put(const Descriptor &d, Record record)
{
	const uint32_t flags = flags_of(d);
	const uint64_t align =
		options_.iax ? ACCEL_IDXD_IAX_RECORD_ALIGNMENT : ACCEL_IDXD_DSA_RECORD_ALIGNMENT;
	std::array<unsigned char, sizeof(accel_idxd_iax_completion)> bytes{};
	const uint8_t status = record.status;

	if (!(flags & ACCEL_IDXD_DESCRIPTOR_FLAGS_RECORD_VALID))
		return succeeded(status);
	if (d.completion_addr % align)
		return false;
	if (succeeded(status) && !(flags & ACCEL_IDXD_DESCRIPTOR_FLAGS_RECORD_REQUEST))
		return true;
	record.status = 0;
	memcpy(bytes.data(), &record, sizeof(record));
	return copy_to_user(d.completion_addr + 1, bytes.data() + 1, align - 1) == 0 &&
	       copy_to_user(d.completion_addr, &status, 1) == 0;
}

bool IdxdEngine::execute(const Descriptor &descriptor)
{
	Record record{};

	switch (const IdxdLie lie = take_lie(); lie) {
	case IdxdLie::none: run(descriptor, record); break;
	case IdxdLie::unknown_status: record.status = 0x7e; break;
	case IdxdLie::only_write_bit: record.status = ACCEL_IDXD_STATUS_WRITE; break;
	case IdxdLie::too_much:
	case IdxdLie::no_progress:
		record.status = ACCEL_IDXD_DSA_STATUS_PAGE_FAULT;
		record.fault_addr = descriptor.memmove.source;
		record.completed = lie == IdxdLie::too_much ? UINT32_MAX : 0;
		break;
	case IdxdLie::silence: return true;
	}
	return put(descriptor, record);
}

} // namespace accel::core::mock
