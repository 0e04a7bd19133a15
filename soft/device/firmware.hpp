// SPDX-License-Identifier: MIT
// The firmware: executes the commands of command channels.
#pragma once

#include <cstddef>
#include <cstdint>
#include <uapi/accel/soft.h>
#include <vector>

namespace accel::core::softdev {

class Device;

/// Executes one command and holds its answer.
class Firmware {
public:
	/// ENOMEM by exception; after that only the self-test and the counters allocate.
	explicit Firmware(Device &device);

	/// The scope that the command requires; 0 for an unknown opcode.
	static uint32_t scope_of(uint32_t opcode);
	/// The smallest size in bytes of the answer to a successful command.
	static size_t answer_bytes(uint32_t opcode);

	/// Execute the command. @clean: all bytes after the known part of the request are zero.
	void execute(const accel_soft_command_request &request, bool clean);

	uint32_t status() const { return status_; }
	/// A command-response and its payload.
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

} // namespace accel::core::softdev
