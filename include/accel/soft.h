/* SPDX-License-Identifier: MIT */
/*
 * Interface of the soft accelerator: its descriptors, decompression streams and firmware commands.
 * All functions are inline and use accel.h.
 *
 * Descriptors. Each function below fills all of @d except the member `ring`, which belongs to the ring. @d may be
 * the address that accel_ring_entry() returns between accel_ring_reserve() and accel_ring_publish().
 * In a shared address space an address is a pointer; in a mapped one it is an iova, cast to a
 * pointer. Memory must remain valid until the descriptor has completed. @flags:
 * ACCEL_SOFT_DESCRIPTOR_FLAGS_* or 0; FENCE and RECORD are allowed for every operation. The functions check
 * nothing; the device validates a descriptor and reports errors in the status of the completion.
 * Each function documents `result` and `detail` of its completion.
 */
#ifndef ACCEL_SOFT_H
#define ACCEL_SOFT_H

#include <accel/accel.h>
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <uapi/accel/soft.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- queues ------------------------------------------------------------------------------- */

/** A value of inline_limit: the worker executes every descriptor. */
#define ACCEL_SOFT_INLINE_NEVER UINT32_MAX

/** struct accel_soft_queue_options - target of accel_queue_options.driver. Zero it, then set members. Grows at its
 *  end. Spec: attributes of soft in queue.create. */
struct accel_soft_queue_options {
	uint32_t parallel; /* workers that may serve the queue in parallel; 0 means 1 */
	uint32_t
		inline_limit; /* bytes of the largest entry that the publishing thread executes itself, 1 to
				* ACCEL_SOFT_MAX_INLINE; 0: measured; or ACCEL_SOFT_INLINE_NEVER */
};

/* ---- descriptors -------------------------------------------------------------------------- */

/** Address of @address for the device. */
static inline uint64_t accel_soft_address(const void *address)
{
	return (uint64_t)(uintptr_t)address;
}

/** Set the first word of a descriptor and zero the rest. One store writes the word, so that a thread that loads it as
 *  a word soon afterwards does not stall on store forwarding. */
static inline void accel_soft_begin(struct accel_soft_descriptor *d, enum accel_soft_op op,
				    unsigned param, uint32_t seed, unsigned flags)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	uint64_t head = (uint8_t)op | (uint64_t)(uint8_t)flags << 8 |
			(uint64_t)(uint16_t)param << 16 | (uint64_t)seed << 32;
#else
	uint64_t head = (uint64_t)op << 56 | (uint64_t)(uint8_t)flags << 48 |
			(uint64_t)(uint16_t)param << 32 | seed;
#endif

	memcpy(d, &head, sizeof(head));
	memset((unsigned char *)d + sizeof(head), 0,
	       offsetof(struct accel_soft_descriptor, ring) - sizeof(head));
}

/** Complete without any work. With FENCE: after all earlier descriptors have completed. */
static inline void accel_soft_nop(struct accel_soft_descriptor *d, unsigned flags)
{
	accel_soft_begin(d, ACCEL_SOFT_OP_NOP, 0, 0, flags);
}

/** Copy @length bytes (at most ACCEL_SOFT_MAX_TRANSFER); the ranges may overlap. */
static inline void accel_soft_copy(struct accel_soft_descriptor *d, void *dst, const void *src,
				   uint64_t length, unsigned flags)
{
	accel_soft_begin(d, ACCEL_SOFT_OP_COPY, 0, 0, flags);
	d->transfer.src = accel_soft_address(src);
	d->transfer.dst = accel_soft_address(dst);
	d->transfer.length = length;
}

/** Fill @length bytes with @pattern, its low byte first, truncated at the end. */
static inline void accel_soft_fill(struct accel_soft_descriptor *d, void *dst, uint64_t length,
				   uint64_t pattern, unsigned flags)
{
	accel_soft_begin(d, ACCEL_SOFT_OP_FILL, 0, 0, flags);
	d->transfer.dst = accel_soft_address(dst);
	d->transfer.length = length;
	d->transfer.pattern = pattern;
}

/** Compare @length bytes; result: offset of the first difference, or @length. */
static inline void accel_soft_compare(struct accel_soft_descriptor *d, const void *one,
				      const void *other, uint64_t length, unsigned flags)
{
	accel_soft_begin(d, ACCEL_SOFT_OP_COMPARE, 0, 0, flags);
	d->transfer.src = accel_soft_address(one);
	d->transfer.dst = accel_soft_address(other);
	d->transfer.length = length;
}

/** Compute the CRC-32C of @length bytes, starting from @seed (0 at the start); result: the CRC. */
static inline void accel_soft_crc32c(struct accel_soft_descriptor *d, const void *src,
				     uint64_t length, uint32_t seed, unsigned flags)
{
	accel_soft_begin(d, ACCEL_SOFT_OP_CRC32C, 0, seed, flags);
	d->transfer.src = accel_soft_address(src);
	d->transfer.length = length;
}

/** Copy and compute the CRC-32C in one pass; result: the CRC. */
static inline void accel_soft_copy_crc32c(struct accel_soft_descriptor *d, void *dst,
					  const void *src, uint64_t length, uint32_t seed,
					  unsigned flags)
{
	accel_soft_begin(d, ACCEL_SOFT_OP_COPY_CRC32C, 0, seed, flags);
	d->transfer.src = accel_soft_address(src);
	d->transfer.dst = accel_soft_address(dst);
	d->transfer.length = length;
}

/** Compress into one gzip member; @level 0 (fast) to 3 (small); result: its size in bytes.
 *  Status output-full: @room is too small. */
static inline void accel_soft_deflate(struct accel_soft_descriptor *d, void *dst, uint64_t room,
				      const void *src, uint64_t length, unsigned level,
				      unsigned flags)
{
	accel_soft_begin(d, ACCEL_SOFT_OP_DEFLATE, level, 0, flags);
	d->compress.src = accel_soft_address(src);
	d->compress.dst = accel_soft_address(dst);
	d->compress.src_length = length;
	d->compress.dst_length = room;
}

/** Decompress gzip data; @stream: from accel_soft_stream_create(), or 0 if the descriptor has the whole input.
 *  Result: bytes written; detail: bytes of input used. Status output-full: more output follows; continue with the
 *  input after the used bytes. Flag LAST: end of the input. */
static inline void accel_soft_inflate(struct accel_soft_descriptor *d, void *dst, uint64_t room,
				      const void *src, uint64_t length, uint64_t stream,
				      unsigned flags)
{
	accel_soft_begin(d, ACCEL_SOFT_OP_INFLATE, 0, 0, flags);
	d->compress.src = accel_soft_address(src);
	d->compress.dst = accel_soft_address(dst);
	d->compress.src_length = length;
	d->compress.dst_length = room;
	d->compress.stream = stream;
}

/** struct accel_soft_matrix - a matrix in memory, row after row. */
struct accel_soft_matrix {
	const void *elements;
	uint32_t stride; /* elements from one row to the next */
};

/** Compute C = A × B; @a: @m rows of @k, @b: @k rows of @n, @c: @m rows of @n (output).
 *  @type: element type of A and B; that of C is float, or int32_t for int8_t. */
static inline void accel_soft_matmul(struct accel_soft_descriptor *d,
				     enum accel_soft_matrix_type type, uint32_t m, uint32_t n,
				     uint32_t k, struct accel_soft_matrix c,
				     struct accel_soft_matrix a, struct accel_soft_matrix b,
				     unsigned flags)
{
	accel_soft_begin(d, ACCEL_SOFT_OP_MATMUL, type, 0, flags);
	d->matmul.a = accel_soft_address(a.elements);
	d->matmul.b = accel_soft_address(b.elements);
	d->matmul.c = accel_soft_address(c.elements);
	d->matmul.m = m;
	d->matmul.n = n;
	d->matmul.k = k;
	d->matmul.lda = a.stride;
	d->matmul.ldb = b.stride;
	d->matmul.ldc = c.stride;
}

/** Execute @count descriptors (at most ACCEL_SOFT_MAX_BATCH), 64-byte aligned in memory; @records: as many
 *  records for their completions, or NULL. Flag GO_ON: continue after a failure. Status batch-error: index is the
 *  first descriptor that failed, detail its status. */
static inline void accel_soft_batch(struct accel_soft_descriptor *d,
				    const struct accel_soft_descriptor *descriptors,
				    struct accel_ring_record *records, uint32_t count,
				    unsigned flags)
{
	accel_soft_begin(d, ACCEL_SOFT_OP_BATCH, 0, 0, flags);
	d->batch.descriptors = accel_soft_address(descriptors);
	d->batch.records = accel_soft_address(records);
	d->batch.count = count;
}

/* ---- streams ------------------------------------------------------------------------------ */

/** Send a message with the one attribute @handle to the object stream; for the functions below. */
static inline int accel_soft_stream_call(struct accel_device *device, unsigned method,
					 struct accel_attribute *handle, struct accel_error *error)
{
	struct accel_error ignored;
	struct accel_call call;
	int r;

	if (!error)
		error = &ignored;
	memset(&error->record, 0, sizeof(error->record));
	memset(&call, 0, sizeof(call));
	call.size = sizeof(call);
	call.object = ACCEL_SOFT_OBJECT_STREAM;
	call.method = (uint16_t)method;
	call.attribute_count = 1;
	call.attributes = accel_soft_address(handle);
	call.error = accel_soft_address(&error->record);
	call.error_size = sizeof(error->record);
	r = accel_device_call(device, &call);
	if (r < 0 && !error->record.code) {
		error->record.code = r;
		error->record.object = call.object;
		error->record.method = call.method;
		error->record.reason = ACCEL_REASON_BAD_POINTER;
		strcpy(error->record.text,
		       "the argument \"device\" is NULL; it must point to a device");
	}
	return r;
}

/** Create a decompression stream, at the start of its input. Thread-safe.
 *  Errors: ENODEV, ESTALE, ENOMEM, ENOSPC, ENOTTY (not a soft device).
 *  Spec: stream.create. */
static inline int accel_soft_stream_create(struct accel_device *device, uint64_t *stream,
					   struct accel_error *error)
{
	struct accel_attribute handle = {ACCEL_SOFT_STREAM_CREATE_HANDLE,
					 ACCEL_ATTRIBUTE_FLAGS_MANDATORY, 8, 0};
	int r = accel_soft_stream_call(device, ACCEL_SOFT_STREAM_CREATE, &handle, error);

	if (r == 0)
		*stream = handle.value;
	return r;
}

/** Destroy a stream. Errors: EBUSY while a descriptor uses it; ENOENT. Spec: stream.destroy. */
static inline int accel_soft_stream_destroy(struct accel_device *device, uint64_t stream,
					    struct accel_error *error)
{
	struct accel_attribute handle = {ACCEL_SOFT_STREAM_DESTROY_HANDLE,
					 ACCEL_ATTRIBUTE_FLAGS_MANDATORY, 8, stream};

	return accel_soft_stream_call(device, ACCEL_SOFT_STREAM_DESTROY, &handle, error);
}

/** Reset a stream to the start of an input. Errors: EBUSY while a descriptor uses it; ENOENT.
 *  Spec: stream.reset. */
static inline int accel_soft_stream_reset(struct accel_device *device, uint64_t stream,
					  struct accel_error *error)
{
	struct accel_attribute handle = {ACCEL_SOFT_STREAM_RESET_HANDLE,
					 ACCEL_ATTRIBUTE_FLAGS_MANDATORY, 8, stream};

	return accel_soft_stream_call(device, ACCEL_SOFT_STREAM_RESET, &handle, error);
}

/* ---- firmware commands -------------------------------------------------------------------- */

/* Most bytes of an answer after its header: the log page of errors. */
#define ACCEL_SOFT_MAX_ANSWER (64 * sizeof(struct accel_soft_error_entry))

/** The negative errno of a status of the firmware; fills in @error. */
static inline int accel_soft_answer(uint32_t status, struct accel_error *error)
{
	static const struct {
		int code;
		uint16_t reason;
		const char *text;
	} kAnswers[] = {
		{0, ACCEL_REASON_NONE, ""},
		{EOPNOTSUPP, ACCEL_REASON_UNSUPPORTED, "the firmware does not support the command"},
		{EINVAL, ACCEL_REASON_OUT_OF_RANGE,
		 "the firmware refused an argument of the command; see enum accel_soft_opcode"},
		{EBUSY, ACCEL_REASON_IN_USE,
		 "the firmware allows this only while no queue exists; destroy the queues first"},
		{EIO, ACCEL_REASON_DEVICE, "the self-test found an engine that fails"},
	};
	uint32_t known = sizeof(kAnswers) / sizeof(kAnswers[0]);

	if (status == ACCEL_SOFT_COMMAND_STATUS_SUCCESS)
		return 0;
	if (status >= known)
		status = known - 1;
	if (error) {
		memset(&error->record, 0, sizeof(error->record));
		error->record.code = -kAnswers[status].code;
		error->record.object = ACCEL_OBJECT_COMMAND;
		error->record.method = ACCEL_COMMAND_EXECUTE;
		error->record.reason = kAnswers[status].reason;
		strcpy(error->record.text, kAnswers[status].text);
	}
	return -kAnswers[status].code;
}

/**
 * Send one command. Copies up to *@size bytes of the answer of the firmware to @answer and zeroes the rest of
 * @answer; *@size: out: bytes of the answer. Thread-safe.
 * Errors: those of accel_command_execute(); EOPNOTSUPP, EINVAL, EBUSY and EIO also for the firmware's status.
 */
static inline int accel_soft_command(struct accel_command *command, enum accel_soft_opcode opcode,
				     uint32_t argument, uint64_t value, void *answer, size_t *size,
				     struct accel_error *error)
{
	struct accel_soft_command_request request;
	struct {
		struct accel_soft_command_response head;
		unsigned char body[ACCEL_SOFT_MAX_ANSWER];
	} response;
	size_t length = sizeof(response);
	int r;

	memset(&request, 0, sizeof(request));
	memset(&response, 0, sizeof(response));
	request.opcode = opcode;
	request.argument = argument;
	request.value = value;
	r = accel_command_execute(command, &request, sizeof(request), &response, &length, error);
	if (r < 0)
		return r;
	if (*size)
		memcpy(answer, response.body,
		       *size < sizeof(response.body) ? *size : sizeof(response.body));
	*size = response.head.length;
	return accel_soft_answer(response.head.status, error);
}

/** Get the identity of the device. Scope: configuration. */
static inline int accel_soft_identify(struct accel_command *command,
				      struct accel_soft_identity *identity,
				      struct accel_error *error)
{
	size_t size = sizeof(*identity);

	return accel_soft_command(command, ACCEL_SOFT_OPCODE_IDENTIFY, 0, 0, identity, &size,
				  error);
}

/** Get the value of a feature. Scope: configuration. */
static inline int accel_soft_get_feature(struct accel_command *command,
					 enum accel_soft_feature feature, uint64_t *value,
					 struct accel_error *error)
{
	struct accel_soft_feature_value answer;
	size_t size = sizeof(answer);
	int r = accel_soft_command(command, ACCEL_SOFT_OPCODE_GET_FEATURE, feature, 0, &answer,
				   &size, error);

	if (r == 0)
		*value = answer.value;
	return r;
}

/** Set a feature; enum accel_soft_feature has its range. Scope: configuration. */
static inline int accel_soft_set_feature(struct accel_command *command,
					 enum accel_soft_feature feature, uint64_t value,
					 struct accel_error *error)
{
	struct accel_soft_feature_value answer;
	size_t size = sizeof(answer);

	return accel_soft_command(command, ACCEL_SOFT_OPCODE_SET_FEATURE, feature, value, &answer,
				  &size, error);
}

/** Get the health log page. Scope: debug-read. */
static inline int accel_soft_get_health(struct accel_command *command,
					struct accel_soft_health *health, struct accel_error *error)
{
	size_t size = sizeof(*health);

	return accel_soft_command(command, ACCEL_SOFT_OPCODE_GET_LOG, ACCEL_SOFT_LOG_PAGE_HEALTH, 0,
				  health, &size, error);
}

/** Get the last failed descriptors, newest first. *@count: in: elements of @entries (64 are enough), out: number
 *  of failed descriptors. Scope: debug-read. */
static inline int accel_soft_get_errors(struct accel_command *command,
					struct accel_soft_error_entry *entries, size_t *count,
					struct accel_error *error)
{
	size_t size = *count * sizeof(*entries);
	int r = accel_soft_command(command, ACCEL_SOFT_OPCODE_GET_LOG, ACCEL_SOFT_LOG_PAGE_ERRORS,
				   0, entries, &size, error);

	if (r == 0)
		*count = size / sizeof(*entries);
	return r;
}

/** Run every engine on known data. EIO: one failed, see @result. Scope: debug-write. */
static inline int accel_soft_self_test(struct accel_command *command,
				       struct accel_soft_self_test_result *result,
				       struct accel_error *error)
{
	size_t size = sizeof(*result);

	return accel_soft_command(command, ACCEL_SOFT_OPCODE_SELF_TEST, 0, 0, result, &size, error);
}

/** Let the next @count operations @op fail with engine-error. Scope: debug-full. */
static inline int accel_soft_inject_fault(struct accel_command *command, enum accel_soft_op op,
					  uint64_t count, struct accel_error *error)
{
	size_t size = 0;

	return accel_soft_command(command, ACCEL_SOFT_OPCODE_INJECT_FAULT, op, count, NULL, &size,
				  error);
}

#ifdef __cplusplus
}
#endif
#endif
