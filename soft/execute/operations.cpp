// SPDX-License-Identifier: MIT
// The operations that move, compare and checksum memory.
#include "soft/execute/work.hpp"

#include <cerrno>
#include <uapi/accel/accel.h>

namespace accel::core::softdev {

namespace {

constexpr uint64_t kRead = ACCEL_ACCESS_READ, kWrite = ACCEL_ACCESS_WRITE;

/* The common checks of transfers: the length, and that no range wraps. */
[[gnu::always_inline]] inline uint8_t check_length(Work &work)
{
	const auto &t = work.d.transfer;

	if (t.length > ACCEL_SOFT_MAX_TRANSFER)
		return work.bad_field(kFieldLength);
	if (wraps(t.src, t.length))
		return work.bad_field(kFieldSrc);
	if (wraps(t.dst, t.length))
		return work.bad_field(kFieldDst);
	return 0;
}

/* The common case: the space is shared and the ranges are valid. transfer_long() reports the errors. */
bool is_direct(const Work &work, uint64_t address)
{
	const uint64_t length = work.d.transfer.length;

	return address && length <= ACCEL_SOFT_MAX_TRANSFER && address <= -length - 1 &&
	       !work.context.table;
}

std::byte *at(uint64_t address)
{
	return reinterpret_cast<std::byte *>(address);
}

/* The operations: how each accesses its ranges (0: it does not have this range), and its body. */
struct Copy {
	static constexpr uint64_t kSrc = kRead, kDst = kWrite;

	static uint8_t run(Work &work, std::byte *dst, const std::byte *src, uint64_t length)
	{
		work.context.bytes += length;
		engine::copy(dst, src, length);
		return ACCEL_RING_STATUS_SUCCESS;
	}
};

struct Fill {
	static constexpr uint64_t kSrc = 0, kDst = kWrite;

	static uint8_t run(Work &work, std::byte *dst, const std::byte *, uint64_t length)
	{
		engine::fill(dst, length, work.d.transfer.pattern);
		return ACCEL_RING_STATUS_SUCCESS;
	}
};

struct Compare {
	static constexpr uint64_t kSrc = kRead, kDst = kRead;

	static uint8_t run(Work &work, std::byte *second, const std::byte *first, uint64_t length)
	{
		work.context.bytes += 2 * length;
		return work.success(engine::compare(first, second, length));
	}
};

struct Crc32c {
	static constexpr uint64_t kSrc = kRead, kDst = 0;

	static uint8_t run(Work &work, std::byte *, const std::byte *src, uint64_t length)
	{
		work.context.bytes += length;
		return work.success(engine::crc32c(work.d.seed, src, length));
	}
};

struct CopyCrc32c {
	static constexpr uint64_t kSrc = kRead, kDst = kWrite;

	static uint8_t run(Work &work, std::byte *dst, const std::byte *src, uint64_t length)
	{
		work.context.bytes += length;
		return work.success(engine::copy_crc32c(work.d.seed, dst, src, length));
	}
};

/* Not inlined, so that the short path saves no registers for it. */
template <class Operation>
[[gnu::noinline]] uint8_t transfer_long(Work &work)
{
	constexpr uint64_t kSrc = Operation::kSrc, kDst = Operation::kDst;
	const auto &t = work.d.transfer;
	Range src, dst;

	if (uint8_t wrong = check_length(work))
		return wrong;
	if (kSrc)
		if (uint8_t fault = src.check(work, kFieldSrc, t.src, t.length, kSrc))
			return fault;
	if (kDst)
		if (uint8_t fault = dst.check(work, kFieldDst, t.dst, t.length, kDst))
			return fault;
	if (!src.load(work, 0) || !(kDst == kWrite ? dst.prepare(work, 1) : dst.load(work, 1)))
		return work.engine_error(ENOMEM);
	const uint8_t status = Operation::run(work, dst.at(), src.at(), t.length);

	if (kDst == kWrite)
		dst.store(work, t.length);
	return status;
}

template <class Operation>
[[gnu::always_inline]] inline uint8_t transfer(Work &work)
{
	const auto &t = work.d.transfer;

	if ((Operation::kSrc && !is_direct(work, t.src)) ||
	    (Operation::kDst && !is_direct(work, t.dst))) [[unlikely]]
		return transfer_long<Operation>(work);
	return Operation::run(work, at(t.dst), at(t.src), t.length);
}

} // namespace

uint8_t run_nop(Work &)
{
	return ACCEL_RING_STATUS_SUCCESS;
}

uint8_t run_copy(Work &work)
{
	return transfer<Copy>(work);
}

uint8_t run_fill(Work &work)
{
	return transfer<Fill>(work);
}

uint8_t run_compare(Work &work)
{
	return transfer<Compare>(work);
}

uint8_t run_crc32c(Work &work)
{
	return transfer<Crc32c>(work);
}

uint8_t run_copy_crc32c(Work &work)
{
	return transfer<CopyCrc32c>(work);
}

} // namespace accel::core::softdev
