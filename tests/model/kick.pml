/* SPDX-License-Identifier: MIT */
/*
 * A ring of the process: producers mark an entry, take the lock of the queue, submit everything that is marked to the
 * kernel, and store how much was submitted. A thread that waits asks the kernel while something is in flight; while
 * nothing is, it sleeps on the waiter word until somebody submits. For any memory as weak as x86's (wake.pml says how
 * that is modelled): stores go through a buffer of each producer, which drains in order at any later time.
 *
 * Sleeping has no deadline here, and waiting in the kernel none either: the 100 ms of the real code are left out, so a
 * wake-up that gets lost is an invalid end state.
 *
 * ORDER: 1 wake order "sleeper", 2 "both", 3 neither (must fail). WAKE: 0 submitting does not look at the waiter word
 * (must fail). LOOK: 0 the thread that waits does not ask once more after it set the word (must fail).
 * GONE: 1 the device disappears at any moment, and the kernel finishes nothing from then on. WAKE_GONE: 0 set_gone()
 * does not take the word (must fail).
 *
 * Proven: the thread that waits gets every completion, or learns that the device is gone; and each entry is submitted
 * once.
 */
#ifndef ORDER
#define ORDER 1
#endif
#ifndef WAKE
#define WAKE 1
#endif
#ifndef LOOK
#define LOOK 1
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

#define SUBMITTED 100 /* addresses; below are the marks of each producer */
#define LOCK 101

byte marked[PRODUCERS], submitted;
bit lock, waiting, gone;
byte bells;
byte in_kernel, finished; /* the kernel's */
byte handed;		  /* how many the kernel was given */
chan buffer[PRODUCERS] = [4] of { byte, byte };
hidden byte at, value; /* of drain_one(), within one atomic step */

inline drain_one(p)
{
	buffer[p] ? at, value;
	if
	:: at == SUBMITTED -> submitted = value
	:: at == LOCK -> lock = value
	:: else -> marked[at] = value
	fi
}

/* The hardware drains the buffers, each in order, whenever it likes. */
active [PRODUCERS] proctype drainer()
{
	byte p = _pid;
end:
	do
	:: atomic { nempty(buffer[p]) -> drain_one(p) }
	od
}

/* What an atomic read-modify-write does first. */
inline drain_own(p)
{
	do
	:: nempty(buffer[p]) -> drain_one(p)
	:: empty(buffer[p]) -> break
	od
}

/* wake_for_work(): look at the word, and clear it by an atomic read-modify-write. */
inline wake(p, seen)
{
#if ORDER == 2
	atomic { drain_own(p); seen = waiting };
#else
	seen = waiting; /* a plain load: it may overtake the store of `submitted` */
#endif
	if
	:: seen ->
		atomic { drain_own(p); seen = waiting; waiting = 0 };
		if
		:: seen -> atomic { bells++; seen = 0 }
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
		:: else /* another producer submitted it, or nobody takes it any more */
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
	:: seen -> bells++
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
			finished > 0 || gone /* in the kernel, which looks for the removal */
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
#if LOOK
			:: finished > 0 || submitted > taken || gone -> waiting = 0
			:: finished == 0 && submitted <= taken && !gone ->
#else
			:: true ->
#endif
				atomic { bells > 0 -> bells = 0 } /* asleep until a bell */
			fi
		fi
	od
}
