/* SPDX-License-Identifier: MIT */
/*
 * Inline execution: a producer whose entry is the next one may execute it by itself, while a worker looks at the
 * ring, goes to sleep, and is woken; for any memory as weak as x86's (wake.pml says how that is modelled).
 *
 * The token is `completed`: a producer that finds it equal to the sequence number that it reserved may execute that
 * entry, since everything before it is done, and the worker does not touch it before it is shown. The submit hook does
 * all of it in the lane: execute, store `completed`, then the mark, so that no old mark is left in the slot. Publishing
 * then shows and wakes only what the hook did not take. The worker goes to sleep by the wake order "sleeper", whose
 * barrier drains every store buffer. A slot is free for the next lap as soon as `completed` is seen behind it: the
 * client polls in no time.
 *
 * PRODUCERS: 1 as it is; 2 must fail, which is why there is no inline execution with several producers: the hook marks
 * an entry after it was executed, when the slot may be another producer's already, whose mark is then lost; and
 * nobody rings for what was published behind it meanwhile.
 * AGAIN: 1 the worker looks at `completed` once more after it found an entry shown, 0 it does not (must fail: it
 * may be done already).
 *
 * Proven: every entry is executed once and in order, and the worker does not sleep with work to do.
 */
#ifndef AGAIN
#define AGAIN 1
#endif
#ifndef PRODUCERS
#define PRODUCERS 1
#endif
#define ENTRIES 3
#define SLOTS 2

#define COMPLETED 100 /* an address; below are the marks of the slots */
#define SHOWN(n) (mark[(n) % SLOTS] == (n) + 1)

byte reserved, completed;
byte mark[SLOTS];
bit lane, sleeping;
byte bells;
byte executed; /* how many; each must be the next one */
chan buffer[PRODUCERS] = [4] of { byte, byte };

inline execute(n)
{
	atomic { assert(executed == n); executed++ }
}

inline drain_one(p, at, value)
{
	buffer[p] ? at, value;
	if
	:: at == COMPLETED -> completed = value
	:: else -> mark[at] = value
	fi
}

/* The hardware drains the buffers, each in order, whenever it likes. */
active [PRODUCERS] proctype drainer()
{
	byte p = _pid;
	byte at, value;
end:
	do
	:: atomic { nempty(buffer[p]) -> drain_one(p, at, value) }
	od
}

inline drain_all(p, at, value)
{
	p = 0;
	do
	:: p < PRODUCERS && nempty(buffer[p]) -> drain_one(p, at, value)
	:: p < PRODUCERS && empty(buffer[p]) -> p++
	:: p == PRODUCERS -> break
	od
}

/* Ring if the worker sleeps: a plain load, then an exchange, which drains the own buffer. */
inline wake()
{
	seen = sleeping;
	if
	:: seen ->
		atomic {
			do
			:: nempty(buffer[me]) -> drain_one(me, at, value)
			:: empty(buffer[me]) -> break
			od;
			seen = sleeping;
			sleeping = 0;
			if
			:: seen -> bells++
			:: else
			fi
		}
	:: else
	fi
}

active [PRODUCERS] proctype producer()
{
	byte me = _pid - PRODUCERS;
	byte mine, at, value;
	bit seen, taken;

	do
	:: atomic {
		reserved < ENTRIES && reserved < completed + SLOTS -> mine = reserved; reserved++
	   }
	   taken = 0;
	   /* The lane is taken by an exchange. That drains the buffer, which only takes weakness away. */
	   if
	   :: atomic { !lane -> lane = 1; taken = 1 }
	   :: skip /* somebody else is in it, or the job is too large */
	   fi;
	   if
	   :: taken ->
		/* The own buffer holds nothing about entries before: they were this producer's and done. */
		seen = completed == mine;
		if
		:: seen ->
			execute(mine);
			buffer[me] ! COMPLETED, mine + 1;
			buffer[me] ! mine % SLOTS, mine + 1
		:: else
		fi;
		lane = 0
	   :: else -> seen = 0
	   fi;
	   if
	   :: seen
	   :: else ->
		buffer[me] ! mine % SLOTS, mine + 1;
		wake()
	   fi
	:: reserved == ENTRIES -> break
	od
}

inline look()
{
	if
	:: completed > next -> next = completed
	:: else
	fi;
	there = SHOWN(next);
#if AGAIN
	if
	:: there && completed > next -> again = 1
	:: else -> again = 0
	fi
#endif
}

active proctype worker()
{
	byte next, p, at, value;
	bit there, again;

	do
	:: look();
	   if
	   :: there && !again ->
		execute(next);
		next++;
		completed = next
	   :: there && again -> skip
	   :: else ->
		sleeping = 1;
		atomic { drain_all(p, at, value) }
		look();
		if
		:: there || again -> sleeping = 0
		:: else ->
			if
			:: bells > 0 -> bells--
			:: executed == ENTRIES -> break
			fi
		fi
	   fi
	od
}
