/* SPDX-License-Identifier: MIT */
/*
 * The private C interface between libaccel and libaccel-soft: what an open(), ioctl(), mmap() and close()
 * of an accelerator node would be. libaccel finds the one exported function by its name.
 *
 * Every function may be called by any thread at any time, but not with a file that is being closed.
 * Each returns 0 or a negative errno. Nothing here prints, exits, or throws.
 */
#ifndef ACCEL_SOFT_ENTRY_H
#define ACCEL_SOFT_ENTRY_H

#include <stdbool.h>
#include <stdint.h>
#include <uapi/accel/accel.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The name to look up with dlsym(). */
#define ACCEL_SOFT_ENTRY_SYMBOL "accel_soft_entry"

/** One open file of a soft device. */
struct accel_soft_file;

/** How the thread that publishes executes small descriptors by itself: the submit hook of struct accel_ring. */
struct accel_soft_inline_path {
	bool (*submit)(void *context, uint64_t sequence, uint32_t count);
	void *context;
};

/** What libaccel-soft offers. Grows at its end: @size says what is there. */
struct accel_soft_functions {
	uint32_t size; /* sizeof(struct accel_soft_functions) as libaccel-soft knows it */
	uint32_t reserved;

	/** How many devices there are; they are called soft0, soft1, … */
	unsigned (*devices)(void);

	/** One line for people; NULL if there is no such device. Static. */
	const char *(*describe)(unsigned index);

	/** Open device @index. ENODEV: there is none; ENOMEM; EFAULT: @file is NULL. */
	int (*open)(unsigned index, struct accel_soft_file **file);

	/** The ioctl: one message of the attribute uABI to a struct accel_soft_file. ESTALE in a forked child. */
	int (*call)(void *file, struct accel_call *call);

	/**
	 * The mmap, shared and for reading and writing: @length bytes from @offset on, where @offset lies in
	 * what a map-offset output named. EINVAL: no object lies there, it is shorter, @offset is not a
	 * multiple of the page size, @length is 0; ESTALE; ENOMEM.
	 * The memory stays until unmap(), whatever becomes of the object and the file.
	 */
	int (*map)(struct accel_soft_file *file, uint64_t offset, uint64_t length, void **address);

	/**
	 * The munmap of exactly one map(). @file may be NULL or closed: memory belongs to the process.
	 * EINVAL: this process mapped nothing so. What a forked child inherited stays until it exits or calls exec().
	 */
	int (*unmap)(struct accel_soft_file *file, void *address, uint64_t length);

	/**
	 * The inline path of the ring at @address, which map() gave: @submit executes the entry of a sequence number that the
	 * calling thread has reserved, filled and not yet published. True: it is completed and marked; false: publish it.
	 * @submit is NULL where the device executes everything itself. Both are good until unmap(), also after
	 * close(); then everything is false.
	 */
	void (*inline_path)(void *address, struct accel_soft_inline_path *inline_path);

	/**
	 * The last close: destroys every object, finishes the descriptors in work and drops the rest. NULL is allowed. In a
	 * forked child it does nothing to what the parent opened, whose locks another thread may have held at the fork.
	 */
	void (*close)(struct accel_soft_file *file);
};

/** Static; the same at every call. */
__attribute__((visibility("default"))) const struct accel_soft_functions *accel_soft_entry(void);

#ifdef __cplusplus
}
#endif
#endif
