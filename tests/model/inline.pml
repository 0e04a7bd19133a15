/* SPDX-License-Identifier: MIT */
/*
 * Inline execution: a producer whose entry is the next one may execute it by itself, while a worker looks at the
 * ring, goes to sleep, and is woken; for any memory as weak as x86's (wake.pml says how that is modelled).
 *
 * The token is `completed`: who finds it equal to the sequence number that he reserved may execute that entry, since
 * everything before it is done, and the worker does not touch it before it is shown. Two producers; the
 * worker goes to sleep by the wake order "sleeper", whose barrier drains every store buffer.
 *
 * BEHIND: 1 who executed an entry looks whether the one behind it was shown meanwhile, 0 he does not (must fail:
 * its producer may have rung before, and the worker gone back to sleep). AGAIN: 1 the worker looks at
 * `completed` once more after it found an entry shown, 0 it does not (must fail: it may be done already).
 *
 * Proven: every entry is executed once and in order, and the worker does not sleep with work to do.
 */
#ifndef BEHIND
#define BEHIND 1
#endif
#ifndef AGAIN
#define AGAIN 1
#endif
#define PRODUCERS 2
#define ENTRIES 3

#define COMPLETED 100 /* an address; below are the marks of the entries */

byte reserved, completed;
bit shown[ENTRIES + 1];
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
	:: else -> shown[at] = 1
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
		reserved < ENTRIES -> mine = reserved; reserved++
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
			buffer[me] ! COMPLETED, mine + 1
		:: else
		fi;
		lane = 0
	   :: else -> seen = 0
	   fi;
	   taken = seen;
	   buffer[me] ! mine, 1;
	   if
	   :: taken ->
#if BEHIND
		seen = shown[mine + 1];
		if
		:: seen -> wake()
		:: else
		fi
#else
		skip
#endif
	   :: else -> wake()
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
	there = shown[next];
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
