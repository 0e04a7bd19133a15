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

/* Checks two ranges of the same length; @second_access: the access to the second one. */
[[gnu::always_inline]] inline uint8_t check_pair(Work &work, Range &src, Range &dst,
						 uint64_t second_access)
{
	const auto &t = work.d.transfer;

	if (uint8_t wrong = check_length(work))
		return wrong;
	if (uint8_t fault = src.check(work, kFieldSrc, t.src, t.length, kRead))
		return fault;
	return dst.check(work, kFieldDst, t.dst, t.length, second_access);
}

/* The common case: the space is shared and the ranges are valid. The *_long() functions report the errors. */
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

/* Not inlined, so that the short paths save no registers for them. */
[[gnu::noinline]] uint8_t copy_long(Work &work)
{
	const uint64_t length = work.d.transfer.length;
	Range src, dst;

	if (uint8_t wrong = check_pair(work, src, dst, kWrite))
		return wrong;
	if (!src.load(work, 0) || !dst.prepare(work, 1))
		return work.engine_error(ENOMEM);
	engine::copy(dst.at(), src.at(), length);
	dst.store(work, length);
	work.context.bytes += length;
	return ACCEL_RING_STATUS_SUCCESS;
}

[[gnu::noinline]] uint8_t crc32c_long(Work &work)
{
	const auto &t = work.d.transfer;
	Range src;

	if (uint8_t wrong = check_length(work))
		return wrong;
	if (uint8_t fault = src.check(work, kFieldSrc, t.src, t.length, kRead))
		return fault;
	if (!src.load(work, 0))
		return work.engine_error(ENOMEM);
	work.context.bytes += t.length;
	return work.success(engine::crc32c(work.d.seed, src.at(), t.length));
}

[[gnu::noinline]] uint8_t copy_crc32c_long(Work &work)
{
	uint64_t length = work.d.transfer.length;
	Range src, dst;

	if (uint8_t wrong = check_pair(work, src, dst, kWrite))
		return wrong;
	if (!src.load(work, 0) || !dst.prepare(work, 1))
		return work.engine_error(ENOMEM);
	uint32_t crc = engine::copy_crc32c(work.d.seed, dst.at(), src.at(), length);
	dst.store(work, length);
	work.context.bytes += length;
	return work.success(crc);
}

} // namespace

uint8_t run_nop(Work &)
{
	return ACCEL_RING_STATUS_SUCCESS;
}

uint8_t run_copy(Work &work)
{
	const auto &t = work.d.transfer;

	if (!is_direct(work, t.src) || !is_direct(work, t.dst)) [[unlikely]]
		return copy_long(work);
	work.context.bytes += t.length;
	engine::copy(at(t.dst), at(t.src), t.length);
	return ACCEL_RING_STATUS_SUCCESS;
}

uint8_t run_fill(Work &work)
{
	const auto &t = work.d.transfer;
	Range dst;

	if (uint8_t wrong = check_length(work))
		return wrong;
	if (uint8_t fault = dst.check(work, kFieldDst, t.dst, t.length, kWrite))
		return fault;
	if (!dst.prepare(work, 1))
		return work.engine_error(ENOMEM);
	engine::fill(dst.at(), t.length, t.pattern);
	dst.store(work, t.length);
	return ACCEL_RING_STATUS_SUCCESS;
}

uint8_t run_compare(Work &work)
{
	uint64_t length = work.d.transfer.length;
	Range a, b;

	if (uint8_t wrong = check_pair(work, a, b, kRead))
		return wrong;
	if (!a.load(work, 0) || !b.load(work, 1))
		return work.engine_error(ENOMEM);
	work.context.bytes += 2 * length;
	return work.success(engine::compare(a.at(), b.at(), length));
}

uint8_t run_crc32c(Work &work)
{
	const auto &t = work.d.transfer;

	if (!is_direct(work, t.src)) [[unlikely]]
		return crc32c_long(work);
	work.context.bytes += t.length;
	return work.success(engine::crc32c(work.d.seed, at(t.src), t.length));
}

uint8_t run_copy_crc32c(Work &work)
{
	const auto &t = work.d.transfer;

	if (!is_direct(work, t.src) || !is_direct(work, t.dst)) [[unlikely]]
		return copy_crc32c_long(work);
	work.context.bytes += t.length;
	return work.success(engine::copy_crc32c(work.d.seed, at(t.dst), at(t.src), t.length));
}

} // namespace accel::core::softdev
