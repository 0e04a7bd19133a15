/* SPDX-License-Identifier: MIT */
/*
 * Inline execution: a producer may execute its own entry if it is the next one, while a worker polls the ring, goes to
 * sleep and is woken. Memory is as weak as on x86; wake.pml describes the model of memory.
 *
 * `completed` is the token. A producer that reads its own sequence from `completed` may execute that entry: all earlier
 * entries are complete, and the worker does not access the entry before it is marked. The submit hook executes the
 * entry, stores `completed`, then stores the mark, so that no old mark remains in the slot. Publish marks only entries
 * that the hook did not execute, and wakes the worker for them. The worker goes to sleep by the wake order "sleeper",
 * whose barrier drains every store buffer. The client polls at once: a slot is free for the next lap as soon as
 * `completed` is past it.
 *
 * PRODUCERS: 1 is the real protocol. 2 must fail, so inline execution is limited to one producer: the hook of one
 * producer marks an entry after executing it, when another producer may already have marked the same slot for the next
 * lap. That mark is lost, and no doorbell is rung for entries published after it.
 * RECHECK: 1 the worker reads `completed` again after it found an entry marked; 0 it does not (must fail: the entry may
 * already be complete).
 *
 * Proven: every entry is executed once and in order, and the worker does not sleep while an entry is published.
 */
#ifndef RECHECK
#define RECHECK 1
#endif
#ifndef PRODUCERS
#define PRODUCERS 1
#endif
#define ENTRIES 3
#define SLOTS 2

#define COMPLETED 100 /* an address; smaller addresses are the marks of the slots */
#define MARKED(n) (mark[(n) % SLOTS] == (n) + 1)

byte reserved, completed;
byte mark[SLOTS];
bit inline_taken, sleeping;
byte doorbells;
byte executed; /* the number of executed entries; each must be the next one */
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

/* The hardware drains each buffer in order, at any time. */
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

/* Rings the doorbell if the worker sleeps: a plain load, then an exchange, which drains the own buffer. */
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
			:: seen -> doorbells++
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
	   /* The real code takes the inline path by an exchange. The model omits its drain: memory is weaker here. */
	   if
	   :: atomic { !inline_taken -> inline_taken = 1; taken = 1 }
	   :: skip /* another thread is in the inline path, or the entry is too large */
	   fi;
	   if
	   :: taken ->
		/* The own buffer has no store for earlier entries: they were this producer's and are complete. */
		seen = completed == mine;
		if
		:: seen ->
			execute(mine);
			buffer[me] ! COMPLETED, mine + 1;
			buffer[me] ! mine % SLOTS, mine + 1
		:: else
		fi;
		inline_taken = 0
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

inline check_ring()
{
	if
	:: completed > next -> next = completed
	:: else
	fi;
	found = MARKED(next);
#if RECHECK
	if
	:: found && completed > next -> done_already = 1
	:: else -> done_already = 0
	fi
#endif
}

active proctype worker()
{
	byte next, p, at, value;
	bit found, done_already;

	do
	:: check_ring();
	   if
	   :: found && !done_already ->
		execute(next);
		next++;
		completed = next
	   :: found && done_already -> skip
	   :: else ->
		sleeping = 1;
		atomic { drain_all(p, at, value) }
		check_ring();
		if
		:: found || done_already -> sleeping = 0
		:: else ->
			if
			:: doorbells > 0 -> doorbells--
			:: executed == ENTRIES -> break
			fi
		fi
	   fi
	od
}
