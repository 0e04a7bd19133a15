/* SPDX-License-Identifier: MIT */
/*
 * Interface of Qualcomm Cloud AI 100 cards (kernel driver qaic): channels of the DMA bridge, slices of buffers,
 * entries of queues, and messages to the firmware. All functions are inline and use accel.h; the structures are
 * those of <uapi/accel/qaic.h>. Spec: spec/qaic.yaml.
 *
 * From a device to a completion:
 *
 *	accel_qaic_activate_channel(device, 256, 0, &dbc);	 // the firmware creates a channel
 *	options.driver = &(struct accel_qaic_queue_options){.dbc_id = dbc};
 *	accel_queue_create(space, &options, &queue, &error);	 // a queue for the channel
 *	accel_qaic_attach_slices(device, buffer, dbc, ACCEL_QAIC_DATA_DIRECTION_TO_DEVICE, &slice, 1);
 *	accel_qaic_entry(accel_ring_entry(ring, at), buffer, ACCEL_QAIC_DATA_DIRECTION_TO_DEVICE);
 *	accel_ring_publish(ring, at, 1);
 *
 * Entries that are published together are submitted by one ioctl. Do not publish a buffer again before its entry has
 * completed: the driver refuses a buffer that is still queued, and the entry completes as submit-error with EINVAL. If
 * a buffer is destroyed before its entry has completed, the kernel keeps its memory until then. The program does not
 * receive the device's status of a transfer, so success means that the transfer has ended. engine-error means that the
 * result of the transfer is unknown; `detail` is the errno of the driver: EPERM (the channel was destroyed, or the part
 * of the device that serves it has crashed), EPIPE (that part crashed during a wait for this entry).
 *
 * Several threads may call any function concurrently. A function returns 0 or a negative errno of the driver, with its
 * meaning for the operation in the specification; also ENODEV (the device was removed or closed), ESTALE (opened
 * before a fork), EFAULT (the device is NULL) and EPROTO (the answer is invalid). A message in progress fails with EIO
 * if the device is removed or reset, and with ETIMEDOUT if the firmware does not answer.
 */
#ifndef ACCEL_QAIC_H
#define ACCEL_QAIC_H

#include <accel/accel.h>
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <uapi/accel/qaic.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- messages to the firmware ------------------------------------------------------------- */

/** struct accel_qaic_message - transactions of a message and room for the answer, which overwrites them. */
struct accel_qaic_message {
	uint32_t length; /* bytes in use */
	uint32_t count;	 /* transactions */
	__aligned_u64 room[ACCEL_QAIC_MAX_MESSAGE / 8];
};

static inline void accel_qaic_begin(struct accel_qaic_message *message)
{
	message->length = 0;
	message->count = 0;
}

/**
 * Append a transaction: @head, a structure that begins with a header, and @tail_size bytes after it. The function fills
 * in the header with the type @type. Errors: EINVAL (@tail_size is not a multiple of 8), ENOSPC (the message is full).
 */
static inline int accel_qaic_add(struct accel_qaic_message *message, uint32_t type,
				 const void *head, size_t head_size, const void *tail,
				 size_t tail_size)
{
	struct accel_qaic_transaction_header header;
	unsigned char *at = (unsigned char *)message->room + message->length;

	if (tail_size % 8)
		return -EINVAL;
	if (message->count == ACCEL_QAIC_MAX_TRANSACTIONS ||
	    tail_size > sizeof(message->room) - message->length ||
	    head_size > sizeof(message->room) - message->length - tail_size)
		return -ENOSPC;
	header.type = type;
	header.len = (uint32_t)(head_size + tail_size);
	memcpy(at, head, head_size);
	memcpy(at, &header, sizeof(header));
	if (tail_size)
		memcpy(at + head_size, tail, tail_size);
	message->length += header.len;
	message->count++;
	return 0;
}

/**
 * Send a message and receive the answer in its place. Waits for the firmware, at most a minute.
 * Errors: ECANCELED (the firmware refused; its status is in the answer), EINVAL, ENOSPC, EAGAIN, ETIMEDOUT, EIO, EPIPE,
 * EINTR, EPERM, EPROTO (the answer is longer than its memory). Spec: manage.
 */
static inline int accel_qaic_send(struct accel_device *device, struct accel_qaic_message *message)
{
	struct accel_qaic_manage argument;
	int r;

	argument.len = message->length;
	argument.count = message->count;
	argument.data = (uint64_t)(uintptr_t)message->room;
	r = accel_device_ioctl(device, ACCEL_QAIC_IOCTL_MANAGE, &argument);
	if (r < 0 && r != -ECANCELED)
		return r;
	message->length = argument.len;
	message->count = argument.count;
	return argument.len > sizeof(message->room) ? -EPROTO : r < 0 ? r : 0;
}

/**
 * Find the first transaction of @type in an answer. @size: in: least size in bytes; out: its size.
 * Returns its address in @message; NULL if none exists, or if the answer is invalid before it.
 */
static inline const void *accel_qaic_find(const struct accel_qaic_message *message, uint32_t type,
					  uint32_t *size)
{
	const unsigned char *bytes = (const unsigned char *)message->room;
	const uint32_t limit = sizeof(message->room);
	struct accel_qaic_transaction_header header;
	uint32_t at = 0;

	while (message->length <= limit && message->length - at >= sizeof(header)) {
		memcpy(&header, bytes + at, sizeof(header));
		if (header.len < sizeof(header) || header.len % 8 ||
		    header.len > message->length - at)
			return NULL;
		if (header.type == type) {
			if (header.len < *size)
				return NULL;
			*size = header.len;
			return bytes + at;
		}
		at += header.len;
	}
	return NULL;
}

/**
 * Send @size bytes for the firmware, a multiple of 8, at most ACCEL_QAIC_MAX_MESSAGE - 8, and receive its answer.
 * @response_size: in: room at @response; out: bytes of the answer.
 * Errors: as accel_qaic_send(); EMSGSIZE (not enough room; the firmware has executed the command, and
 * *@response_size is the size of the answer). Spec: manage with passthrough.
 */
static inline int accel_qaic_pass_through(struct accel_device *device, const void *request,
					  size_t size, void *response, size_t *response_size)
{
	struct accel_qaic_passthrough head = {{0, 0}};
	struct accel_qaic_message message;
	uint32_t bytes = sizeof(head);
	const unsigned char *answer;
	size_t room = *response_size;
	int r;

	accel_qaic_begin(&message);
	r = accel_qaic_add(&message, ACCEL_QAIC_TRANSACTION_TYPE_PASSTHROUGH_FROM_USER, &head,
			   sizeof(head), request, size);
	if (r == 0)
		r = accel_qaic_send(device, &message);
	if (r < 0)
		return r;
	answer = (const unsigned char *)accel_qaic_find(
		&message, ACCEL_QAIC_TRANSACTION_TYPE_PASSTHROUGH_FROM_DEVICE, &bytes);
	if (!answer)
		return -EPROTO;
	*response_size = bytes - sizeof(head);
	if (*response_size > room)
		return -EMSGSIZE;
	memcpy(response, answer + sizeof(head), *response_size);
	return 0;
}

/** Read the state of the firmware. Errors: as accel_qaic_send(). Spec: manage with status. */
static inline int accel_qaic_read_status(struct accel_device *device,
					 struct accel_qaic_status_answer *status)
{
	struct accel_qaic_status head = {{0, 0}};
	struct accel_qaic_message message;
	uint32_t bytes = sizeof(*status);
	const void *answer;
	int r;

	accel_qaic_begin(&message);
	(void)accel_qaic_add(&message, ACCEL_QAIC_TRANSACTION_TYPE_STATUS_FROM_USER, &head,
			     sizeof(head), NULL, 0);
	r = accel_qaic_send(device, &message);
	if (r < 0)
		return r;
	answer = accel_qaic_find(&message, ACCEL_QAIC_TRANSACTION_TYPE_STATUS_FROM_DEVICE, &bytes);
	if (!answer)
		return -EPROTO;
	memcpy(status, answer, sizeof(*status));
	return 0;
}

/* ---- channels ----------------------------------------------------------------------------- */

/**
 * Activate a DMA-bridge channel (DBC) with a queue of @entries entries (at least 2 to be usable, because one entry
 * always is empty). A buffer uses an entry for each of its slices. @options: for the firmware, or 0. @dbc_id: out:
 * number of the channel. Closing the device frees the channel, unless it was deactivated and the firmware did not
 * destroy it. Errors: as accel_qaic_send(): ECANCELED (no channel is free), EINVAL (@entries is 0 or greater than
 * ACCEL_QAIC_MAX_QUEUE_SIZE), ENOMEM. Spec: manage with activate.
 */
static inline int accel_qaic_activate_channel(struct accel_device *device, uint32_t entries,
					      uint32_t options, uint32_t *dbc_id)
{
	struct accel_qaic_activate head;
	struct accel_qaic_activate_answer made;
	struct accel_qaic_message message;
	uint32_t bytes = sizeof(made);
	const void *answer;
	int r;

	memset(&head, 0, sizeof(head));
	head.queue_size = entries;
	head.options = options;
	accel_qaic_begin(&message);
	(void)accel_qaic_add(&message, ACCEL_QAIC_TRANSACTION_TYPE_ACTIVATE_FROM_USER, &head,
			     sizeof(head), NULL, 0);
	r = accel_qaic_send(device, &message);
	if (r < 0)
		return r;
	answer =
		accel_qaic_find(&message, ACCEL_QAIC_TRANSACTION_TYPE_ACTIVATE_FROM_DEVICE, &bytes);
	if (!answer)
		return -EPROTO;
	memcpy(&made, answer, sizeof(made));
	if (made.status || made.dbc_id > ACCEL_QAIC_MAX_DBC)
		return -EPROTO;
	*dbc_id = made.dbc_id;
	return 0;
}

/**
 * Destroy a channel and its slices; queued transfers end without being executed. @command: @size bytes, a multiple of
 * 8, that request the firmware to destroy the channel, too. The command is required, because the driver frees the
 * channel only after the firmware has destroyed it. Until then the channel belongs to no open file, closing the device
 * does not free it, and only a reset of the card makes it available again.
 * Errors: as accel_qaic_send(); EINVAL (no command), EPERM (not a channel of this open device). Spec: manage with
 * deactivate.
 */
static inline int accel_qaic_deactivate_channel(struct accel_device *device, uint32_t dbc_id,
						const void *command, size_t size)
{
	struct accel_qaic_deactivate head;
	struct accel_qaic_passthrough ask = {{0, 0}};
	struct accel_qaic_message message;
	int r;

	if (!command || !size)
		return -EINVAL;
	memset(&head, 0, sizeof(head));
	head.dbc_id = dbc_id;
	accel_qaic_begin(&message);
	(void)accel_qaic_add(&message, ACCEL_QAIC_TRANSACTION_TYPE_DEACTIVATE_FROM_USER, &head,
			     sizeof(head), NULL, 0);
	r = accel_qaic_add(&message, ACCEL_QAIC_TRANSACTION_TYPE_PASSTHROUGH_FROM_USER, &ask,
			   sizeof(ask), command, size);
	return r < 0 ? r : accel_qaic_send(device, &message);
}

/* ---- buffers ------------------------------------------------------------------------------ */

/**
 * Divide @buffer into @count slices, which describe the transfers of its bytes, for the channel @dbc_id.
 * @direction: ACCEL_QAIC_DATA_DIRECTION_*. A buffer with at least as many slices as the channel has entries is
 * never executed, because one entry of the channel always is empty.
 * Errors: EINVAL (the buffer has slices, a slice is not inside the buffer, or the channel is not one of this open
 * device), ENOSPC, EPIPE, EINTR. Spec: attach-slice-bo.
 */
static inline int accel_qaic_attach_slices(struct accel_device *device,
					   const struct accel_buffer *buffer, uint32_t dbc_id,
					   uint32_t direction,
					   const struct accel_qaic_slice *slices, uint32_t count)
{
	struct accel_qaic_attach_slice argument;

	memset(&argument, 0, sizeof(argument));
	argument.header.count = count;
	argument.header.dbc_id = dbc_id;
	argument.header.handle = (uint32_t)accel_buffer_handle(buffer);
	argument.header.dir = direction;
	argument.data = (uint64_t)(uintptr_t)slices;
	return accel_device_ioctl(device, ACCEL_QAIC_IOCTL_ATTACH_SLICE_BO, &argument);
}

/** Remove the slices of @buffer. Errors: EINVAL (it has none, or their channel was destroyed), EBUSY (it is queued),
 *  EINTR. Spec: detach-slice-bo. */
static inline int accel_qaic_detach_slices(struct accel_device *device,
					   const struct accel_buffer *buffer)
{
	struct accel_qaic_detach_slice argument;

	argument.handle = (uint32_t)accel_buffer_handle(buffer);
	argument.reserved = 0;
	return accel_device_ioctl(device, ACCEL_QAIC_IOCTL_DETACH_SLICE_BO, &argument);
}

/**
 * Read the times of the last executions of @count buffers, at most 65535, without waiting. @entries: in: handles of the
 * buffers, which have slices for the channel @dbc_id. Errors: EINVAL (a buffer has none), ENOENT; then nothing was
 * written. Spec: perf-stats-bo.
 */
static inline int accel_qaic_read_times(struct accel_device *device, uint32_t dbc_id,
					struct accel_qaic_perf_stats_entry *entries, uint16_t count)
{
	struct accel_qaic_perf_stats argument;

	memset(&argument, 0, sizeof(argument));
	argument.header.count = count;
	argument.header.dbc_id = dbc_id;
	argument.data = (uint64_t)(uintptr_t)entries;
	return accel_device_ioctl(device, ACCEL_QAIC_IOCTL_PERF_STATS_BO, &argument);
}

/* ---- queues ------------------------------------------------------------------------------- */

/** The entries of the queue are struct accel_qaic_partial_execute_entry, with a number of bytes to transfer. */
#define ACCEL_QAIC_QUEUE_FLAGS_PARTIAL 0x1

/** struct accel_qaic_queue_options - target of accel_queue_options.driver, required for a queue. Zero it, then set
 *  members. Grows at its end. */
struct accel_qaic_queue_options {
	uint32_t dbc_id; /* a channel without a queue */
	uint32_t flags;	 /* ACCEL_QAIC_QUEUE_FLAGS_* */
};

/** Fill an entry of a queue: execute @buffer, which has slices; @direction: as in accel_qaic_attach_slices(). */
static inline void accel_qaic_entry(struct accel_qaic_execute_entry *entry,
				    const struct accel_buffer *buffer, uint32_t direction)
{
	entry->handle = (uint32_t)accel_buffer_handle(buffer);
	entry->dir = direction;
}

/** The same for a queue with ACCEL_QAIC_QUEUE_FLAGS_PARTIAL: transfer only the first @bytes of the buffer. 0 transfers
 *  none, but executes semaphore commands and doorbells of its slices. */
static inline void accel_qaic_partial_entry(struct accel_qaic_partial_execute_entry *entry,
					    const struct accel_buffer *buffer, uint32_t direction,
					    uint64_t bytes)
{
	entry->handle = (uint32_t)accel_buffer_handle(buffer);
	entry->dir = direction;
	entry->resize = bytes;
}

#ifdef __cplusplus
}
#endif
#endif
