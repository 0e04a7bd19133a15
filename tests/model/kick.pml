/* SPDX-License-Identifier: MIT */
/*
 * A ring in process memory. A producer marks an entry, takes the lock of the queue, submits all marked entries to the
 * kernel, and stores the number of submitted entries. The waiting thread waits in the kernel while entries are in
 * flight; otherwise it sleeps on the waiter word until a producer submits. Memory is as weak as on x86; wake.pml
 * describes the model of memory. Stores go through a buffer of each producer, which drains in order at any later time.
 *
 * The model has no deadline, neither for the sleep nor for the wait in the kernel. The real code wakes after 100 ms;
 * here a lost wake-up is an invalid end state.
 *
 * ORDER: 1 wake order "sleeper", 2 "both", 3 neither (must fail). WAKE: 0 submit does not check the waiter word (must
 * fail). RECHECK: 0 the waiting thread does not check again after it has set the word (must fail).
 * GONE: 1 the device disappears at any moment, and the kernel then finishes no entry. WAKE_GONE: 0 set_gone() does not
 * clear the word and wake (must fail).
 *
 * Proven: the waiting thread takes every completion or observes that the device is gone, and each entry is submitted
 * once.
 */
#ifndef ORDER
#define ORDER 1
#endif
#ifndef WAKE
#define WAKE 1
#endif
#ifndef RECHECK
#define RECHECK 1
#endif
#ifndef GONE
#define GONE 0
#endif
#ifndef WAKE_GONE
#define WAKE_GONE 1
#endif
#define PRODUCERS 2
#ifndef ENTRIES
#define ENTRIES 2 /* of each producer */
#endif
#define ALL (PRODUCERS * ENTRIES)

#define SUBMITTED 100 /* addresses; smaller ones are the marks of the producers */
#define LOCK 101

byte marked[PRODUCERS], submitted;
bit lock, waiting, gone;
byte wakeups;
byte in_kernel, finished; /* counts of the kernel */
byte handed;		  /* entries passed to the kernel in total */
chan buffer[PRODUCERS] = [4] of { byte, byte };
hidden byte at, value; /* used by drain_one() within one atomic step */

inline drain_one(p)
{
	buffer[p] ? at, value;
	if
	:: at == SUBMITTED -> submitted = value
	:: at == LOCK -> lock = value
	:: else -> marked[at] = value
	fi
}

/* The hardware drains each buffer in order, at any time. */
active [PRODUCERS] proctype drainer()
{
	byte p = _pid;
end:
	do
	:: atomic { nempty(buffer[p]) -> drain_one(p) }
	od
}

/* An atomic read-modify-write first drains the own buffer. */
inline drain_own(p)
{
	do
	:: nempty(buffer[p]) -> drain_one(p)
	:: empty(buffer[p]) -> break
	od
}

/* wake_for_work(): reads the word, and clears it by an atomic read-modify-write. */
inline wake(p, seen)
{
#if ORDER == 2
	atomic { drain_own(p); seen = waiting };
#else
	seen = waiting; /* a plain load: may overtake the store of `submitted` */
#endif
	if
	:: seen ->
		atomic { drain_own(p); seen = waiting; waiting = 0 };
		if
		:: seen -> atomic { wakeups++; seen = 0 }
		:: else
		fi
	:: else
	fi
}

active [PRODUCERS] proctype producer()
{
	byte me = _pid - PRODUCERS;
	byte i, n;
	bit seen;

	for (i : 1 .. ENTRIES) {
		buffer[me] ! me, i;
		atomic { !lock -> drain_own(me); lock = 1 };
		n = marked[0] + marked[1] - submitted;
		if
		:: n > 0 && !gone ->
			atomic {
				in_kernel = in_kernel + n;
				handed = handed + n;
				assert(handed <= ALL)
			};
			atomic { buffer[me] ! SUBMITTED, submitted + n; n = 0 };
#if WAKE
			wake(me, seen)
#endif
		:: else /* another producer has submitted the entry, or the device is gone */
		fi;
		buffer[me] ! LOCK, 0
	}
}

active proctype kernel()
{
end:
	do
	:: atomic { in_kernel > 0 && !gone -> in_kernel--; finished++ }
	od
}

#if GONE
active proctype remover()
{
	bit seen;

	gone = 1;
#if WAKE_GONE
	atomic { seen = waiting; waiting = 0 };
	if
	:: seen -> wakeups++
	:: else
	fi
#endif
}
#endif

active proctype waiter()
{
	byte taken;
	byte p;

	do
	:: taken == ALL || gone -> break
	:: else ->
		if
		:: finished > 0 -> atomic { taken = taken + finished; finished = 0 }
		:: finished == 0 && submitted > taken ->
			finished > 0 || gone /* waits in the kernel, which notices the removal */
		:: finished == 0 && submitted <= taken ->
			waiting = 1; /* a read-modify-write */
#if ORDER == 1
			atomic { /* membarrier */
				p = 0;
				do
				:: p < PRODUCERS -> drain_own(p); p++
				:: else -> break
				od;
				p = 0
			};
#endif
			if
#if RECHECK
			:: finished > 0 || submitted > taken || gone -> waiting = 0
			:: finished == 0 && submitted <= taken && !gone ->
#else
			:: true ->
#endif
				atomic { wakeups > 0 -> wakeups = 0 } /* asleep until a wake-up */
			fi
		fi
	od
}
