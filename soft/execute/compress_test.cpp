// SPDX-License-Identifier: MIT
// Tests of compressed data and streams that are invalid.
#include "soft/tests/test_client.hpp"

#include <algorithm>

namespace accel::core::softdev::test {
namespace {

class Compress : public testing::Test {
protected:
	void bad_stream(uint64_t stream, const char *what)
	{
		const uint64_t here = address_of(memory_);
		accel_completion done = queue_.run(inflate(here, 64, here, 64, stream));

		EXPECT_EQ(+done.status, ACCEL_RING_STATUS_BAD_FIELD) << what;
		EXPECT_EQ(+done.field, 40) << what;
		EXPECT_EQ(done.address, 0u) << what;
	}

	static constexpr uint8_t kEmptyMember[] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3,
						   3,	 0,    0, 0, 0, 0, 0, 0, 0, 0};
	uint8_t memory_[64] = {};
	Client client_;
	TestQueue queue_{client_, client_.shared()};
};

TEST_F(Compress, StreamsThatAreNone)
{
	const uint64_t stream = client_.stream();
	const uint64_t space = client_.shared();

	bad_stream(12345, "never was");
	bad_stream(space, "of another type");
	EXPECT_EQ(client_.destroy_stream(stream), 0);
	bad_stream(stream, "destroyed");
	Client other;
	bad_stream(other.stream(), "of another file");
}

TEST_F(Compress, BadGzipDataIsToldApart)
{
	uint8_t out[64];
	auto member = std::vector<uint8_t>(kEmptyMember, kEmptyMember + sizeof(kEmptyMember));
	auto run = [&](uint64_t bytes) {
		return queue_.run(
			inflate(address_of(out), sizeof(out), address_of(member.data()), bytes));
	};

	EXPECT_EQ(run(member.size()).status, ACCEL_RING_STATUS_SUCCESS);
	EXPECT_EQ(run(member.size() - 1).status, ACCEL_RING_STATUS_DATA_ERROR) << "truncated";
	EXPECT_EQ(run(0).status, ACCEL_RING_STATUS_DATA_ERROR) << "empty";
	member[12] = 1;
	EXPECT_EQ(run(member.size()).status, ACCEL_RING_STATUS_CHECKSUM_ERROR);
	member[0] = 'x';
	accel_completion done = run(member.size());
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_DATA_ERROR);
	EXPECT_EQ(done.result, 0u);
}

TEST_F(Compress, BadGzipDataTellsHowMuchOutputIsGood)
{
	constexpr uint64_t kSome = 1000;
	auto data = noise(4096);
	std::vector<uint8_t> packed(8192), plain(4096);
	accel_completion done = queue_.run(deflate(address_of(packed.data()), packed.size(),
						   address_of(data.data()), data.size()));
	ASSERT_EQ(done.status, ACCEL_RING_STATUS_SUCCESS);
	const uint64_t bytes = done.result;
	auto run = [&](uint64_t length) {
		std::ranges::fill(plain, uint8_t{0});
		done = queue_.run(inflate(address_of(plain.data()), plain.size(),
					  address_of(packed.data()), length));
		EXPECT_EQ(memcmp(plain.data(), data.data(), done.result), 0);
		return done;
	};

	for (uint64_t length : {kSome, bytes - 9, bytes - 1}) {
		run(length);
		EXPECT_EQ(done.status, ACCEL_RING_STATUS_DATA_ERROR);
		EXPECT_EQ(done.detail, length) << "truncated: all bytes are valid";
		EXPECT_GT(done.result, length - kSome / 2);
	}
	packed[bytes - 5] ^= 1;
	run(bytes);
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_CHECKSUM_ERROR);
	EXPECT_EQ(done.result, data.size());
	packed[10] = 7; // the first block has an invalid type
	run(bytes);
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_DATA_ERROR);
	EXPECT_EQ(done.result, 0u);
	EXPECT_LT(done.detail, bytes) << "damaged: the rest is not consumed";
}

TEST_F(Compress, OutputThatDoesNotFit)
{
	auto data = noise(4096);
	std::vector<uint8_t> packed(8192), plain(8192);
	accel_completion done =
		queue_.run(deflate(address_of(packed.data()), 100, address_of(data.data()), 4096));

	EXPECT_EQ(done.status, ACCEL_RING_STATUS_OUTPUT_FULL);
	done = queue_.run(deflate(address_of(packed.data()), packed.size(), address_of(data.data()),
				  data.size()));
	ASSERT_EQ(done.status, ACCEL_RING_STATUS_SUCCESS);
	done = queue_.run(
		inflate(address_of(plain.data()), 1000, address_of(packed.data()), done.result));
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_OUTPUT_FULL);
	EXPECT_EQ(done.result, 1000u);
	EXPECT_EQ(memcmp(plain.data(), data.data(), 1000), 0);
}

} // namespace
} // namespace accel::core::softdev::test
