/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR MIT */
/* soft: generated from spec/soft.yaml by gen/; do not edit. */
#ifndef _UAPI_ACCEL_SOFT_H
#define _UAPI_ACCEL_SOFT_H

#include <linux/types.h>

/**
 * DOC: soft
 *
 * An accelerator that consists of threads. It implements the common uABI inside the process with
 * the same bytes, checks and errors as a kernel. Its descriptors copy, compare, checksum, compress
 * and multiply.
 */

/* Bytes of one descriptor. */
#define ACCEL_SOFT_DESCRIPTOR_SIZE 64

/* Most bytes of one range of a descriptor. */
#define ACCEL_SOFT_MAX_TRANSFER 0x40000000

/* Most descriptors in one batch. */
#define ACCEL_SOFT_MAX_BATCH 1024

/* Most rows or columns of a matrix. */
#define ACCEL_SOFT_MAX_MATRIX 65536

/* Most worker threads of a device. */
#define ACCEL_SOFT_MAX_WORKERS 64

/* Greatest value of inline-limit. */
#define ACCEL_SOFT_MAX_INLINE 0x100000

/* Most workers that serve one queue in parallel. */
#define ACCEL_SOFT_MAX_PARALLEL 64

/**
 * enum accel_soft_op - Operation of a descriptor.
 * @ACCEL_SOFT_OP_NOP: Complete without any work.
 * @ACCEL_SOFT_OP_COPY: Copy length bytes from src to dst; the ranges may overlap.
 * @ACCEL_SOFT_OP_FILL: Fill length bytes at dst with an 8-byte pattern.
 * @ACCEL_SOFT_OP_COMPARE: Compare length bytes; result is the offset of the first difference, or
 *   length.
 * @ACCEL_SOFT_OP_CRC32C: Compute the CRC-32C of length bytes at src, starting from seed; result is
 *   the CRC.
 * @ACCEL_SOFT_OP_COPY_CRC32C: Copy and compute the CRC-32C of the copied bytes in one pass.
 * @ACCEL_SOFT_OP_DEFLATE: Compress src into one gzip member at dst; result is its size.
 * @ACCEL_SOFT_OP_INFLATE: Decompress gzip data; result is the bytes written, detail the bytes of
 *   input used.
 * @ACCEL_SOFT_OP_MATMUL: C = A × B, row-major with strides.
 * @ACCEL_SOFT_OP_BATCH: Execute an array of descriptors in memory.
 */
enum accel_soft_op {
	ACCEL_SOFT_OP_NOP = 0,
	ACCEL_SOFT_OP_COPY = 1,
	ACCEL_SOFT_OP_FILL = 2,
	ACCEL_SOFT_OP_COMPARE = 3,
	ACCEL_SOFT_OP_CRC32C = 4,
	ACCEL_SOFT_OP_COPY_CRC32C = 5,
	ACCEL_SOFT_OP_DEFLATE = 6,
	ACCEL_SOFT_OP_INFLATE = 7,
	ACCEL_SOFT_OP_MATMUL = 8,
	ACCEL_SOFT_OP_BATCH = 9,
};

/* ACCEL_SOFT_DESCRIPTOR_FLAGS_*: Ordering and reporting of a descriptor. */
/* Start only after every earlier descriptor of this queue (or batch) has completed. */
#define ACCEL_SOFT_DESCRIPTOR_FLAGS_FENCE 0x1
/* Write a record even if the operation has no result. */
#define ACCEL_SOFT_DESCRIPTOR_FLAGS_RECORD 0x2
/* Inflate: this is the end of the input; data that ends within a member is a data-error. */
#define ACCEL_SOFT_DESCRIPTOR_FLAGS_LAST 0x4
/* Batch: continue after a descriptor that failed. */
#define ACCEL_SOFT_DESCRIPTOR_FLAGS_GO_ON 0x8

/**
 * enum accel_soft_matrix_type - Element type of A and B, which determines that of C.
 * @ACCEL_SOFT_MATRIX_TYPE_F32: 32-bit floating point; C is f32.
 * @ACCEL_SOFT_MATRIX_TYPE_BF16: bfloat16; C is f32.
 * @ACCEL_SOFT_MATRIX_TYPE_S8: 8-bit signed integer; C is 32-bit signed integer.
 */
enum accel_soft_matrix_type {
	ACCEL_SOFT_MATRIX_TYPE_F32 = 1,
	ACCEL_SOFT_MATRIX_TYPE_BF16 = 2,
	ACCEL_SOFT_MATRIX_TYPE_S8 = 3,
};

/**
 * enum accel_soft_opcode - Commands of the firmware, each with the scope that it requires.
 * @ACCEL_SOFT_OPCODE_IDENTIFY: Return the identity of the device, struct identity.
 * @ACCEL_SOFT_OPCODE_GET_FEATURE: Return the value of the feature in argument, struct
 *   feature-value.
 * @ACCEL_SOFT_OPCODE_SET_FEATURE: Set the feature in argument to value and return struct
 *   feature-value.
 * @ACCEL_SOFT_OPCODE_GET_LOG: Return the log page in argument, struct health or an array of struct
 *   error-entry.
 * @ACCEL_SOFT_OPCODE_SELF_TEST: Run every engine on known data and return struct self-test-result.
 * @ACCEL_SOFT_OPCODE_INJECT_FAULT: Let the next operations with the op in argument fail with
 *   engine-error; value is their number.
 */
enum accel_soft_opcode {
	ACCEL_SOFT_OPCODE_IDENTIFY = 1,
	ACCEL_SOFT_OPCODE_GET_FEATURE = 2,
	ACCEL_SOFT_OPCODE_SET_FEATURE = 3,
	ACCEL_SOFT_OPCODE_GET_LOG = 4,
	ACCEL_SOFT_OPCODE_SELF_TEST = 5,
	ACCEL_SOFT_OPCODE_INJECT_FAULT = 6,
};

/**
 * enum accel_soft_feature - Settings of the device.
 * @ACCEL_SOFT_FEATURE_WORKERS: Number of worker threads, 1 to max-workers; can be set only while no
 *   queue exists.
 * @ACCEL_SOFT_FEATURE_SPIN_NS: Nanoseconds that an idle worker polls its rings before it sleeps, 0
 *   to 1000000.
 * @ACCEL_SOFT_FEATURE_COUNTERS: 1: publish the counters of the queues (counters.yaml) to other
 *   processes of the user until the last file of the device is closed; 0 (default): do not.
 */
enum accel_soft_feature {
	ACCEL_SOFT_FEATURE_WORKERS = 1,
	ACCEL_SOFT_FEATURE_SPIN_NS = 2,
	ACCEL_SOFT_FEATURE_COUNTERS = 3,
};

/**
 * enum accel_soft_log_page - Pages of the log.
 * @ACCEL_SOFT_LOG_PAGE_HEALTH: Counters and state; struct health.
 * @ACCEL_SOFT_LOG_PAGE_ERRORS: The last 64 failed descriptors, newest first; struct error-entry.
 */
enum accel_soft_log_page {
	ACCEL_SOFT_LOG_PAGE_HEALTH = 1,
	ACCEL_SOFT_LOG_PAGE_ERRORS = 2,
};

/**
 * enum accel_soft_command_status - Status of an answer of the firmware.
 * @ACCEL_SOFT_COMMAND_STATUS_SUCCESS: Success.
 * @ACCEL_SOFT_COMMAND_STATUS_UNKNOWN_OPCODE: Unknown command.
 * @ACCEL_SOFT_COMMAND_STATUS_BAD_ARGUMENT: An argument has an invalid value.
 * @ACCEL_SOFT_COMMAND_STATUS_BUSY: Not possible while queues exist.
 * @ACCEL_SOFT_COMMAND_STATUS_FAILED: The self-test found an engine that fails.
 */
enum accel_soft_command_status {
	ACCEL_SOFT_COMMAND_STATUS_SUCCESS = 0,
	ACCEL_SOFT_COMMAND_STATUS_UNKNOWN_OPCODE = 1,
	ACCEL_SOFT_COMMAND_STATUS_BAD_ARGUMENT = 2,
	ACCEL_SOFT_COMMAND_STATUS_BUSY = 3,
	ACCEL_SOFT_COMMAND_STATUS_FAILED = 4,
};

/**
 * struct accel_soft_descriptor_transfer - One or two ranges of bytes.
 * @src: Source; for compare the first range.
 * @dst: Destination; for compare the second range.
 * @length: Bytes, at most max-transfer.
 * @pattern: Fill: the pattern, its low byte first. Otherwise zero.
 * @pad40: Zero.
 */
struct accel_soft_descriptor_transfer {
	__u64 src;
	__u64 dst;
	__u64 length;
	__u64 pattern;
	__u8 pad40[16];
};

/**
 * struct accel_soft_descriptor_compress - Input and output of different lengths.
 * @src: Input.
 * @dst: Output.
 * @src_length: Bytes of input, at most max-transfer.
 * @dst_length: Room for output, at most max-transfer.
 * @stream: Inflate: handle of the stream that keeps the state between descriptors, or 0 if one
 *   descriptor has the whole input. Deflate: zero.
 * @pad48: Zero.
 */
struct accel_soft_descriptor_compress {
	__u64 src;
	__u64 dst;
	__u64 src_length;
	__u64 dst_length;
	__u64 stream;
	__u8 pad48[8];
};

/**
 * struct accel_soft_descriptor_matmul - Three matrices.
 * @a: A, m rows of k.
 * @b: B, k rows of n.
 * @c: C, m rows of n.
 * @m: Rows of A and C, at most max-matrix.
 * @n: Columns of B and C, at most max-matrix.
 * @k: Columns of A, rows of B, at most max-matrix.
 * @lda: Elements from one row of A to the next, at least k.
 * @ldb: Elements from one row of B to the next, at least n.
 * @ldc: Elements from one row of C to the next, at least n.
 */
struct accel_soft_descriptor_matmul {
	__u64 a;
	__u64 b;
	__u64 c;
	__u32 m;
	__u32 n;
	__u32 k;
	__u32 lda;
	__u32 ldb;
	__u32 ldc;
};

/**
 * struct accel_soft_descriptor_batch - An array of descriptors.
 * @descriptors: Address of the descriptors, 64-byte aligned; none may be a batch.
 * @records: Address of as many records (ring.yaml), 8-byte aligned, or 0 for none.
 * @count: Number of descriptors, 1 to max-batch.
 * @pad28: Zero.
 */
struct accel_soft_descriptor_batch {
	__u64 descriptors;
	__u64 records;
	__u32 count;
	__u8 pad28[28];
};

/**
 * struct accel_soft_descriptor - A work ring entry. The content after the first 8 bytes depends on
 *   the operation; bytes that an operation does not use must be zero.
 * @op: Operation. One of enum accel_soft_op.
 * @flags: Flags. Bits ACCEL_SOFT_DESCRIPTOR_FLAGS_*.
 * @param: Deflate: level 0 to 3. Matmul: matrix-type. Otherwise zero.
 * @seed: Crc32c and copy-crc32c: CRC of the preceding bytes, 0 at the start. Otherwise zero.
 * @transfer: One or two ranges of bytes. For copy, fill, compare, crc32c, copy-crc32c.
 * @compress: Input and output of different lengths. For deflate, inflate.
 * @matmul: Three matrices. For matmul.
 * @batch: An array of descriptors. For batch.
 * @ring: Reserved for the work ring, which stores its tag here. The program must not write it; the
 *   operation ignores it.
 */
struct accel_soft_descriptor {
	__u8 op;
	__u8 flags;
	__u16 param;
	__u32 seed;
	union {
		struct accel_soft_descriptor_transfer transfer;
		struct accel_soft_descriptor_compress compress;
		struct accel_soft_descriptor_matmul matmul;
		struct accel_soft_descriptor_batch batch;
	};
	__u64 ring;
};

/**
 * struct accel_soft_command_request - Header of every command.
 * @opcode: Command. One of enum accel_soft_opcode.
 * @argument: Feature, log page or operation.
 * @value: Value to set.
 * @reserved: Must be zero.
 */
struct accel_soft_command_request {
	__u32 opcode;
	__u32 argument;
	__u64 value;
	__u64 reserved[2];
};

/**
 * struct accel_soft_command_response - Header of every answer; the data of the command follows it.
 * @status: Status of an answer of the firmware. One of enum accel_soft_command_status.
 * @length: Bytes that follow.
 * @reserved: Zero.
 */
struct accel_soft_command_response {
	__u32 status;
	__u32 length;
	__u64 reserved;
};

/**
 * struct accel_soft_identity - Answer of identify.
 * @model: Model, terminated by a zero byte.
 * @firmware: Version, terminated by a zero byte.
 * @engines: Libraries that execute the operations, terminated by a zero byte.
 * @workers: Worker threads.
 * @operations: Bit n is set if operation n is available.
 */
struct accel_soft_identity {
	char model[48];
	char firmware[16];
	char engines[56];
	__u32 workers;
	__u32 operations;
};

/**
 * struct accel_soft_feature_value - Answer of get-feature and set-feature.
 * @feature: The feature. One of enum accel_soft_feature.
 * @reserved: Zero.
 * @value: Its current value.
 */
struct accel_soft_feature_value {
	__u32 feature;
	__u32 reserved;
	__u64 value;
};

/**
 * struct accel_soft_health - Log page health. Counters are those of the device since the process
 *   first opened it.
 * @submitted: Descriptors taken.
 * @completed: Descriptors completed.
 * @faults: Completions that were not a success.
 * @bytes: Bytes read by operations.
 * @uptime_ns: Nanoseconds since the device started.
 * @workers: Worker threads.
 * @queues: Queues.
 * @clients: Open files.
 * @wakes: Times a worker woke from sleep, modulo 2^32.
 * @reserved: Zero.
 */
struct accel_soft_health {
	__u64 submitted;
	__u64 completed;
	__u64 faults;
	__u64 bytes;
	__u64 uptime_ns;
	__u32 workers;
	__u32 queues;
	__u32 clients;
	__u32 wakes;
	__u64 reserved;
};

/**
 * struct accel_soft_error_entry - One line of the log page errors.
 * @time_ns: Time of the failure, CLOCK_MONOTONIC.
 * @sequence: Sequence of the descriptor in its queue.
 * @address: Faulting address.
 * @op: Operation. One of enum accel_soft_op.
 * @status: Completion status (ring.yaml).
 * @field: Faulting field.
 * @reserved: Zero.
 */
struct accel_soft_error_entry {
	__u64 time_ns;
	__u64 sequence;
	__u64 address;
	__u8 op;
	__u8 status;
	__u8 field;
	__u8 reserved[5];
};

/**
 * struct accel_soft_self_test_result - Answer of self-test.
 * @passed: Bit n is set if operation n passed.
 * @failed: Bit n is set if operation n failed.
 * @duration_ns: Duration in nanoseconds.
 */
struct accel_soft_self_test_result {
	__u32 passed;
	__u32 failed;
	__u64 duration_ns;
};

/* Objects. */
/* The state of one decompression that spans several descriptors. */
#define ACCEL_SOFT_OBJECT_STREAM 0x8001

/* stream.create: Create a stream, at the start of its input. */
#define ACCEL_SOFT_STREAM_CREATE 1
/* handle(stream), out, required: The new stream. */
#define ACCEL_SOFT_STREAM_CREATE_HANDLE 1

/* stream.destroy: Destroy a stream. Refused while a descriptor uses it. */
#define ACCEL_SOFT_STREAM_DESTROY 2
/* handle(stream), in, required: The stream. */
#define ACCEL_SOFT_STREAM_DESTROY_HANDLE 1

/* stream.reset: Reset a stream to the start of an input. Refused while a descriptor uses it. */
#define ACCEL_SOFT_STREAM_RESET 3
/* handle(stream), in, required: The stream. */
#define ACCEL_SOFT_STREAM_RESET_HANDLE 1

/* queue.create: attributes that soft adds to this method. */
/*
 * u32, in: Number of workers that may serve this queue in parallel; without it 1. With more,
 * descriptors are executed in parallel and complete in order.
 */
#define ACCEL_SOFT_QUEUE_CREATE_PARALLEL 0x8001
/*
 * u32, in: Bytes of the largest entry that the publishing thread may execute itself (inline
 * execution); 0: the worker executes every entry. Without it the limit is measured when the queue
 * is created, so that inline execution takes no longer than the round trip to a worker. Only in a
 * shared address space, with one worker, without the flag multi-producer.
 */
#define ACCEL_SOFT_QUEUE_CREATE_INLINE_LIMIT 0x8002

/* queue.query: attributes that soft adds to this method. */
/* u32, out: Bytes of the largest entry that the publishing thread executes itself; 0: none. */
#define ACCEL_SOFT_QUEUE_QUERY_INLINE_LIMIT 0x8001
/* u64, out: Descriptors that the publishing thread executed. */
#define ACCEL_SOFT_QUEUE_QUERY_INLINED 0x8002

/* device.query: attributes that soft adds to this method. */
/* u32, out: Number of worker threads of the device. */
#define ACCEL_SOFT_DEVICE_QUERY_WORKERS 0x8001

#ifdef __cplusplus
#define _ACCEL_UAPI_ASSERT static_assert
#else
#define _ACCEL_UAPI_ASSERT _Static_assert
#endif
#define _ACCEL_UAPI_SIZE(type, size) \
	_ACCEL_UAPI_ASSERT(sizeof(struct type) == (size), "size of struct " #type)
#define _ACCEL_UAPI_OFFSET(type, member, offset) \
	_ACCEL_UAPI_ASSERT(__builtin_offsetof(struct type, member) == (offset), #type ", " #member)
_ACCEL_UAPI_SIZE(accel_soft_descriptor_transfer, 48);
_ACCEL_UAPI_OFFSET(accel_soft_descriptor_transfer, src, 0);
_ACCEL_UAPI_OFFSET(accel_soft_descriptor_transfer, dst, 8);
_ACCEL_UAPI_OFFSET(accel_soft_descriptor_transfer, length, 16);
_ACCEL_UAPI_OFFSET(accel_soft_descriptor_transfer, pattern, 24);
_ACCEL_UAPI_SIZE(accel_soft_descriptor_compress, 48);
_ACCEL_UAPI_OFFSET(accel_soft_descriptor_compress, src, 0);
_ACCEL_UAPI_OFFSET(accel_soft_descriptor_compress, dst, 8);
_ACCEL_UAPI_OFFSET(accel_soft_descriptor_compress, src_length, 16);
_ACCEL_UAPI_OFFSET(accel_soft_descriptor_compress, dst_length, 24);
_ACCEL_UAPI_OFFSET(accel_soft_descriptor_compress, stream, 32);
_ACCEL_UAPI_SIZE(accel_soft_descriptor_matmul, 48);
_ACCEL_UAPI_OFFSET(accel_soft_descriptor_matmul, a, 0);
_ACCEL_UAPI_OFFSET(accel_soft_descriptor_matmul, b, 8);
_ACCEL_UAPI_OFFSET(accel_soft_descriptor_matmul, c, 16);
_ACCEL_UAPI_OFFSET(accel_soft_descriptor_matmul, m, 24);
_ACCEL_UAPI_OFFSET(accel_soft_descriptor_matmul, n, 28);
_ACCEL_UAPI_OFFSET(accel_soft_descriptor_matmul, k, 32);
_ACCEL_UAPI_OFFSET(accel_soft_descriptor_matmul, lda, 36);
_ACCEL_UAPI_OFFSET(accel_soft_descriptor_matmul, ldb, 40);
_ACCEL_UAPI_OFFSET(accel_soft_descriptor_matmul, ldc, 44);
_ACCEL_UAPI_SIZE(accel_soft_descriptor_batch, 48);
_ACCEL_UAPI_OFFSET(accel_soft_descriptor_batch, descriptors, 0);
_ACCEL_UAPI_OFFSET(accel_soft_descriptor_batch, records, 8);
_ACCEL_UAPI_OFFSET(accel_soft_descriptor_batch, count, 16);
_ACCEL_UAPI_SIZE(accel_soft_descriptor, 64);
_ACCEL_UAPI_OFFSET(accel_soft_descriptor, op, 0);
_ACCEL_UAPI_OFFSET(accel_soft_descriptor, flags, 1);
_ACCEL_UAPI_OFFSET(accel_soft_descriptor, param, 2);
_ACCEL_UAPI_OFFSET(accel_soft_descriptor, seed, 4);
_ACCEL_UAPI_OFFSET(accel_soft_descriptor, transfer, 8);
_ACCEL_UAPI_OFFSET(accel_soft_descriptor, compress, 8);
_ACCEL_UAPI_OFFSET(accel_soft_descriptor, matmul, 8);
_ACCEL_UAPI_OFFSET(accel_soft_descriptor, batch, 8);
_ACCEL_UAPI_OFFSET(accel_soft_descriptor, ring, 56);
_ACCEL_UAPI_SIZE(accel_soft_command_request, 32);
_ACCEL_UAPI_OFFSET(accel_soft_command_request, opcode, 0);
_ACCEL_UAPI_OFFSET(accel_soft_command_request, argument, 4);
_ACCEL_UAPI_OFFSET(accel_soft_command_request, value, 8);
_ACCEL_UAPI_OFFSET(accel_soft_command_request, reserved, 16);
_ACCEL_UAPI_SIZE(accel_soft_command_response, 16);
_ACCEL_UAPI_OFFSET(accel_soft_command_response, status, 0);
_ACCEL_UAPI_OFFSET(accel_soft_command_response, length, 4);
_ACCEL_UAPI_OFFSET(accel_soft_command_response, reserved, 8);
_ACCEL_UAPI_SIZE(accel_soft_identity, 128);
_ACCEL_UAPI_OFFSET(accel_soft_identity, model, 0);
_ACCEL_UAPI_OFFSET(accel_soft_identity, firmware, 48);
_ACCEL_UAPI_OFFSET(accel_soft_identity, engines, 64);
_ACCEL_UAPI_OFFSET(accel_soft_identity, workers, 120);
_ACCEL_UAPI_OFFSET(accel_soft_identity, operations, 124);
_ACCEL_UAPI_SIZE(accel_soft_feature_value, 16);
_ACCEL_UAPI_OFFSET(accel_soft_feature_value, feature, 0);
_ACCEL_UAPI_OFFSET(accel_soft_feature_value, reserved, 4);
_ACCEL_UAPI_OFFSET(accel_soft_feature_value, value, 8);
_ACCEL_UAPI_SIZE(accel_soft_health, 64);
_ACCEL_UAPI_OFFSET(accel_soft_health, submitted, 0);
_ACCEL_UAPI_OFFSET(accel_soft_health, completed, 8);
_ACCEL_UAPI_OFFSET(accel_soft_health, faults, 16);
_ACCEL_UAPI_OFFSET(accel_soft_health, bytes, 24);
_ACCEL_UAPI_OFFSET(accel_soft_health, uptime_ns, 32);
_ACCEL_UAPI_OFFSET(accel_soft_health, workers, 40);
_ACCEL_UAPI_OFFSET(accel_soft_health, queues, 44);
_ACCEL_UAPI_OFFSET(accel_soft_health, clients, 48);
_ACCEL_UAPI_OFFSET(accel_soft_health, wakes, 52);
_ACCEL_UAPI_OFFSET(accel_soft_health, reserved, 56);
_ACCEL_UAPI_SIZE(accel_soft_error_entry, 32);
_ACCEL_UAPI_OFFSET(accel_soft_error_entry, time_ns, 0);
_ACCEL_UAPI_OFFSET(accel_soft_error_entry, sequence, 8);
_ACCEL_UAPI_OFFSET(accel_soft_error_entry, address, 16);
_ACCEL_UAPI_OFFSET(accel_soft_error_entry, op, 24);
_ACCEL_UAPI_OFFSET(accel_soft_error_entry, status, 25);
_ACCEL_UAPI_OFFSET(accel_soft_error_entry, field, 26);
_ACCEL_UAPI_OFFSET(accel_soft_error_entry, reserved, 27);
_ACCEL_UAPI_SIZE(accel_soft_self_test_result, 16);
_ACCEL_UAPI_OFFSET(accel_soft_self_test_result, passed, 0);
_ACCEL_UAPI_OFFSET(accel_soft_self_test_result, failed, 4);
_ACCEL_UAPI_OFFSET(accel_soft_self_test_result, duration_ns, 8);
#undef _ACCEL_UAPI_OFFSET
#undef _ACCEL_UAPI_SIZE
#undef _ACCEL_UAPI_ASSERT

#endif
