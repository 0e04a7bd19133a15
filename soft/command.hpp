// SPDX-License-Identifier: MIT
// Command channels and the firmware behind them.
#pragma once

#include "soft/object.hpp"

#include <cstddef>
#include <cstdint>
#include <uapi/accel/soft.h>
#include <vector>

namespace accel::core::softdev {

class Device;

/// A channel remembers the widest scope its commands may have, and nothing else. A kernel would ask for a
/// capability before it gives out debug-full; here whoever calls owns the process and all that is in it.
class Command final : public Object {
public:
	explicit Command(uint32_t scope) : Object(ACCEL_OBJECT_COMMAND), scope_(scope) {}

	uint32_t scope() const { return scope_; }

private:
	const uint32_t scope_;
};

/// One command and its answer.
class Firmware {
public:
	/// ENOMEM by exception; after that nothing fails for want of memory but the self-test and counters.
	explicit Firmware(Device &device);

	/// Scope that the command needs; 0 if there is no such command, which needs none.
	static uint32_t scope_of(uint32_t opcode);
	/// Bytes that its answer has at least if it succeeds.
	static size_t answer_bytes(uint32_t opcode);

	/// Do it. @clean: where zeros must be behind the request, there are.
	void execute(const accel_soft_command_request &request, bool clean);

	uint32_t status() const { return status_; }
	/// A command-response and what follows it.
	const std::vector<std::byte> &answer() const { return answer_; }

private:
	void reply(uint32_t status, const void *payload = nullptr, size_t bytes = 0);
	template <class T>
	void succeed(const T &payload)
	{
		reply(ACCEL_SOFT_COMMAND_STATUS_SUCCESS, &payload, sizeof(payload));
	}
	void refuse() { reply(ACCEL_SOFT_COMMAND_STATUS_BAD_ARGUMENT); }

	void identify();
	void get_feature();
	void set_feature();
	void get_log();
	void self_test();
	void inject_fault();

	Device &device_;
	accel_soft_command_request request_{};
	uint32_t status_ = ACCEL_SOFT_COMMAND_STATUS_SUCCESS;
	std::vector<std::byte> answer_;
};

/// Run every operation on known data. Thread-safe; a second or less.
accel_soft_self_test_result run_self_test();

} // namespace accel::core::softdev
