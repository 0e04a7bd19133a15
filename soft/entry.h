/* SPDX-License-Identifier: MIT */
/*
 * The private C interface between libaccel and libaccel-soft. It corresponds to open(), ioctl(), mmap() and close() of
 * an accelerator node. libaccel finds the one exported function by its name.
 *
 * Every function may be called by any thread at any time, but not with a file that is being closed.
 * Each returns 0 or a negative errno. No function prints, exits or throws.
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

/** Inline execution: the submit hook of struct accel_ring, which executes small entries in the publishing thread. */
struct accel_soft_inline_path {
	bool (*submit)(void *context, uint64_t sequence, uint32_t count);
	void *context;
};

/** The functions of libaccel-soft. The structure grows at its end; @size shows which members exist. */
struct accel_soft_functions {
	uint32_t size; /* sizeof(struct accel_soft_functions) as libaccel-soft knows it */
	uint32_t reserved;

	/** The number of devices; their names are soft0, soft1 and so on. */
	unsigned (*devices)(void);

	/** A description in one line; NULL if the device does not exist. Static. */
	const char *(*describe)(unsigned index);

	/** Open device @index. ENODEV: it does not exist; ENOMEM; EFAULT: @file is NULL. */
	int (*open)(unsigned index, struct accel_soft_file **file);

	/** The ioctl: one message of the attribute uABI. @file: a struct accel_soft_file. ESTALE in a forked child. */
	int (*call)(void *file, struct accel_call *call);

	/**
	 * The mmap, shared, readable and writable: @length bytes from @offset on, which is within an object whose
	 * message returned its map-offset. EINVAL: no object has this offset, the object is shorter, @offset is not a
	 * multiple of the page size, @length is 0; ESTALE; ENOMEM.
	 * The memory remains mapped until unmap(), even after the object is destroyed and the file is closed.
	 */
	int (*map)(struct accel_soft_file *file, uint64_t offset, uint64_t length, void **address);

	/**
	 * The munmap of exactly one map(). @file may be NULL or closed: mappings belong to the process.
	 * EINVAL: this process has no such mapping. A mapping that a forked child inherited stays until the child exits
	 * or calls exec().
	 */
	int (*unmap)(struct accel_soft_file *file, void *address, uint64_t length);

	/**
	 * Returns the inline path of the ring at @address, which map() returned. @submit executes the entry of a
	 * sequence that the calling thread has reserved and filled, but not published. True: it is completed and
	 * published; false: the caller publishes it. @submit is NULL if the workers execute every entry. Both members
	 * are valid until unmap(), also after close(), when @submit always returns false.
	 */
	void (*inline_path)(void *address, struct accel_soft_inline_path *inline_path);

	/**
	 * The last close: destroys every object; entries being executed are finished, the others dropped. NULL is
	 * allowed. In a forked child it has no effect on a file that the parent opened, because another thread of the
	 * parent may have held its locks at the fork.
	 */
	void (*close)(struct accel_soft_file *file);
};

/** Returns the same static structure at every call. */
__attribute__((visibility("default"))) const struct accel_soft_functions *accel_soft_entry(void);

#ifdef __cplusplus
}
#endif
#endif
