// SPDX-License-Identifier: MIT
// <accel/soft.h> and <accel/soft.hpp>: every operation with its flags, streams, firmware commands.
#include "capi/api_test.hpp"

#include <accel/soft.hpp>
#include <array>
#include <cmath>
#include <cstring>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <numeric>
#include <string>
#include <vector>

using namespace accel;
using accel::test::must;
using testing::HasSubstr;

namespace {

class Soft : public testing::Test {
protected:
	accel_completion run(const soft::Descriptor &descriptor)
	{
		queue_.submit(descriptor);
		return must(queue_.wait_one());
	}
	/// Returns the result; expects success.
	uint64_t result(const soft::Descriptor &descriptor)
	{
		accel_completion done = run(descriptor);

		EXPECT_EQ(accel_status_name(done.status), std::string("success"));
		return done.result;
	}

	Device device_ = must(Device::open("soft0"));
	AddressSpace space_ = must(AddressSpace::create(device_, AddressMode::shared));
	Queue queue_ = must(Queue::create(space_, {.entries = 16}));
	const std::string text_ = "123456789";
};

TEST_F(Soft, Crc32cContinuesFromItsSeed)
{
	EXPECT_EQ(result(soft::crc32c(text_)), 0xe3069283u);
	uint64_t half = result(soft::crc32c(std::string_view(text_).substr(0, 4)));
	EXPECT_EQ(result(soft::crc32c(std::string_view(text_).substr(4),
				      static_cast<uint32_t>(half))),
		  0xe3069283u);
	std::string copy(9, ' ');
	EXPECT_EQ(result(soft::copy_crc32c(copy, text_)), 0xe3069283u);
	EXPECT_EQ(copy, text_);
}

TEST_F(Soft, FillCompareAndFlags)
{
	std::array<uint16_t, 5> target;

	result(soft::fill(target, 0x4444333322221111));
	EXPECT_THAT(target, testing::ElementsAre(0x1111, 0x2222, 0x3333, 0x4444, 0x1111));
	EXPECT_EQ(result(soft::compare(text_, std::string("12345x789"))), 5u);
	EXPECT_EQ(result(soft::compare(text_, text_)), 9u);
	soft::Descriptor d = soft::nop(soft::fence | soft::record);
	EXPECT_EQ(d.flags, ACCEL_SOFT_DESCRIPTOR_FLAGS_FENCE | ACCEL_SOFT_DESCRIPTOR_FLAGS_RECORD);
	result(d);
}

TEST_F(Soft, TheShorterOfTwoRangesIsTheLength)
{
	std::string copy(9, ' ');

	result(soft::copy(std::span(copy).first(4), text_));
	EXPECT_EQ(copy, "1234     ");
	uint64_t crc = result(soft::copy_crc32c(std::span(copy).first(5), text_));
	EXPECT_EQ(copy, "12345    ");
	EXPECT_EQ(crc, result(soft::crc32c(std::string("12345"))));
	EXPECT_EQ(result(soft::compare(text_, std::string_view(text_).substr(0, 3))), 3u);
}

TEST_F(Soft, DeflateAndInflate)
{
	std::string text;
	for (int i = 0; i < 5000; i++)
		text += "line " + std::to_string(i) + "\n";
	std::vector<char> packed(text.size() + 1024), unpacked(text.size());

	for (unsigned level = 0; level <= 3; level++) {
		uint64_t size = result(soft::deflate(packed, text, level));
		EXPECT_LT(size, text.size() + 64);
		accel_completion done = run(soft::inflate(unpacked, std::span(packed).first(size)));
		EXPECT_EQ(done.status, ACCEL_RING_STATUS_SUCCESS);
		EXPECT_EQ(done.result, text.size());
		EXPECT_EQ(done.detail, size);
		EXPECT_EQ(std::string(unpacked.begin(), unpacked.end()), text);
	}
	EXPECT_EQ(run(soft::deflate(packed, text, 4)).status, ACCEL_RING_STATUS_BAD_FIELD);
	EXPECT_EQ(run(soft::deflate(std::span(packed).first(10), text)).status,
		  ACCEL_RING_STATUS_OUTPUT_FULL);
}

TEST_F(Soft, StreamsSpanManyDescriptors)
{
	std::string text(100000, 'x');
	std::vector<char> packed(200000), part(1000);
	uint64_t size = result(soft::deflate(packed, text, 1));
	soft::Stream stream = must(soft::Stream::create(device_));

	for (int round = 0; round < 2; round++) {
		uint64_t used = 0, written = 0;
		accel_completion done;

		do {
			done = run(soft::inflate(part, std::span(packed).subspan(used, size - used),
						 stream, soft::last));
			used += done.detail;
			written += done.result;
		} while (done.status == ACCEL_RING_STATUS_OUTPUT_FULL);
		EXPECT_EQ(done.status, ACCEL_RING_STATUS_SUCCESS);
		EXPECT_EQ(written, text.size());
		EXPECT_TRUE(stream.reset());
	}
	soft::Stream moved = std::move(stream);
	EXPECT_EQ(stream.handle(), 0u);
	EXPECT_TRUE(moved.destroy());
	EXPECT_TRUE(moved.destroy()) << "already destroyed";
}

TEST_F(Soft, StreamsBelongToTheirDevice)
{
	accel_error error{};
	uint64_t stream = 0;

	EXPECT_EQ(accel_soft_stream_create(nullptr, &stream, &error), -EFAULT);
	EXPECT_EQ(error.record.code, -EFAULT);
	EXPECT_EQ(error.record.reason, ACCEL_REASON_BAD_POINTER);
	EXPECT_EQ(accel_soft_stream_create(nullptr, &stream, nullptr), -EFAULT);
	ASSERT_EQ(accel_soft_stream_create(device_.get(), &stream, &error), 0);
	EXPECT_EQ(accel_soft_stream_reset(device_.get(), stream + 99, &error), -ENOENT);
	EXPECT_EQ(accel_soft_stream_destroy(device_.get(), stream, nullptr), 0);
	EXPECT_EQ(accel_soft_stream_destroy(device_.get(), stream, &error), -ENOENT);
	Device null = must(Device::open("null0"));
	EXPECT_EQ(soft::Stream::create(null).error().name(), "EOPNOTSUPP");
}

template <class C, class E>
void expect_product(const std::vector<C> &c, const std::vector<E> &a, const std::vector<E> &b,
		    uint32_t m, uint32_t n, uint32_t k)
{
	for (uint32_t i = 0; i < m; i++)
		for (uint32_t j = 0; j < n; j++) {
			double sum = 0;

			for (uint32_t l = 0; l < k; l++)
				sum += static_cast<double>(a[i * k + l]) *
				       static_cast<double>(b[l * n + j]);
			EXPECT_EQ(static_cast<double>(c[i * n + j]), sum) << i << ' ' << j;
		}
}

TEST_F(Soft, MatmulOfEachType)
{
	constexpr uint32_t m = 3, n = 5, k = 4;
	std::vector<float> a(m * k), b(k * n), c(m * n);
	std::vector<int8_t> a8(m * k), b8(k * n);
	std::vector<int32_t> c32(m * n);
	std::vector<soft::bf16> a16(m * k), b16(k * n);
	auto to_bf16 = [](float f) {
		uint32_t bits;
		memcpy(&bits, &f, 4);
		return soft::bf16{static_cast<uint16_t>(bits >> 16)};
	};

	std::iota(a.begin(), a.end(), 1.0f);
	std::iota(b.begin(), b.end(), -7.0f);
	std::iota(a8.begin(), a8.end(), int8_t{-5});
	std::iota(b8.begin(), b8.end(), int8_t{3});
	result(soft::matmul(m, n, k, {c.data(), n}, {a.data(), k}, {b.data(), n}));
	expect_product(c, a, b, m, n, k);
	result(soft::matmul(m, n, k, {c32.data(), n}, {a8.data(), k}, {b8.data(), n}));
	expect_product(c32, a8, b8, m, n, k);
	std::ranges::transform(a, a16.begin(), to_bf16);
	std::ranges::transform(b, b16.begin(), to_bf16);
	std::ranges::fill(c, 0.0f);
	result(soft::matmul(m, n, k, {c.data(), n}, {a16.data(), k}, {b16.data(), n}));
	expect_product(c, a, b, m, n, k);
}

TEST_F(Soft, BatchesReportEachDescriptor)
{
	alignas(64) std::array<soft::Descriptor, 3> all = {soft::crc32c(text_), soft::nop(),
							   soft::crc32c(text_, 0, soft::fence)};
	std::array<accel_ring_record, 3> records{};

	EXPECT_EQ(run(soft::batch(all, records)).status, ACCEL_RING_STATUS_SUCCESS);
	EXPECT_EQ(records[0].result, 0xe3069283u);
	EXPECT_EQ(records[2].result, 0xe3069283u);
	all[1].op = 99;
	records = {};
	accel_completion done = run(soft::batch(all, records, soft::go_on));
	EXPECT_EQ(done.status, ACCEL_RING_STATUS_BATCH_ERROR);
	EXPECT_EQ(done.index, 1u);
	EXPECT_EQ(records[1].status, ACCEL_RING_STATUS_BAD_OPCODE);
	EXPECT_EQ(records[2].result, 0xe3069283u)
		<< "go_on: also the descriptors after the failed one";
}

TEST_F(Soft, AQueueMayBeServedByManyWorkers)
{
	soft::QueueOptions own{.parallel = 4, .inline_limit = 0};
	Queue parallel =
		must(Queue::create(space_, {.entries = 16, .driver = soft::bytes_of(own)}));

	for (int i = 0; i < 16; i++)
		EXPECT_TRUE(parallel.submit(soft::crc32c(text_)));
	for (uint64_t i = 0; i < 16; i++) {
		accel_completion done = must(parallel.wait_one());
		EXPECT_EQ(done.sequence, i) << "completed in order";
		EXPECT_EQ(done.result, 0xe3069283u);
	}
	own.parallel = 9999;
	EXPECT_EQ(Queue::create(space_, {.entries = 16, .driver = soft::bytes_of(own)})
			  .error()
			  .name(),
		  "EINVAL");
}

TEST_F(Soft, CommandsInTheirScopes)
{
	CommandChannel plain = must(CommandChannel::create(device_, Scope::configuration));
	CommandChannel full = must(CommandChannel::create(device_, Scope::debug_full));
	accel_soft_identity identity = must(soft::identify(plain));

	EXPECT_NE(identity.model[0], 0);
	EXPECT_NE(identity.engines[0], 0);
	EXPECT_TRUE(identity.operations & 1 << ACCEL_SOFT_OP_MATMUL);
	EXPECT_EQ(must(soft::get_feature(plain, ACCEL_SOFT_FEATURE_WORKERS)), identity.workers);
	EXPECT_EQ(soft::get_health(plain).error().name(), "EPERM") << "needs debug-read";

	EXPECT_GE(must(soft::get_health(full)).clients, 1u);
	accel_soft_self_test_result tested = must(soft::self_test(full));
	EXPECT_EQ(tested.failed, 0u);
	EXPECT_NE(tested.passed, 0u);
	EXPECT_TRUE(plain.destroy());
	EXPECT_EQ(soft::identify(plain).error().name(), "EFAULT");
}

TEST_F(Soft, FeaturesAreSetWithinTheirRange)
{
	CommandChannel channel = must(CommandChannel::create(device_, Scope::configuration));
	uint64_t before = must(soft::get_feature(channel, ACCEL_SOFT_FEATURE_SPIN_NS));

	EXPECT_TRUE(soft::set_feature(channel, ACCEL_SOFT_FEATURE_SPIN_NS, 1000));
	EXPECT_EQ(must(soft::get_feature(channel, ACCEL_SOFT_FEATURE_SPIN_NS)), 1000u);
	EXPECT_TRUE(soft::set_feature(channel, ACCEL_SOFT_FEATURE_SPIN_NS, before));
	auto wrong = soft::set_feature(channel, ACCEL_SOFT_FEATURE_SPIN_NS, UINT64_MAX);
	EXPECT_EQ(wrong.error().name(), "EINVAL");
	EXPECT_THAT(std::string(wrong.error().message()), HasSubstr("argument"));
	auto busy = soft::set_feature(channel, ACCEL_SOFT_FEATURE_WORKERS, 2);
	EXPECT_EQ(busy.error().name(), "EBUSY") << "a queue exists";
	size_t size = 0;
	accel_error error;
	EXPECT_EQ(accel_soft_command(channel.get(), static_cast<accel_soft_opcode>(999), 0, 0,
				     nullptr, &size, &error),
		  -EOPNOTSUPP);
}

TEST_F(Soft, InjectedFaultsAreLogged)
{
	CommandChannel channel = must(CommandChannel::create(device_, Scope::debug_full));
	std::array<accel_soft_error_entry, 64> room;

	EXPECT_TRUE(soft::inject_fault(channel, ACCEL_SOFT_OP_CRC32C, 1));
	EXPECT_EQ(run(soft::crc32c(text_)).status, ACCEL_RING_STATUS_ENGINE_ERROR);
	EXPECT_EQ(run(soft::crc32c(text_)).status, ACCEL_RING_STATUS_SUCCESS);
	auto errors = must(soft::get_errors(channel, room));
	ASSERT_FALSE(errors.empty());
	EXPECT_EQ(errors[0].op, ACCEL_SOFT_OP_CRC32C);
	EXPECT_EQ(errors[0].status, ACCEL_RING_STATUS_ENGINE_ERROR);
	std::span<accel_soft_error_entry> one(room.data(), 1);
	EXPECT_EQ(must(soft::get_errors(channel, one)).size(), 1u);
}

TEST_F(Soft, AnAnswerThatDoesNotFitReportsItsSize)
{
	CommandChannel channel = must(CommandChannel::create(device_, Scope::configuration));
	accel_soft_command_request request{.opcode = ACCEL_SOFT_OPCODE_IDENTIFY};
	std::array<std::byte, 20> room;
	auto answer = channel.execute(std::as_bytes(std::span(&request, 1)), room);

	ASSERT_FALSE(answer);
	EXPECT_EQ(answer.error().name(), "EMSGSIZE");
	EXPECT_EQ(answer.error().maximum(),
		  sizeof(accel_soft_command_response) + sizeof(accel_soft_identity));
}

} // namespace
