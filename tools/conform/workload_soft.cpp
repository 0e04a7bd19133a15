// SPDX-License-Identifier: MIT
// The workload of the soft accelerator, from its public layouts.
#include "conform/workload_soft.hpp"

#include "conform/conform.hpp"

#include <accel/soft.h>
#include <cstddef>
#include <cstring>

namespace accel::conform {

namespace {

uint8_t flags_of(bool fence)
{
	return fence ? ACCEL_SOFT_DESCRIPTOR_FLAGS_FENCE : 0;
}

void put(const Entry &entry, const accel_soft_descriptor &descriptor)
{
	/* The last word belongs to the ring. */
	std::memcpy(entry.at, &descriptor, offsetof(accel_soft_descriptor, ring));
}

void nop(const Entry &entry, bool fence)
{
	put(entry, {.op = ACCEL_SOFT_OP_NOP, .flags = flags_of(fence)});
}

void copy(const Entry &entry, uint64_t to, uint64_t from, uint64_t bytes, bool fence)
{
	accel_soft_descriptor descriptor{.op = ACCEL_SOFT_OP_COPY, .flags = flags_of(fence)};

	descriptor.transfer.src = from;
	descriptor.transfer.dst = to;
	descriptor.transfer.length = bytes;
	put(entry, descriptor);
}

void unknown(const Entry &entry)
{
	put(entry, {.op = 0xfe});
}

/* A nop has no parameter. */
void malformed(const Entry &entry)
{
	put(entry, {.op = ACCEL_SOFT_OP_NOP, .param = 7});
}

constexpr accel_soft_command_request kIdentify{.opcode = ACCEL_SOFT_OPCODE_IDENTIFY};
constexpr accel_soft_command_request kGetHealth{.opcode = ACCEL_SOFT_OPCODE_GET_LOG,
						.argument = ACCEL_SOFT_LOG_PAGE_HEALTH};
constexpr accel_soft_command_request kSelfTest{.opcode = ACCEL_SOFT_OPCODE_SELF_TEST};
/* Injects no fault: the request changes nothing. */
constexpr accel_soft_command_request kInjectNone{
	.opcode = ACCEL_SOFT_OPCODE_INJECT_FAULT, .argument = ACCEL_SOFT_OP_NOP, .value = 0};
constexpr accel_soft_command_request kUnknown{.opcode = 0xfffe};

std::span<const std::byte> bytes_of(const accel_soft_command_request &request) noexcept
{
	return std::as_bytes(std::span(&request, 1));
}

constexpr size_t kHead = sizeof(accel_soft_command_response);

const CommandSample kCommands[] = {
	{"identify", ACCEL_SCOPE_CONFIGURATION, bytes_of(kIdentify),
	 kHead + sizeof(accel_soft_identity)},
	{"get-log health", ACCEL_SCOPE_DEBUG_READ, bytes_of(kGetHealth),
	 kHead + sizeof(accel_soft_health)},
	{"self-test", ACCEL_SCOPE_DEBUG_WRITE, bytes_of(kSelfTest),
	 kHead + sizeof(accel_soft_self_test_result)},
	{"inject-fault none", ACCEL_SCOPE_DEBUG_FULL, bytes_of(kInjectNone), 0},
};

bool accepted(std::span<const std::byte> response)
{
	accel_soft_command_response head;

	if (response.size() < sizeof(head))
		return false;
	std::memcpy(&head, response.data(), sizeof(head));
	return head.status == ACCEL_SOFT_COMMAND_STATUS_SUCCESS;
}

std::span<const std::byte> queue_options(const Options &options, accel_device *)
{
	/* Obligations create queues in several threads at once. */
	thread_local accel_soft_queue_options own;

	own = {.parallel = options.parallel,
	       .inline_limit = options.no_inline ? ACCEL_SOFT_INLINE_NEVER : 0};
	return std::as_bytes(std::span(&own, 1));
}

} // namespace

const Workload soft_workload = {
	.provider = "soft",
	.queue_options = queue_options,
	.nop = nop,
	.copy = copy,
	.unknown = unknown,
	.malformed = malformed,
	.malformed_field = offsetof(accel_soft_descriptor, param),
	.has_fence = true,
	.has_faults = true,
	.from_field = offsetof(accel_soft_descriptor, transfer) +
		      offsetof(accel_soft_descriptor_transfer, src),
	.to_field = offsetof(accel_soft_descriptor, transfer) +
		    offsetof(accel_soft_descriptor_transfer, dst),
	.commands = kCommands,
	.unknown_command = bytes_of(kUnknown),
	.accepted = accepted,
};

} // namespace accel::conform
