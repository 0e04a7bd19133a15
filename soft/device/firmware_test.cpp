// SPDX-License-Identifier: MIT
// Tests of commands: answers, scopes, and the refusal of invalid ones.
#include "soft/tests/test_client.hpp"

namespace accel::core::softdev::test {
namespace {

constexpr uint32_t kSuccess = ACCEL_SOFT_COMMAND_STATUS_SUCCESS,
		   kBadArgument = ACCEL_SOFT_COMMAND_STATUS_BAD_ARGUMENT;

class Commands : public testing::Test {
protected:
	uint64_t channel(uint32_t scope)
	{
		CommandCreate create;

		client_.good(create.scope(scope));
		return create.handle();
	}
	uint32_t status(uint32_t opcode, uint32_t argument = 0, uint64_t value = 0)
	{
		uint32_t status = UINT32_MAX;

		client_.command(opcode, argument, value, &status);
		return status;
	}
	template <class T>
	T answer(uint32_t opcode, uint32_t argument = 0, uint64_t value = 0)
	{
		T payload{};
		auto bytes = client_.command(opcode, argument, value);

		EXPECT_EQ(bytes.size(), sizeof(payload));
		memcpy(&payload, bytes.data(), std::min(bytes.size(), sizeof(payload)));
		return payload;
	}

	Client client_;
};

TEST_F(Commands, Identify)
{
	auto identity = answer<accel_soft_identity>(ACCEL_SOFT_OPCODE_IDENTIFY);

	EXPECT_STREQ(identity.model, "soft accelerator");
	EXPECT_NE(identity.firmware[0], 0);
	EXPECT_NE(std::string(identity.engines).find("ISA-L"), std::string::npos);
	EXPECT_EQ(identity.operations, 0x3ffu);
	EXPECT_GE(identity.workers, 1u);
}

TEST_F(Commands, FeaturesAreSetWithinTheirRanges)
{
	constexpr uint32_t kGet = ACCEL_SOFT_OPCODE_GET_FEATURE,
			   kSet = ACCEL_SOFT_OPCODE_SET_FEATURE;
	constexpr uint32_t kWorkers = ACCEL_SOFT_FEATURE_WORKERS,
			   kSpin = ACCEL_SOFT_FEATURE_SPIN_NS;
	const uint64_t spin = answer<accel_soft_feature_value>(kGet, kSpin).value;

	EXPECT_EQ(answer<accel_soft_feature_value>(kSet, kWorkers, 5).value, 5u);
	EXPECT_EQ(answer<accel_soft_feature_value>(kGet, kWorkers).value, 5u);
	EXPECT_EQ(answer<accel_soft_feature_value>(kSet, kSpin, 1000000).value, 1000000u);
	EXPECT_EQ(status(kSet, kSpin, 1000001), kBadArgument);
	EXPECT_EQ(status(kSet, kWorkers, 0), kBadArgument);
	EXPECT_EQ(status(kSet, kWorkers, 65), kBadArgument);
	EXPECT_EQ(status(kSet, 99, 1), kBadArgument);
	EXPECT_EQ(status(kGet, 99), kBadArgument);
	EXPECT_EQ(status(kGet, kWorkers, 1), kBadArgument) << "get-feature takes no value";

	TestQueue queue(client_, client_.shared());
	EXPECT_EQ(status(kSet, kWorkers, 2), static_cast<uint32_t>(ACCEL_SOFT_COMMAND_STATUS_BUSY));
	EXPECT_EQ(answer<accel_soft_feature_value>(kSet, kSpin, spin).value, spin);
}

TEST_F(Commands, SelfTestPasses)
{
	auto result = answer<accel_soft_self_test_result>(ACCEL_SOFT_OPCODE_SELF_TEST);

	EXPECT_EQ(result.passed, 0x3ffu);
	EXPECT_EQ(result.failed, 0u);
	EXPECT_GT(result.duration_ns, 0u);
}

TEST_F(Commands, HealthAddsUp)
{
	const accel_soft_health before = client_.health();
	uint8_t memory[128] = {};
	{
		TestQueue queue(client_, client_.shared());
		queue.run(copy(address_of(memory), address_of(memory + 64), 64));
		queue.run(compare(address_of(memory), address_of(memory + 64), 64));
		queue.run(copy(0, address_of(memory), 1));
		accel_soft_health now = client_.health();
		EXPECT_EQ(now.submitted, before.submitted + 3);
		EXPECT_EQ(now.queues, 1u);
		EXPECT_EQ(now.clients, 1u);
	}
	accel_soft_health after = client_.health();
	EXPECT_EQ(after.submitted, before.submitted + 3) << "counters of destroyed queues are kept";
	EXPECT_EQ(after.completed, before.completed + 3);
	EXPECT_EQ(after.faults, before.faults + 1);
	EXPECT_EQ(after.bytes, before.bytes + 64 + 128);
	EXPECT_GT(after.uptime_ns, before.uptime_ns);
	EXPECT_EQ(after.queues, 0u);
	EXPECT_GE(after.workers, 1u);
}

TEST_F(Commands, UnknownOnesAndWrongArguments)
{
	EXPECT_EQ(status(0), static_cast<uint32_t>(ACCEL_SOFT_COMMAND_STATUS_UNKNOWN_OPCODE));
	EXPECT_EQ(status(7), static_cast<uint32_t>(ACCEL_SOFT_COMMAND_STATUS_UNKNOWN_OPCODE));
	EXPECT_EQ(status(UINT32_MAX),
		  static_cast<uint32_t>(ACCEL_SOFT_COMMAND_STATUS_UNKNOWN_OPCODE));
	EXPECT_EQ(status(ACCEL_SOFT_OPCODE_IDENTIFY, 1), kBadArgument);
	EXPECT_EQ(status(ACCEL_SOFT_OPCODE_SELF_TEST, 0, 1), kBadArgument);
	EXPECT_EQ(status(ACCEL_SOFT_OPCODE_GET_LOG, 3), kBadArgument);
	EXPECT_EQ(status(ACCEL_SOFT_OPCODE_GET_LOG, 1, 1), kBadArgument);
	EXPECT_EQ(status(ACCEL_SOFT_OPCODE_INJECT_FAULT, 10, 1), kBadArgument);
}

TEST_F(Commands, TheScopeOfTheChannelIsTheLimit)
{
	struct Need {
		uint32_t opcode, argument, scope;
	};

	for (const Need &need : {Need{ACCEL_SOFT_OPCODE_IDENTIFY, 0, ACCEL_SCOPE_CONFIGURATION},
				 Need{ACCEL_SOFT_OPCODE_GET_FEATURE, 1, ACCEL_SCOPE_CONFIGURATION},
				 Need{ACCEL_SOFT_OPCODE_GET_LOG, 1, ACCEL_SCOPE_DEBUG_READ},
				 Need{ACCEL_SOFT_OPCODE_SELF_TEST, 0, ACCEL_SCOPE_DEBUG_WRITE},
				 Need{ACCEL_SOFT_OPCODE_INJECT_FAULT, 0, ACCEL_SCOPE_DEBUG_FULL}}) {
		accel_soft_command_request request{.opcode = need.opcode,
						   .argument = need.argument};
		for (uint32_t scope = ACCEL_SCOPE_CONFIGURATION; scope <= ACCEL_SCOPE_DEBUG_FULL;
		     scope++) {
			std::vector<std::byte> room(4096);
			CommandExecute execute;
			int r = client_.send(execute.handle(channel(scope))
						     .request(std::as_bytes(std::span(&request, 1)))
						     .want_response(room));
			if (scope >= need.scope) {
				EXPECT_EQ(r, 0) << execute.error().text;
				continue;
			}
			EXPECT_EQ(r, -EPERM);
			EXPECT_EQ(execute.error().reason, ACCEL_REASON_SCOPE);
			EXPECT_EQ(execute.error().value, scope);
			EXPECT_EQ(execute.error().minimum, need.scope);
		}
	}
}

TEST_F(Commands, TheRequestMayGrowByZeros)
{
	std::vector<std::byte> request(700), room(4096);
	const uint64_t open = channel(ACCEL_SCOPE_CONFIGURATION);
	accel_soft_command_response head;
	auto run = [&](size_t bytes) {
		CommandExecute execute;
		int r = client_.send(execute.handle(open)
					     .request(std::span(request).first(bytes))
					     .want_response(room));
		memcpy(&head, room.data(), sizeof(head));
		return r;
	};

	request[0] = std::byte{ACCEL_SOFT_OPCODE_IDENTIFY};
	EXPECT_EQ(run(32), 0);
	EXPECT_EQ(head.status, kSuccess);
	EXPECT_EQ(run(700), 0);
	EXPECT_EQ(head.status, kSuccess);
	request[699] = std::byte{1};
	EXPECT_EQ(run(700), 0);
	EXPECT_EQ(head.status, kBadArgument);
	EXPECT_EQ(run(699), 0);
	EXPECT_EQ(head.status, kSuccess);
	request[31] = std::byte{1};
	EXPECT_EQ(run(32), 0);
	EXPECT_EQ(head.status, kBadArgument);
	EXPECT_EQ(run(31), -EINVAL);
	EXPECT_EQ(run(0), -EINVAL);
}

TEST_F(Commands, AnAnswerWithoutRoomChangesNothing)
{
	constexpr uint32_t kSpin = ACCEL_SOFT_FEATURE_SPIN_NS;
	accel_soft_command_request request{
		.opcode = ACCEL_SOFT_OPCODE_SET_FEATURE, .argument = kSpin, .value = 123};
	const uint64_t open = channel(ACCEL_SCOPE_CONFIGURATION);
	const uint64_t before =
		answer<accel_soft_feature_value>(ACCEL_SOFT_OPCODE_GET_FEATURE, kSpin).value;
	std::vector<std::byte> room(31);
	CommandExecute execute;

	EXPECT_EQ(client_.send(execute.handle(open)
				       .request(std::as_bytes(std::span(&request, 1)))
				       .want_response(room)),
		  -EMSGSIZE);
	EXPECT_EQ(execute.response_length(), 32u) << "the required room";
	EXPECT_EQ(answer<accel_soft_feature_value>(ACCEL_SOFT_OPCODE_GET_FEATURE, kSpin).value,
		  before);

	CommandExecute silent;
	EXPECT_EQ(client_.send(silent.handle(open).request(std::as_bytes(std::span(&request, 1)))),
		  0);
	EXPECT_EQ(answer<accel_soft_feature_value>(ACCEL_SOFT_OPCODE_GET_FEATURE, kSpin).value,
		  123u);
	client_.set_spin_ns(before);
	request.value = UINT64_MAX;
	CommandExecute wrong;
	EXPECT_EQ(client_.send(wrong.handle(open).request(std::as_bytes(std::span(&request, 1)))),
		  -EIO);
	EXPECT_EQ(wrong.error().reason, ACCEL_REASON_DEVICE);
	EXPECT_EQ(wrong.error().value, kBadArgument);
}

} // namespace
} // namespace accel::core::softdev::test
