/* SPDX-License-Identifier: MIT */
/*
 * Answers of the queries; generated from spec/accel.yaml by gen/, do not edit.
 *
 * Each structure begins with its size as the caller knows it. The library fills in at most that many bytes
 * and stores their number in `size`; members that an older library does not know are unchanged. `given`
 * has a bit for each fact that the device reported; other facts are zero.
 */
#ifndef ACCEL_ANSWERS_H
#define ACCEL_ANSWERS_H

#include <stdint.h>

/* clang-format off */

/**
 * struct accel_device_caps - The identity and capabilities of the device. Spec: device.query.
 * @size: In: sizeof(struct accel_device_caps) as the caller knows it. Out: bytes that were filled
 *   in.
 * @reserved: Zero.
 * @given: Out: ACCEL_DEVICE_CAPS_GIVEN_* of each fact that the device reported.
 * @driver: Name of the driver, which is also the name of the driver namespace. Terminated by a zero
 *   byte.
 * @model: Model name that the device reports. Terminated by a zero byte.
 * @features: Optional features. Bits ACCEL_FEATURE_*.
 * @max_queues: Most queues that can exist at once.
 * @max_entries: Entries of the longest ring.
 * @max_transfer: Most bytes of one transfer of a descriptor.
 * @queues: Queues that exist now.
 * @clients: Open files now.
 * @poll_ns: Most nanoseconds that a poll for completions may block, because the system call cannot
 *   wait for less; 0 if it never blocks.
 */
struct accel_device_caps {
	uint32_t size;
	uint32_t reserved;
	uint64_t given;
	char driver[64];
	char model[128];
	uint64_t features;
	uint32_t max_queues;
	uint32_t max_entries;
	uint64_t max_transfer;
	uint32_t queues;
	uint32_t clients;
	uint64_t poll_ns;
};
#define ACCEL_DEVICE_CAPS_GIVEN_DRIVER (1ULL << 1)
#define ACCEL_DEVICE_CAPS_GIVEN_MODEL (1ULL << 2)
#define ACCEL_DEVICE_CAPS_GIVEN_FEATURES (1ULL << 3)
#define ACCEL_DEVICE_CAPS_GIVEN_MAX_QUEUES (1ULL << 4)
#define ACCEL_DEVICE_CAPS_GIVEN_MAX_ENTRIES (1ULL << 5)
#define ACCEL_DEVICE_CAPS_GIVEN_MAX_TRANSFER (1ULL << 6)
#define ACCEL_DEVICE_CAPS_GIVEN_QUEUES (1ULL << 7)
#define ACCEL_DEVICE_CAPS_GIVEN_CLIENTS (1ULL << 8)
#define ACCEL_DEVICE_CAPS_GIVEN_POLL_NS (1ULL << 9)

/**
 * struct accel_address_space_info - The properties of an address space. Spec: address-space.query.
 * @size: In: sizeof(struct accel_address_space_info) as the caller knows it. Out: bytes that were
 *   filled in.
 * @reserved: Zero.
 * @given: Out: ACCEL_ADDRESS_SPACE_INFO_GIVEN_* of each fact that the device reported.
 * @mode: Meaning of addresses. One of enum accel_address_mode.
 * @pasid: PASID; not written if the address space has none.
 * @pasid_reason: Reason for a missing PASID; not written if the address space has one. Terminated
 *   by a zero byte.
 * @mappings: Number of mappings.
 * @mapped_bytes: Sum of their lengths.
 */
struct accel_address_space_info {
	uint32_t size;
	uint32_t reserved;
	uint64_t given;
	uint32_t mode;
	uint32_t pasid;
	char pasid_reason[160];
	uint32_t mappings;
	uint8_t pad188[4];
	uint64_t mapped_bytes;
};
#define ACCEL_ADDRESS_SPACE_INFO_GIVEN_MODE (1ULL << 2)
#define ACCEL_ADDRESS_SPACE_INFO_GIVEN_PASID (1ULL << 3)
#define ACCEL_ADDRESS_SPACE_INFO_GIVEN_PASID_REASON (1ULL << 4)
#define ACCEL_ADDRESS_SPACE_INFO_GIVEN_MAPPINGS (1ULL << 5)
#define ACCEL_ADDRESS_SPACE_INFO_GIVEN_MAPPED_BYTES (1ULL << 6)

/**
 * struct accel_buffer_info - The properties of a buffer. Spec: buffer.query.
 * @size: In: sizeof(struct accel_buffer_info) as the caller knows it. Out: bytes that were filled
 *   in.
 * @reserved: Zero.
 * @given: Out: ACCEL_BUFFER_INFO_GIVEN_* of each fact that the device reported.
 * @kind: Origin of its memory. One of enum accel_memory_kind.
 * @buffer_size: Bytes.
 * @mappings: Number of mappings that use it.
 * @flags: Kind of memory. Bits ACCEL_BUFFER_FLAGS_*.
 * @device_address: Address for the device; not written if the buffer has none until it is mapped.
 */
struct accel_buffer_info {
	uint32_t size;
	uint32_t reserved;
	uint64_t given;
	uint32_t kind;
	uint8_t pad20[4];
	uint64_t buffer_size;
	uint32_t mappings;
	uint8_t pad36[4];
	uint64_t flags;
	uint64_t device_address;
};
#define ACCEL_BUFFER_INFO_GIVEN_KIND (1ULL << 2)
#define ACCEL_BUFFER_INFO_GIVEN_BUFFER_SIZE (1ULL << 3)
#define ACCEL_BUFFER_INFO_GIVEN_MAPPINGS (1ULL << 4)
#define ACCEL_BUFFER_INFO_GIVEN_FLAGS (1ULL << 5)
#define ACCEL_BUFFER_INFO_GIVEN_DEVICE_ADDRESS (1ULL << 6)

/**
 * struct accel_queue_info - The state and counters of a queue. Spec: queue.query.
 * @size: In: sizeof(struct accel_queue_info) as the caller knows it. Out: bytes that were filled
 *   in.
 * @reserved: Zero.
 * @given: Out: ACCEL_QUEUE_INFO_GIVEN_* of each fact that the device reported.
 * @state: Current state. One of enum accel_queue_state.
 * @submitted: Descriptors the device has taken.
 * @completed: Descriptors completed.
 * @faults: Completions that were not a success.
 * @kicks: Doorbells received.
 * @wakes: Times the device woke a waiter or signalled the event.
 */
struct accel_queue_info {
	uint32_t size;
	uint32_t reserved;
	uint64_t given;
	uint32_t state;
	uint8_t pad20[4];
	uint64_t submitted;
	uint64_t completed;
	uint64_t faults;
	uint64_t kicks;
	uint64_t wakes;
};
#define ACCEL_QUEUE_INFO_GIVEN_STATE (1ULL << 2)
#define ACCEL_QUEUE_INFO_GIVEN_SUBMITTED (1ULL << 3)
#define ACCEL_QUEUE_INFO_GIVEN_COMPLETED (1ULL << 4)
#define ACCEL_QUEUE_INFO_GIVEN_FAULTS (1ULL << 5)
#define ACCEL_QUEUE_INFO_GIVEN_KICKS (1ULL << 6)
#define ACCEL_QUEUE_INFO_GIVEN_WAKES (1ULL << 7)

#ifdef __cplusplus
#define ACCEL_ANSWER_ASSERT_ static_assert
#else
#define ACCEL_ANSWER_ASSERT_ _Static_assert
#endif
#define ACCEL_ANSWER_SIZE_(type, size) \
	ACCEL_ANSWER_ASSERT_(sizeof(struct type) == (size), "size of struct " #type)
#define ACCEL_ANSWER_OFFSET_(type, member, offset) \
	ACCEL_ANSWER_ASSERT_(__builtin_offsetof(struct type, member) == (offset), #type ", " #member)
ACCEL_ANSWER_SIZE_(accel_device_caps, 248);
ACCEL_ANSWER_OFFSET_(accel_device_caps, given, 8);
ACCEL_ANSWER_OFFSET_(accel_device_caps, driver, 16);
ACCEL_ANSWER_OFFSET_(accel_device_caps, model, 80);
ACCEL_ANSWER_OFFSET_(accel_device_caps, features, 208);
ACCEL_ANSWER_OFFSET_(accel_device_caps, max_queues, 216);
ACCEL_ANSWER_OFFSET_(accel_device_caps, max_entries, 220);
ACCEL_ANSWER_OFFSET_(accel_device_caps, max_transfer, 224);
ACCEL_ANSWER_OFFSET_(accel_device_caps, queues, 232);
ACCEL_ANSWER_OFFSET_(accel_device_caps, clients, 236);
ACCEL_ANSWER_OFFSET_(accel_device_caps, poll_ns, 240);
ACCEL_ANSWER_SIZE_(accel_address_space_info, 200);
ACCEL_ANSWER_OFFSET_(accel_address_space_info, given, 8);
ACCEL_ANSWER_OFFSET_(accel_address_space_info, mode, 16);
ACCEL_ANSWER_OFFSET_(accel_address_space_info, pasid, 20);
ACCEL_ANSWER_OFFSET_(accel_address_space_info, pasid_reason, 24);
ACCEL_ANSWER_OFFSET_(accel_address_space_info, mappings, 184);
ACCEL_ANSWER_OFFSET_(accel_address_space_info, mapped_bytes, 192);
ACCEL_ANSWER_SIZE_(accel_buffer_info, 56);
ACCEL_ANSWER_OFFSET_(accel_buffer_info, given, 8);
ACCEL_ANSWER_OFFSET_(accel_buffer_info, kind, 16);
ACCEL_ANSWER_OFFSET_(accel_buffer_info, buffer_size, 24);
ACCEL_ANSWER_OFFSET_(accel_buffer_info, mappings, 32);
ACCEL_ANSWER_OFFSET_(accel_buffer_info, flags, 40);
ACCEL_ANSWER_OFFSET_(accel_buffer_info, device_address, 48);
ACCEL_ANSWER_SIZE_(accel_queue_info, 64);
ACCEL_ANSWER_OFFSET_(accel_queue_info, given, 8);
ACCEL_ANSWER_OFFSET_(accel_queue_info, state, 16);
ACCEL_ANSWER_OFFSET_(accel_queue_info, submitted, 24);
ACCEL_ANSWER_OFFSET_(accel_queue_info, completed, 32);
ACCEL_ANSWER_OFFSET_(accel_queue_info, faults, 40);
ACCEL_ANSWER_OFFSET_(accel_queue_info, kicks, 48);
ACCEL_ANSWER_OFFSET_(accel_queue_info, wakes, 56);
#undef ACCEL_ANSWER_OFFSET_
#undef ACCEL_ANSWER_SIZE_
#undef ACCEL_ANSWER_ASSERT_

#endif
