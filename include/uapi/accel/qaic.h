/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR MIT */
/* qaic: generated from spec/qaic.yaml by gen/; do not edit. */
#ifndef _UAPI_ACCEL_QAIC_H
#define _UAPI_ACCEL_QAIC_H

#include <linux/ioctl.h>
#include <linux/types.h>

/**
 * DOC: qaic
 *
 * A node /dev/accel/accelN of the driver qaic. A program sends messages to the firmware (manage);
 * one of them creates a DMA-bridge channel (DBC), a queue of the hardware. A program creates a
 * buffer, divides it into slices that assign bytes to addresses of the device (attach-slice),
 * queues it with others in one call (execute) and waits for it (wait). The program does not receive
 * the status of a transfer; a successful wait means only that the transfer ended. Closing the file
 * destroys its channels that were not deactivated and the slices of their buffers. The node exists
 * before the device is ready; until then open() fails with ENODEV.
 */

/* Most bytes of the transactions of a message. */
#define ACCEL_QAIC_MAX_MESSAGE 0x1000

/* Most transactions of a message; not in the kernel's header. */
#define ACCEL_QAIC_MAX_TRANSACTIONS 512

/* Channels of a device; not in the kernel's header. */
#define ACCEL_QAIC_DBC_COUNT 16

/* Greatest number of a channel; not in the kernel's header. */
#define ACCEL_QAIC_MAX_DBC 15

/*
 * Timeout of wait with timeout 0, the default of the driver's parameter
 * wait_exec_default_timeout_ms; not in the kernel's header.
 */
#define ACCEL_QAIC_DEFAULT_TIMEOUT_MS 5000

/*
 * Timeout of manage, the default of the driver's parameter control_resp_timeout_s; not in the
 * kernel's header.
 */
#define ACCEL_QAIC_CONTROL_TIMEOUT_MS 60000

/* Greatest value of a semaphore; not in the kernel's header. */
#define ACCEL_QAIC_MAX_SEMAPHORE_VALUE 0xfff

/* Greatest number of a semaphore; not in the kernel's header. */
#define ACCEL_QAIC_MAX_SEMAPHORE_INDEX 31

/* Greatest size that can be rounded up to whole pages; not in the kernel's header. */
#define ACCEL_QAIC_MAX_BUFFER_SIZE 0xFFFFFFFFFFFFF000ULL

/*
 * Most entries of the queues of a channel, so that the driver can count their bytes in 32 bits; not
 * in the kernel's header.
 */
#define ACCEL_QAIC_MAX_QUEUE_SIZE 63161219

/*
 * Least distance in bytes between the request and the response queue of a channel; not in the
 * kernel's header.
 */
#define ACCEL_QAIC_QUEUE_GAP 256

/* ACCEL_QAIC_SEMAPHORE_FLAGS_*: Transfers that must end before the semaphore command runs. */
/* All transfers from the device that were queued earlier. */
#define ACCEL_QAIC_SEMAPHORE_FLAGS_OUTBOUND_FENCE 0x1
/* All transfers to the device that were queued earlier. */
#define ACCEL_QAIC_SEMAPHORE_FLAGS_INBOUND_FENCE 0x2

/**
 * enum accel_qaic_semaphore_command - Operation of a transfer on a semaphore of the device.
 * @ACCEL_QAIC_SEMAPHORE_COMMAND_NOP: Nothing.
 * @ACCEL_QAIC_SEMAPHORE_COMMAND_INIT: Set it to the value.
 * @ACCEL_QAIC_SEMAPHORE_COMMAND_INCREMENT: Add one.
 * @ACCEL_QAIC_SEMAPHORE_COMMAND_DECREMENT: Subtract one.
 * @ACCEL_QAIC_SEMAPHORE_COMMAND_WAIT_EQUAL: Wait until it equals the value.
 * @ACCEL_QAIC_SEMAPHORE_COMMAND_WAIT_AT_LEAST: Wait until it is equal to or greater than the value.
 * @ACCEL_QAIC_SEMAPHORE_COMMAND_WAIT_POSITIVE: Wait until it is greater than zero.
 */
enum accel_qaic_semaphore_command {
	ACCEL_QAIC_SEMAPHORE_COMMAND_NOP = 0,
	ACCEL_QAIC_SEMAPHORE_COMMAND_INIT = 1,
	ACCEL_QAIC_SEMAPHORE_COMMAND_INCREMENT = 2,
	ACCEL_QAIC_SEMAPHORE_COMMAND_DECREMENT = 3,
	ACCEL_QAIC_SEMAPHORE_COMMAND_WAIT_EQUAL = 4,
	ACCEL_QAIC_SEMAPHORE_COMMAND_WAIT_AT_LEAST = 5,
	ACCEL_QAIC_SEMAPHORE_COMMAND_WAIT_POSITIVE = 6,
};

/**
 * enum accel_qaic_transaction_type - Kinds of transactions of a message. A program sends those that
 *   end in from-user and receives those that end in from-device; driver and device exchange the
 *   others.
 * @ACCEL_QAIC_TRANSACTION_TYPE_UNDEFINED: Not used by any transaction.
 * @ACCEL_QAIC_TRANSACTION_TYPE_PASSTHROUGH_FROM_USER: Bytes for the firmware.
 * @ACCEL_QAIC_TRANSACTION_TYPE_PASSTHROUGH_TO_USER: Unused.
 * @ACCEL_QAIC_TRANSACTION_TYPE_PASSTHROUGH_FROM_DEVICE: Bytes from the firmware.
 * @ACCEL_QAIC_TRANSACTION_TYPE_PASSTHROUGH_TO_DEVICE: Bytes for the firmware, from driver to
 *   device.
 * @ACCEL_QAIC_TRANSACTION_TYPE_DMA_TRANSFER_FROM_USER: Memory that the firmware reads.
 * @ACCEL_QAIC_TRANSACTION_TYPE_DMA_TRANSFER_TO_DEVICE: The same as a list of addresses, from driver
 *   to device.
 * @ACCEL_QAIC_TRANSACTION_TYPE_ACTIVATE_FROM_USER: Create a channel.
 * @ACCEL_QAIC_TRANSACTION_TYPE_ACTIVATE_FROM_DEVICE: The new channel.
 * @ACCEL_QAIC_TRANSACTION_TYPE_ACTIVATE_TO_DEVICE: Create a channel, from driver to device.
 * @ACCEL_QAIC_TRANSACTION_TYPE_DEACTIVATE_FROM_USER: Destroy a channel: the driver stops its use, a
 *   passthrough in the same message requests the same from the firmware.
 * @ACCEL_QAIC_TRANSACTION_TYPE_DEACTIVATE_FROM_DEVICE: The firmware has destroyed a channel; the
 *   driver frees it and does not forward the transaction.
 * @ACCEL_QAIC_TRANSACTION_TYPE_STATUS_FROM_USER: Request the state of the firmware.
 * @ACCEL_QAIC_TRANSACTION_TYPE_STATUS_TO_USER: Unused.
 * @ACCEL_QAIC_TRANSACTION_TYPE_STATUS_FROM_DEVICE: The state of the firmware.
 * @ACCEL_QAIC_TRANSACTION_TYPE_STATUS_TO_DEVICE: Request the state, from driver to device.
 * @ACCEL_QAIC_TRANSACTION_TYPE_TERMINATE_FROM_DEVICE: The resources of an open file are freed.
 * @ACCEL_QAIC_TRANSACTION_TYPE_TERMINATE_TO_DEVICE: An open file was closed.
 * @ACCEL_QAIC_TRANSACTION_TYPE_DMA_TRANSFER_CONTINUE: The firmware requests the next part of the
 *   memory.
 * @ACCEL_QAIC_TRANSACTION_TYPE_VALIDATE_PARTITION_FROM_DEVICE: Whether a partition exists.
 * @ACCEL_QAIC_TRANSACTION_TYPE_VALIDATE_PARTITION_TO_DEVICE: Request whether a partition exists.
 */
enum accel_qaic_transaction_type {
	ACCEL_QAIC_TRANSACTION_TYPE_UNDEFINED = 0,
	ACCEL_QAIC_TRANSACTION_TYPE_PASSTHROUGH_FROM_USER = 1,
	ACCEL_QAIC_TRANSACTION_TYPE_PASSTHROUGH_TO_USER = 2,
	ACCEL_QAIC_TRANSACTION_TYPE_PASSTHROUGH_FROM_DEVICE = 3,
	ACCEL_QAIC_TRANSACTION_TYPE_PASSTHROUGH_TO_DEVICE = 4,
	ACCEL_QAIC_TRANSACTION_TYPE_DMA_TRANSFER_FROM_USER = 5,
	ACCEL_QAIC_TRANSACTION_TYPE_DMA_TRANSFER_TO_DEVICE = 6,
	ACCEL_QAIC_TRANSACTION_TYPE_ACTIVATE_FROM_USER = 7,
	ACCEL_QAIC_TRANSACTION_TYPE_ACTIVATE_FROM_DEVICE = 8,
	ACCEL_QAIC_TRANSACTION_TYPE_ACTIVATE_TO_DEVICE = 9,
	ACCEL_QAIC_TRANSACTION_TYPE_DEACTIVATE_FROM_USER = 10,
	ACCEL_QAIC_TRANSACTION_TYPE_DEACTIVATE_FROM_DEVICE = 11,
	ACCEL_QAIC_TRANSACTION_TYPE_STATUS_FROM_USER = 12,
	ACCEL_QAIC_TRANSACTION_TYPE_STATUS_TO_USER = 13,
	ACCEL_QAIC_TRANSACTION_TYPE_STATUS_FROM_DEVICE = 14,
	ACCEL_QAIC_TRANSACTION_TYPE_STATUS_TO_DEVICE = 15,
	ACCEL_QAIC_TRANSACTION_TYPE_TERMINATE_FROM_DEVICE = 16,
	ACCEL_QAIC_TRANSACTION_TYPE_TERMINATE_TO_DEVICE = 17,
	ACCEL_QAIC_TRANSACTION_TYPE_DMA_TRANSFER_CONTINUE = 18,
	ACCEL_QAIC_TRANSACTION_TYPE_VALIDATE_PARTITION_FROM_DEVICE = 19,
	ACCEL_QAIC_TRANSACTION_TYPE_VALIDATE_PARTITION_TO_DEVICE = 20,
};

/**
 * enum accel_qaic_data_direction - Direction of a transfer; not in the kernel's header.
 * @ACCEL_QAIC_DATA_DIRECTION_TO_DEVICE: The device reads the buffer.
 * @ACCEL_QAIC_DATA_DIRECTION_FROM_DEVICE: The device writes the buffer.
 */
enum accel_qaic_data_direction {
	ACCEL_QAIC_DATA_DIRECTION_TO_DEVICE = 1,
	ACCEL_QAIC_DATA_DIRECTION_FROM_DEVICE = 2,
};

/**
 * enum accel_qaic_doorbell_width - Bits of the word that a transfer writes to a doorbell of the
 *   device when it ends; not in the kernel's header.
 * @ACCEL_QAIC_DOORBELL_WIDTH_NONE: No word is written.
 * @ACCEL_QAIC_DOORBELL_WIDTH_BYTE: 8 bits.
 * @ACCEL_QAIC_DOORBELL_WIDTH_HALF: 16 bits at an even address.
 * @ACCEL_QAIC_DOORBELL_WIDTH_WORD: 32 bits at a multiple of 4.
 */
enum accel_qaic_doorbell_width {
	ACCEL_QAIC_DOORBELL_WIDTH_NONE = 0,
	ACCEL_QAIC_DOORBELL_WIDTH_BYTE = 8,
	ACCEL_QAIC_DOORBELL_WIDTH_HALF = 16,
	ACCEL_QAIC_DOORBELL_WIDTH_WORD = 32,
};

/**
 * enum accel_qaic_dbc_state - State of a channel, in the node's sysfs files dbcN_state and in its
 *   uevents DBC_STATE; not in the kernel's header.
 * @ACCEL_QAIC_DBC_STATE_IDLE: No open file owns the channel.
 * @ACCEL_QAIC_DBC_STATE_ASSIGNED: An open file owns the channel, or owned it when it was closed.
 * @ACCEL_QAIC_DBC_STATE_BEFORE_SHUTDOWN: The part of the device that serves the channel has crashed
 *   and will be shut down.
 * @ACCEL_QAIC_DBC_STATE_AFTER_SHUTDOWN: That part was shut down.
 * @ACCEL_QAIC_DBC_STATE_BEFORE_POWER_UP: That part will be started.
 * @ACCEL_QAIC_DBC_STATE_AFTER_POWER_UP: That part is running. The driver then sets the channel to
 *   idle.
 */
enum accel_qaic_dbc_state {
	ACCEL_QAIC_DBC_STATE_IDLE = 0,
	ACCEL_QAIC_DBC_STATE_ASSIGNED = 1,
	ACCEL_QAIC_DBC_STATE_BEFORE_SHUTDOWN = 2,
	ACCEL_QAIC_DBC_STATE_AFTER_SHUTDOWN = 3,
	ACCEL_QAIC_DBC_STATE_BEFORE_POWER_UP = 4,
	ACCEL_QAIC_DBC_STATE_AFTER_POWER_UP = 5,
};

/* ACCEL_QAIC_STATUS_FLAGS_*: Requirements of the firmware; not in the kernel's header. */
/* Messages contain a checksum. The driver computes and checks it. */
#define ACCEL_QAIC_STATUS_FLAGS_CRC 0x1

/* ACCEL_QAIC_BRIDGE_COMMAND_*: Command of a request of a channel; not in the kernel's header. */
/* Data goes to the device. */
#define ACCEL_QAIC_BRIDGE_COMMAND_INBOUND 0x1
/* Data comes from the device. */
#define ACCEL_QAIC_BRIDGE_COMMAND_OUTBOUND 0x2
/* The transfer is one contiguous range; without this flag it is a linked list. */
#define ACCEL_QAIC_BRIDGE_COMMAND_BULK 0x8
/* Write a response when the transfer ends. */
#define ACCEL_QAIC_BRIDGE_COMMAND_COMPLETION 0x10
/* Interrupt when the transfer ends. */
#define ACCEL_QAIC_BRIDGE_COMMAND_FORCE_INTERRUPT 0x80

/**
 * enum accel_qaic_bridge_doorbell - Width of the word that a request writes to its doorbell; not in
 *   the kernel's header.
 * @ACCEL_QAIC_BRIDGE_DOORBELL_NONE: None.
 * @ACCEL_QAIC_BRIDGE_DOORBELL_WORD: 32 bits.
 * @ACCEL_QAIC_BRIDGE_DOORBELL_HALF: 16 bits.
 * @ACCEL_QAIC_BRIDGE_DOORBELL_BYTE: 8 bits.
 */
enum accel_qaic_bridge_doorbell {
	ACCEL_QAIC_BRIDGE_DOORBELL_NONE = 0x0,
	ACCEL_QAIC_BRIDGE_DOORBELL_WORD = 0x80,
	ACCEL_QAIC_BRIDGE_DOORBELL_HALF = 0x81,
	ACCEL_QAIC_BRIDGE_DOORBELL_BYTE = 0x82,
};

/**
 * struct accel_qaic_transaction_header - Header of every transaction of a message.
 * @type: Kind of the transaction. One of enum accel_qaic_transaction_type.
 * @len: Bytes of the transaction, including the header. In bytes. 8 to 0x1000.
 */
struct accel_qaic_transaction_header {
	__u32 type;
	__u32 len;
};

/**
 * struct accel_qaic_passthrough - Bytes that only program and firmware interpret.
 * @header: Header of the transaction.
 */
struct accel_qaic_passthrough {
	struct accel_qaic_transaction_header header;
	/* data: The bytes, little-endian. A multiple of 8 bytes. */
};

/**
 * struct accel_qaic_dma_transfer - Memory of the program that the firmware reads during the call.
 * @header: Header of the transaction.
 * @tag: Name of the memory in other transactions; the driver forwards it.
 * @reserved: Set it to zero. Ignored.
 * @addr: The memory. The address of @size bytes.
 * @size: Bytes of the memory. In bytes. At least 1.
 */
struct accel_qaic_dma_transfer {
	struct accel_qaic_transaction_header header;
	__u32 tag;
	__u32 reserved;
	__aligned_u64 addr;
	__u64 size;
};

/**
 * struct accel_qaic_activate - Create a channel, at most one per message. A second one makes the
 *   call fail with EINVAL; the first channel remains.
 * @header: Header of the transaction.
 * @queue_size: Entries of its request queue and of its response queue; one entry always is empty.
 *   In elements. 1 to 0x3c3c383.
 * @eventfd: Set it to zero. Ignored.
 * @options: Options for the firmware; the driver forwards them.
 * @reserved: Zero. Checked.
 */
struct accel_qaic_activate {
	struct accel_qaic_transaction_header header;
	__u32 queue_size;
	__u32 eventfd;
	__u32 options;
	__u32 reserved;
};

/**
 * struct accel_qaic_activate_answer - The new channel.
 * @header: Header of the transaction. Written by the kernel.
 * @status: Status of the firmware: 0 is success, otherwise the call fails with ECANCELED. Written
 *   by the kernel.
 * @dbc_id: The channel. Written by the kernel. A handle(channel).
 * @options: Options that the firmware returns. Written by the kernel.
 */
struct accel_qaic_activate_answer {
	struct accel_qaic_transaction_header header;
	__u32 status;
	__u32 dbc_id;
	__u64 options;
};

/**
 * struct accel_qaic_deactivate - Destroy a channel and its slices. Queued transfers end without
 *   being executed. If no passthrough in the same message requests the firmware to destroy it, the
 *   channel belongs to no file and remains in use until the device is reset, also after the file is
 *   closed.
 * @header: Header of the transaction.
 * @dbc_id: The channel. A handle(channel).
 * @reserved: Zero. Checked.
 */
struct accel_qaic_deactivate {
	struct accel_qaic_transaction_header header;
	__u32 dbc_id;
	__u32 reserved;
};

/**
 * struct accel_qaic_status - Request the state of the firmware.
 * @header: Header of the transaction.
 */
struct accel_qaic_status {
	struct accel_qaic_transaction_header header;
};

/**
 * struct accel_qaic_status_answer - The state of the firmware.
 * @header: Header of the transaction. Written by the kernel.
 * @major: Major version of the protocol; versions are incompatible. Written by the kernel.
 * @minor: Minor version of the protocol; versions are compatible. Written by the kernel.
 * @status: Status of the firmware: 0 is success, otherwise the call fails with ECANCELED. Written
 *   by the kernel.
 * @status_flags: Requirements of the firmware. Written by the kernel. Bits
 *   ACCEL_QAIC_STATUS_FLAGS_*.
 */
struct accel_qaic_status_answer {
	struct accel_qaic_transaction_header header;
	__u16 major;
	__u16 minor;
	__u32 status;
	__u64 status_flags;
};

/**
 * struct accel_qaic_manage - A message to the firmware and its answer; argument of the ioctl
 *   manage.
 * @len: Bytes of the transactions; written: those of the answer. In bytes. 8 to 0x1000.
 * @count: Number of transactions; written: those of the firmware's answer, including those that the
 *   driver does not copy to the memory. In elements. 1 to 512.
 * @data: The transactions, one after the other; the answer overwrites them and may be longer. The
 *   address of @len bytes.
 */
struct accel_qaic_manage {
	__u32 len;
	__u32 count;
	__aligned_u64 data;
};

/**
 * struct accel_qaic_create_bo - A new buffer.
 * @size: Bytes, which the driver rounds up to whole pages. In bytes. 1 to 0xfffffffffffff000.
 * @handle: The buffer. Written by the kernel. A handle(gem).
 * @reserved: Zero. Checked.
 */
struct accel_qaic_create_bo {
	__u64 size;
	__u32 handle;
	__u32 reserved;
};

/**
 * struct accel_qaic_mmap_bo - Map offset of a buffer.
 * @handle: The buffer. An imported one cannot be mapped. A handle(gem).
 * @reserved: Set it to zero. Ignored.
 * @offset: Offset of the buffer in the node for mmap(). Written by the kernel. In bytes.
 */
struct accel_qaic_mmap_bo {
	__u32 handle;
	__u32 reserved;
	__u64 offset;
};

/**
 * struct accel_qaic_semaphore - A semaphore command of a slice. A slice without one has zero in all
 *   fields.
 * @value: Value to set or to compare with. At most 4095.
 * @index: The semaphore of the channel. At most 31.
 * @presync: 1: before the transfer, allowed for at most one of the four; 0: after it. At most 1.
 * @command: The command. One of enum accel_qaic_semaphore_command.
 * @flags: Transfers that must end before. Bits ACCEL_QAIC_SEMAPHORE_FLAGS_*.
 * @reserved: Zero. Checked.
 */
struct accel_qaic_semaphore {
	__u16 value;
	__u8 index;
	__u8 presync;
	__u8 command;
	__u8 flags;
	__u16 reserved;
};

/**
 * struct accel_qaic_slice - A part of a buffer and its transfer.
 * @size: Bytes of the part, which must be inside the buffer. 0 transfers no data, but executes
 *   semaphore commands and doorbell; then the page from offset must be inside the buffer. In bytes.
 * @sem0: First semaphore command.
 * @sem1: Second semaphore command.
 * @sem2: Third semaphore command.
 * @sem3: Fourth semaphore command.
 * @dev_addr: Address on the device to write or to read.
 * @db_addr: Address of the doorbell on the device, a multiple of its size.
 * @db_data: Word to write to the doorbell.
 * @db_len: Bits of that word. In bits. One of enum accel_qaic_doorbell_width.
 * @offset: Offset of the part in the buffer. In bytes.
 */
struct accel_qaic_slice {
	__u64 size;
	struct accel_qaic_semaphore sem0;
	struct accel_qaic_semaphore sem1;
	struct accel_qaic_semaphore sem2;
	struct accel_qaic_semaphore sem3;
	__u64 dev_addr;
	__u64 db_addr;
	__u32 db_data;
	__u32 db_len;
	__u64 offset;
};

/**
 * struct accel_qaic_attach_slice_header - Header of the slices of a buffer.
 * @count: Number of slices. In elements. At least 1.
 * @dbc_id: The channel that executes them. A handle(channel).
 * @handle: The buffer. A handle(gem).
 * @dir: Direction of the transfers. One of enum accel_qaic_data_direction.
 * @size: Formerly the size of the buffer; set it to zero. In bytes. Ignored.
 */
struct accel_qaic_attach_slice_header {
	__u32 count;
	__u32 dbc_id;
	__u32 handle;
	__u32 dir;
	__u64 size;
};

/**
 * struct accel_qaic_attach_slice - The slices of a buffer.
 * @header: Buffer, channel and direction.
 * @data: The slices. The address of @header.count elements.
 */
struct accel_qaic_attach_slice {
	struct accel_qaic_attach_slice_header header;
	__aligned_u64 data;
};

/**
 * struct accel_qaic_execute_entry - A buffer to queue.
 * @handle: The buffer, which has slices and is not queued. A handle(gem).
 * @dir: Direction; the driver uses that of attach-slice. Ignored. One of enum
 *   accel_qaic_data_direction.
 */
struct accel_qaic_execute_entry {
	__u32 handle;
	__u32 dir;
};

/**
 * struct accel_qaic_partial_execute_entry - A buffer to queue of which only the first bytes are
 *   transferred.
 * @handle: The buffer, which has slices and is not queued. A handle(gem).
 * @dir: Direction; the driver uses that of attach-slice. Ignored. One of enum
 *   accel_qaic_data_direction.
 * @resize: Bytes from the start of the buffer to transfer, at most its size. 0 transfers none, but
 *   executes semaphore commands and doorbells. In bytes.
 */
struct accel_qaic_partial_execute_entry {
	__u32 handle;
	__u32 dir;
	__u64 resize;
};

/**
 * struct accel_qaic_execute_header - Number of buffers and their channel.
 * @count: Number of buffers. In elements. At least 1.
 * @dbc_id: The channel that executes them. A handle(channel).
 */
struct accel_qaic_execute_header {
	__u32 count;
	__u32 dbc_id;
};

/**
 * struct accel_qaic_execute - Buffers to queue.
 * @header: Number of buffers and channel.
 * @data: The buffers. The address of @header.count elements.
 */
struct accel_qaic_execute {
	struct accel_qaic_execute_header header;
	__aligned_u64 data;
};

/**
 * struct accel_qaic_partial_execute - Buffers to queue of which only the first bytes are
 *   transferred.
 * @header: Number of buffers and channel.
 * @data: The buffers. The address of @header.count elements.
 */
struct accel_qaic_partial_execute {
	struct accel_qaic_execute_header header;
	__aligned_u64 data;
};

/**
 * struct accel_qaic_wait - Buffer to wait for.
 * @handle: The buffer. A handle(gem).
 * @timeout: Longest wait; 0 is the driver's default. The shortest wait takes one to two ticks of
 *   the kernel's clock. In ms.
 * @dbc_id: The channel in which it is queued. A handle(channel).
 * @reserved: Zero. Checked.
 */
struct accel_qaic_wait {
	__u32 handle;
	__u32 timeout;
	__u32 dbc_id;
	__u32 reserved;
};

/**
 * struct accel_qaic_perf_stats_header - Number of buffers whose times are requested.
 * @count: Number of buffers. In elements.
 * @reserved: Set it to zero. Ignored.
 * @dbc_id: The channel of the slices of all of them. At most 15.
 */
struct accel_qaic_perf_stats_header {
	__u16 count;
	__u16 reserved;
	__u32 dbc_id;
};

/**
 * struct accel_qaic_perf_stats_entry - Times of the last execution of a buffer.
 * @handle: The buffer, which has slices. A handle(gem).
 * @queue_level_before: Entries in the queue when the buffer was submitted. Written by the kernel.
 *   In elements.
 * @num_queue_element: Entries that the buffer used. Written by the kernel. In elements.
 * @submit_latency_us: Time from the call until the buffer was queued. Written by the kernel. In us.
 * @device_latency_us: Time from then until the transfer ended; 0 while the buffer is queued, for
 *   less than a microsecond, and before the first execution. Written by the kernel. In us.
 * @reserved: Set it to zero. Ignored.
 */
struct accel_qaic_perf_stats_entry {
	__u32 handle;
	__u32 queue_level_before;
	__u32 num_queue_element;
	__u32 submit_latency_us;
	__u32 device_latency_us;
	__u32 reserved;
};

/**
 * struct accel_qaic_perf_stats - Times of the last executions of buffers.
 * @header: Number of buffers and channel.
 * @data: The buffers and their times. The address of @header.count elements.
 */
struct accel_qaic_perf_stats {
	struct accel_qaic_perf_stats_header header;
	__aligned_u64 data;
};

/**
 * struct accel_qaic_detach_slice - Buffer whose slices are removed.
 * @handle: The buffer. A handle(gem).
 * @reserved: Zero. Checked.
 */
struct accel_qaic_detach_slice {
	__u32 handle;
	__u32 reserved;
};

/**
 * struct accel_qaic_bridge_request - An entry of a channel's request queue, written by the driver
 *   and read by the device. All fields are little-endian. Not in the kernel's header.
 * @id: Number of the execution; it is the same in all entries of one buffer.
 * @sequence: Zero. Ignored.
 * @command: The command. Bits ACCEL_QAIC_BRIDGE_COMMAND_*.
 * @reserved: Zero.
 * @source: Source: a bus address if data goes to the device, otherwise an address on the device.
 * @destination: Destination: an address on the device if data goes to the device, otherwise a bus
 *   address.
 * @len: Bytes to transfer. In bytes.
 * @reserved2: Zero.
 * @doorbell_address: Address of the doorbell on the device.
 * @doorbell: Width of the word for the doorbell. One of enum accel_qaic_bridge_doorbell.
 * @reserved3: Zero.
 * @doorbell_data: The word for the doorbell.
 * @semaphores: The semaphore commands. Parts ACCEL_QAIC_BRIDGE_REQUEST_SEMAPHORES_*.
 */
struct accel_qaic_bridge_request {
	__u16 id;
	__u8 sequence;
	__u8 command;
	__u32 reserved;
	__u64 source;
	__u64 destination;
	__u32 len;
	__u32 reserved2;
	__u64 doorbell_address;
	__u8 doorbell;
	__u8 reserved3[3];
	__u32 doorbell_data;
	__u32 semaphores[4];
};

/* Parts of semaphores of struct accel_qaic_bridge_request. */
/* Value to set or to compare with. */
#define ACCEL_QAIC_BRIDGE_REQUEST_SEMAPHORES_VALUE_SHIFT 0
#define ACCEL_QAIC_BRIDGE_REQUEST_SEMAPHORES_VALUE_MASK 0xfff
/* The semaphore of the channel. */
#define ACCEL_QAIC_BRIDGE_REQUEST_SEMAPHORES_INDEX_SHIFT 16
#define ACCEL_QAIC_BRIDGE_REQUEST_SEMAPHORES_INDEX_MASK 0x1f0000
/* 1 is before the transfer and 0 after it. */
#define ACCEL_QAIC_BRIDGE_REQUEST_SEMAPHORES_PRESYNC_SHIFT 22
#define ACCEL_QAIC_BRIDGE_REQUEST_SEMAPHORES_PRESYNC_MASK 0x400000
/* The command. */
#define ACCEL_QAIC_BRIDGE_REQUEST_SEMAPHORES_COMMAND_SHIFT 24
#define ACCEL_QAIC_BRIDGE_REQUEST_SEMAPHORES_COMMAND_MASK 0x7000000
/* Transfers that must end before. */
#define ACCEL_QAIC_BRIDGE_REQUEST_SEMAPHORES_FLAGS_SHIFT 29
#define ACCEL_QAIC_BRIDGE_REQUEST_SEMAPHORES_FLAGS_MASK 0x60000000
/* The command is valid. */
#define ACCEL_QAIC_BRIDGE_REQUEST_SEMAPHORES_ENABLE_SHIFT 31
#define ACCEL_QAIC_BRIDGE_REQUEST_SEMAPHORES_ENABLE_MASK 0x80000000ULL

/**
 * struct accel_qaic_bridge_response - An entry of a channel's response queue, written by the device
 *   and read by the driver. The program does not receive the status. Not in the kernel's header.
 * @id: Number of the execution of which an entry has ended.
 * @status: 0 is success, any other value a failure.
 */
struct accel_qaic_bridge_response {
	__u16 id;
	__u16 status;
};

/*
 * Send transactions to the firmware and return its answer. The answer is also returned if the call
 * fails with ECANCELED. A signal interrupts the wait for it.
 */
#define ACCEL_QAIC_IOCTL_MANAGE _IOWR('d', 0x40, struct accel_qaic_manage)

/* Create a buffer with zeroed memory. The ioctl gem-close frees it. */
#define ACCEL_QAIC_IOCTL_CREATE_BO _IOWR('d', 0x41, struct accel_qaic_create_bo)

/* Return the offset at which a buffer can be mapped. */
#define ACCEL_QAIC_IOCTL_MMAP_BO _IOWR('d', 0x42, struct accel_qaic_mmap_bo)

/* Divide a buffer into slices for one channel. On failure no slice is attached. */
#define ACCEL_QAIC_IOCTL_ATTACH_SLICE_BO _IOW('d', 0x43, struct accel_qaic_attach_slice)

/* Queue buffers in this order, all or none. The kernel does not report which one it refused. */
#define ACCEL_QAIC_IOCTL_EXECUTE_BO _IOW('d', 0x44, struct accel_qaic_execute)

/* Like execute-bo, with the number of bytes to move for each buffer. */
#define ACCEL_QAIC_IOCTL_PARTIAL_EXECUTE_BO _IOW('d', 0x45, struct accel_qaic_partial_execute)

/*
 * Wait until a buffer is not queued. For a buffer that was never queued it returns at once. Success
 * does not mean that the transfer succeeded.
 */
#define ACCEL_QAIC_IOCTL_WAIT_BO _IOW('d', 0x46, struct accel_qaic_wait)

/*
 * Return the times of the last executions of buffers, without waiting. The channel need not belong
 * to this open file. If the kernel refuses one buffer, it writes nothing.
 */
#define ACCEL_QAIC_IOCTL_PERF_STATS_BO _IOWR('d', 0x47, struct accel_qaic_perf_stats)

/* Remove the slices of a buffer. */
#define ACCEL_QAIC_IOCTL_DETACH_SLICE_BO _IOW('d', 0x48, struct accel_qaic_detach_slice)

#ifdef __cplusplus
#define _ACCEL_UAPI_ASSERT static_assert
#else
#define _ACCEL_UAPI_ASSERT _Static_assert
#endif
#define _ACCEL_UAPI_SIZE(type, size) \
	_ACCEL_UAPI_ASSERT(sizeof(struct type) == (size), "size of struct " #type)
#define _ACCEL_UAPI_OFFSET(type, member, offset) \
	_ACCEL_UAPI_ASSERT(__builtin_offsetof(struct type, member) == (offset), #type ", " #member)
_ACCEL_UAPI_SIZE(accel_qaic_transaction_header, 8);
_ACCEL_UAPI_OFFSET(accel_qaic_transaction_header, type, 0);
_ACCEL_UAPI_OFFSET(accel_qaic_transaction_header, len, 4);
_ACCEL_UAPI_SIZE(accel_qaic_passthrough, 8);
_ACCEL_UAPI_OFFSET(accel_qaic_passthrough, header, 0);
_ACCEL_UAPI_SIZE(accel_qaic_dma_transfer, 32);
_ACCEL_UAPI_OFFSET(accel_qaic_dma_transfer, header, 0);
_ACCEL_UAPI_OFFSET(accel_qaic_dma_transfer, tag, 8);
_ACCEL_UAPI_OFFSET(accel_qaic_dma_transfer, reserved, 12);
_ACCEL_UAPI_OFFSET(accel_qaic_dma_transfer, addr, 16);
_ACCEL_UAPI_OFFSET(accel_qaic_dma_transfer, size, 24);
_ACCEL_UAPI_SIZE(accel_qaic_activate, 24);
_ACCEL_UAPI_OFFSET(accel_qaic_activate, header, 0);
_ACCEL_UAPI_OFFSET(accel_qaic_activate, queue_size, 8);
_ACCEL_UAPI_OFFSET(accel_qaic_activate, eventfd, 12);
_ACCEL_UAPI_OFFSET(accel_qaic_activate, options, 16);
_ACCEL_UAPI_OFFSET(accel_qaic_activate, reserved, 20);
_ACCEL_UAPI_SIZE(accel_qaic_activate_answer, 24);
_ACCEL_UAPI_OFFSET(accel_qaic_activate_answer, header, 0);
_ACCEL_UAPI_OFFSET(accel_qaic_activate_answer, status, 8);
_ACCEL_UAPI_OFFSET(accel_qaic_activate_answer, dbc_id, 12);
_ACCEL_UAPI_OFFSET(accel_qaic_activate_answer, options, 16);
_ACCEL_UAPI_SIZE(accel_qaic_deactivate, 16);
_ACCEL_UAPI_OFFSET(accel_qaic_deactivate, header, 0);
_ACCEL_UAPI_OFFSET(accel_qaic_deactivate, dbc_id, 8);
_ACCEL_UAPI_OFFSET(accel_qaic_deactivate, reserved, 12);
_ACCEL_UAPI_SIZE(accel_qaic_status, 8);
_ACCEL_UAPI_OFFSET(accel_qaic_status, header, 0);
_ACCEL_UAPI_SIZE(accel_qaic_status_answer, 24);
_ACCEL_UAPI_OFFSET(accel_qaic_status_answer, header, 0);
_ACCEL_UAPI_OFFSET(accel_qaic_status_answer, major, 8);
_ACCEL_UAPI_OFFSET(accel_qaic_status_answer, minor, 10);
_ACCEL_UAPI_OFFSET(accel_qaic_status_answer, status, 12);
_ACCEL_UAPI_OFFSET(accel_qaic_status_answer, status_flags, 16);
_ACCEL_UAPI_SIZE(accel_qaic_manage, 16);
_ACCEL_UAPI_OFFSET(accel_qaic_manage, len, 0);
_ACCEL_UAPI_OFFSET(accel_qaic_manage, count, 4);
_ACCEL_UAPI_OFFSET(accel_qaic_manage, data, 8);
_ACCEL_UAPI_SIZE(accel_qaic_create_bo, 16);
_ACCEL_UAPI_OFFSET(accel_qaic_create_bo, size, 0);
_ACCEL_UAPI_OFFSET(accel_qaic_create_bo, handle, 8);
_ACCEL_UAPI_OFFSET(accel_qaic_create_bo, reserved, 12);
_ACCEL_UAPI_SIZE(accel_qaic_mmap_bo, 16);
_ACCEL_UAPI_OFFSET(accel_qaic_mmap_bo, handle, 0);
_ACCEL_UAPI_OFFSET(accel_qaic_mmap_bo, reserved, 4);
_ACCEL_UAPI_OFFSET(accel_qaic_mmap_bo, offset, 8);
_ACCEL_UAPI_SIZE(accel_qaic_semaphore, 8);
_ACCEL_UAPI_OFFSET(accel_qaic_semaphore, value, 0);
_ACCEL_UAPI_OFFSET(accel_qaic_semaphore, index, 2);
_ACCEL_UAPI_OFFSET(accel_qaic_semaphore, presync, 3);
_ACCEL_UAPI_OFFSET(accel_qaic_semaphore, command, 4);
_ACCEL_UAPI_OFFSET(accel_qaic_semaphore, flags, 5);
_ACCEL_UAPI_OFFSET(accel_qaic_semaphore, reserved, 6);
_ACCEL_UAPI_SIZE(accel_qaic_slice, 72);
_ACCEL_UAPI_OFFSET(accel_qaic_slice, size, 0);
_ACCEL_UAPI_OFFSET(accel_qaic_slice, sem0, 8);
_ACCEL_UAPI_OFFSET(accel_qaic_slice, sem1, 16);
_ACCEL_UAPI_OFFSET(accel_qaic_slice, sem2, 24);
_ACCEL_UAPI_OFFSET(accel_qaic_slice, sem3, 32);
_ACCEL_UAPI_OFFSET(accel_qaic_slice, dev_addr, 40);
_ACCEL_UAPI_OFFSET(accel_qaic_slice, db_addr, 48);
_ACCEL_UAPI_OFFSET(accel_qaic_slice, db_data, 56);
_ACCEL_UAPI_OFFSET(accel_qaic_slice, db_len, 60);
_ACCEL_UAPI_OFFSET(accel_qaic_slice, offset, 64);
_ACCEL_UAPI_SIZE(accel_qaic_attach_slice_header, 24);
_ACCEL_UAPI_OFFSET(accel_qaic_attach_slice_header, count, 0);
_ACCEL_UAPI_OFFSET(accel_qaic_attach_slice_header, dbc_id, 4);
_ACCEL_UAPI_OFFSET(accel_qaic_attach_slice_header, handle, 8);
_ACCEL_UAPI_OFFSET(accel_qaic_attach_slice_header, dir, 12);
_ACCEL_UAPI_OFFSET(accel_qaic_attach_slice_header, size, 16);
_ACCEL_UAPI_SIZE(accel_qaic_attach_slice, 32);
_ACCEL_UAPI_OFFSET(accel_qaic_attach_slice, header, 0);
_ACCEL_UAPI_OFFSET(accel_qaic_attach_slice, data, 24);
_ACCEL_UAPI_SIZE(accel_qaic_execute_entry, 8);
_ACCEL_UAPI_OFFSET(accel_qaic_execute_entry, handle, 0);
_ACCEL_UAPI_OFFSET(accel_qaic_execute_entry, dir, 4);
_ACCEL_UAPI_SIZE(accel_qaic_partial_execute_entry, 16);
_ACCEL_UAPI_OFFSET(accel_qaic_partial_execute_entry, handle, 0);
_ACCEL_UAPI_OFFSET(accel_qaic_partial_execute_entry, dir, 4);
_ACCEL_UAPI_OFFSET(accel_qaic_partial_execute_entry, resize, 8);
_ACCEL_UAPI_SIZE(accel_qaic_execute_header, 8);
_ACCEL_UAPI_OFFSET(accel_qaic_execute_header, count, 0);
_ACCEL_UAPI_OFFSET(accel_qaic_execute_header, dbc_id, 4);
_ACCEL_UAPI_SIZE(accel_qaic_execute, 16);
_ACCEL_UAPI_OFFSET(accel_qaic_execute, header, 0);
_ACCEL_UAPI_OFFSET(accel_qaic_execute, data, 8);
_ACCEL_UAPI_SIZE(accel_qaic_partial_execute, 16);
_ACCEL_UAPI_OFFSET(accel_qaic_partial_execute, header, 0);
_ACCEL_UAPI_OFFSET(accel_qaic_partial_execute, data, 8);
_ACCEL_UAPI_SIZE(accel_qaic_wait, 16);
_ACCEL_UAPI_OFFSET(accel_qaic_wait, handle, 0);
_ACCEL_UAPI_OFFSET(accel_qaic_wait, timeout, 4);
_ACCEL_UAPI_OFFSET(accel_qaic_wait, dbc_id, 8);
_ACCEL_UAPI_OFFSET(accel_qaic_wait, reserved, 12);
_ACCEL_UAPI_SIZE(accel_qaic_perf_stats_header, 8);
_ACCEL_UAPI_OFFSET(accel_qaic_perf_stats_header, count, 0);
_ACCEL_UAPI_OFFSET(accel_qaic_perf_stats_header, reserved, 2);
_ACCEL_UAPI_OFFSET(accel_qaic_perf_stats_header, dbc_id, 4);
_ACCEL_UAPI_SIZE(accel_qaic_perf_stats_entry, 24);
_ACCEL_UAPI_OFFSET(accel_qaic_perf_stats_entry, handle, 0);
_ACCEL_UAPI_OFFSET(accel_qaic_perf_stats_entry, queue_level_before, 4);
_ACCEL_UAPI_OFFSET(accel_qaic_perf_stats_entry, num_queue_element, 8);
_ACCEL_UAPI_OFFSET(accel_qaic_perf_stats_entry, submit_latency_us, 12);
_ACCEL_UAPI_OFFSET(accel_qaic_perf_stats_entry, device_latency_us, 16);
_ACCEL_UAPI_OFFSET(accel_qaic_perf_stats_entry, reserved, 20);
_ACCEL_UAPI_SIZE(accel_qaic_perf_stats, 16);
_ACCEL_UAPI_OFFSET(accel_qaic_perf_stats, header, 0);
_ACCEL_UAPI_OFFSET(accel_qaic_perf_stats, data, 8);
_ACCEL_UAPI_SIZE(accel_qaic_detach_slice, 8);
_ACCEL_UAPI_OFFSET(accel_qaic_detach_slice, handle, 0);
_ACCEL_UAPI_OFFSET(accel_qaic_detach_slice, reserved, 4);
_ACCEL_UAPI_SIZE(accel_qaic_bridge_request, 64);
_ACCEL_UAPI_OFFSET(accel_qaic_bridge_request, id, 0);
_ACCEL_UAPI_OFFSET(accel_qaic_bridge_request, sequence, 2);
_ACCEL_UAPI_OFFSET(accel_qaic_bridge_request, command, 3);
_ACCEL_UAPI_OFFSET(accel_qaic_bridge_request, reserved, 4);
_ACCEL_UAPI_OFFSET(accel_qaic_bridge_request, source, 8);
_ACCEL_UAPI_OFFSET(accel_qaic_bridge_request, destination, 16);
_ACCEL_UAPI_OFFSET(accel_qaic_bridge_request, len, 24);
_ACCEL_UAPI_OFFSET(accel_qaic_bridge_request, reserved2, 28);
_ACCEL_UAPI_OFFSET(accel_qaic_bridge_request, doorbell_address, 32);
_ACCEL_UAPI_OFFSET(accel_qaic_bridge_request, doorbell, 40);
_ACCEL_UAPI_OFFSET(accel_qaic_bridge_request, reserved3, 41);
_ACCEL_UAPI_OFFSET(accel_qaic_bridge_request, doorbell_data, 44);
_ACCEL_UAPI_OFFSET(accel_qaic_bridge_request, semaphores, 48);
_ACCEL_UAPI_SIZE(accel_qaic_bridge_response, 4);
_ACCEL_UAPI_OFFSET(accel_qaic_bridge_response, id, 0);
_ACCEL_UAPI_OFFSET(accel_qaic_bridge_response, status, 2);
#undef _ACCEL_UAPI_OFFSET
#undef _ACCEL_UAPI_SIZE
#undef _ACCEL_UAPI_ASSERT

#endif
