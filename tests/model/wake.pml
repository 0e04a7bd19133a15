/* SPDX-License-Identifier: MIT */
/*
 * The wake-up protocol of the ring. The publisher stores an entry, then reads the word "sleeping". The sleeper sets the
 * word, then reads whether an entry is published. Excluded is the interleaving in which both reads return the old
 * value. The protocol is used twice, with the sides swapped: the device sleeps (device-sleeping, doorbell) and the
 * process sleeps (waiter, futex).
 *
 * Memory is as weak as on x86. The stores of a publisher go through a store buffer that drains at any later time; its
 * loads do not wait for the buffer. An atomic read-modify-write first drains the own buffer; membarrier drains all
 * buffers. The only plain store of the sleeper clears the word. If that store is late, a publisher finds the word set,
 * clears it by its exchange and wakes once, as if the publisher had come before the store.
 *
 * ORDER: 1 wake order "sleeper", 2 wake order "both", 3 neither (must fail: proves that the model can find a lost
 * wake-up). CLEAR: 1 the publisher clears the word with an exchange, 0 it only reads the word (must fail: more wake-ups
 * than sleeps).
 *
 * Proven: no wake-up is lost (a sleeper that no thread will wake is an invalid end state), and at most one wake-up
 * follows each time that the sleeper sets the word.
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
byte wakeups;				/* wake-ups not yet received */
byte sent, announced;			/* counters of wake-ups and of sleeps */

inline drain(p)
{
	published[p] = buffered[p]
}

/* The hardware drains a buffer at any time. */
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
			:: seen -> atomic { wakeups++; sent++; assert(sent <= announced) }
			:: else
			fi
		:: else
		fi
	}
}

active proctype sleeper()
{
	byte taken, available, p;

	do
	:: taken == PUBLISHERS * ENTRIES -> break
	:: else ->
		available = published[0] + published[1];
		if
		:: available > taken -> taken = available
		:: else ->
			atomic { sleeping = 1; announced++ };
#if ORDER == 1
			atomic { drain(0); drain(1) };	/* membarrier */
#endif
			available = published[0] + published[1];
			if
			:: available > taken -> sleeping = 0
			:: else -> atomic { wakeups > 0 -> wakeups = 0 }	/* asleep until a wake-up */
			fi
		fi
	od
}
