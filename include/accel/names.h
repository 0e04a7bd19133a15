/* SPDX-License-Identifier: MIT */
/* Names of the numbers of <uapi/accel/accel.h>; generated from spec/accel.yaml by gen/, do not edit. */
#ifndef ACCEL_NAMES_H
#define ACCEL_NAMES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <uapi/accel/accel.h>

/* clang-format off */

/**
 * struct accel_name - one number of an enum or one bit of a set of flags, as people write it.
 * @value: The number.
 * @name: Its name.
 * @doc: What it means, one or more sentences.
 * @minimum: Least value that the thing of that name may be set to, if @maximum is not 0.
 * @maximum: Greatest value that it may be set to; 0 if it is nothing that is set to a value.
 */
struct accel_name {
	uint64_t value;
	const char *name;
	const char *doc;
	uint64_t minimum;
	uint64_t maximum;
};

/** A table and its length, as the functions below take them: ACCEL_NAMES(accel_scope_names). */
#define ACCEL_NAMES(table) table, sizeof(table) / sizeof((table)[0])

/** The line of a number; NULL if the table has none. */
static inline const struct accel_name *accel_name_of(const struct accel_name *table, size_t count,
						     uint64_t value)
{
	for (size_t i = 0; i < count; ++i)
		if (table[i].value == value)
			return &table[i];
	return NULL;
}

/** The line of a name; NULL if the table has none. */
static inline const struct accel_name *accel_name_find(const struct accel_name *table, size_t count,
						       const char *name)
{
	for (size_t i = 0; i < count; ++i)
		if (!strcmp(table[i].name, name))
			return &table[i];
	return NULL;
}

#if defined(__cplusplus) && __cplusplus >= 201703L
#define ACCEL_NAME_TABLE inline constexpr
#else
#define ACCEL_NAME_TABLE static const
#endif

/** Flags of one attribute in a message. */
ACCEL_NAME_TABLE struct accel_name accel_attribute_flags_names[] = {
	{ACCEL_ATTRIBUTE_FLAGS_MANDATORY, "mandatory", "Set by the caller: refuse the call if this attribute is unknown, do not ignore it.", 0, 0},
	{ACCEL_ATTRIBUTE_FLAGS_WRITTEN, "written", "Set by the callee: this output attribute was really written.", 0, 0},
	{ACCEL_ATTRIBUTE_FLAGS_INDIRECT, "indirect", "The value is the address of `length` bytes; without it the value is inline and length is at most 8.", 0, 0},
};

/** What an attribute holds, and with it the rules for its length. */
ACCEL_NAME_TABLE struct accel_name accel_attribute_type_names[] = {
	{ACCEL_ATTRIBUTE_TYPE_U32, "u32", "4-byte unsigned integer, checked against its range.", 0, 0},
	{ACCEL_ATTRIBUTE_TYPE_U64, "u64", "8-byte unsigned integer, checked against its range.", 0, 0},
	{ACCEL_ATTRIBUTE_TYPE_ENUM, "enum", "4-byte number of one listed member.", 0, 0},
	{ACCEL_ATTRIBUTE_TYPE_FLAGS, "flags", "8-byte set of listed bits; an unlisted bit is refused.", 0, 0},
	{ACCEL_ATTRIBUTE_TYPE_HANDLE, "handle", "8-byte name of a live object of this open file.", 0, 0},
	{ACCEL_ATTRIBUTE_TYPE_FD, "fd", "4-byte signed file descriptor of the calling process.", 0, 0},
	{ACCEL_ATTRIBUTE_TYPE_DEADLINE, "deadline", "8-byte absolute CLOCK_MONOTONIC time in nanoseconds; 0 has always passed.", 0, 0},
	{ACCEL_ATTRIBUTE_TYPE_ADDRESS, "address", "8-byte address in the memory of the calling process.", 0, 0},
	{ACCEL_ATTRIBUTE_TYPE_STRING, "string", "UTF-8 text without a terminating zero byte.", 0, 0},
	{ACCEL_ATTRIBUTE_TYPE_BYTES, "bytes", "Bytes that only the two ends understand.", 0, 0},
	{ACCEL_ATTRIBUTE_TYPE_STRUCT, "struct", "A fixed layout of this specification; it may grow at its end.", 0, 0},
};

/** What one line of a description speaks of. */
ACCEL_NAME_TABLE struct accel_name accel_policy_kind_names[] = {
	{ACCEL_POLICY_KIND_OBJECT, "object", "An object type.", 0, 0},
	{ACCEL_POLICY_KIND_METHOD, "method", "A method of the object named by parent.", 0, 0},
	{ACCEL_POLICY_KIND_ATTRIBUTE, "attribute", "An attribute of the method named by parent.", 0, 0},
	{ACCEL_POLICY_KIND_MEMBER, "member", "A member of the enum or flags attribute named by parent.", 0, 0},
};

/** Properties of a line of a description. */
ACCEL_NAME_TABLE struct accel_name accel_policy_flags_names[] = {
	{ACCEL_POLICY_FLAGS_IN, "in", "The caller gives the attribute.", 0, 0},
	{ACCEL_POLICY_FLAGS_OUT, "out", "The callee writes the attribute.", 0, 0},
	{ACCEL_POLICY_FLAGS_REQUIRED, "required", "The call is refused without it: an input must be given, an output must have room.", 0, 0},
	{ACCEL_POLICY_FLAGS_POWER_OF_TWO, "power-of-two", "The value must be a power of two.", 0, 0},
	{ACCEL_POLICY_FLAGS_CREATES, "creates", "The method makes an object; its first handle output names it.", 0, 0},
	{ACCEL_POLICY_FLAGS_DESTROYS, "destroys", "The method ends the object that its first handle input names.", 0, 0},
};

/** How a queue's descriptors name memory. */
ACCEL_NAME_TABLE struct accel_name accel_address_mode_names[] = {
	{ACCEL_ADDRESS_MODE_SHARED, "shared", "The process's own page tables: any pointer is good (shared virtual addressing).", 0, 0},
	{ACCEL_ADDRESS_MODE_MAPPED, "mapped", "Only ranges that were mapped explicitly, each with its permission.", 0, 0},
	{ACCEL_ADDRESS_MODE_HANDLES, "handles", "No addresses: descriptors name buffers by their handles.", 0, 0},
};

/** What a device may do with a mapped range. */
ACCEL_NAME_TABLE struct accel_name accel_access_names[] = {
	{ACCEL_ACCESS_READ, "read", "The device may read it.", 0, 0},
	{ACCEL_ACCESS_WRITE, "write", "The device may write it.", 0, 0},
};

/** Where a buffer's memory comes from. */
ACCEL_NAME_TABLE struct accel_name accel_memory_kind_names[] = {
	{ACCEL_MEMORY_KIND_ALLOCATED, "allocated", "Made by buffer.create.", 0, 0},
	{ACCEL_MEMORY_KIND_REGISTERED, "registered", "The caller's own memory.", 0, 0},
	{ACCEL_MEMORY_KIND_IMPORTED, "imported", "A dma-buf or memfd that was made elsewhere.", 0, 0},
};

/** What memory a new buffer is to have. */
ACCEL_NAME_TABLE struct accel_name accel_buffer_flags_names[] = {
	{ACCEL_BUFFER_FLAGS_NO_MAP, "no-map", "The process does not map it.", 0, 0},
	{ACCEL_BUFFER_FLAGS_WRITE_COMBINED, "write-combined", "The process maps it write-combined: quick to write in order, slow to read.", 0, 0},
	{ACCEL_BUFFER_FLAGS_DEVICE_MEMORY, "device-memory", "It lies in the device's own memory.", 0, 0},
};

/** What buffer.sync brackets. */
ACCEL_NAME_TABLE struct accel_name accel_sync_phase_names[] = {
	{ACCEL_SYNC_PHASE_BEGIN, "begin", "The process begins to access the memory.", 0, 0},
	{ACCEL_SYNC_PHASE_END, "end", "The process has ended its access.", 0, 0},
};

/** What a fence is. */
ACCEL_NAME_TABLE struct accel_name accel_fence_kind_names[] = {
	{ACCEL_FENCE_KIND_NONE, "none", "There is no fence.", 0, 0},
	{ACCEL_FENCE_KIND_SYNC_FILE, "sync-file", "A sync_file; `handle` is its file descriptor and `point` is 0.", 0, 0},
	{ACCEL_FENCE_KIND_SYNCOBJ, "syncobj", "A timeline syncobj of the device's DRM file; `handle` is its handle, `point` the point.", 0, 0},
};

/** What kind of file an exported buffer is. */
ACCEL_NAME_TABLE struct accel_name accel_file_kind_names[] = {
	{ACCEL_FILE_KIND_DMA_BUF, "dma-buf", "A dma-buf; any device driver can import it.", 0, 0},
	{ACCEL_FILE_KIND_MEMFD, "memfd", "A memory file; other processes can map it and give it to buffer.import.", 0, 0},
};

/** How a queue is to behave; chosen once, at its creation. */
ACCEL_NAME_TABLE struct accel_name accel_queue_flags_names[] = {
	{ACCEL_QUEUE_FLAGS_MULTI_PRODUCER, "multi-producer", "Several threads may post to the ring at the same time.", 0, 0},
	{ACCEL_QUEUE_FLAGS_STOP_ON_FAULT, "stop-on-fault", "After a fault, complete what follows as canceled until queue.resume.", 0, 0},
	{ACCEL_QUEUE_FLAGS_STATUS_PHASE, "status-phase", "Publish completions by the phase bit of each status byte, not by the counter.", 0, 0},
};

/** What a queue does at the moment. */
ACCEL_NAME_TABLE struct accel_name accel_queue_state_names[] = {
	{ACCEL_QUEUE_STATE_RUNNING, "running", "It takes descriptors.", 0, 0},
	{ACCEL_QUEUE_STATE_STOPPED, "stopped", "A fault stopped it; queue.resume starts it again.", 0, 0},
	{ACCEL_QUEUE_STATE_GONE, "gone", "The device is gone; nothing that is outstanding completes any more.", 0, 0},
};

/** What a command may touch. Each scope includes those before it, except that debug scopes are meant for people, not programs. */
ACCEL_NAME_TABLE struct accel_name accel_scope_names[] = {
	{ACCEL_SCOPE_CONFIGURATION, "configuration", "Read and change settings that belong to normal use.", 0, 0},
	{ACCEL_SCOPE_DEBUG_READ, "debug-read", "Also read state that shows the device's insides.", 0, 0},
	{ACCEL_SCOPE_DEBUG_WRITE, "debug-write", "Also change state that only debugging needs.", 0, 0},
	{ACCEL_SCOPE_DEBUG_FULL, "debug-full", "Also anything that can reach beyond the device; the kernel asks for CAP_SYS_RAWIO.", 0, 0},
};

/** Optional things a device can do. */
ACCEL_NAME_TABLE struct accel_name accel_feature_names[] = {
	{ACCEL_FEATURE_SHARED_ADDRESS_SPACE, "shared-address-space", "Address spaces of mode shared.", 0, 0},
	{ACCEL_FEATURE_MAPPED_ADDRESS_SPACE, "mapped-address-space", "Address spaces of mode mapped.", 0, 0},
	{ACCEL_FEATURE_PASID, "pasid", "Address spaces have a PASID.", 0, 0},
	{ACCEL_FEATURE_MULTI_PRODUCER, "multi-producer", "Queues with several producers.", 0, 0},
	{ACCEL_FEATURE_BUFFER_EXPORT, "buffer-export", "buffer.export works.", 0, 0},
	{ACCEL_FEATURE_BUFFER_IMPORT, "buffer-import", "buffer.import works.", 0, 0},
	{ACCEL_FEATURE_COMMANDS, "commands", "Command channels.", 0, 0},
	{ACCEL_FEATURE_HANDLE_ADDRESS_SPACE, "handle-address-space", "Address spaces of mode handles.", 0, 0},
	{ACCEL_FEATURE_REFUSALS, "refusals", "An entry that is refused completes as refused. Without it the kernel ignores such an entry without a word, and it may never complete.", 0, 0},
	{ACCEL_FEATURE_QUEUE_FENCES, "queue-fences", "Queues signal fences.", 0, 0},
};

/** What exactly was wrong; the errno says what to do about it. */
ACCEL_NAME_TABLE struct accel_name accel_reason_names[] = {
	{ACCEL_REASON_NONE, "none", "Nothing was wrong.", 0, 0},
	{ACCEL_REASON_MESSAGE_SHAPE, "message-shape", "The header is wrong: size, reserved field, flags, or number of attributes.", 0, 0},
	{ACCEL_REASON_UNKNOWN_OBJECT, "unknown-object", "There is no such object type here.", 0, 0},
	{ACCEL_REASON_UNKNOWN_METHOD, "unknown-method", "The object type has no such method here.", 0, 0},
	{ACCEL_REASON_UNKNOWN_ATTRIBUTE, "unknown-attribute", "An attribute marked mandatory is unknown here.", 0, 0},
	{ACCEL_REASON_DUPLICATE_ATTRIBUTE, "duplicate-attribute", "The same attribute stands twice in the message.", 0, 0},
	{ACCEL_REASON_MISSING_ATTRIBUTE, "missing-attribute", "A required attribute is not in the message.", 0, 0},
	{ACCEL_REASON_WRONG_LENGTH, "wrong-length", "The attribute's length does not fit its type.", 0, 0},
	{ACCEL_REASON_NONZERO_TAIL, "nonzero-tail", "The attribute is longer than known here, and what is unknown is not zero.", 0, 0},
	{ACCEL_REASON_OUT_OF_RANGE, "out-of-range", "The value is outside of the allowed range.", 0, 0},
	{ACCEL_REASON_NOT_POWER_OF_TWO, "not-power-of-two", "The value must be a power of two.", 0, 0},
	{ACCEL_REASON_UNKNOWN_FLAG, "unknown-flag", "A bit is set that has no meaning here.", 0, 0},
	{ACCEL_REASON_UNKNOWN_MEMBER, "unknown-member", "The number is none of the listed members.", 0, 0},
	{ACCEL_REASON_ATTRIBUTE_FLAGS, "attribute-flags", "The attribute's flags contradict its length or are unknown.", 0, 0},
	{ACCEL_REASON_BAD_POINTER, "bad-pointer", "An address is null or cannot be used.", 0, 0},
	{ACCEL_REASON_UNALIGNED, "unaligned", "An address or offset is not aligned as demanded.", 0, 0},
	{ACCEL_REASON_WRAPS, "wraps", "Address or offset plus length wraps around or leaves the object.", 0, 0},
	{ACCEL_REASON_NO_HANDLE, "no-handle", "No live object of this open file has the handle.", 0, 0},
	{ACCEL_REASON_HANDLE_TYPE, "handle-type", "The handle names an object of another type.", 0, 0},
	{ACCEL_REASON_IN_USE, "in-use", "The object is still used by another one.", 0, 0},
	{ACCEL_REASON_NO_ROOM, "no-room", "The output does not fit; the attribute's length now tells the size it needs.", 0, 0},
	{ACCEL_REASON_SCOPE, "scope", "The command needs a wider scope than its channel has.", 0, 0},
	{ACCEL_REASON_OVERLAP, "overlap", "The range overlaps one that is mapped already.", 0, 0},
	{ACCEL_REASON_NOT_MAPPED, "not-mapped", "The range is not exactly one that was mapped.", 0, 0},
	{ACCEL_REASON_LIMIT, "limit", "The device has no more objects of this type.", 0, 0},
	{ACCEL_REASON_NO_MEMORY, "no-memory", "There is not enough memory.", 0, 0},
	{ACCEL_REASON_UNPLUGGED, "unplugged", "The device is gone.", 0, 0},
	{ACCEL_REASON_FORKED, "forked", "The device was opened by another process, before a fork.", 0, 0},
	{ACCEL_REASON_UNSUPPORTED, "unsupported", "Known, but this device or machine does not have it.", 0, 0},
	{ACCEL_REASON_BAD_FILE, "bad-file", "The file descriptor is not open or not of the kind that is needed.", 0, 0},
	{ACCEL_REASON_FILES, "files", "The process cannot have more file descriptors.", 0, 0},
	{ACCEL_REASON_DEVICE, "device", "The device answered with a failure of its own; see the text.", 0, 0},
	{ACCEL_REASON_STATE, "state", "The object is in that state already, or not in the state the method needs.", 0, 0},
	{ACCEL_REASON_DEADLINE, "deadline", "The deadline passed first.", 0, 0},
	{ACCEL_REASON_PERMISSION, "permission", "The process may not open the device.", 0, 0},
	{ACCEL_REASON_NO_DEVICE, "no-device", "There is no device of that name.", 0, 0},
};

#endif
