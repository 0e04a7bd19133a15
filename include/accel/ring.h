/* SPDX-License-Identifier: MIT */
/*
 * The hot path of a queue: reserve entries, fill them in place, publish them, poll completions.
 * If the device reads entries from the ring and completes them there, these functions make no system call and use no
 * allocation and no lock; only a call through a function pointer wakes such a device when it sleeps. A queue of another
 * device has hooks in its struct accel_ring: publish passes the entries to the kernel, and an empty poll collects
 * finished entries.
 *
 *	uint64_t at;
 *	while (!accel_ring_reserve(ring, 1, &at))	 // the ring is full, which is no error
 *		drain(ring);				 // accel_ring_poll(), or accel_queue_wait()
 *	struct my_descriptor *d = accel_ring_entry(ring, at);
 *	...fill the first ring->entry_bytes bytes of *d...
 *	accel_ring_publish(ring, at, 1);
 *
 * Threads. One thread is the producer (reserve, entry, publish) and one thread is the consumer (poll); they may be
 * different threads. A queue with ACCEL_QUEUE_FLAGS_MULTI_PRODUCER may have any number of producers; it also has
 * only one consumer at a time. Completions are in the order of the entries.
 *
 * Ordering. Writes of the producer before accel_ring_publish() are visible to the device when it reads the
 * entry ("publish to device": a release store). Writes of the device before it completes an entry are visible
 * to the consumer after accel_ring_poll() has returned it ("observe from device": an acquire load).
 * layout.wake-order determines the ordering between publishing and going to sleep; src/ring/README.md has the
 * proof and tests/model/ the machine-checked model.
 *
 * Inline execution. If the queue is empty, accel_ring_publish() of a software device may execute one small entry in
 * the calling thread, which is faster than a worker. Order and completions are the same.
 *
 * In a child process after fork() reserve returns false and poll returns 0, so that the child cannot modify the
 * parent's ring.
 */
#ifndef ACCEL_RING_H
#define ACCEL_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <uapi/accel/ring.h>

#ifdef __cplusplus
extern "C" {
#endif

/** struct accel_completion - completion of one entry; other members are those of the record, 0 without a record. */
struct accel_completion {
	uint64_t sequence; /* as returned by accel_ring_reserve() */
	uint64_t result;
	uint64_t detail;
	uint64_t address;
	uint32_t index;
	uint8_t status; /* ACCEL_RING_STATUS_* */
	uint8_t field;
	uint16_t reserved;
};

/**
 * struct accel_ring - the process's side of one ring, created by accel_queue_create(). The layout is part of the
 * ABI because the functions below are compiled into programs. Programs must not access the members.
 */
struct accel_ring {
	/* Constant after creation. All zero in a forked child, where the functions below therefore do nothing. */
	struct accel_ring_control *control;
	unsigned char *entries;
	unsigned char *status;
	unsigned char *records;
	unsigned char *tags;
	/* Passes the reserved and filled entries [sequence, sequence + count) to the queue before they are marked.
	 * True: the queue has accepted them, and has marked them if marks are needed. False: publish marks them
	 * and wakes the device. NULL: always false. */
	bool (*submit)(void *context, uint64_t sequence, uint32_t count);
	void *submit_context;
	/* Completes finished entries in the ring, and waits for one until the deadline (absolute CLOCK_MONOTONIC,
	 * 0: do not wait). Returns > 0: completions were added; 0: no completion until the deadline; -EAGAIN: no
	 * entry is outstanding, so there is nothing to wait for; -ENODEV: the device was removed; another -errno.
	 * NULL: the device itself completes entries in the ring. */
	int (*progress)(void *context, uint64_t deadline_ns);
	void (*doorbell)(void *context); /* wakes a device that sleeps */
	void *context;			 /* of doorbell and progress */
	uint64_t capacity; /* entries that may be outstanding; at most the number of slots */
	uint32_t mask;	   /* number of slots - 1 */
	uint32_t entry_size;
	uint32_t status_stride;
	uint32_t tag_stride;
	uint8_t record_shift;
	uint8_t count_shift;
	uint8_t publication;
	uint8_t completion;
	uint8_t wake_order;
	uint8_t multi_producer;
	uint8_t register_width;
	uint8_t register_shift;
	uint32_t tail_mask;
	uint32_t spin; /* spins before a wait sleeps */
	volatile void *tail_register;
	uint64_t register_or;
	/* Bytes of an entry that the producer fills. The producer must not write the remaining bytes, if any: the
	 * device may read the tag in them while the producer fills the entry. */
	uint32_t entry_bytes;
	uint8_t pad0[256 - 13 * 8 - 7 * 4 - 8];
	/* Written by the producers. */
	uint64_t reserved;
	uint64_t consumed_seen;
	uint8_t pad1[128 - 16];
	/* Written by the consumer. */
	uint64_t consumed;
	uint64_t completed_seen;
	uint64_t noted_seen; /* UINT64_MAX if each status byte must be read */
	uint8_t pad2[128 - 24];
};

/** Phase of @sequence: 1 in the first lap of the ring, 0 in the second, and so on. */
static inline unsigned accel_ring_phase(const struct accel_ring *ring, uint64_t sequence)
{
	return (unsigned)(~(sequence >> ring->count_shift) & 1);
}

/** Reserve with several producers, which all advance the word `reserved` with a compare-and-exchange. */
static inline bool accel_ring_reserve_shared(struct accel_ring *ring, uint32_t count,
					     uint64_t *sequence)
{
	uint64_t at = __atomic_load_n(&ring->reserved, __ATOMIC_RELAXED);

	do {
		uint64_t consumed = __atomic_load_n(&ring->consumed, __ATOMIC_ACQUIRE);

		/* Signed: between the loads of `reserved` and `consumed` another producer may reserve entries that
		 * the consumer then consumes, so that `consumed` exceeds `at`; the exchange then fails and reloads. */
		if ((int64_t)(at + count - consumed) > (int64_t)ring->capacity)
			return false;
	} while (!__atomic_compare_exchange_n(&ring->reserved, &at, at + count, true,
					      __ATOMIC_RELAXED, __ATOMIC_RELAXED));
	*sequence = at;
	return true;
}

/**
 * Reserve @count consecutive entries (@count at most the number of slots of the ring).
 * Returns false if the ring has less room; poll completions to free slots.
 * On true, *@sequence is the first entry; the caller must fill and publish all @count entries.
 */
static inline bool accel_ring_reserve(struct accel_ring *ring, uint32_t count, uint64_t *sequence)
{
	if (ring->multi_producer)
		return accel_ring_reserve_shared(ring, count, sequence);

	uint64_t at = ring->reserved;

	if (at + count - ring->consumed_seen > ring->capacity) {
		ring->consumed_seen = __atomic_load_n(&ring->consumed, __ATOMIC_ACQUIRE);
		if (at + count - ring->consumed_seen > ring->capacity)
			return false;
	}
	/* Atomic because the consumer may read it in accel_ring_outstanding(). */
	__atomic_store_n(&ring->reserved, at + count, __ATOMIC_RELAXED);
	*sequence = at;
	return true;
}

/** Address of entry @sequence. The slot after the last one is the first one. */
static inline void *accel_ring_entry(struct accel_ring *ring, uint64_t sequence)
{
	return ring->entries + (sequence & ring->mask) * (size_t)ring->entry_size;
}

/**
 * "Publish to device": a device that reads memory itself sees all earlier stores of this thread before any
 * later store. Stronger than a release store between processors: it also orders stores to write-combined
 * memory, which may contain the entries (a ring in a BAR), and non-temporal stores.
 */
static inline void accel_ring_order_for_device(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__asm__ __volatile__("sfence" ::: "memory");
#elif defined(__aarch64__)
	__asm__ __volatile__("dmb oshst" ::: "memory");
#else
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
#endif
}

/** Write the tail for the sequence @end into the register of the device. */
static inline void accel_ring_write_register(struct accel_ring *ring, uint64_t end)
{
	const uint64_t value = (end & ring->tail_mask) << ring->register_shift | ring->register_or;

	accel_ring_order_for_device();
	if (ring->register_width == 8)
		*(volatile uint64_t *)ring->tail_register = value;
	else
		*(volatile uint32_t *)ring->tail_register = (uint32_t)value;
}

/** Ring the doorbell if the device sleeps, once per sleep: only the producer that clears the word rings. */
static inline void accel_ring_wake_device(struct accel_ring *ring)
{
	uint32_t *sleeping = &ring->control->device_sleeping;
	uint32_t seen;

	if (ring->wake_order == ACCEL_RING_WAKE_ORDER_SLEEPER) {
		/* The device thread sets device_sleeping, calls membarrier() and then checks the ring again. Thus
		 * either this load sees the word set, or the device thread sees the entry; the store of the entry
		 * and this load need only a compiler barrier. */
		__atomic_signal_fence(__ATOMIC_SEQ_CST);
		seen = __atomic_load_n(sleeping, __ATOMIC_RELAXED);
	} else {
		seen = __atomic_fetch_add(sleeping, 0, __ATOMIC_SEQ_CST);
	}
	if (__builtin_expect(seen != 0, 0) && __atomic_exchange_n(sleeping, 0, __ATOMIC_ACQ_REL))
		ring->doorbell(ring->context);
}

/** Tag of @sequence: the lap modulo 128 with ACCEL_RING_TAG_BIT; never zero. */
static inline unsigned char accel_ring_tag(const struct accel_ring *ring, uint64_t sequence)
{
	return (unsigned char)(ACCEL_RING_TAG_BIT | (sequence >> ring->count_shift));
}

/** Address of the tag that publishes @sequence (publication tag). */
static inline unsigned char *accel_ring_mark(const struct accel_ring *ring, uint64_t sequence)
{
	return ring->tags + (sequence & ring->mask) * (size_t)ring->tag_stride;
}

/** Mark @count entries from @sequence as ready, without waking the device. */
static inline void accel_ring_show(struct accel_ring *ring, uint64_t sequence, uint32_t count)
{
	if (ring->publication == ACCEL_RING_PUBLICATION_TAG) {
		for (uint32_t i = 0; i < count; i++)
			__atomic_store_n(accel_ring_mark(ring, sequence + i),
					 accel_ring_tag(ring, sequence + i), __ATOMIC_RELEASE);
		return;
	}
	/* Before the register: the device may complete the entry at once, and a consumer that polls the completion
	 * must find in `published` that the entry was published. */
	__atomic_store_n(&ring->control->published, sequence + count, __ATOMIC_RELEASE);
	if (__builtin_expect(ring->publication == ACCEL_RING_PUBLICATION_REGISTER, 0))
		accel_ring_write_register(ring, sequence + count);
}

/**
 * Publish @count entries from @sequence: make them visible to the device.
 * With one producer, entries must be published in the order in which they were reserved.
 */
static inline void accel_ring_publish(struct accel_ring *ring, uint64_t sequence, uint32_t count)
{
	/* 0 also is the only count that a forked child, whose ring is all zeros, can reserve. */
	if (!count || (ring->submit && ring->submit(ring->submit_context, sequence, count)))
		return;
	accel_ring_show(ring, sequence, count);
	accel_ring_wake_device(ring);
}

/** Number of available completions from @at, at most @most. */
static inline uint64_t accel_ring_ready(struct accel_ring *ring, uint64_t at, uint64_t most)
{
	uint64_t n = 0;

	if (ring->completion == ACCEL_RING_COMPLETION_MODE_COUNTER) {
		if (ring->completed_seen == at) {
			ring->completed_seen =
				__atomic_load_n(&ring->control->completed, __ATOMIC_ACQUIRE);
			/* At least the value that the device stored before `completed`; a later value only
			 * means that more status bytes are read. */
			ring->noted_seen = __atomic_load_n(&ring->control->noted, __ATOMIC_RELAXED);
		}
		n = ring->completed_seen - at;
		return n < most ? n : most;
	}
	while (n < most) {
		unsigned char *s =
			ring->status + ((at + n) & ring->mask) * (size_t)ring->status_stride;
		unsigned char phase = accel_ring_phase(ring, at + n) ? ACCEL_RING_STATUS_PHASE : 0;

		if ((__atomic_load_n(s, __ATOMIC_ACQUIRE) & ACCEL_RING_STATUS_PHASE) != phase)
			break;
		n++;
	}
	return n;
}

/** Read status and record of entry @sequence into @c. */
static inline void accel_ring_read(const struct accel_ring *ring, uint64_t sequence,
				   struct accel_completion *c)
{
	uint64_t slot = sequence & ring->mask;
	unsigned char s = ring->status[slot * ring->status_stride];

	c->status = s & ACCEL_RING_STATUS_MASK;
	if (s & ACCEL_RING_STATUS_RECORD) {
		struct accel_ring_record record;

		memcpy(&record, ring->records + (slot << ring->record_shift), sizeof(record));
		c->result = record.result;
		c->detail = record.detail;
		c->address = record.address;
		c->index = record.index;
		c->field = record.field;
	}
}

/**
 * Take up to @most completions, in order. Returns their number, 0 if none is available. If the ring is empty and the
 * device does not complete entries in it, the queue first collects finished entries, without waiting.
 * When it returns, the slots of these entries are free.
 */
static inline uint32_t accel_ring_poll(struct accel_ring *ring,
				       struct accel_completion *completions, uint32_t most)
{
	if (!ring->capacity)
		return 0;

	uint64_t at = ring->consumed;
	uint32_t n = (uint32_t)accel_ring_ready(ring, at, most);

	/* The return value matters only to a wait: a poll returns the completions that the ring has. */
	if (!n && ring->progress && most) {
		(void)ring->progress(ring->context, 0);
		n = (uint32_t)accel_ring_ready(ring, at, most);
	}
	for (uint32_t i = 0; i < n; i++) {
		struct accel_completion *c = &completions[i];

		memset(c, 0, sizeof(*c));
		c->sequence = at + i;
		c->status = ACCEL_RING_STATUS_SUCCESS;
		if (at + i < ring->noted_seen)
			accel_ring_read(ring, at + i, c);
	}
	if (n)
		__atomic_store_n(&ring->consumed, at + n, __ATOMIC_RELEASE);
	return n;
}

/** Number of entries reserved and not yet polled. Exact if only this thread uses the ring, otherwise a snapshot. */
static inline uint64_t accel_ring_outstanding(const struct accel_ring *ring)
{
	return __atomic_load_n(&ring->reserved, __ATOMIC_RELAXED) -
	       __atomic_load_n(&ring->consumed, __ATOMIC_RELAXED);
}

#ifdef __cplusplus
}
#endif
#endif
