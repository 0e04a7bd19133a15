/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR MIT */
/* accel: generated from spec/accel.yaml by gen/; do not edit. */
#ifndef _UAPI_ACCEL_ACCEL_H
#define _UAPI_ACCEL_ACCEL_H

#include <linux/ioctl.h>
#include <linux/types.h>

/**
 * DOC: accel
 *
 * One call names an object, a method and attributes. The kernel (or the soft accelerator inside the
 * process) validates the message against this page and executes the method. The call takes effect
 * as a whole or not at all.
 */

/* Attributes in one message; a message with more is refused. */
#define ACCEL_MAX_ATTRIBUTES 64

/* First id of the device's driver; lower ids belong to this page. */
#define ACCEL_DRIVER_NAMESPACE 0x8000

/* Deadline that never passes. */
#define ACCEL_DEADLINE_FOREVER 0xFFFFFFFFFFFFFFFFULL

/* ACCEL_ATTRIBUTE_FLAGS_*: Flags of one attribute in a message. */
/* Set by the caller: refuse the call if this attribute is unknown, instead of ignoring it. */
#define ACCEL_ATTRIBUTE_FLAGS_MANDATORY 0x1
/* Set by the callee: this output attribute was written. */
#define ACCEL_ATTRIBUTE_FLAGS_WRITTEN 0x2
/*
 * The value is the address of `length` bytes; without it the value is inline and length is at most
 * 8.
 */
#define ACCEL_ATTRIBUTE_FLAGS_INDIRECT 0x4

/**
 * enum accel_attribute_type - Type of an attribute, which determines the rules for its length.
 * @ACCEL_ATTRIBUTE_TYPE_U32: 4-byte unsigned integer, checked against its range.
 * @ACCEL_ATTRIBUTE_TYPE_U64: 8-byte unsigned integer, checked against its range.
 * @ACCEL_ATTRIBUTE_TYPE_ENUM: 4-byte number of one listed member.
 * @ACCEL_ATTRIBUTE_TYPE_FLAGS: 8-byte set of listed bits; an unlisted bit is refused.
 * @ACCEL_ATTRIBUTE_TYPE_HANDLE: 8-byte handle of an existing object of this open file.
 * @ACCEL_ATTRIBUTE_TYPE_FD: 4-byte signed file descriptor of the calling process.
 * @ACCEL_ATTRIBUTE_TYPE_DEADLINE: 8-byte absolute CLOCK_MONOTONIC time in nanoseconds; 0 has always
 *   passed.
 * @ACCEL_ATTRIBUTE_TYPE_ADDRESS: 8-byte address in the memory of the calling process.
 * @ACCEL_ATTRIBUTE_TYPE_STRING: UTF-8 text without a terminating zero byte.
 * @ACCEL_ATTRIBUTE_TYPE_BYTES: Bytes that only caller and callee interpret.
 * @ACCEL_ATTRIBUTE_TYPE_STRUCT: A fixed layout of this specification; it may grow at its end.
 */
enum accel_attribute_type {
	ACCEL_ATTRIBUTE_TYPE_U32 = 1,
	ACCEL_ATTRIBUTE_TYPE_U64 = 2,
	ACCEL_ATTRIBUTE_TYPE_ENUM = 3,
	ACCEL_ATTRIBUTE_TYPE_FLAGS = 4,
	ACCEL_ATTRIBUTE_TYPE_HANDLE = 5,
	ACCEL_ATTRIBUTE_TYPE_FD = 6,
	ACCEL_ATTRIBUTE_TYPE_DEADLINE = 7,
	ACCEL_ATTRIBUTE_TYPE_ADDRESS = 8,
	ACCEL_ATTRIBUTE_TYPE_STRING = 9,
	ACCEL_ATTRIBUTE_TYPE_BYTES = 10,
	ACCEL_ATTRIBUTE_TYPE_STRUCT = 11,
};

/**
 * enum accel_policy_kind - Kind of one line of a description.
 * @ACCEL_POLICY_KIND_OBJECT: An object type.
 * @ACCEL_POLICY_KIND_METHOD: A method of the object named by parent.
 * @ACCEL_POLICY_KIND_ATTRIBUTE: An attribute of the method named by parent.
 * @ACCEL_POLICY_KIND_MEMBER: A member of the enum or flags attribute named by parent.
 */
enum accel_policy_kind {
	ACCEL_POLICY_KIND_OBJECT = 1,
	ACCEL_POLICY_KIND_METHOD = 2,
	ACCEL_POLICY_KIND_ATTRIBUTE = 3,
	ACCEL_POLICY_KIND_MEMBER = 4,
};

/* ACCEL_POLICY_FLAGS_*: Properties of a line of a description. */
/* The caller passes the attribute. */
#define ACCEL_POLICY_FLAGS_IN 0x1
/* The callee writes the attribute. */
#define ACCEL_POLICY_FLAGS_OUT 0x2
/* The call is refused without it: an input must be passed, an output must have room. */
#define ACCEL_POLICY_FLAGS_REQUIRED 0x4
/* The value must be a power of two. */
#define ACCEL_POLICY_FLAGS_POWER_OF_TWO 0x8
/* The method creates an object; its first handle output returns it. */
#define ACCEL_POLICY_FLAGS_CREATES 0x10
/* The method destroys the object that its first handle input names. */
#define ACCEL_POLICY_FLAGS_DESTROYS 0x20

/**
 * enum accel_address_mode - How the descriptors of a queue refer to memory.
 * @ACCEL_ADDRESS_MODE_SHARED: The page tables of the process; any valid pointer can be used (shared
 *   virtual addressing).
 * @ACCEL_ADDRESS_MODE_MAPPED: Only ranges that were mapped explicitly, each with its access rights.
 * @ACCEL_ADDRESS_MODE_HANDLES: No addresses; descriptors refer to buffers by handle.
 */
enum accel_address_mode {
	ACCEL_ADDRESS_MODE_SHARED = 1,
	ACCEL_ADDRESS_MODE_MAPPED = 2,
	ACCEL_ADDRESS_MODE_HANDLES = 3,
};

/* ACCEL_ACCESS_*: Access rights of the device to a range. */
/* The device may read it. */
#define ACCEL_ACCESS_READ 0x1
/* The device may write it. */
#define ACCEL_ACCESS_WRITE 0x2

/**
 * enum accel_memory_kind - Origin of the memory of a buffer.
 * @ACCEL_MEMORY_KIND_ALLOCATED: Allocated by buffer.create.
 * @ACCEL_MEMORY_KIND_REGISTERED: Memory of the calling process.
 * @ACCEL_MEMORY_KIND_IMPORTED: A dma-buf or memfd that another component created.
 */
enum accel_memory_kind {
	ACCEL_MEMORY_KIND_ALLOCATED = 1,
	ACCEL_MEMORY_KIND_REGISTERED = 2,
	ACCEL_MEMORY_KIND_IMPORTED = 3,
};

/* ACCEL_BUFFER_FLAGS_*: Kind of memory of a new buffer. */
/* The process does not map it. */
#define ACCEL_BUFFER_FLAGS_NO_MAP 0x1
/* The process maps it write-combined: fast sequential writes, slow reads. */
#define ACCEL_BUFFER_FLAGS_WRITE_COMBINED 0x2
/* The memory is on the device. */
#define ACCEL_BUFFER_FLAGS_DEVICE_MEMORY 0x4

/**
 * enum accel_sync_phase - Which end of an access buffer.sync marks.
 * @ACCEL_SYNC_PHASE_BEGIN: The process begins to access the memory.
 * @ACCEL_SYNC_PHASE_END: The process has ended its access.
 */
enum accel_sync_phase {
	ACCEL_SYNC_PHASE_BEGIN = 1,
	ACCEL_SYNC_PHASE_END = 2,
};

/**
 * enum accel_fence_kind - Kind of a fence.
 * @ACCEL_FENCE_KIND_NONE: No fence.
 * @ACCEL_FENCE_KIND_SYNC_FILE: A sync_file; `handle` is its file descriptor and `point` is 0.
 * @ACCEL_FENCE_KIND_SYNCOBJ: A timeline syncobj of the device's DRM file; `handle` is its handle,
 *   `point` its point.
 */
enum accel_fence_kind {
	ACCEL_FENCE_KIND_NONE = 0,
	ACCEL_FENCE_KIND_SYNC_FILE = 1,
	ACCEL_FENCE_KIND_SYNCOBJ = 2,
};

/**
 * enum accel_file_kind - Kind of the file of an exported buffer.
 * @ACCEL_FILE_KIND_DMA_BUF: A dma-buf; any device driver can import it.
 * @ACCEL_FILE_KIND_MEMFD: A memory file; other processes can map it and pass it to buffer.import.
 */
enum accel_file_kind {
	ACCEL_FILE_KIND_DMA_BUF = 1,
	ACCEL_FILE_KIND_MEMFD = 2,
};

/* ACCEL_QUEUE_FLAGS_*: Behaviour of a queue; fixed when it is created. */
/* Several threads may publish to the ring at the same time. */
#define ACCEL_QUEUE_FLAGS_MULTI_PRODUCER 0x1
/* After a fault, complete the entries that follow as canceled until queue.resume. */
#define ACCEL_QUEUE_FLAGS_STOP_ON_FAULT 0x2
/* Report completions by the phase bit of each status byte, not by the counter. */
#define ACCEL_QUEUE_FLAGS_STATUS_PHASE 0x4

/**
 * enum accel_queue_state - State of a queue.
 * @ACCEL_QUEUE_STATE_RUNNING: The queue executes descriptors.
 * @ACCEL_QUEUE_STATE_STOPPED: A fault stopped it; queue.resume starts it again.
 * @ACCEL_QUEUE_STATE_GONE: The device was removed; no outstanding descriptor completes any more.
 */
enum accel_queue_state {
	ACCEL_QUEUE_STATE_RUNNING = 1,
	ACCEL_QUEUE_STATE_STOPPED = 2,
	ACCEL_QUEUE_STATE_GONE = 3,
};

/**
 * enum accel_scope - What a command may access. Each scope includes the narrower ones before it.
 *   The debug scopes are for interactive use, not for programs.
 * @ACCEL_SCOPE_CONFIGURATION: Read and change settings that belong to normal use.
 * @ACCEL_SCOPE_DEBUG_READ: Also read internal state of the device.
 * @ACCEL_SCOPE_DEBUG_WRITE: Also change state that only debugging needs.
 * @ACCEL_SCOPE_DEBUG_FULL: Also access anything that the device can reach; the kernel requires
 *   CAP_SYS_RAWIO.
 */
enum accel_scope {
	ACCEL_SCOPE_CONFIGURATION = 1,
	ACCEL_SCOPE_DEBUG_READ = 2,
	ACCEL_SCOPE_DEBUG_WRITE = 3,
	ACCEL_SCOPE_DEBUG_FULL = 4,
};

/* ACCEL_FEATURE_*: Optional features of a device. */
/* Address spaces of mode shared. */
#define ACCEL_FEATURE_SHARED_ADDRESS_SPACE 0x1
/* Address spaces of mode mapped. */
#define ACCEL_FEATURE_MAPPED_ADDRESS_SPACE 0x2
/* Address spaces have a PASID. */
#define ACCEL_FEATURE_PASID 0x4
/* Queues with several producers. */
#define ACCEL_FEATURE_MULTI_PRODUCER 0x8
/* buffer.export is available. */
#define ACCEL_FEATURE_BUFFER_EXPORT 0x10
/* buffer.import is available. */
#define ACCEL_FEATURE_BUFFER_IMPORT 0x20
/* Command channels. */
#define ACCEL_FEATURE_COMMANDS 0x40
/* Address spaces of mode handles. */
#define ACCEL_FEATURE_HANDLE_ADDRESS_SPACE 0x80
/*
 * A refused entry completes with the status of the refusal. Without this feature the kernel ignores
 * such an entry silently, and it may never complete.
 */
#define ACCEL_FEATURE_REFUSALS 0x100
/* Queues signal fences. */
#define ACCEL_FEATURE_QUEUE_FENCES 0x200

/**
 * enum accel_reason - Exact cause of an error; the errno determines what to do about it.
 * @ACCEL_REASON_NONE: No error.
 * @ACCEL_REASON_MESSAGE_SHAPE: The header is wrong: size, reserved field, flags, or number of
 *   attributes.
 * @ACCEL_REASON_UNKNOWN_OBJECT: The device has no such object type.
 * @ACCEL_REASON_UNKNOWN_METHOD: The object type has no such method on this device.
 * @ACCEL_REASON_UNKNOWN_ATTRIBUTE: The device does not know an attribute that is marked mandatory.
 * @ACCEL_REASON_DUPLICATE_ATTRIBUTE: The message contains the same attribute twice.
 * @ACCEL_REASON_MISSING_ATTRIBUTE: The message lacks a required attribute.
 * @ACCEL_REASON_WRONG_LENGTH: The length of the attribute does not match its type.
 * @ACCEL_REASON_NONZERO_TAIL: The attribute is longer than the device knows, and the unknown part
 *   is not zero.
 * @ACCEL_REASON_OUT_OF_RANGE: The value is outside the allowed range.
 * @ACCEL_REASON_NOT_POWER_OF_TWO: The value is not a power of two.
 * @ACCEL_REASON_UNKNOWN_FLAG: An undefined bit is set.
 * @ACCEL_REASON_UNKNOWN_MEMBER: The number is not one of the listed members.
 * @ACCEL_REASON_ATTRIBUTE_FLAGS: The flags of the attribute contradict its length or are unknown.
 * @ACCEL_REASON_BAD_POINTER: An address is null or not accessible.
 * @ACCEL_REASON_UNALIGNED: An address or offset is not aligned as required.
 * @ACCEL_REASON_WRAPS: Address or offset plus length overflows or exceeds the object.
 * @ACCEL_REASON_NO_HANDLE: No object of this open file has the handle.
 * @ACCEL_REASON_HANDLE_TYPE: The handle names an object of another type.
 * @ACCEL_REASON_IN_USE: Another object still uses this one.
 * @ACCEL_REASON_NO_ROOM: The output does not fit; the length of the attribute now holds the size
 *   that is needed.
 * @ACCEL_REASON_SCOPE: The command needs a wider scope than that of its channel.
 * @ACCEL_REASON_OVERLAP: The range overlaps an existing mapping.
 * @ACCEL_REASON_NOT_MAPPED: The range is not exactly that of one mapping.
 * @ACCEL_REASON_LIMIT: The limit of objects of this type is reached.
 * @ACCEL_REASON_NO_MEMORY: Not enough memory.
 * @ACCEL_REASON_UNPLUGGED: The device was removed.
 * @ACCEL_REASON_FORKED: The device was opened by the parent process, before fork().
 * @ACCEL_REASON_UNSUPPORTED: Known, but this device or machine does not support it.
 * @ACCEL_REASON_BAD_FILE: The file descriptor is not open or not of the required kind.
 * @ACCEL_REASON_FILES: The limit of file descriptors of the process is reached.
 * @ACCEL_REASON_DEVICE: The device reported a failure; see the text.
 * @ACCEL_REASON_STATE: The object already is in that state, or not in the state that the method
 *   requires.
 * @ACCEL_REASON_DEADLINE: The deadline passed first.
 * @ACCEL_REASON_PERMISSION: The process has no permission to open the device.
 * @ACCEL_REASON_NO_DEVICE: No device has that name.
 */
enum accel_reason {
	ACCEL_REASON_NONE = 0,
	ACCEL_REASON_MESSAGE_SHAPE = 1,
	ACCEL_REASON_UNKNOWN_OBJECT = 2,
	ACCEL_REASON_UNKNOWN_METHOD = 3,
	ACCEL_REASON_UNKNOWN_ATTRIBUTE = 4,
	ACCEL_REASON_DUPLICATE_ATTRIBUTE = 5,
	ACCEL_REASON_MISSING_ATTRIBUTE = 6,
	ACCEL_REASON_WRONG_LENGTH = 7,
	ACCEL_REASON_NONZERO_TAIL = 8,
	ACCEL_REASON_OUT_OF_RANGE = 9,
	ACCEL_REASON_NOT_POWER_OF_TWO = 10,
	ACCEL_REASON_UNKNOWN_FLAG = 11,
	ACCEL_REASON_UNKNOWN_MEMBER = 12,
	ACCEL_REASON_ATTRIBUTE_FLAGS = 13,
	ACCEL_REASON_BAD_POINTER = 14,
	ACCEL_REASON_UNALIGNED = 15,
	ACCEL_REASON_WRAPS = 16,
	ACCEL_REASON_NO_HANDLE = 17,
	ACCEL_REASON_HANDLE_TYPE = 18,
	ACCEL_REASON_IN_USE = 19,
	ACCEL_REASON_NO_ROOM = 20,
	ACCEL_REASON_SCOPE = 21,
	ACCEL_REASON_OVERLAP = 22,
	ACCEL_REASON_NOT_MAPPED = 23,
	ACCEL_REASON_LIMIT = 24,
	ACCEL_REASON_NO_MEMORY = 25,
	ACCEL_REASON_UNPLUGGED = 26,
	ACCEL_REASON_FORKED = 27,
	ACCEL_REASON_UNSUPPORTED = 28,
	ACCEL_REASON_BAD_FILE = 29,
	ACCEL_REASON_FILES = 30,
	ACCEL_REASON_DEVICE = 31,
	ACCEL_REASON_STATE = 32,
	ACCEL_REASON_DEADLINE = 33,
	ACCEL_REASON_PERMISSION = 34,
	ACCEL_REASON_NO_DEVICE = 35,
};

/**
 * struct accel_attribute - One attribute of a message.
 * @id: Number of the attribute within its method.
 * @flags: Flags. Bits ACCEL_ATTRIBUTE_FLAGS_*.
 * @length: Bytes of the value. Of an output: room before the call, size written (or needed) after
 *   it.
 * @value: The value, little-endian, or its address if indirect.
 */
struct accel_attribute {
	__u16 id;
	__u16 flags;
	__u32 length;
	__u64 value;
};

/**
 * struct accel_call - The message. It is the argument of the ioctl; the soft accelerator accepts
 *   the same bytes.
 * @size: Bytes of this structure as the caller knows it.
 * @object: Object type.
 * @method: Method of the object type.
 * @attribute_count: Number of attributes.
 * @reserved: Must be zero.
 * @attributes: Address of the attributes; they are read once, and written again for outputs.
 * @error: Address of an error record that is filled in when the call fails, or 0.
 * @error_size: Bytes of the error record as the caller knows it.
 * @reserved2: Must be zero.
 */
struct accel_call {
	__u32 size;
	__u16 object;
	__u16 method;
	__u32 attribute_count;
	__u32 reserved;
	__u64 attributes;
	__u64 error;
	__u32 error_size;
	__u32 reserved2;
};

/**
 * struct accel_error_record - Description of an error. Written only if the call fails.
 * @code: Negative errno, as the call returns it.
 * @object: Object type of the call.
 * @method: Method of the call.
 * @attribute: The wrong attribute, or 0.
 * @reason: Exact cause. One of enum accel_reason.
 * @index: Position of the attribute in the message.
 * @value: The wrong value, if it is a number.
 * @minimum: Least allowed value or length, if the reason concerns one.
 * @maximum: Greatest allowed value or length, if the reason concerns one.
 * @text: A short English sentence, terminated by a zero byte.
 */
struct accel_error_record {
	__s32 code;
	__u16 object;
	__u16 method;
	__u16 attribute;
	__u16 reason;
	__u32 index;
	__u64 value;
	__u64 minimum;
	__u64 maximum;
	char text[152];
};

/**
 * struct accel_fence - A fence that a queue waits for or signals.
 * @kind: Kind of the fence. One of enum accel_fence_kind.
 * @handle: File descriptor or handle.
 * @point: Point of a timeline.
 */
struct accel_fence {
	__u32 kind;
	__u32 handle;
	__u64 point;
};

/**
 * struct accel_buffer_range - A part of a buffer.
 * @memory: Handle of the buffer.
 * @offset: First byte.
 * @length: Number of bytes.
 */
struct accel_buffer_range {
	__u64 memory;
	__u64 offset;
	__u64 length;
};

/**
 * struct accel_policy_header - Header of a description (device.describe).
 * @size: Bytes of this structure; the entries follow at this offset.
 * @entry_size: Bytes of one entry; step by this value, not by the size of the known structure.
 * @entry_count: Number of entries.
 * @names_size: Bytes of the names, which follow the entries.
 * @driver: Offset of the name of the driver namespace within the names.
 * @reserved: Zero.
 * @hash: FNV-1a of entries and names; two devices with the same hash have the same uABI.
 */
struct accel_policy_header {
	__u32 size;
	__u32 entry_size;
	__u32 entry_count;
	__u32 names_size;
	__u32 driver;
	__u32 reserved;
	__u64 hash;
};

/**
 * struct accel_policy_entry - One line of a description. Lines are in tree order: an object, its
 *   methods, their attributes, their members.
 * @kind: Kind of the line. One of enum accel_policy_kind.
 * @type: Attribute type, or 0. One of enum accel_attribute_type.
 * @id: Number of the object, method, attribute; 0 for members.
 * @flags: Properties. Bits ACCEL_POLICY_FLAGS_*.
 * @object: Object type that a handle must have, or 0.
 * @name: Offset of the name within the names.
 * @parent: Index of the parent line; 0xffffffff for objects.
 * @size: Bytes of the value: exact for numbers, known size for structures; 0 for strings and bytes.
 * @length: Most bytes that a caller may pass for strings and bytes; 0 for other types.
 * @minimum: Least value, of an enum its least member; for a member its number.
 * @maximum: Greatest value, of an enum its greatest member; for flags all allowed bits; for a
 *   member its number. 0 where a type has no range.
 */
struct accel_policy_entry {
	__u8 kind;
	__u8 type;
	__u16 id;
	__u16 flags;
	__u16 object;
	__u32 name;
	__u32 parent;
	__u32 size;
	__u32 length;
	__u64 minimum;
	__u64 maximum;
};

/* Objects. */
/* The open device. It has no handle; closing the file destroys it and all objects below it. */
#define ACCEL_OBJECT_DEVICE 1
/* Determines what the addresses in descriptors refer to. */
#define ACCEL_OBJECT_ADDRESS_SPACE 2
/* Memory that a handle identifies. */
#define ACCEL_OBJECT_BUFFER 3
/* A work ring in memory that process and device share (ring.yaml). */
#define ACCEL_OBJECT_QUEUE 4
/* An eventfd that the device signals. */
#define ACCEL_OBJECT_EVENT 5
/* A channel for commands to the firmware of the device. */
#define ACCEL_OBJECT_COMMAND 6

/*
 * device.describe: Return the complete policy of this kernel and this device. The number and
 * attributes of this method never change.
 */
#define ACCEL_DEVICE_DESCRIBE 1
/* bytes, out, required: policy-header, entries, names. */
#define ACCEL_DEVICE_DESCRIBE_POLICY 1

/* device.query: Return the identity and capabilities of the device. */
#define ACCEL_DEVICE_QUERY 2
/* string, out: Name of the driver, which is also the name of the driver namespace. */
#define ACCEL_DEVICE_QUERY_DRIVER 1
/* string, out: Model name that the device reports. */
#define ACCEL_DEVICE_QUERY_MODEL 2
/* flags(feature), out: Optional features. */
#define ACCEL_DEVICE_QUERY_FEATURES 3
/* u32, out: Most queues that can exist at once. */
#define ACCEL_DEVICE_QUERY_MAX_QUEUES 4
/* u32, out: Entries of the longest ring. */
#define ACCEL_DEVICE_QUERY_MAX_ENTRIES 5
/* u64, out: Most bytes of one transfer of a descriptor. */
#define ACCEL_DEVICE_QUERY_MAX_TRANSFER 6
/* u32, out: Queues that exist now. */
#define ACCEL_DEVICE_QUERY_QUEUES 7
/* u32, out: Open files now. */
#define ACCEL_DEVICE_QUERY_CLIENTS 8
/*
 * u64, out: Most nanoseconds that a poll for completions may block, because the system call cannot
 * wait for less; 0 if it never blocks.
 */
#define ACCEL_DEVICE_QUERY_POLL_NS 9

/* address-space.create: Create an address space. */
#define ACCEL_ADDRESS_SPACE_CREATE 1
/* handle(address-space), out, required: The new address space. */
#define ACCEL_ADDRESS_SPACE_CREATE_HANDLE 1
/* enum(address-mode), in, required: Meaning of addresses. */
#define ACCEL_ADDRESS_SPACE_CREATE_MODE 2
/* u32, out: PASID; not written if the address space has none. */
#define ACCEL_ADDRESS_SPACE_CREATE_PASID 3

/* address-space.destroy: Destroy an address space. Refused while a queue uses it. */
#define ACCEL_ADDRESS_SPACE_DESTROY 2
/* handle(address-space), in, required: The address space. */
#define ACCEL_ADDRESS_SPACE_DESTROY_HANDLE 1

/*
 * address-space.map: Map memory of the process, or a range of a buffer, for the device at an
 * address of this space. Only for mode mapped.
 */
#define ACCEL_ADDRESS_SPACE_MAP 3
/* handle(address-space), in, required: The address space. */
#define ACCEL_ADDRESS_SPACE_MAP_HANDLE 1
/* address, in: First byte of the memory; exactly one of address and range must be passed. */
#define ACCEL_ADDRESS_SPACE_MAP_ADDRESS 2
/* u64, in: Number of bytes; required with address. */
#define ACCEL_ADDRESS_SPACE_MAP_LENGTH 3
/* struct(buffer-range), in: Part of a buffer to map. */
#define ACCEL_ADDRESS_SPACE_MAP_RANGE 4
/* flags(access), in, required: Access rights of the device. */
#define ACCEL_ADDRESS_SPACE_MAP_ACCESS 5
/* address, in: Iova of the mapping; without it the kernel chooses one. */
#define ACCEL_ADDRESS_SPACE_MAP_FIXED_IOVA 6
/* u64, out, required: Iova of the mapping. */
#define ACCEL_ADDRESS_SPACE_MAP_IOVA 7

/*
 * address-space.unmap: Remove a mapping. When the call returns, the device no longer accesses it.
 * The range must be exactly that of one mapping.
 */
#define ACCEL_ADDRESS_SPACE_UNMAP 4
/* handle(address-space), in, required: The address space. */
#define ACCEL_ADDRESS_SPACE_UNMAP_HANDLE 1
/* u64, in, required: Iova of the mapping. */
#define ACCEL_ADDRESS_SPACE_UNMAP_IOVA 2
/* u64, in, required: Number of bytes. */
#define ACCEL_ADDRESS_SPACE_UNMAP_LENGTH 3

/* address-space.query: Return the properties of an address space. */
#define ACCEL_ADDRESS_SPACE_QUERY 5
/* handle(address-space), in, required: The address space. */
#define ACCEL_ADDRESS_SPACE_QUERY_HANDLE 1
/* enum(address-mode), out: Meaning of addresses. */
#define ACCEL_ADDRESS_SPACE_QUERY_MODE 2
/* u32, out: PASID; not written if the address space has none. */
#define ACCEL_ADDRESS_SPACE_QUERY_PASID 3
/* string, out: Reason for a missing PASID; not written if the address space has one. */
#define ACCEL_ADDRESS_SPACE_QUERY_PASID_REASON 4
/* u32, out: Number of mappings. */
#define ACCEL_ADDRESS_SPACE_QUERY_MAPPINGS 5
/* u64, out: Sum of their lengths. */
#define ACCEL_ADDRESS_SPACE_QUERY_MAPPED_BYTES 6

/*
 * buffer.create: Allocate memory. The process accesses it by mapping the file at the offset that is
 * returned.
 */
#define ACCEL_BUFFER_CREATE 1
/* handle(buffer), out, required: The new buffer. */
#define ACCEL_BUFFER_CREATE_HANDLE 1
/* u64, in, required: Bytes, rounded up to whole pages. The memory is zeroed. */
#define ACCEL_BUFFER_CREATE_SIZE 2
/* u64, out, required: Offset in the file at which the process can map the buffer. */
#define ACCEL_BUFFER_CREATE_MAP_OFFSET 3
/* u64, out: Actual size in bytes. */
#define ACCEL_BUFFER_CREATE_ACTUAL_SIZE 4
/* flags(buffer-flags), in: Kind of memory; without it ordinary memory. */
#define ACCEL_BUFFER_CREATE_FLAGS 5
/* u64, out: Address for the device; not written if the buffer has none until it is mapped. */
#define ACCEL_BUFFER_CREATE_DEVICE_ADDRESS 6

/*
 * buffer.register: Create a buffer from memory of the process. The memory must remain mapped in the
 * process until the buffer is destroyed.
 */
#define ACCEL_BUFFER_REGISTER 2
/* handle(buffer), out, required: The new buffer. */
#define ACCEL_BUFFER_REGISTER_HANDLE 1
/* address, in, required: First byte. */
#define ACCEL_BUFFER_REGISTER_ADDRESS 2
/* u64, in, required: Number of bytes. */
#define ACCEL_BUFFER_REGISTER_LENGTH 3
/* flags(access), in, required: Access rights of the device. */
#define ACCEL_BUFFER_REGISTER_ACCESS 4

/*
 * buffer.import: Create a buffer from a dma-buf, or from a memfd that has the seal F_SEAL_SHRINK.
 */
#define ACCEL_BUFFER_IMPORT 3
/* handle(buffer), out, required: The new buffer. */
#define ACCEL_BUFFER_IMPORT_HANDLE 1
/* fd, in, required: The file; it is referenced, not consumed. */
#define ACCEL_BUFFER_IMPORT_FD 2
/* u64, out, required: Offset in the device file at which the process can map the buffer. */
#define ACCEL_BUFFER_IMPORT_MAP_OFFSET 3
/* u64, out: Size in bytes. */
#define ACCEL_BUFFER_IMPORT_SIZE 4

/* buffer.export: Create a file for a buffer that buffer.create allocated. */
#define ACCEL_BUFFER_EXPORT 4
/* handle(buffer), in, required: The buffer. */
#define ACCEL_BUFFER_EXPORT_HANDLE 1
/* fd, out, required: The new file descriptor, close-on-exec; it belongs to the caller. */
#define ACCEL_BUFFER_EXPORT_FD 2
/* enum(file-kind), out: Kind of the file. */
#define ACCEL_BUFFER_EXPORT_KIND 3

/* buffer.destroy: Destroy a buffer. Refused while it is mapped into an address space. */
#define ACCEL_BUFFER_DESTROY 5
/* handle(buffer), in, required: The buffer. */
#define ACCEL_BUFFER_DESTROY_HANDLE 1

/* buffer.query: Return the properties of a buffer. */
#define ACCEL_BUFFER_QUERY 6
/* handle(buffer), in, required: The buffer. */
#define ACCEL_BUFFER_QUERY_HANDLE 1
/* enum(memory-kind), out: Origin of its memory. */
#define ACCEL_BUFFER_QUERY_KIND 2
/* u64, out: Bytes. */
#define ACCEL_BUFFER_QUERY_SIZE 3
/* u32, out: Number of mappings that use it. */
#define ACCEL_BUFFER_QUERY_MAPPINGS 4
/* flags(buffer-flags), out: Kind of memory. */
#define ACCEL_BUFFER_QUERY_FLAGS 5
/* u64, out: Address for the device; not written if the buffer has none until it is mapped. */
#define ACCEL_BUFFER_QUERY_DEVICE_ADDRESS 6

/*
 * buffer.sync: Begin or end an access of the process to the memory. Needed if the caches of
 * processor and device are not coherent; otherwise it does nothing.
 */
#define ACCEL_BUFFER_SYNC 7
/* handle(buffer), in, required: The buffer. */
#define ACCEL_BUFFER_SYNC_HANDLE 1
/* enum(sync-phase), in, required: Whether the access begins or ends. */
#define ACCEL_BUFFER_SYNC_PHASE 2
/* flags(access), in, required: Kind of the access of the process. */
#define ACCEL_BUFFER_SYNC_ACCESS 3
/*
 * deadline, in: Limit of the wait for the device to finish with the memory; without it unlimited.
 */
#define ACCEL_BUFFER_SYNC_DEADLINE 4

/* queue.create: Create a queue and its ring. */
#define ACCEL_QUEUE_CREATE 1
/* handle(queue), out, required: The new queue. */
#define ACCEL_QUEUE_CREATE_HANDLE 1
/*
 * handle(address-space), in, required: Address space of its descriptors; it must outlive the queue.
 */
#define ACCEL_QUEUE_CREATE_ADDRESS_SPACE 2
/* u32, in, required: Number of slots of the ring. */
#define ACCEL_QUEUE_CREATE_ENTRIES 3
/* flags(queue-flags), in: Behaviour of the queue; without it no flags. */
#define ACCEL_QUEUE_CREATE_FLAGS 4
/*
 * handle(event), in: Event to signal when the waiter word requests it; it must outlive the queue.
 */
#define ACCEL_QUEUE_CREATE_EVENT 5
/* u64, out, required: Offset in the file at which the process maps the ring. */
#define ACCEL_QUEUE_CREATE_MAP_OFFSET 6
/* struct(layout), out, required: Layout of that memory and how it is used. */
#define ACCEL_QUEUE_CREATE_LAYOUT 7

/*
 * queue.destroy: Destroy a queue. The descriptor that is being executed finishes, those after it
 * are dropped. When the call returns, the device no longer accesses memory of the queue.
 */
#define ACCEL_QUEUE_DESTROY 2
/* handle(queue), in, required: The queue. */
#define ACCEL_QUEUE_DESTROY_HANDLE 1

/*
 * queue.kick: Ring the doorbell: the device reads the ring again. Needed if the device-sleeping
 * word was set; harmless otherwise.
 */
#define ACCEL_QUEUE_KICK 3
/* handle(queue), in, required: The queue. */
#define ACCEL_QUEUE_KICK_HANDLE 1

/*
 * queue.resume: Restart a queue that a fault stopped. Descriptors published after the call are
 * executed.
 */
#define ACCEL_QUEUE_RESUME 4
/* handle(queue), in, required: The queue. */
#define ACCEL_QUEUE_RESUME_HANDLE 1

/* queue.query: Return the state and counters of a queue. */
#define ACCEL_QUEUE_QUERY 5
/* handle(queue), in, required: The queue. */
#define ACCEL_QUEUE_QUERY_HANDLE 1
/* enum(queue-state), out: Current state. */
#define ACCEL_QUEUE_QUERY_STATE 2
/* u64, out: Descriptors the device has taken. */
#define ACCEL_QUEUE_QUERY_SUBMITTED 3
/* u64, out: Descriptors completed. */
#define ACCEL_QUEUE_QUERY_COMPLETED 4
/* u64, out: Completions that were not a success. */
#define ACCEL_QUEUE_QUERY_FAULTS 5
/* u64, out: Doorbells received. */
#define ACCEL_QUEUE_QUERY_KICKS 6
/* u64, out: Times the device woke a waiter or signalled the event. */
#define ACCEL_QUEUE_QUERY_WAKES 7

/* event.create: Register an eventfd of the process for the device to signal. */
#define ACCEL_EVENT_CREATE 1
/* handle(event), out, required: The new event. */
#define ACCEL_EVENT_CREATE_HANDLE 1
/* fd, in, required: The eventfd; it is referenced, not consumed. */
#define ACCEL_EVENT_CREATE_FD 2

/* event.destroy: Destroy an event. Refused while a queue uses it. */
#define ACCEL_EVENT_DESTROY 2
/* handle(event), in, required: The event. */
#define ACCEL_EVENT_DESTROY_HANDLE 1

/* command.create: Open a channel and set the widest scope of its commands. */
#define ACCEL_COMMAND_CREATE 1
/* handle(command), out, required: The new channel. */
#define ACCEL_COMMAND_CREATE_HANDLE 1
/* enum(scope), in, required: The widest scope. */
#define ACCEL_COMMAND_CREATE_SCOPE 2

/* command.destroy: Close a channel. */
#define ACCEL_COMMAND_DESTROY 2
/* handle(command), in, required: The channel. */
#define ACCEL_COMMAND_DESTROY_HANDLE 1

/*
 * command.execute: Send one command and return the answer. The device validates the content, the
 * kernel only the scope.
 */
#define ACCEL_COMMAND_EXECUTE 3
/* handle(command), in, required: The channel. */
#define ACCEL_COMMAND_EXECUTE_HANDLE 1
/* bytes, in, required: The command, in the format of the specification of the device. */
#define ACCEL_COMMAND_EXECUTE_REQUEST 2
/* bytes, out: The answer. */
#define ACCEL_COMMAND_EXECUTE_RESPONSE 3

/*
 * The only ioctl of an accelerator node. Type 0xA7 is free in the kernel's ioctl-number.rst. The
 * number is above DRM's table for 32-bit processes, which dispatches by number before it checks the
 * type. A driver adopts the call with two entries of its file operations, unlocked_ioctl and
 * compat_ioctl. Another DRM node returns ENOTTY, or ENODEV after it was unplugged, without an error
 * record; the ENOTTY of an unknown object comes with a record.
 */
#define ACCEL_IOCTL_CALL _IOWR(0xA7, 0xc0, struct accel_call)

#ifdef __cplusplus
#define _ACCEL_UAPI_ASSERT static_assert
#else
#define _ACCEL_UAPI_ASSERT _Static_assert
#endif
#define _ACCEL_UAPI_SIZE(type, size) \
	_ACCEL_UAPI_ASSERT(sizeof(struct type) == (size), "size of struct " #type)
#define _ACCEL_UAPI_OFFSET(type, member, offset) \
	_ACCEL_UAPI_ASSERT(__builtin_offsetof(struct type, member) == (offset), #type ", " #member)
_ACCEL_UAPI_SIZE(accel_attribute, 16);
_ACCEL_UAPI_OFFSET(accel_attribute, id, 0);
_ACCEL_UAPI_OFFSET(accel_attribute, flags, 2);
_ACCEL_UAPI_OFFSET(accel_attribute, length, 4);
_ACCEL_UAPI_OFFSET(accel_attribute, value, 8);
_ACCEL_UAPI_SIZE(accel_call, 40);
_ACCEL_UAPI_OFFSET(accel_call, size, 0);
_ACCEL_UAPI_OFFSET(accel_call, object, 4);
_ACCEL_UAPI_OFFSET(accel_call, method, 6);
_ACCEL_UAPI_OFFSET(accel_call, attribute_count, 8);
_ACCEL_UAPI_OFFSET(accel_call, reserved, 12);
_ACCEL_UAPI_OFFSET(accel_call, attributes, 16);
_ACCEL_UAPI_OFFSET(accel_call, error, 24);
_ACCEL_UAPI_OFFSET(accel_call, error_size, 32);
_ACCEL_UAPI_OFFSET(accel_call, reserved2, 36);
_ACCEL_UAPI_SIZE(accel_error_record, 192);
_ACCEL_UAPI_OFFSET(accel_error_record, code, 0);
_ACCEL_UAPI_OFFSET(accel_error_record, object, 4);
_ACCEL_UAPI_OFFSET(accel_error_record, method, 6);
_ACCEL_UAPI_OFFSET(accel_error_record, attribute, 8);
_ACCEL_UAPI_OFFSET(accel_error_record, reason, 10);
_ACCEL_UAPI_OFFSET(accel_error_record, index, 12);
_ACCEL_UAPI_OFFSET(accel_error_record, value, 16);
_ACCEL_UAPI_OFFSET(accel_error_record, minimum, 24);
_ACCEL_UAPI_OFFSET(accel_error_record, maximum, 32);
_ACCEL_UAPI_OFFSET(accel_error_record, text, 40);
_ACCEL_UAPI_SIZE(accel_fence, 16);
_ACCEL_UAPI_OFFSET(accel_fence, kind, 0);
_ACCEL_UAPI_OFFSET(accel_fence, handle, 4);
_ACCEL_UAPI_OFFSET(accel_fence, point, 8);
_ACCEL_UAPI_SIZE(accel_buffer_range, 24);
_ACCEL_UAPI_OFFSET(accel_buffer_range, memory, 0);
_ACCEL_UAPI_OFFSET(accel_buffer_range, offset, 8);
_ACCEL_UAPI_OFFSET(accel_buffer_range, length, 16);
_ACCEL_UAPI_SIZE(accel_policy_header, 32);
_ACCEL_UAPI_OFFSET(accel_policy_header, size, 0);
_ACCEL_UAPI_OFFSET(accel_policy_header, entry_size, 4);
_ACCEL_UAPI_OFFSET(accel_policy_header, entry_count, 8);
_ACCEL_UAPI_OFFSET(accel_policy_header, names_size, 12);
_ACCEL_UAPI_OFFSET(accel_policy_header, driver, 16);
_ACCEL_UAPI_OFFSET(accel_policy_header, reserved, 20);
_ACCEL_UAPI_OFFSET(accel_policy_header, hash, 24);
_ACCEL_UAPI_SIZE(accel_policy_entry, 40);
_ACCEL_UAPI_OFFSET(accel_policy_entry, kind, 0);
_ACCEL_UAPI_OFFSET(accel_policy_entry, type, 1);
_ACCEL_UAPI_OFFSET(accel_policy_entry, id, 2);
_ACCEL_UAPI_OFFSET(accel_policy_entry, flags, 4);
_ACCEL_UAPI_OFFSET(accel_policy_entry, object, 6);
_ACCEL_UAPI_OFFSET(accel_policy_entry, name, 8);
_ACCEL_UAPI_OFFSET(accel_policy_entry, parent, 12);
_ACCEL_UAPI_OFFSET(accel_policy_entry, size, 16);
_ACCEL_UAPI_OFFSET(accel_policy_entry, length, 20);
_ACCEL_UAPI_OFFSET(accel_policy_entry, minimum, 24);
_ACCEL_UAPI_OFFSET(accel_policy_entry, maximum, 32);
#undef _ACCEL_UAPI_OFFSET
#undef _ACCEL_UAPI_SIZE
#undef _ACCEL_UAPI_ASSERT

#endif
