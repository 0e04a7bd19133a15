// SPDX-License-Identifier: MIT
// Tests of every operation, in a shared space and across the borders of mappings.
#include "soft/engine/engine.hpp"
#include "soft/tests/test_client.hpp"

#include <zlib.h>

namespace accel::core::softdev::test {
namespace {

constexpr size_t kBytes = 3 * kPageBytes;

/// Runs each test in a shared space, in a mapped one with contiguous ranges, and in a mapped one whose adjacent pages
/// are not adjacent in the process.
class Operations : public testing::TestWithParam<int> {
protected:
	enum { kShared, kWhole, kPages };

	Operations()
		: mode_(GetParam()),
		  space_(mode_ == kShared ? client_.shared() : client_.mapped()),
		  queue_(client_, space_)
	{}

	/// Memory that the device accesses at an iova; load() and store() copy its content.
	struct Area {
		std::vector<uint8_t> bytes;
		uint64_t iova = 0;
		std::vector<std::vector<uint8_t>> scattered;
		size_t size = 0;
	};

	Area make(std::span<const uint8_t> content, uint64_t access)
	{
		Area area;

		area.size = content.size();
		area.bytes.assign(content.begin(), content.end());
		if (mode_ == kShared) {
			area.iova = address_of(area.bytes.data());
		} else if (mode_ == kWhole) {
			area.iova = client_.map(space_, area.bytes.data(), area.size, access);
		} else {
			area.iova = next_iova_;
			for (size_t at = 0; at < area.size; at += kPiece) {
				size_t n = std::min(kPiece, area.size - at);
				auto &piece = area.scattered.emplace_back(
					area.bytes.begin() + static_cast<ptrdiff_t>(at),
					area.bytes.begin() + static_cast<ptrdiff_t>(at + n));
				client_.map_at(space_, area.iova + at, piece.data(), n, access);
			}
			next_iova_ += (uint64_t{1} << 32);
		}
		return area;
	}

	/// The content written by the device.
	static std::vector<uint8_t> content(const Area &area)
	{
		std::vector<uint8_t> all;

		if (area.scattered.empty())
			return area.bytes;
		for (const auto &piece : area.scattered)
			all.insert(all.end(), piece.begin(), piece.end());
		return all;
	}

	static constexpr size_t kPiece = 1000;
	int mode_;
	Client client_;
	uint64_t space_;
	TestQueue queue_;
	uint64_t next_iova_ = uint64_t{1} << 40;
};

std::string name_of(const testing::TestParamInfo<int> &mode)
{
	static constexpr const char *kNames[] = {"shared", "whole", "pages"};

	return kNames[mode.param];
}

INSTANTIATE_TEST_SUITE_P(Spaces, Operations, testing::Values(0, 1, 2), name_of);

TEST_P(Operations, Nop)
{
	accel_completion done = queue_.run(nop());

	EXPECT_EQ(done.status, ACCEL_RING_STATUS_SUCCESS);
	EXPECT_EQ(done.sequence, 0u);
	done = queue_.run(nop(ACCEL_SOFT_DESCRIPTOR_FLAGS_RECORD));
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_SUCCESS);
	EXPECT_EQ(done.sequence, 1u);
}

TEST_P(Operations, Copy)
{
	auto data = noise(kBytes);
	Area from = make(data, kRead), to = make(std::vector<uint8_t>(kBytes), kWrite);

	EXPECT_EQ(queue_.run(copy(to.iova, from.iova, kBytes)).status, ACCEL_RING_STATUS_SUCCESS);
	EXPECT_EQ(content(to), data);
}

TEST_P(Operations, CopyOfOverlappingRanges)
{
	auto data = noise(kBytes);
	Area area = make(data, kReadWrite);
	constexpr size_t kShift = 1234;

	for (bool up : {true, false}) {
		uint64_t from = area.iova + (up ? 0 : kShift), to = area.iova + (up ? kShift : 0);
		EXPECT_EQ(queue_.run(copy(to, from, kBytes - kShift)).status,
			  ACCEL_RING_STATUS_SUCCESS);
		memmove(data.data() + (to - area.iova), data.data() + (from - area.iova),
			kBytes - kShift);
		EXPECT_EQ(content(area), data);
	}
}

TEST_P(Operations, Fill)
{
	Area to = make(noise(kBytes), kWrite);
	auto expected = content(to);
	constexpr uint64_t kPattern = 0x8877665544332211;

	EXPECT_EQ(queue_.run(fill(to.iova + 5, 4099, kPattern)).status, ACCEL_RING_STATUS_SUCCESS);
	for (size_t i = 0; i < 4099; i++)
		expected[5 + i] = static_cast<uint8_t>(kPattern >> i % 8 * 8);
	EXPECT_EQ(content(to), expected);
}

TEST_P(Operations, CompareTellsTheFirstDifference)
{
	auto data = noise(kBytes);
	Area a = make(data, kRead);
	for (size_t different : {size_t{0}, size_t{1}, size_t{999}, size_t{1000}, kBytes - 1}) {
		auto other = data;
		other[different] ^= 0x10;
		Area b = make(other, kRead);
		accel_completion done = queue_.run(compare(a.iova, b.iova, kBytes));
		EXPECT_EQ(done.status, ACCEL_RING_STATUS_SUCCESS);
		EXPECT_EQ(done.result, different);
	}
	EXPECT_EQ(queue_.run(compare(a.iova, a.iova, kBytes)).result, kBytes);
}

TEST_P(Operations, Crc32cGoesOnFromItsSeed)
{
	auto data = noise(kBytes);
	Area from = make(data, kRead);
	accel_completion whole = queue_.run(crc32c(from.iova, kBytes));
	accel_completion first = queue_.run(crc32c(from.iova, 4000));
	accel_completion second = queue_.run(
		crc32c(from.iova + 4000, kBytes - 4000, static_cast<uint32_t>(first.result)));

	EXPECT_EQ(whole.status, ACCEL_RING_STATUS_SUCCESS);
	EXPECT_EQ(whole.result, engine::crc32c(0, data.data(), data.size()));
	EXPECT_EQ(second.result, whole.result);
}

TEST_P(Operations, CopyCrc32c)
{
	auto data = noise(kBytes);
	Area from = make(data, kRead), to = make(std::vector<uint8_t>(kBytes), kWrite);
	accel_completion done = queue_.run(copy_crc32c(to.iova, from.iova, kBytes, 77));

	EXPECT_EQ(done.status, ACCEL_RING_STATUS_SUCCESS);
	EXPECT_EQ(done.result, engine::crc32c(77, data.data(), data.size()));
	EXPECT_EQ(content(to), data);
}

/* Decompresses with zlib, an independent implementation. */
std::vector<uint8_t> gunzip(std::span<const uint8_t> packed, size_t room)
{
	std::vector<uint8_t> plain(room);
	z_stream z{};

	EXPECT_EQ(inflateInit2(&z, 31), Z_OK);
	z.next_in = const_cast<uint8_t *>(packed.data());
	z.avail_in = static_cast<unsigned>(packed.size());
	z.next_out = plain.data();
	z.avail_out = static_cast<unsigned>(plain.size());
	EXPECT_EQ(::inflate(&z, Z_FINISH), Z_STREAM_END);
	plain.resize(z.total_out);
	inflateEnd(&z);
	return plain;
}

TEST_P(Operations, DeflateAndInflate)
{
	auto data = noise(kBytes);
	for (size_t i = 0; i < kBytes; i += 3)
		data[i] = 'a';
	Area from = make(data, kRead);

	for (uint16_t level = 0; level <= 3; level++) {
		const size_t room = engine::deflate_bound(kBytes);
		Area packed = make(std::vector<uint8_t>(room), kReadWrite);
		Area plain = make(std::vector<uint8_t>(kBytes), kWrite);
		accel_completion done =
			queue_.run(deflate(packed.iova, room, from.iova, kBytes, level));
		EXPECT_EQ(done.status, ACCEL_RING_STATUS_SUCCESS);
		auto bytes = content(packed);
		EXPECT_EQ(gunzip(std::span(bytes).first(done.result), kBytes + 1), data);

		accel_completion back =
			queue_.run(inflate(plain.iova, kBytes, packed.iova, done.result));
		EXPECT_EQ(back.status, ACCEL_RING_STATUS_SUCCESS);
		EXPECT_EQ(back.result, kBytes);
		EXPECT_EQ(back.detail, done.result);
		EXPECT_EQ(content(plain), data);
	}
}

TEST_P(Operations, InflateThroughAStreamInPieces)
{
	auto data = noise(kBytes, 5);
	Area from = make(data, kRead);
	const size_t room = engine::deflate_bound(kBytes);
	Area packed = make(std::vector<uint8_t>(room), kReadWrite);
	Area plain = make(std::vector<uint8_t>(kBytes), kWrite);
	const uint64_t bytes = queue_.run(deflate(packed.iova, room, from.iova, kBytes)).result;
	const uint64_t stream = client_.stream();
	uint64_t in = 0, out = 0;

	while (in < bytes) {
		uint64_t n = std::min<uint64_t>(bytes - in, 700);
		uint8_t last = in + n == bytes ? ACCEL_SOFT_DESCRIPTOR_FLAGS_LAST : 0;
		accel_completion done =
			queue_.run(inflate(plain.iova + out, std::min<uint64_t>(kBytes - out, 512),
					   packed.iova + in, n, stream, last));
		ASSERT_TRUE(done.status == ACCEL_RING_STATUS_SUCCESS ||
			    done.status == ACCEL_RING_STATUS_OUTPUT_FULL);
		in += done.detail;
		out += done.result;
		if (done.status == ACCEL_RING_STATUS_SUCCESS) {
			EXPECT_EQ(done.detail, n);
		}
	}
	while (out < kBytes) {
		accel_completion done =
			queue_.run(inflate(plain.iova + out, std::min<uint64_t>(kBytes - out, 512),
					   0, 0, stream, ACCEL_SOFT_DESCRIPTOR_FLAGS_LAST));
		ASSERT_GT(done.result, 0u);
		out += done.result;
	}
	EXPECT_EQ(content(plain), data);
	EXPECT_EQ(client_.destroy_stream(stream), 0);
}

template <class Input, class Output>
void plain_matmul(const Input *a, const Input *b, Output *c, unsigned m, unsigned n, unsigned k,
		  unsigned lda, unsigned ldb, unsigned ldc)
{
	for (unsigned i = 0; i < m; i++)
		for (unsigned j = 0; j < n; j++) {
			Output sum = 0;
			for (unsigned x = 0; x < k; x++)
				sum += static_cast<Output>(a[i * lda + x]) *
				       static_cast<Output>(b[x * ldb + j]);
			c[i * ldc + j] = sum;
		}
}

template <class T>
std::span<const uint8_t> bytes_of(const std::vector<T> &all)
{
	return {reinterpret_cast<const uint8_t *>(all.data()), all.size() * sizeof(T)};
}

TEST_P(Operations, MatmulLeavesWhatLiesBetweenTheRows)
{
	constexpr unsigned m = 13, n = 17, k = 31, lda = 33, ldb = 20, ldc = 19;
	std::vector<int8_t> a(m * lda), b(k * ldb);
	std::vector<int32_t> c(m * ldc, -7), expected = c;
	std::minstd_rand random(3);

	for (auto &x : a)
		x = static_cast<int8_t>(random());
	for (auto &x : b)
		x = static_cast<int8_t>(random());
	plain_matmul(a.data(), b.data(), expected.data(), m, n, k, lda, ldb, ldc);

	Area in_a = make(bytes_of(a), kRead), in_b = make(bytes_of(b), kRead);
	Area out = make(bytes_of(c), kWrite);
	Descriptor d{};
	d.op = ACCEL_SOFT_OP_MATMUL;
	d.param = ACCEL_SOFT_MATRIX_TYPE_S8;
	d.matmul = {.a = in_a.iova,
		    .b = in_b.iova,
		    .c = out.iova,
		    .m = m,
		    .n = n,
		    .k = k,
		    .lda = lda,
		    .ldb = ldb,
		    .ldc = ldc};
	EXPECT_EQ(queue_.run(d).status, ACCEL_RING_STATUS_SUCCESS);
	auto got = content(out);
	EXPECT_EQ(memcmp(got.data(), expected.data(), got.size()), 0);
}

TEST_P(Operations, EmptyRangesMayHaveAnyAddress)
{
	for (const Descriptor &d :
	     {copy(0, 0, 0), copy(1, 2, 0), compare(0, 0, 0), crc32c(0, 0, 5), fill(0, 0, 1)})
		EXPECT_EQ(queue_.run(d).status, ACCEL_RING_STATUS_SUCCESS);
	EXPECT_EQ(queue_.run(crc32c(0, 0, 5)).result, 5u);
}

} // namespace
} // namespace accel::core::softdev::test
