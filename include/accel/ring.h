/* SPDX-License-Identifier: MIT */
/*
 * The hot path of a queue: reserve entries, fill them in place, publish them, poll completions.
 * No system call, no allocation and no lock where the device takes its work from the ring and completes it there.
 * A call through a pointer wakes such a device when it sleeps. A queue of another device has hooks in its
 * struct accel_ring: publishing hands the entries to the kernel, and an empty poll asks for what is finished.
 *
 *	uint64_t at;
 *	while (!accel_ring_reserve(ring, 1, &at))	 // full: an ordinary answer
 *		drain(ring);				 // accel_ring_poll(), or accel_queue_wait()
 *	struct my_descriptor *d = accel_ring_entry(ring, at);
 *	...fill the first ring->entry_bytes bytes of *d...
 *	accel_ring_publish(ring, at, 1);
 *
 * Who may call what. One thread posts (reserve, entry, publish) and one thread polls; they may be two
 * different threads. A queue made with ACCEL_QUEUE_FLAGS_MULTI_PRODUCER lets any number of threads
 * post; the polling side stays one thread at a time. Completions come in the order of the entries.
 *
 * Ordering. What was written before accel_ring_publish() is seen by the device when it sees the
 * entry ("publish to device": a release store). What the device wrote before it completed an
 * entry is seen after accel_ring_poll() returned it ("observe from device": an acquire load).
 * "Going to sleep" against "published" is ordered as control.wake-order says; src/ring/README.md has the
 * argument and tests/model/ the machine-checked model.
 *
 * Inline execution. A device made of software may execute one small entry within accel_ring_publish(), when the
 * queue is empty: that is quicker than another thread could notice the entry. Order and completions are the same.
 *
 * In a child process after fork() the ring is empty and full at once: reserve returns false and
 * poll returns 0, so that the parent's work is never disturbed.
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

/** struct accel_completion - how one entry ended; fields after @status as in the record, else 0. */
struct accel_completion {
	uint64_t sequence; /* what accel_ring_reserve() gave */
	uint64_t result;
	uint64_t detail;
	uint64_t address;
	uint32_t index;
	uint8_t status; /* ACCEL_RING_STATUS_* */
	uint8_t field;
	uint16_t reserved;
};

/**
 * struct accel_ring - the process's side of one ring. Made by accel_queue_create(); the layout is part of
 * the ABI because the functions below are compiled into programs. Do not touch the fields.
 */
struct accel_ring {
	/* Fixed at creation. All zero in a forked child, which makes the ring refuse everything. */
	struct accel_ring_control *control;
	unsigned char *entries;
	unsigned char *status;
	unsigned char *records;
	unsigned char *tags;
	/* Hands entries [sequence, sequence + count) to the queue, which the caller has reserved and filled,
	 * before they are marked. True: the queue has taken them, and marked them where marks are needed.
	 * False: publish marks them and wakes the device. NULL: always false. */
	bool (*submit)(void *context, uint64_t sequence, uint32_t count);
	void *submit_context;
	/* Moves finished work into the ring, and waits for some until the deadline (absolute CLOCK_MONOTONIC,
	 * 0: do not wait). Returns > 0: completions were added; 0: nothing happened until the deadline; -EAGAIN:
	 * nothing is in flight, so nothing can be waited for; -ENODEV: the device is gone; another -errno.
	 * NULL: the device completes by itself. */
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
	/* Bytes of an entry that its producer fills; the rest, if any, is the ring's: it is read while the
	 * entry is being filled, so leave it alone. */
	uint32_t entry_bytes;
	uint8_t pad0[256 - 13 * 8 - 7 * 4 - 8];
	/* Written by the posting side. */
	uint64_t reserved;
	uint64_t consumed_seen;
	uint8_t pad1[128 - 16];
	/* Written by the polling side. */
	uint64_t consumed;
	uint64_t completed_seen;
	uint64_t noted_seen; /* all ones where each status byte must be read */
	uint8_t pad2[128 - 24];
};

/** Phase of @sequence: 1 in the first lap of the ring, 0 in the second, and so on. */
static inline unsigned accel_ring_phase(const struct accel_ring *ring, uint64_t sequence)
{
	return (unsigned)(~(sequence >> ring->count_shift) & 1);
}

/** Reserve when several threads post: the word that all of them move is `reserved`. */
static inline bool accel_ring_reserve_shared(struct accel_ring *ring, uint32_t count,
					     uint64_t *sequence)
{
	uint64_t at = __atomic_load_n(&ring->reserved, __ATOMIC_RELAXED);

	do {
		uint64_t consumed = __atomic_load_n(&ring->consumed, __ATOMIC_ACQUIRE);

		/* Signed: `at` may be older than `consumed`; the exchange then fails and reloads. */
		if ((int64_t)(at + count - consumed) > (int64_t)ring->capacity)
			return false;
	} while (!__atomic_compare_exchange_n(&ring->reserved, &at, at + count, true,
					      __ATOMIC_RELAXED, __ATOMIC_RELAXED));
	*sequence = at;
	return true;
}

/**
 * Reserve @count entries in a row (@count at most the number of entries of the ring).
 * Returns false if the ring has not that much room now; poll completions to make room.
 * On true, *@sequence is the first one; all @count must be filled and published.
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
	/* Atomic for the polling thread, which may ask how much is outstanding. */
	__atomic_store_n(&ring->reserved, at + count, __ATOMIC_RELAXED);
	*sequence = at;
	return true;
}

/** Where entry @sequence lies. The slot after the last one is the first one. */
static inline void *accel_ring_entry(struct accel_ring *ring, uint64_t sequence)
{
	return ring->entries + (sequence & ring->mask) * (size_t)ring->entry_size;
}

/**
 * "Publish to device": everything that this thread stored before is seen by a device that reads memory by
 * itself, before anything that is stored afterwards. Stronger than a release store between processors: it takes
 * in write-combined memory, where entries may lie (a ring in a BAR), and stores that bypass the caches.
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

/** Write the tail after @end entries into the register of the device. */
static inline void accel_ring_write_register(struct accel_ring *ring, uint64_t end)
{
	const uint64_t value = (end & ring->tail_mask) << ring->register_shift | ring->register_or;

	accel_ring_order_for_device();
	if (ring->register_width == 8)
		*(volatile uint64_t *)ring->tail_register = value;
	else
		*(volatile uint32_t *)ring->tail_register = (uint32_t)value;
}

/** Ring the doorbell if the device went to sleep: once for each time it did. */
static inline void accel_ring_wake_device(struct accel_ring *ring)
{
	uint32_t *sleeping = &ring->control->device_sleeping;
	uint32_t seen;

	if (ring->wake_order == ACCEL_RING_WAKE_ORDER_SLEEPER) {
		/* The sleeper's membarrier is the other half; here only the compiler must not reorder. */
		__atomic_signal_fence(__ATOMIC_SEQ_CST);
		seen = __atomic_load_n(sleeping, __ATOMIC_RELAXED);
	} else {
		seen = __atomic_fetch_add(sleeping, 0, __ATOMIC_SEQ_CST);
	}
	if (__builtin_expect(seen != 0, 0) && __atomic_exchange_n(sleeping, 0, __ATOMIC_ACQ_REL))
		ring->doorbell(ring->context);
}

/** Tag of @sequence: it tells the lap, and is never zero. */
static inline unsigned char accel_ring_tag(const struct accel_ring *ring, uint64_t sequence)
{
	return (unsigned char)(ACCEL_RING_TAG_BIT | (sequence >> ring->count_shift));
}

/** The byte that publishes @sequence where that is not done by an index. */
static inline unsigned char *accel_ring_mark(const struct accel_ring *ring, uint64_t sequence)
{
	return ring->tags + (sequence & ring->mask) * (size_t)ring->tag_stride;
}

/** Say that @count entries from @sequence on are ready, and no more than that. */
static inline void accel_ring_show(struct accel_ring *ring, uint64_t sequence, uint32_t count)
{
	if (ring->publication == ACCEL_RING_PUBLICATION_TAG) {
		for (uint32_t i = 0; i < count; i++)
			__atomic_store_n(accel_ring_mark(ring, sequence + i),
					 accel_ring_tag(ring, sequence + i), __ATOMIC_RELEASE);
		return;
	}
	/* Before the register: the completion may be there at once, and the process, when it sees that, is to
	 * find here that the entry was published. */
	__atomic_store_n(&ring->control->published, sequence + count, __ATOMIC_RELEASE);
	if (__builtin_expect(ring->publication == ACCEL_RING_PUBLICATION_REGISTER, 0))
		accel_ring_write_register(ring, sequence + count);
}

/**
 * Publish @count entries from @sequence on: the device may work on them from now on.
 * With one producer entries are published in the order they were reserved.
 */
static inline void accel_ring_publish(struct accel_ring *ring, uint64_t sequence, uint32_t count)
{
	/* Nothing is also what a forked child, whose ring is all zeros, can reserve. */
	if (!count || (ring->submit && ring->submit(ring->submit_context, sequence, count)))
		return;
	accel_ring_show(ring, sequence, count);
	accel_ring_wake_device(ring);
}

/** How many completions from @at on are there, at most @most. */
static inline uint64_t accel_ring_ready(struct accel_ring *ring, uint64_t at, uint64_t most)
{
	uint64_t n = 0;

	if (ring->completion == ACCEL_RING_COMPLETION_MODE_COUNTER) {
		if (ring->completed_seen == at) {
			ring->completed_seen =
				__atomic_load_n(&ring->control->completed, __ATOMIC_ACQUIRE);
			/* At least what belongs to `completed`; more only means more looks. */
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

/** The completion of entry @sequence, which has more to tell than success. */
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
 * Take up to @most completions, in order. Returns how many; 0 if none is there. An empty ring makes the queue look
 * for finished work first, where the device does not complete by itself; that does not wait.
 * The slots are free for new entries when it returns.
 */
static inline uint32_t accel_ring_poll(struct accel_ring *ring,
				       struct accel_completion *completions, uint32_t most)
{
	if (!ring->capacity)
		return 0;

	uint64_t at = ring->consumed;
	uint32_t n = (uint32_t)accel_ring_ready(ring, at, most);

	/* What it returns matters to a wait only: here the answer is what the ring has. */
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

/** Entries reserved and not yet polled. Exact for the only thread; else a moment's value. */
static inline uint64_t accel_ring_outstanding(const struct accel_ring *ring)
{
	return __atomic_load_n(&ring->reserved, __ATOMIC_RELAXED) -
	       __atomic_load_n(&ring->consumed, __ATOMIC_RELAXED);
}

#ifdef __cplusplus
}
#endif
#endif
