// SPDX-License-Identifier: MIT
// The self-test: executes every operation as a worker does, on data with known results.
#include "soft/execute/self_test.hpp"

#include "soft/execute/execute.hpp"
#include "sys/sys.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

namespace accel::core::softdev {

namespace {

/* The published check value of the Castagnoli CRC. */
constexpr char kDigits[] = "123456789";
constexpr uint32_t kCrcOfDigits = 0xe3069283;

uint64_t address_of(const void *p)
{
	return reinterpret_cast<uintptr_t>(p);
}

/* One run. Operations read `from_` and write `to_`; each function returns whether its operation passed. */
class SelfTest {
public:
	SelfTest()
	{
		for (size_t i = 0; i < from_.size(); i++)
			from_[i] = static_cast<uint8_t>(i * 7 + i / 256);
	}

	accel_soft_self_test_result run()
	{
		const uint64_t start = sys::now_ns();
		const bool passed[kOperations] = {nop(),    copy(),	   fill(),    compare(),
						  crc32c(), copy_crc32c(), deflate(), inflate(),
						  matmul(), batch()};
		accel_soft_self_test_result result{};

		for (unsigned op = 0; op < kOperations; op++)
			(passed[op] ? result.passed : result.failed) |= 1u << op;
		result.duration_ns = sys::now_ns() - start;
		return result;
	}

private:
	bool execute(const Descriptor &d)
	{
		ExecutionContext context{.resources = resources_,
					 .current = none_,
					 .hazard = nullptr,
					 .objects = nullptr,
					 .errors = nullptr,
					 .injection = nullptr};

		record_ = {};
		return softdev::execute(context, d, record_).status == ACCEL_RING_STATUS_SUCCESS;
	}

	Descriptor transfer(uint8_t op) const
	{
		Descriptor d{};

		d.op = op;
		d.transfer.src = address_of(from_.data());
		d.transfer.dst = address_of(to_.data());
		d.transfer.length = from_.size();
		return d;
	}

	bool nop() { return execute({}); }

	bool copy()
	{
		to_.fill(0);
		return execute(transfer(ACCEL_SOFT_OP_COPY)) &&
		       !memcmp(from_.data(), to_.data(), from_.size());
	}

	bool fill()
	{
		constexpr uint64_t kPattern = 0x0123456789abcdef;
		Descriptor d = transfer(ACCEL_SOFT_OP_FILL);
		uint64_t last;

		d.transfer.src = 0;
		d.transfer.pattern = kPattern;
		if (!execute(d))
			return false;
		memcpy(&last, to_.data() + from_.size() - sizeof(last), sizeof(last));
		return last == kPattern;
	}

	bool compare()
	{
		constexpr size_t kDifferent = 3001;

		memcpy(to_.data(), from_.data(), from_.size());
		if (!execute(transfer(ACCEL_SOFT_OP_COMPARE)) || record_.result != from_.size())
			return false;
		to_[kDifferent]++;
		return execute(transfer(ACCEL_SOFT_OP_COMPARE)) && record_.result == kDifferent;
	}

	bool crc32c()
	{
		Descriptor d = transfer(ACCEL_SOFT_OP_CRC32C);

		d.transfer.src = address_of(kDigits);
		d.transfer.dst = 0;
		d.transfer.length = sizeof(kDigits) - 1;
		return execute(d) && record_.result == kCrcOfDigits;
	}

	bool copy_crc32c()
	{
		Descriptor d = transfer(ACCEL_SOFT_OP_COPY_CRC32C);

		d.transfer.src = address_of(kDigits);
		d.transfer.length = sizeof(kDigits) - 1;
		return execute(d) && record_.result == kCrcOfDigits &&
		       !memcmp(to_.data(), kDigits, sizeof(kDigits) - 1);
	}

	bool deflate()
	{
		Descriptor d{};

		d.op = ACCEL_SOFT_OP_DEFLATE;
		d.param = 1;
		d.compress.src = address_of(from_.data());
		d.compress.src_length = from_.size();
		d.compress.dst = address_of(packed_.data());
		d.compress.dst_length = packed_.size();
		packed_bytes_ = 0;
		if (!execute(d))
			return false;
		packed_bytes_ = record_.result;
		return packed_bytes_ > 18 && packed_[0] == 0x1f && packed_[1] == 0x8b;
	}

	/* Decompresses the output of deflate(). */
	bool inflate()
	{
		Descriptor d{};

		to_.fill(0);
		d.op = ACCEL_SOFT_OP_INFLATE;
		d.compress.src = address_of(packed_.data());
		d.compress.src_length = packed_bytes_;
		d.compress.dst = address_of(to_.data());
		d.compress.dst_length = to_.size();
		return execute(d) && record_.result == from_.size() &&
		       !memcmp(from_.data(), to_.data(), from_.size());
	}

	bool matmul()
	{
		static constexpr float a[] = {1, 2, 3, 4, 5, 6}; // 2 × 3
		static constexpr float b[] = {1, 0, 0, 1, 2, 2}; // 3 × 2
		static constexpr float expected[] = {7, 8, 16, 17};
		float c[4] = {};
		Descriptor d{};

		d.op = ACCEL_SOFT_OP_MATMUL;
		d.param = ACCEL_SOFT_MATRIX_TYPE_F32;
		d.matmul = {.a = address_of(a),
			    .b = address_of(b),
			    .c = address_of(c),
			    .m = 2,
			    .n = 2,
			    .k = 3,
			    .lda = 3,
			    .ldb = 2,
			    .ldc = 2};
		return execute(d) && std::ranges::equal(c, expected);
	}

	bool batch()
	{
		alignas(64) Descriptor two[2] = {transfer(ACCEL_SOFT_OP_COPY),
						 transfer(ACCEL_SOFT_OP_COMPARE)};
		Record records[2];
		Descriptor d{};

		to_.fill(0);
		d.op = ACCEL_SOFT_OP_BATCH;
		d.batch.descriptors = address_of(two);
		d.batch.records = address_of(records);
		d.batch.count = 2;
		return execute(d) && records[1].result == from_.size();
	}

	const std::atomic<MapTable *> none_{nullptr};
	ExecutionResources resources_;
	Record record_{};
	std::array<uint8_t, 65536> from_;
	std::array<uint8_t, 65536> to_;
	std::array<uint8_t, engine::deflate_bound(65536)> packed_;
	uint64_t packed_bytes_ = 0;
};

} // namespace

accel_soft_self_test_result run_self_test()
{
	return std::make_unique<SelfTest>()->run();
}

} // namespace accel::core::softdev
