/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR MIT */
/* counters: generated from spec/counters.yaml by gen/; do not edit. */
#ifndef _UAPI_ACCEL_COUNTERS_H
#define _UAPI_ACCEL_COUNTERS_H

#include <linux/types.h>

/**
 * DOC: counters
 *
 * Counters of the queues of a device, in a file that its process publishes: a memfd with the name
 * accel-counters, which other processes of the same user find as a link to "/memfd:accel-counters
 * (deleted)" in /proc/PID/fd and read. The process updates it ten times per second; the file
 * disappears with the process. A reader reads the head, the whole file, and the head again; if
 * sequence is odd or has changed, it tries again. Numbers are little-endian. A reader must not
 * trust the content, because any process can create such a file. A forked process may also hold the
 * file; pid identifies its owner.
 */

/* First bytes of the file, ACCount1. */
#define ACCEL_COUNTERS_MAGIC 0x31746E756F434341ULL

/* Most slots: one for each queue that a device can have, and one for the destroyed queues. */
#define ACCEL_COUNTERS_MAX_SLOTS 1025

/* Nanoseconds from one update to the next. */
#define ACCEL_COUNTERS_PERIOD_NS 100000000

/**
 * struct accel_counters_head - Start of the file. The slots follow it.
 * @magic: The constant magic.
 * @sequence: Odd during an update; increases with each update.
 * @time_ns: Time of the update, CLOCK_MONOTONIC.
 * @pid: Id of the process in its own PID namespace.
 * @workers: Worker threads of the device.
 * @slot_size: Bytes from one slot to the next, at least the size of struct slot.
 * @slot_count: Number of slots that follow, 1 to max-slots.
 * @device: Name of the device, terminated by a zero byte.
 * @worker_wakes: Times a worker woke from sleep.
 * @reserved: Zero.
 */
struct accel_counters_head {
	__u64 magic;
	__u64 sequence;
	__u64 time_ns;
	__u32 pid;
	__u32 workers;
	__u32 slot_size;
	__u32 slot_count;
	char device[32];
	__u64 worker_wakes;
	__u64 reserved[6];
};

/**
 * struct accel_counters_slot - Counters of one queue. The first slot is the sum of all destroyed
 *   queues.
 * @queue: Number of the queue, unique for the device; 0 for the destroyed queues.
 * @entries: Entries of its ring.
 * @parallel: Workers that may serve it in parallel.
 * @depth: Descriptors published and not yet taken at the time of the update.
 * @state: queue-state (accel.yaml).
 * @submitted: Descriptors taken.
 * @completed: Descriptors completed.
 * @faults: Completions that were not a success.
 * @bytes: Bytes read by operations.
 * @kicks: Doorbells received.
 * @wakes: Times a waiting thread was woken or an event was signaled.
 * @spins: Polls of the ring by workers that found no descriptor.
 * @reserved: Zero.
 */
struct accel_counters_slot {
	__u64 queue;
	__u32 entries;
	__u32 parallel;
	__u32 depth;
	__u32 state;
	__u64 submitted;
	__u64 completed;
	__u64 faults;
	__u64 bytes;
	__u64 kicks;
	__u64 wakes;
	__u64 spins;
	__u64 reserved[6];
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
_ACCEL_UAPI_SIZE(accel_counters_head, 128);
_ACCEL_UAPI_OFFSET(accel_counters_head, magic, 0);
_ACCEL_UAPI_OFFSET(accel_counters_head, sequence, 8);
_ACCEL_UAPI_OFFSET(accel_counters_head, time_ns, 16);
_ACCEL_UAPI_OFFSET(accel_counters_head, pid, 24);
_ACCEL_UAPI_OFFSET(accel_counters_head, workers, 28);
_ACCEL_UAPI_OFFSET(accel_counters_head, slot_size, 32);
_ACCEL_UAPI_OFFSET(accel_counters_head, slot_count, 36);
_ACCEL_UAPI_OFFSET(accel_counters_head, device, 40);
_ACCEL_UAPI_OFFSET(accel_counters_head, worker_wakes, 72);
_ACCEL_UAPI_OFFSET(accel_counters_head, reserved, 80);
_ACCEL_UAPI_SIZE(accel_counters_slot, 128);
_ACCEL_UAPI_OFFSET(accel_counters_slot, queue, 0);
_ACCEL_UAPI_OFFSET(accel_counters_slot, entries, 8);
_ACCEL_UAPI_OFFSET(accel_counters_slot, parallel, 12);
_ACCEL_UAPI_OFFSET(accel_counters_slot, depth, 16);
_ACCEL_UAPI_OFFSET(accel_counters_slot, state, 20);
_ACCEL_UAPI_OFFSET(accel_counters_slot, submitted, 24);
_ACCEL_UAPI_OFFSET(accel_counters_slot, completed, 32);
_ACCEL_UAPI_OFFSET(accel_counters_slot, faults, 40);
_ACCEL_UAPI_OFFSET(accel_counters_slot, bytes, 48);
_ACCEL_UAPI_OFFSET(accel_counters_slot, kicks, 56);
_ACCEL_UAPI_OFFSET(accel_counters_slot, wakes, 64);
_ACCEL_UAPI_OFFSET(accel_counters_slot, spins, 72);
_ACCEL_UAPI_OFFSET(accel_counters_slot, reserved, 80);
#undef _ACCEL_UAPI_OFFSET
#undef _ACCEL_UAPI_SIZE
#undef _ACCEL_UAPI_ASSERT

#endif
