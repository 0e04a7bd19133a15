/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR MIT */
/* ring: generated from spec/ring.yaml by gen/; do not edit. */
#ifndef _UAPI_ACCEL_RING_H
#define _UAPI_ACCEL_RING_H

#include <linux/types.h>

/**
 * DOC: ring
 *
 * Entries, status bytes, records and a control block in one piece of memory. Sequence numbers are
 * 64 bits wide and never wrap; entry `sequence` is in slot `sequence mod entry-count`. The phase of
 * a sequence is 1 in the first lap of the ring and changes with each lap, so that zeroed memory
 * means "not completed".
 */

/*
 * Distance in bytes of words that different sides write: two cache lines, because processors fetch
 * lines in pairs.
 */
#define ACCEL_RING_LINE 128

/* Bits of a status byte that hold the completion status. */
#define ACCEL_RING_STATUS_MASK 0x3f

/* Bit of a status byte: the slot has a record. */
#define ACCEL_RING_STATUS_RECORD 0x40

/* Bit of a status byte that holds the phase. */
#define ACCEL_RING_STATUS_PHASE 0x80

/* Bit that is set in every tag. */
#define ACCEL_RING_TAG_BIT 0x80

/* Bit of the waiter word: a thread sleeps on it (futex). */
#define ACCEL_RING_WAITER_SLEEPING 0x1

/* Bit of the waiter word: signal the event at the next completion. */
#define ACCEL_RING_WAITER_EVENT 0x2

/**
 * enum accel_ring_publication - How the producer publishes an entry.
 * @ACCEL_RING_PUBLICATION_INDEX: The producer stores the sequence after the last ready entry into
 *   `published`.
 * @ACCEL_RING_PUBLICATION_TAG: The producer stores the tag of the lap into a byte of each entry:
 *   tag-bit, and the lap modulo 128. A tag is never zero, so that a new ring is empty. The device
 *   may read the word with the tag while the producer fills the entry, so the word belongs to the
 *   ring. Entries may become ready out of order.
 * @ACCEL_RING_PUBLICATION_REGISTER: The producer stores the sequence after the last ready entry
 *   into `published`, for the process, and then into a register of the device: ((sequence &
 *   tail-mask) << register-shift) | register-or, in one store of register-width bytes. The entries
 *   are visible to the device before the register is written. One producer only.
 */
enum accel_ring_publication {
	ACCEL_RING_PUBLICATION_INDEX = 1,
	ACCEL_RING_PUBLICATION_TAG = 3,
	ACCEL_RING_PUBLICATION_REGISTER = 4,
};

/**
 * enum accel_ring_completion_mode - How the device reports completions.
 * @ACCEL_RING_COMPLETION_MODE_COUNTER: The device stores the number of completed entries, in order,
 *   into `completed`.
 * @ACCEL_RING_COMPLETION_MODE_PHASE: The device sets the phase of the status byte of each entry.
 */
enum accel_ring_completion_mode {
	ACCEL_RING_COMPLETION_MODE_COUNTER = 1,
	ACCEL_RING_COMPLETION_MODE_PHASE = 2,
};

/**
 * enum accel_ring_wake_order - Which side provides the ordering between publishing and going to
 *   sleep.
 * @ACCEL_RING_WAKE_ORDER_SLEEPER: The side that goes to sleep makes every thread of the process
 *   pass a barrier (membarrier); publishing needs no barrier.
 * @ACCEL_RING_WAKE_ORDER_BOTH: Both sides use an atomic read-modify-write; for a process without
 *   membarrier.
 */
enum accel_ring_wake_order {
	ACCEL_RING_WAKE_ORDER_SLEEPER = 1,
	ACCEL_RING_WAKE_ORDER_BOTH = 2,
};

/**
 * enum accel_ring_status - Completion status of a descriptor.
 * @ACCEL_RING_STATUS_NONE: Not completed.
 * @ACCEL_RING_STATUS_SUCCESS: Executed successfully.
 * @ACCEL_RING_STATUS_BAD_OPCODE: The device has no such operation.
 * @ACCEL_RING_STATUS_BAD_FIELD: A field has an invalid value; `field` is its offset.
 * @ACCEL_RING_STATUS_READ_FAULT: The device may not read `address`; `field` identifies the range.
 * @ACCEL_RING_STATUS_WRITE_FAULT: The device may not write `address`; `field` identifies the range.
 * @ACCEL_RING_STATUS_OUTPUT_FULL: The output did not fit; `result` bytes were written, `detail`
 *   bytes of input were used.
 * @ACCEL_RING_STATUS_DATA_ERROR: The input is not valid for the operation; `detail` is the offset
 *   at which it stops being valid.
 * @ACCEL_RING_STATUS_CHECKSUM_ERROR: The data was read, but its checksum is wrong.
 * @ACCEL_RING_STATUS_ENGINE_ERROR: The engine failed, for lack of memory or an internal reason;
 *   `detail` is an errno.
 * @ACCEL_RING_STATUS_BATCH_ERROR: A descriptor of the batch failed; `index` is that of the first
 *   one, `detail` its status.
 * @ACCEL_RING_STATUS_CANCELED: Not started; an earlier fault stopped the queue.
 * @ACCEL_RING_STATUS_SUBMIT_ERROR: The kernel refused the entry and did not pass it to the device;
 *   `detail` is the errno.
 * @ACCEL_RING_STATUS_DEVICE_ERROR: The device reported a device-specific status; `detail` is its
 *   raw code.
 */
enum accel_ring_status {
	ACCEL_RING_STATUS_NONE = 0,
	ACCEL_RING_STATUS_SUCCESS = 1,
	ACCEL_RING_STATUS_BAD_OPCODE = 2,
	ACCEL_RING_STATUS_BAD_FIELD = 3,
	ACCEL_RING_STATUS_READ_FAULT = 4,
	ACCEL_RING_STATUS_WRITE_FAULT = 5,
	ACCEL_RING_STATUS_OUTPUT_FULL = 6,
	ACCEL_RING_STATUS_DATA_ERROR = 7,
	ACCEL_RING_STATUS_CHECKSUM_ERROR = 8,
	ACCEL_RING_STATUS_ENGINE_ERROR = 9,
	ACCEL_RING_STATUS_BATCH_ERROR = 10,
	ACCEL_RING_STATUS_CANCELED = 11,
	ACCEL_RING_STATUS_SUBMIT_ERROR = 12,
	ACCEL_RING_STATUS_DEVICE_ERROR = 13,
};

/**
 * struct accel_ring_control - Words that both sides access. A line contains only words of one
 *   writer.
 * @published: Written by the producer: sequence after the last ready entry (publication index,
 *   register).
 * @pad8: Zero.
 * @completed: Written in order by the side that executes entries: the number of completed entries.
 *   The process polls it in the mode counter. The device continues from it, because with an empty
 *   ring the process may have executed entries itself (inline execution).
 * @noted: Written before `completed`: the sequence after the last entry that has a record or a
 *   status other than success. In the mode counter the status bytes of later entries need not be
 *   read, which saves the transfer of a cache line.
 * @pad144: Zero.
 * @device_sleeping: Set by the device when it stops polling the ring; the producer that clears it
 *   rings the doorbell.
 * @pad260: Zero.
 * @waiter: Set by the thread that waits for completions; the device clears it and wakes the thread.
 *   A futex word.
 * @pad388: Zero.
 * @state: Written by the device: queue-state.
 * @pad516: Zero.
 */
struct accel_ring_control {
	__aligned_u64 published;
	__u8 pad8[120];
	__aligned_u64 completed;
	__aligned_u64 noted;
	__u8 pad144[112];
	__u32 device_sleeping;
	__u8 pad260[124];
	__u32 waiter;
	__u8 pad388[124];
	__u32 state;
	__u8 pad516[124];
};

/**
 * struct accel_ring_layout - Positions and use of the parts of a ring. All offsets are from the
 *   start of the mapped memory.
 * @size: Bytes of the mapped memory.
 * @entry_size: Bytes of one entry; a multiple of 8.
 * @entry_count: Number of entries; a power of two.
 * @control_offset: Offset of the control block.
 * @entries_offset: Offset of the entries.
 * @status_offset: Offset of the status byte of slot 0.
 * @status_stride: Bytes from one status byte to the next.
 * @records_offset: Offset of the record of slot 0.
 * @record_size: Bytes of one record; a power of two.
 * @tag_offset: Offset of the tag of slot 0 (publication tag).
 * @tag_stride: Bytes from one tag to the next; entry-size if the tag is in the entry.
 * @reserved: Zero.
 * @publication: How entries are published. One of enum accel_ring_publication.
 * @completion: How completions are reported. One of enum accel_ring_completion_mode.
 * @wake_order: Which side provides the ordering. One of enum accel_ring_wake_order.
 * @multi_producer: 1 if several threads may publish.
 * @register_width: Bytes of the register, 4 or 8 (publication register).
 * @register_shift: Position of the sequence in the register: bits to shift it to the left.
 * @reserved2: Zero.
 * @tail_mask: Bits of the sequence that the register holds; usually entry-count - 1.
 * @reserved3: Zero.
 * @register_or: Value of the other bits of the register, such as the number of the queue.
 * @register_address: Address at which the process has mapped the register. A device sends 0 and the
 *   library refuses another value; it fills the field in after it has mapped the register.
 */
struct accel_ring_layout {
	__u64 size;
	__u32 entry_size;
	__u32 entry_count;
	__u32 control_offset;
	__u32 entries_offset;
	__u32 status_offset;
	__u32 status_stride;
	__u32 records_offset;
	__u32 record_size;
	__u32 tag_offset;
	__u32 tag_stride;
	__u8 reserved;
	__u8 publication;
	__u8 completion;
	__u8 wake_order;
	__u8 multi_producer;
	__u8 register_width;
	__u8 register_shift;
	__u8 reserved2;
	__u32 tail_mask;
	__u32 reserved3;
	__u64 register_or;
	__u64 register_address;
};

/**
 * struct accel_ring_record - Results of a descriptor besides its status. Written only if
 *   status-record is set in the status byte.
 * @result: Result of the operation, or bytes written.
 * @detail: Second result, or details of a failure.
 * @address: Faulting address.
 * @index: Index of the first descriptor of a batch that failed.
 * @status: Copy of the status, for batches that keep only records. One of enum accel_ring_status.
 * @field: Faulting field: its offset within the descriptor, in bytes.
 * @reserved: Zero.
 */
struct accel_ring_record {
	__u64 result;
	__u64 detail;
	__u64 address;
	__u32 index;
	__u8 status;
	__u8 field;
	__u16 reserved;
};

#ifdef __cplusplus
#define _ACCEL_UAPI_ASSERT static_assert
#else
#define _ACCEL_UAPI_ASSERT _Static_assert
#endif
#define _ACCEL_UAPI_SIZE(type, size) \
	_ACCEL_UAPI_ASSERT(sizeof(struct type) == (size), "size of struct " #type)
#define _ACCEL_UAPI_OFFSET(type, member, offset) \
	_ACCEL_UAPI_ASSERT(__builtin_offsetof(struct type, member) == (offset), #type ", " #member)
_ACCEL_UAPI_SIZE(accel_ring_control, 640);
_ACCEL_UAPI_OFFSET(accel_ring_control, published, 0);
_ACCEL_UAPI_OFFSET(accel_ring_control, completed, 128);
_ACCEL_UAPI_OFFSET(accel_ring_control, noted, 136);
_ACCEL_UAPI_OFFSET(accel_ring_control, device_sleeping, 256);
_ACCEL_UAPI_OFFSET(accel_ring_control, waiter, 384);
_ACCEL_UAPI_OFFSET(accel_ring_control, state, 512);
_ACCEL_UAPI_SIZE(accel_ring_layout, 80);
_ACCEL_UAPI_OFFSET(accel_ring_layout, size, 0);
_ACCEL_UAPI_OFFSET(accel_ring_layout, entry_size, 8);
_ACCEL_UAPI_OFFSET(accel_ring_layout, entry_count, 12);
_ACCEL_UAPI_OFFSET(accel_ring_layout, control_offset, 16);
_ACCEL_UAPI_OFFSET(accel_ring_layout, entries_offset, 20);
_ACCEL_UAPI_OFFSET(accel_ring_layout, status_offset, 24);
_ACCEL_UAPI_OFFSET(accel_ring_layout, status_stride, 28);
_ACCEL_UAPI_OFFSET(accel_ring_layout, records_offset, 32);
_ACCEL_UAPI_OFFSET(accel_ring_layout, record_size, 36);
_ACCEL_UAPI_OFFSET(accel_ring_layout, tag_offset, 40);
_ACCEL_UAPI_OFFSET(accel_ring_layout, tag_stride, 44);
_ACCEL_UAPI_OFFSET(accel_ring_layout, reserved, 48);
_ACCEL_UAPI_OFFSET(accel_ring_layout, publication, 49);
_ACCEL_UAPI_OFFSET(accel_ring_layout, completion, 50);
_ACCEL_UAPI_OFFSET(accel_ring_layout, wake_order, 51);
_ACCEL_UAPI_OFFSET(accel_ring_layout, multi_producer, 52);
_ACCEL_UAPI_OFFSET(accel_ring_layout, register_width, 53);
_ACCEL_UAPI_OFFSET(accel_ring_layout, register_shift, 54);
_ACCEL_UAPI_OFFSET(accel_ring_layout, reserved2, 55);
_ACCEL_UAPI_OFFSET(accel_ring_layout, tail_mask, 56);
_ACCEL_UAPI_OFFSET(accel_ring_layout, reserved3, 60);
_ACCEL_UAPI_OFFSET(accel_ring_layout, register_or, 64);
_ACCEL_UAPI_OFFSET(accel_ring_layout, register_address, 72);
_ACCEL_UAPI_SIZE(accel_ring_record, 32);
_ACCEL_UAPI_OFFSET(accel_ring_record, result, 0);
_ACCEL_UAPI_OFFSET(accel_ring_record, detail, 8);
_ACCEL_UAPI_OFFSET(accel_ring_record, address, 16);
_ACCEL_UAPI_OFFSET(accel_ring_record, index, 24);
_ACCEL_UAPI_OFFSET(accel_ring_record, status, 28);
_ACCEL_UAPI_OFFSET(accel_ring_record, field, 29);
_ACCEL_UAPI_OFFSET(accel_ring_record, reserved, 30);
#undef _ACCEL_UAPI_OFFSET
#undef _ACCEL_UAPI_SIZE
#undef _ACCEL_UAPI_ASSERT

#endif
