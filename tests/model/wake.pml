/* SPDX-License-Identifier: MIT */
/*
 * The wake-up protocol of the ring, for any memory as weak as x86's: "I publish, then I look whether you
 * sleep" against "I say that I sleep, then I look whether you published". It is used twice, with the sides
 * swapped: the device sleeps (device-sleeping, doorbell) and the process sleeps (waiter, futex).
 *
 * A publisher's stores go through a store buffer that drains at any later time; its loads do not wait for
 * it. An atomic read-modify-write drains the own buffer first; membarrier drains everybody's. The sleeper's
 * only plain store clears the word; should it come late, a publisher finds the word set, clears it by its exchange
 * and rings once: the same as if it had come just before.
 *
 * ORDER: 1 wake-order "sleeper", 2 wake-order "both", 3 neither (must fail: the proof that this
 * model can find a lost wake-up). CLEAR: 1 the waker clears the word with an exchange, 0 it reads it
 * only (must fail: more wake-ups than sleeps).
 *
 * Proven: no lost wake-up (a sleeper that nobody will wake is an invalid end state), and at most one
 * wake-up for each time the sleeper said that it sleeps.
 */
#ifndef ORDER
#define ORDER 1
#endif
#ifndef CLEAR
#define CLEAR 1
#endif
#define PUBLISHERS 2
#define ENTRIES 2 /* of each publisher */

byte published[PUBLISHERS];		/* memory */
byte buffered[PUBLISHERS];		/* the newest store in the buffer of each publisher */
bit sleeping;				/* the word */
byte bells;				/* wake-ups under way */
byte rung, said;			/* counters */

inline drain(p)
{
	published[p] = buffered[p]
}

/* The hardware drains a buffer whenever it likes. */
active [PUBLISHERS] proctype buffer()
{
	byte p = _pid;
end:
	do
	:: atomic { published[p] != buffered[p] -> drain(p) }
	od
}

active [PUBLISHERS] proctype publisher()
{
	byte p = _pid - PUBLISHERS;
	byte i;
	bit seen;

	for (i : 1 .. ENTRIES) {
		buffered[p] = buffered[p] + 1;		/* store, release */
#if ORDER == 2
		atomic { drain(p); seen = sleeping }	/* fetch_add(0) */
#else
		seen = sleeping;			/* plain load: may overtake the store */
#endif
		if
		:: seen ->
#if CLEAR
			atomic {			/* exchange */
				drain(p);
				seen = sleeping;
				sleeping = 0
			};
#endif
			if
			:: seen -> atomic { bells++; rung++; assert(rung <= said) }
			:: else
			fi
		:: else
		fi
	}
}

active proctype sleeper()
{
	byte taken, there, p;

	do
	:: taken == PUBLISHERS * ENTRIES -> break
	:: else ->
		there = published[0] + published[1];
		if
		:: there > taken -> taken = there
		:: else ->
			atomic { sleeping = 1; said++ };
#if ORDER == 1
			atomic { drain(0); drain(1) };	/* membarrier */
#endif
			there = published[0] + published[1];
			if
			:: there > taken -> sleeping = 0
			:: else -> atomic { bells > 0 -> bells = 0 }	/* asleep until a bell */
			fi
		fi
	od
}
