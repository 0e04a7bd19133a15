// SPDX-License-Identifier: MIT
// The operation batch: an array of descriptors in memory.
#include "soft/execute/work.hpp"

#include <uapi/accel/accel.h>

namespace accel::core::softdev {

namespace {

constexpr uint8_t kDescriptors = 8, kRecords = 16, kCount = 24;
constexpr uint64_t kRecordAlign = 8;

/* One array of the batch. The whole array is checked at the start, and again when the table of the space has changed:
 * an unmap that waits for the old table does not wait for the rest of the batch. */
class Array {
public:
	Array(uint8_t field, uint64_t address, uint64_t bytes, uint64_t access)
		: field_(field), address_(address), bytes_(bytes), access_(access)
	{}

	bool there() const { return address_ != 0; }
	uint8_t check(Work &work)
	{
		range_ = {};
		return range_.check(work, field_, address_, bytes_, access_);
	}
	const Range &range() const { return range_; }

private:
	uint8_t field_;
	uint64_t address_, bytes_, access_;
	Range range_;
};

class Batch {
public:
	explicit Batch(Work &work)
		: work_(work),
		  count_(work.d.batch.count),
		  descriptors_(kDescriptors, work.d.batch.descriptors, count_ * sizeof(Descriptor),
			       ACCEL_ACCESS_READ),
		  records_(kRecords, work.d.batch.records, count_ * sizeof(Record),
			   ACCEL_ACCESS_WRITE)
	{}

	uint8_t check_form() const
	{
		const auto &b = work_.d.batch;

		if (!b.count || b.count > ACCEL_SOFT_MAX_BATCH)
			return work_.bad_field(kCount);
		if (b.descriptors % sizeof(Descriptor) ||
		    wraps(b.descriptors, count_ * sizeof(Descriptor)))
			return work_.bad_field(kDescriptors);
		if (b.records % kRecordAlign || wraps(b.records, count_ * sizeof(Record)))
			return work_.bad_field(kRecords);
		return 0;
	}

	uint8_t run()
	{
		if (uint8_t fault = check())
			return fault;
		for (uint64_t i = 0; i < count_; i++) {
			if (work_.context.refresh())
				if (uint8_t fault = check())
					return fault;
			one(i);
		}
		/* The fields of the batch's own record, after the elements. */
		work_.r.result = succeeded_;
		if (!failed_)
			return ACCEL_RING_STATUS_SUCCESS;
		work_.r.index = first_failed_;
		work_.r.detail = first_status_;
		return ACCEL_RING_STATUS_BATCH_ERROR;
	}

private:
	uint8_t check()
	{
		if (uint8_t fault = descriptors_.check(work_))
			return fault;
		return records_.there() ? records_.check(work_) : 0;
	}

	bool goes_on() const
	{
		bool leaving = work_.context.leaving &&
			       work_.context.leaving->load(std::memory_order_relaxed);

		return !leaving && (!failed_ || work_.d.flags & ACCEL_SOFT_DESCRIPTOR_FLAGS_GO_ON);
	}

	void one(uint64_t i)
	{
		Descriptor d;
		Record r{};

		descriptors_.range().read(work_, i * sizeof(d), &d, sizeof(d));
		if (!goes_on()) {
			r.status = ACCEL_RING_STATUS_CANCELED;
		} else if (d.op == ACCEL_SOFT_OP_BATCH) {
			r.status = ACCEL_RING_STATUS_BAD_FIELD;
			r.field = kFieldOp;
			log_failure(work_.context, d, r);
		} else {
			execute(work_.context, d, r);
		}
		if (records_.there())
			records_.range().write(work_, i * sizeof(r), &r, sizeof(r));
		if (r.status == ACCEL_RING_STATUS_SUCCESS) {
			succeeded_++;
		} else if (!failed_) {
			failed_ = true;
			first_failed_ = static_cast<uint32_t>(i);
			first_status_ = r.status;
		}
	}

	Work &work_;
	uint64_t count_;
	Array descriptors_;
	Array records_;
	uint64_t succeeded_ = 0;
	bool failed_ = false;
	uint32_t first_failed_ = 0;
	uint8_t first_status_ = 0;
};

} // namespace

uint8_t run_batch(Work &work)
{
	Batch batch(work);

	if (uint8_t wrong = batch.check_form())
		return wrong;
	return batch.run();
}

} // namespace accel::core::softdev
