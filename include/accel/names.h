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
 * struct accel_name - name and meaning of one number of an enum or one bit of a set of flags.
 * @value: The number.
 * @name: Its name.
 * @doc: Its meaning, one or more sentences.
 * @minimum: Least value of the setting of that name, if @maximum is not 0.
 * @maximum: Greatest value of the setting; 0 if it is not a setting.
 */
struct accel_name {
	uint64_t value;
	const char *name;
	const char *doc;
	uint64_t minimum;
	uint64_t maximum;
};

/** A table and its length, as arguments of the functions below: ACCEL_NAMES(accel_scope_names). */
#define ACCEL_NAMES(table) table, sizeof(table) / sizeof((table)[0])

/** Find the entry of a number; NULL if the table has none. */
static inline const struct accel_name *accel_name_of(const struct accel_name *table, size_t count,
						     uint64_t value)
{
	for (size_t i = 0; i < count; ++i)
		if (table[i].value == value)
			return &table[i];
	return NULL;
}

/** Find the entry of a name; NULL if the table has none. */
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
	{ACCEL_ATTRIBUTE_FLAGS_MANDATORY, "mandatory", "Set by the caller: refuse the call if this attribute is unknown, instead of ignoring it.", 0, 0},
	{ACCEL_ATTRIBUTE_FLAGS_WRITTEN, "written", "Set by the callee: this output attribute was written.", 0, 0},
	{ACCEL_ATTRIBUTE_FLAGS_INDIRECT, "indirect", "The value is the address of `length` bytes; without it the value is inline and length is at most 8.", 0, 0},
};

/** Type of an attribute, which determines the rules for its length. */
ACCEL_NAME_TABLE struct accel_name accel_attribute_type_names[] = {
	{ACCEL_ATTRIBUTE_TYPE_U32, "u32", "4-byte unsigned integer, checked against its range.", 0, 0},
	{ACCEL_ATTRIBUTE_TYPE_U64, "u64", "8-byte unsigned integer, checked against its range.", 0, 0},
	{ACCEL_ATTRIBUTE_TYPE_ENUM, "enum", "4-byte number of one listed member.", 0, 0},
	{ACCEL_ATTRIBUTE_TYPE_FLAGS, "flags", "8-byte set of listed bits; an unlisted bit is refused.", 0, 0},
	{ACCEL_ATTRIBUTE_TYPE_HANDLE, "handle", "8-byte handle of an existing object of this open file.", 0, 0},
	{ACCEL_ATTRIBUTE_TYPE_FD, "fd", "4-byte signed file descriptor of the calling process.", 0, 0},
	{ACCEL_ATTRIBUTE_TYPE_DEADLINE, "deadline", "8-byte absolute CLOCK_MONOTONIC time in nanoseconds; 0 has always passed.", 0, 0},
	{ACCEL_ATTRIBUTE_TYPE_ADDRESS, "address", "8-byte address in the memory of the calling process.", 0, 0},
	{ACCEL_ATTRIBUTE_TYPE_STRING, "string", "UTF-8 text without a terminating zero byte.", 0, 0},
	{ACCEL_ATTRIBUTE_TYPE_BYTES, "bytes", "Bytes that only caller and callee interpret.", 0, 0},
	{ACCEL_ATTRIBUTE_TYPE_STRUCT, "struct", "A fixed layout of this specification; it may grow at its end.", 0, 0},
};

/** Kind of one line of a description. */
ACCEL_NAME_TABLE struct accel_name accel_policy_kind_names[] = {
	{ACCEL_POLICY_KIND_OBJECT, "object", "An object type.", 0, 0},
	{ACCEL_POLICY_KIND_METHOD, "method", "A method of the object named by parent.", 0, 0},
	{ACCEL_POLICY_KIND_ATTRIBUTE, "attribute", "An attribute of the method named by parent.", 0, 0},
	{ACCEL_POLICY_KIND_MEMBER, "member", "A member of the enum or flags attribute named by parent.", 0, 0},
};

/** Properties of a line of a description. */
ACCEL_NAME_TABLE struct accel_name accel_policy_flags_names[] = {
	{ACCEL_POLICY_FLAGS_IN, "in", "The caller passes the attribute.", 0, 0},
	{ACCEL_POLICY_FLAGS_OUT, "out", "The callee writes the attribute.", 0, 0},
	{ACCEL_POLICY_FLAGS_REQUIRED, "required", "The call is refused without it: an input must be passed, an output must have room.", 0, 0},
	{ACCEL_POLICY_FLAGS_POWER_OF_TWO, "power-of-two", "The value must be a power of two.", 0, 0},
	{ACCEL_POLICY_FLAGS_CREATES, "creates", "The method creates an object; its first handle output returns it.", 0, 0},
	{ACCEL_POLICY_FLAGS_DESTROYS, "destroys", "The method destroys the object that its first handle input names.", 0, 0},
};

/** How the descriptors of a queue refer to memory. */
ACCEL_NAME_TABLE struct accel_name accel_address_mode_names[] = {
	{ACCEL_ADDRESS_MODE_SHARED, "shared", "The page tables of the process; any valid pointer can be used (shared virtual addressing).", 0, 0},
	{ACCEL_ADDRESS_MODE_MAPPED, "mapped", "Only ranges that were mapped explicitly, each with its access rights.", 0, 0},
	{ACCEL_ADDRESS_MODE_HANDLES, "handles", "No addresses; descriptors refer to buffers by handle.", 0, 0},
};

/** Access rights of the device to a range. */
ACCEL_NAME_TABLE struct accel_name accel_access_names[] = {
	{ACCEL_ACCESS_READ, "read", "The device may read it.", 0, 0},
	{ACCEL_ACCESS_WRITE, "write", "The device may write it.", 0, 0},
};

/** Origin of the memory of a buffer. */
ACCEL_NAME_TABLE struct accel_name accel_memory_kind_names[] = {
	{ACCEL_MEMORY_KIND_ALLOCATED, "allocated", "Allocated by buffer.create.", 0, 0},
	{ACCEL_MEMORY_KIND_REGISTERED, "registered", "Memory of the calling process.", 0, 0},
	{ACCEL_MEMORY_KIND_IMPORTED, "imported", "A dma-buf or memfd that another component created.", 0, 0},
};

/** Kind of memory of a new buffer. */
ACCEL_NAME_TABLE struct accel_name accel_buffer_flags_names[] = {
	{ACCEL_BUFFER_FLAGS_NO_MAP, "no-map", "The process does not map it.", 0, 0},
	{ACCEL_BUFFER_FLAGS_WRITE_COMBINED, "write-combined", "The process maps it write-combined: fast sequential writes, slow reads.", 0, 0},
	{ACCEL_BUFFER_FLAGS_DEVICE_MEMORY, "device-memory", "The memory is on the device.", 0, 0},
};

/** Which end of an access buffer.sync marks. */
ACCEL_NAME_TABLE struct accel_name accel_sync_phase_names[] = {
	{ACCEL_SYNC_PHASE_BEGIN, "begin", "The process begins to access the memory.", 0, 0},
	{ACCEL_SYNC_PHASE_END, "end", "The process has ended its access.", 0, 0},
};

/** Kind of a fence. */
ACCEL_NAME_TABLE struct accel_name accel_fence_kind_names[] = {
	{ACCEL_FENCE_KIND_NONE, "none", "No fence.", 0, 0},
	{ACCEL_FENCE_KIND_SYNC_FILE, "sync-file", "A sync_file; `handle` is its file descriptor and `point` is 0.", 0, 0},
	{ACCEL_FENCE_KIND_SYNCOBJ, "syncobj", "A timeline syncobj of the device's DRM file; `handle` is its handle, `point` its point.", 0, 0},
};

/** Kind of the file of an exported buffer. */
ACCEL_NAME_TABLE struct accel_name accel_file_kind_names[] = {
	{ACCEL_FILE_KIND_DMA_BUF, "dma-buf", "A dma-buf; any device driver can import it.", 0, 0},
	{ACCEL_FILE_KIND_MEMFD, "memfd", "A memory file; other processes can map it and pass it to buffer.import.", 0, 0},
};

/** Behaviour of a queue; fixed when it is created. */
ACCEL_NAME_TABLE struct accel_name accel_queue_flags_names[] = {
	{ACCEL_QUEUE_FLAGS_MULTI_PRODUCER, "multi-producer", "Several threads may publish to the ring at the same time.", 0, 0},
	{ACCEL_QUEUE_FLAGS_STOP_ON_FAULT, "stop-on-fault", "After a fault, complete the entries that follow as canceled until queue.resume.", 0, 0},
	{ACCEL_QUEUE_FLAGS_STATUS_PHASE, "status-phase", "Report completions by the phase bit of each status byte, not by the counter.", 0, 0},
};

/** State of a queue. */
ACCEL_NAME_TABLE struct accel_name accel_queue_state_names[] = {
	{ACCEL_QUEUE_STATE_RUNNING, "running", "The queue executes descriptors.", 0, 0},
	{ACCEL_QUEUE_STATE_STOPPED, "stopped", "A fault stopped it; queue.resume starts it again.", 0, 0},
	{ACCEL_QUEUE_STATE_GONE, "gone", "The device was removed; no outstanding descriptor completes any more.", 0, 0},
};

/** What a command may access. Each scope includes the narrower ones before it. The debug scopes are for interactive use, not for programs. */
ACCEL_NAME_TABLE struct accel_name accel_scope_names[] = {
	{ACCEL_SCOPE_CONFIGURATION, "configuration", "Read and change settings that belong to normal use.", 0, 0},
	{ACCEL_SCOPE_DEBUG_READ, "debug-read", "Also read internal state of the device.", 0, 0},
	{ACCEL_SCOPE_DEBUG_WRITE, "debug-write", "Also change state that only debugging needs.", 0, 0},
	{ACCEL_SCOPE_DEBUG_FULL, "debug-full", "Also access anything that the device can reach; the kernel requires CAP_SYS_RAWIO.", 0, 0},
};

/** Optional features of a device. */
ACCEL_NAME_TABLE struct accel_name accel_feature_names[] = {
	{ACCEL_FEATURE_SHARED_ADDRESS_SPACE, "shared-address-space", "Address spaces of mode shared.", 0, 0},
	{ACCEL_FEATURE_MAPPED_ADDRESS_SPACE, "mapped-address-space", "Address spaces of mode mapped.", 0, 0},
	{ACCEL_FEATURE_PASID, "pasid", "Address spaces have a PASID.", 0, 0},
	{ACCEL_FEATURE_MULTI_PRODUCER, "multi-producer", "Queues with several producers.", 0, 0},
	{ACCEL_FEATURE_BUFFER_EXPORT, "buffer-export", "buffer.export is available.", 0, 0},
	{ACCEL_FEATURE_BUFFER_IMPORT, "buffer-import", "buffer.import is available.", 0, 0},
	{ACCEL_FEATURE_COMMANDS, "commands", "Command channels.", 0, 0},
	{ACCEL_FEATURE_HANDLE_ADDRESS_SPACE, "handle-address-space", "Address spaces of mode handles.", 0, 0},
	{ACCEL_FEATURE_REFUSALS, "refusals", "A refused entry completes with the status of the refusal. Without this feature the kernel ignores such an entry silently, and it may never complete.", 0, 0},
	{ACCEL_FEATURE_QUEUE_FENCES, "queue-fences", "Queues signal fences.", 0, 0},
};

/** Exact cause of an error; the errno determines what to do about it. */
ACCEL_NAME_TABLE struct accel_name accel_reason_names[] = {
	{ACCEL_REASON_NONE, "none", "No error.", 0, 0},
	{ACCEL_REASON_MESSAGE_SHAPE, "message-shape", "The header is wrong: size, reserved field, flags, or number of attributes.", 0, 0},
	{ACCEL_REASON_UNKNOWN_OBJECT, "unknown-object", "The device has no such object type.", 0, 0},
	{ACCEL_REASON_UNKNOWN_METHOD, "unknown-method", "The object type has no such method on this device.", 0, 0},
	{ACCEL_REASON_UNKNOWN_ATTRIBUTE, "unknown-attribute", "The device does not know an attribute that is marked mandatory.", 0, 0},
	{ACCEL_REASON_DUPLICATE_ATTRIBUTE, "duplicate-attribute", "The message contains the same attribute twice.", 0, 0},
	{ACCEL_REASON_MISSING_ATTRIBUTE, "missing-attribute", "The message lacks a required attribute.", 0, 0},
	{ACCEL_REASON_WRONG_LENGTH, "wrong-length", "The length of the attribute does not match its type.", 0, 0},
	{ACCEL_REASON_NONZERO_TAIL, "nonzero-tail", "The attribute is longer than the device knows, and the unknown part is not zero.", 0, 0},
	{ACCEL_REASON_OUT_OF_RANGE, "out-of-range", "The value is outside the allowed range.", 0, 0},
	{ACCEL_REASON_NOT_POWER_OF_TWO, "not-power-of-two", "The value is not a power of two.", 0, 0},
	{ACCEL_REASON_UNKNOWN_FLAG, "unknown-flag", "An undefined bit is set.", 0, 0},
	{ACCEL_REASON_UNKNOWN_MEMBER, "unknown-member", "The number is not one of the listed members.", 0, 0},
	{ACCEL_REASON_ATTRIBUTE_FLAGS, "attribute-flags", "The flags of the attribute contradict its length or are unknown.", 0, 0},
	{ACCEL_REASON_BAD_POINTER, "bad-pointer", "An address is null or not accessible.", 0, 0},
	{ACCEL_REASON_UNALIGNED, "unaligned", "An address or offset is not aligned as required.", 0, 0},
	{ACCEL_REASON_WRAPS, "wraps", "Address or offset plus length overflows or exceeds the object.", 0, 0},
	{ACCEL_REASON_NO_HANDLE, "no-handle", "No object of this open file has the handle.", 0, 0},
	{ACCEL_REASON_HANDLE_TYPE, "handle-type", "The handle names an object of another type.", 0, 0},
	{ACCEL_REASON_IN_USE, "in-use", "Another object still uses this one.", 0, 0},
	{ACCEL_REASON_NO_ROOM, "no-room", "The output does not fit; the length of the attribute now holds the size that is needed.", 0, 0},
	{ACCEL_REASON_SCOPE, "scope", "The command needs a wider scope than that of its channel.", 0, 0},
	{ACCEL_REASON_OVERLAP, "overlap", "The range overlaps an existing mapping.", 0, 0},
	{ACCEL_REASON_NOT_MAPPED, "not-mapped", "The range is not exactly that of one mapping.", 0, 0},
	{ACCEL_REASON_LIMIT, "limit", "The limit of objects of this type is reached.", 0, 0},
	{ACCEL_REASON_NO_MEMORY, "no-memory", "Not enough memory.", 0, 0},
	{ACCEL_REASON_UNPLUGGED, "unplugged", "The device was removed.", 0, 0},
	{ACCEL_REASON_FORKED, "forked", "The device was opened by the parent process, before fork().", 0, 0},
	{ACCEL_REASON_UNSUPPORTED, "unsupported", "Known, but this device or machine does not support it.", 0, 0},
	{ACCEL_REASON_BAD_FILE, "bad-file", "The file descriptor is not open or not of the required kind.", 0, 0},
	{ACCEL_REASON_FILES, "files", "The limit of file descriptors of the process is reached.", 0, 0},
	{ACCEL_REASON_DEVICE, "device", "The device reported a failure; see the text.", 0, 0},
	{ACCEL_REASON_STATE, "state", "The object already is in that state, or not in the state that the method requires.", 0, 0},
	{ACCEL_REASON_DEADLINE, "deadline", "The deadline passed first.", 0, 0},
	{ACCEL_REASON_PERMISSION, "permission", "The process has no permission to open the device.", 0, 0},
	{ACCEL_REASON_NO_DEVICE, "no-device", "No device has that name.", 0, 0},
};

#endif
