// SPDX-License-Identifier: MIT
// The work of `accel bench`: nop, copy, fill, compare and checksums.
#include "verbs/soft/bench/work.hpp"

#include <array>
#include <cstring>

namespace cli {

namespace {

constexpr uint64_t kPattern = 0x0123456789abcdef;

constexpr std::array<uint32_t, 256> make_crc_table()
{
	std::array<uint32_t, 256> table = {};

	for (uint32_t byte = 0; byte < table.size(); ++byte) {
		uint32_t crc = byte;

		for (int bit = 0; bit < 8; ++bit)
			crc = crc & 1 ? crc >> 1 ^ 0x82f63b78 : crc >> 1;
		table[byte] = crc;
	}
	return table;
}

/// CRC-32C, byte by byte; shares no code with the device.
uint32_t plain_crc32c(std::span<const std::byte> bytes)
{
	static constexpr std::array<uint32_t, 256> kTable = make_crc_table();
	uint32_t crc = UINT32_MAX;

	for (std::byte byte : bytes)
		crc = crc >> 8 ^ kTable[(crc ^ static_cast<uint32_t>(byte)) & 0xff];
	return ~crc;
}

class Transfer final : public BenchWork {
public:
	Transfer(BenchMemory &memory, std::string name, accel_soft_op operation, uint64_t size,
		 uint32_t slots)
		: BenchWork(std::move(name), memory, slots,
			    operation == ACCEL_SOFT_OP_COMPARE ? 2 * size : size,
			    has_output(operation) ? size : 0),
		  operation_(operation)
	{
		for (uint32_t i = 0; i < this->slots(); ++i)
			prepare(slots_[i], i);
	}

	void check(uint32_t count) override
	{
		if (has_output(operation_))
			for (uint32_t i = 0; i < count; ++i)
				check_slot(i);
	}

private:
	static bool has_output(accel_soft_op operation)
	{
		return operation == ACCEL_SOFT_OP_COPY || operation == ACCEL_SOFT_OP_FILL ||
		       operation == ACCEL_SOFT_OP_COPY_CRC32C;
	}

	/// Returns the pattern of a fill, which differs between slots.
	static uint64_t pattern(uint32_t slot) { return kPattern + slot; }

	void check_slot(uint32_t i)
	{
		Slot &slot = slots_[i];

		if (operation_ == ACCEL_SOFT_OP_FILL)
			fill_pattern(slot.in, pattern(i));
		compare(i, slot.out, slot.in);
	}

	static void fill_pattern(std::span<std::byte> to, uint64_t pattern)
	{
		for (size_t at = 0; at < to.size(); ++at)
			to[at] = static_cast<std::byte>(pattern >> (at % 8 * 8));
	}

	void prepare(Slot &slot, uint32_t i)
	{
		accel_soft_descriptor *d = &slot.descriptor;
		uint64_t size = slot.in.size();

		fill_bench_text(slot.in, uint64_t{i} * 64);
		switch (operation_) {
		case ACCEL_SOFT_OP_COPY:
			return accel_soft_copy(d, slot.out.data(), slot.in.data(), size, 0);
		case ACCEL_SOFT_OP_FILL:
			return accel_soft_fill(d, slot.out.data(), size, pattern(i), 0);
		case ACCEL_SOFT_OP_COMPARE: return prepare_compare(slot, i);
		case ACCEL_SOFT_OP_CRC32C:
			slot.expected = plain_crc32c(slot.in);
			return accel_soft_crc32c(d, slot.in.data(), size, 0, 0);
		case ACCEL_SOFT_OP_COPY_CRC32C:
			slot.expected = plain_crc32c(slot.in);
			return accel_soft_copy_crc32c(d, slot.out.data(), slot.in.data(), size, 0,
						      0);
		default: return accel_soft_nop(d, 0);
		}
	}

	/// Every other pair differs in its last byte, so that the device must read all bytes.
	static void prepare_compare(Slot &slot, uint32_t i)
	{
		uint64_t size = slot.in.size() / 2;
		std::byte *one = slot.in.data();
		std::byte *other = one + size;

		memcpy(other, one, size);
		slot.expected = size;
		if (i % 2) {
			other[size - 1] ^= std::byte{1};
			slot.expected = size - 1;
		}
		accel_soft_compare(&slot.descriptor, one, other, size, 0);
	}

	accel_soft_op operation_;
};

} // namespace

std::unique_ptr<BenchWork> make_bench_transfer(BenchMemory &memory, std::string name,
					       accel_soft_op operation, uint64_t size,
					       uint32_t slots)
{
	return std::make_unique<Transfer>(memory, std::move(name), operation, size, slots);
}

} // namespace cli
