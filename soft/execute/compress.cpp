// SPDX-License-Identifier: MIT
// The operations deflate and inflate.
#include "soft/execute/work.hpp"
#include "soft/objects/stream.hpp"

#include <cerrno>
#include <uapi/accel/accel.h>

namespace accel::core::softdev {

namespace {

constexpr unsigned kHighestLevel = 3;

/* The ranges of both operations; check() comes before ready(). */
struct Ranges {
	Range src, dst;

	uint8_t check(Work &work)
	{
		const auto &c = work.d.compress;

		if (uint8_t fault =
			    src.check(work, kFieldSrc, c.src, c.src_length, ACCEL_ACCESS_READ))
			return fault;
		return dst.check(work, kFieldDst, c.dst, c.dst_length, ACCEL_ACCESS_WRITE);
	}
	bool ready(Work &work) { return src.load(work, 0) && dst.prepare(work, 1); }
};

uint8_t check_lengths(Work &work)
{
	const auto &c = work.d.compress;

	if (c.src_length > ACCEL_SOFT_MAX_TRANSFER)
		return work.bad_field(kFieldLength);
	if (c.dst_length > ACCEL_SOFT_MAX_TRANSFER)
		return work.bad_field(kFieldRoom);
	if (wraps(c.src, c.src_length))
		return work.bad_field(kFieldSrc);
	if (wraps(c.dst, c.dst_length))
		return work.bad_field(kFieldDst);
	return 0;
}

/* The record reports produced and consumed bytes for success and failure. */
uint8_t finish(Work &work, const Range &dst, const engine::Result &result)
{
	dst.store(work, result.produced);
	work.context.bytes += result.consumed;
	work.success(result.produced, result.consumed);
	return work.of_engine(result.status);
}

uint8_t inflate(Work &work, engine::Inflate &engine, bool last)
{
	const auto &c = work.d.compress;
	Ranges ranges;

	if (uint8_t fault = ranges.check(work))
		return fault;
	if (!ranges.ready(work))
		return work.engine_error(ENOMEM);
	return finish(
		work, ranges.dst,
		engine.run({ranges.src.at(), c.src_length}, {ranges.dst.at(), c.dst_length}, last));
}

/* Inflate with a stream, which is pinned: one descriptor at a time may use it. */
uint8_t inflate_stream(Work &work)
{
	ObjectTable *objects = work.context.objects;
	uint64_t handle = work.d.compress.stream;
	bool busy = false;
	Object *object = objects ? objects->pin(handle, busy) : nullptr;

	if (busy)
		return work.engine_error(EBUSY);
	if (!object)
		return work.bad_field(kFieldStream);
	uint8_t status = inflate(work, static_cast<Stream *>(object)->inflate,
				 work.d.flags & ACCEL_SOFT_DESCRIPTOR_FLAGS_LAST);
	objects->unpin(handle);
	return status;
}

} // namespace

uint8_t run_deflate(Work &work)
{
	const auto &c = work.d.compress;
	Ranges ranges;

	if (work.d.param > kHighestLevel)
		return work.bad_field(kFieldParam);
	if (uint8_t wrong = check_lengths(work))
		return wrong;
	if (uint8_t fault = ranges.check(work))
		return fault;
	if (!ranges.ready(work))
		return work.engine_error(ENOMEM);
	return finish(work, ranges.dst,
		      work.context.resources.engines.deflate.member(
			      work.d.param, {ranges.src.at(), c.src_length},
			      {ranges.dst.at(), c.dst_length}));
}

uint8_t run_inflate(Work &work)
{
	if (uint8_t wrong = check_lengths(work))
		return wrong;
	if (work.d.compress.stream)
		return inflate_stream(work);
	work.context.resources.inflate.reset();
	return inflate(work, work.context.resources.inflate, true);
}

} // namespace accel::core::softdev
