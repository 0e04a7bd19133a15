/* SPDX-License-Identifier: MIT */
/*
 * The C interface of libaccel: devices, address spaces, buffers, queues, events, command channels.
 *
 * Rules that hold for every function below and are not repeated:
 *  - A function that can fail returns 0 or a negative errno; docs/reference/errors.md says what
 *    each one means and what to do. If the last argument `error` is not NULL it is filled in then:
 *    which object, method, attribute, value, what is allowed, and a sentence. On failure nothing
 *    was made, and outputs are left as they were.
 *  - The library never prints, never exits, never aborts, and installs no signal handler. No function is a
 *    cancellation point: pthread_cancel() takes effect after it.
 *  - Different objects can be used by different threads at once. One device, address space or
 *    buffer can be used by several threads at once too. A queue's hot path (accel/ring.h) has rules
 *    of its own; `destroy` and `close` need that nobody uses the object any more.
 *  - A child process made by fork() cannot use what its parent opened: -ESTALE.
 *  - `destroy` of something whose device was closed, unplugged or opened before a fork succeeds:
 *    nothing is left to end, and the process gets its memory back. Objects may be destroyed in any
 *    order.
 *  - NULL for an object, or for an output that is not called optional, is -EFAULT.
 *  - Time is an absolute CLOCK_MONOTONIC value in nanoseconds: 0 means "do not wait",
 *    ACCEL_DEADLINE_FOREVER means "as long as it takes".
 */
#ifndef ACCEL_ACCEL_H
#define ACCEL_ACCEL_H

#include <accel/answers.h>
#include <accel/ring.h>
#include <stddef.h>
#include <stdint.h>
#include <uapi/accel/accel.h>
#include <uapi/accel/ring.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ACCEL_API __attribute__((visibility("default")))

struct accel_device;
struct accel_address_space;
struct accel_buffer;
struct accel_queue;
struct accel_event;
struct accel_command;
struct accel_device_list;
struct accel_device_watch;

/* ---- errors ------------------------------------------------------------------------------- */

/**
 * struct accel_error - why a call failed; the uABI's error record, also for failures found before
 * the kernel was asked. @text is always a whole sentence fit for a person.
 */
struct accel_error {
	struct accel_error_record record;
};

/** Name of an errno ("EINVAL"), or "unknown". @code may have either sign. Never NULL. */
ACCEL_API const char *accel_errno_name(int code);
/** What the errno means here, in one sentence. */
ACCEL_API const char *accel_errno_meaning(int code);
/** What to do about it, in one sentence. */
ACCEL_API const char *accel_errno_action(int code);
/** Name of a reason ("out-of-range"), or "unknown". */
ACCEL_API const char *accel_reason_name(unsigned reason);
/** What the reason means, in one sentence. */
ACCEL_API const char *accel_reason_meaning(unsigned reason);
/** The errno (positive) that comes with the reason; 0 for "none" and for unknown numbers. */
ACCEL_API int accel_reason_errno(unsigned reason);
/** Name of a completion status ("read-fault"), or "unknown". */
ACCEL_API const char *accel_status_name(unsigned status);
/** What the completion status means, in one sentence. */
ACCEL_API const char *accel_status_meaning(unsigned status);
/** "0.1.0": the version of the library that runs. */
ACCEL_API const char *accel_version(void);

/* ---- devices ------------------------------------------------------------------------------ */

/**
 * struct accel_device_info - what discovery found; filled in by the library, strings live as long as
 * the list. A text that a device does not have is "", a number that it does not have is -1. The
 * structure grows at its end: a program that may run with an older library reads a member added after
 * 0.1 only if it ends within @size.
 */
struct accel_device_info {
	uint32_t size;		 /* bytes of this structure as the library knows it */
	int usable;		 /* 1 if accel_device_open() is expected to work now */
	const char *name;	 /* "soft0": what accel_device_open() takes */
	const char *provider;	 /* "soft", or "" if no provider of this library knows the device */
	const char *driver;	 /* kernel driver as sysfs names it, or "none", or "unknown" */
	const char *path;	 /* device node, or "" */
	const char *description; /* one line for people */
	const char *tested;  /* how the provider was tested: "soft", "hardware", "layout only", … */
	const char *reason;  /* if not usable: why, and what to do; else "" */
	const char *bus;     /* of the hardware: "pci", "platform", … */
	const char *address; /* on that bus: "0000:3b:00.0", "fdab0000.npu" */
	const char *syspath; /* the node's directory in sysfs */
	int pci_vendor;	     /* 0x17cb; -1 if it is no PCI device */
	int pci_device;	     /* 0xa100 */
	int numa_node;	     /* -1 also if the kernel does not know it */
	int node_major;	     /* numbers of the device node */
	int node_minor;
	uint32_t reserved; /* 0 */
};

/**
 * Find the accelerators of this machine: the built-in ones and those of every kernel subsystem
 * that has accelerators. No device node is opened and nothing is changed.
 * @list: out: free with accel_device_list_free(). Errors: ENOMEM, EMFILE.
 */
ACCEL_API int accel_device_list_get(struct accel_device_list **list, struct accel_error *error);
ACCEL_API size_t accel_device_list_count(const struct accel_device_list *list);
/** The @index-th entry, NULL past the end. */
ACCEL_API const struct accel_device_info *accel_device_list_at(const struct accel_device_list *list,
							       size_t index);
ACCEL_API void accel_device_list_free(struct accel_device_list *list);

/** enum accel_device_action - what happened to a device. Programs ignore those they do not know. */
enum accel_device_action {
	ACCEL_DEVICE_ACTION_ADD = 1,	  /* it is there now */
	ACCEL_DEVICE_ACTION_REMOVE = 2,	  /* it is gone */
	ACCEL_DEVICE_ACTION_CHANGE = 3,	  /* something about it changed */
	ACCEL_DEVICE_ACTION_ONLINE = 4,	  /* its driver says that it works (again) */
	ACCEL_DEVICE_ACTION_OFFLINE = 5,  /* its driver says that it does not work for now */
	ACCEL_DEVICE_ACTION_OVERFLOW = 6, /* events were lost: get the list again */
};

/** struct accel_device_event - one event of a watch; grows as struct accel_device_info does. */
struct accel_device_event {
	uint32_t size;	 /* bytes of this structure as the library knows it */
	uint32_t action; /* enum accel_device_action */
	/* The device as the list shows it now, or showed a removed one. NULL with overflow. */
	const struct accel_device_info *device;
};

/**
 * Watch accelerators come and go. Make the watch, then get the list: what happens in between is then
 * reported although the list shows it. Where udev runs, an event comes when its rules have run; udev
 * has then set the permissions of the node. Elsewhere (containers) it comes from the kernel, perhaps before
 * the node is there.
 * Errors: EOPNOTSUPP (no events can be received here, as in some containers), EMFILE, ENOMEM.
 */
ACCEL_API int accel_device_watch_create(struct accel_device_watch **watch,
					struct accel_error *error);
/** NULL is allowed. */
ACCEL_API void accel_device_watch_destroy(struct accel_device_watch *watch);
/** For poll(): readable (POLLIN) while accel_device_watch_next() may have an event. It stays the library's; -1
 *  for NULL. */
ACCEL_API int accel_device_watch_fd(const struct accel_device_watch *watch);
/**
 * The next event, without waiting. One thread at a time.
 * @event: out: good until the next call for this watch.
 * Returns 1 if there was one, 0 if there is none now: then @event is left as it was. Call it until it
 * returns 0. Errors: ESTALE, EMFILE, ENOMEM, EIO. If an error lost events, the next call reports an overflow event.
 */
ACCEL_API int accel_device_watch_next(struct accel_device_watch *watch,
				      const struct accel_device_event **event,
				      struct accel_error *error);
/** Name of an action ("add"), or "unknown". Never NULL. */
ACCEL_API const char *accel_device_action_name(unsigned action);

/**
 * Open a device by the name that the list gives.
 * Errors: ENODEV (no such name; or the device is there but its service is not: the text says
 * what to install), EACCES, EOPNOTSUPP (no provider), EMFILE, ENOMEM.
 */
ACCEL_API int accel_device_open(const char *name, struct accel_device **device,
				struct accel_error *error);
/**
 * Close it. The kernel frees everything that was made from it; objects of the library that are
 * still there answer -ENODEV and must still be destroyed. NULL is allowed. Also right after fork().
 */
ACCEL_API void accel_device_close(struct accel_device *device);
ACCEL_API const char *accel_device_name(const struct accel_device *device);
ACCEL_API const char *accel_device_provider(const struct accel_device *device);
/**
 * The open file of the device, for the calls of a provider's own header; it stays the library's and is good until
 * accel_device_close(). -1: the device has no file, or is closed.
 */
ACCEL_API int accel_device_fd(struct accel_device *device);
/**
 * Make an ioctl of the kernel driver on the open file of the device: what a provider's own header stands on. Goes the
 * way of all system calls of the library, and holds accel_device_close() back while it lasts. @argument: as the ioctl
 * @request has it, in and out; nothing of it is checked here.
 * Returns what the ioctl returns, 0 or more, or its negative errno, which has the meaning that the driver gives it.
 * Also EFAULT (@device is NULL), EOPNOTSUPP (the device has no file), ENODEV (it was closed), ESTALE.
 */
ACCEL_API int accel_device_ioctl(struct accel_device *device, unsigned long request,
				 void *argument);
/**
 * What the device is and has. @caps: set `size` first; see accel/answers.h, also for every other answer below.
 * Errors: EINVAL (size), ENODEV, ESTALE. Spec: device.query.
 */
ACCEL_API int accel_device_query(struct accel_device *device, struct accel_device_caps *caps,
				 struct accel_error *error);
/**
 * Deliver one message of the attribute uABI as it is: for tools and tests. The answer is in the
 * message. Errors: any of the contract; EOPNOTSUPP if the device does not speak the attribute uABI.
 */
ACCEL_API int accel_device_call(struct accel_device *device, struct accel_call *call);

/** One decoded call, as text without a newline. @text is valid during the callback only. */
typedef void (*accel_trace_fn)(void *context, const char *text);
/**
 * Have each attribute call of @device reported after it returned, by the thread that made it; NULL
 * ends it. Not with calls in flight. @fn must not close the device. Errors: EOPNOTSUPP, ENODEV,
 * ESTALE.
 */
ACCEL_API int accel_device_trace(struct accel_device *device, accel_trace_fn fn, void *context);

/* ---- address spaces ----------------------------------------------------------------------- */

/** Errors: EINVAL, EOPNOTSUPP, ENOSPC, ENOMEM. The text says why the device has no shared address
 *  space. Spec: address-space.create. */
ACCEL_API int accel_address_space_create(struct accel_device *device, enum accel_address_mode mode,
					 struct accel_address_space **space,
					 struct accel_error *error);
/** Errors: EBUSY while a queue uses it: it stays as it is. NULL is allowed.
 *  Spec: address-space.destroy. */
ACCEL_API int accel_address_space_destroy(struct accel_address_space *space,
					  struct accel_error *error);
/**
 * Map @length bytes of the process at @address for the device; @access: ACCEL_ACCESS_*.
 * @iova: in: where, or 0 for the kernel's choice; out: where the device sees it. The memory must
 * stay until it is unmapped. Errors: EINVAL (mode shared, length 0), EFAULT, EOVERFLOW, EEXIST,
 * ENOMEM. Spec: address-space.map.
 */
ACCEL_API int accel_address_space_map(struct accel_address_space *space, void *address,
				      uint64_t length, uint64_t access, uint64_t *iova,
				      struct accel_error *error);
/** The same for @length bytes of @buffer from @offset on. The buffer cannot be destroyed while
 *  mapped. */
ACCEL_API int accel_address_space_map_buffer(struct accel_address_space *space,
					     struct accel_buffer *buffer, uint64_t offset,
					     uint64_t length, uint64_t access, uint64_t *iova,
					     struct accel_error *error);
/** Take exactly one mapping away. When it returns the device no longer touches it. Errors: ENXIO.
 *  Spec: address-space.unmap. */
ACCEL_API int accel_address_space_unmap(struct accel_address_space *space, uint64_t iova,
					uint64_t length, struct accel_error *error);

/** PASID, or why there is none, and what is mapped. Errors: EINVAL (size), ENODEV, ESTALE.
 *  Spec: address-space.query. */
ACCEL_API int accel_address_space_query(struct accel_address_space *space,
					struct accel_address_space_info *info,
					struct accel_error *error);

/* ---- buffers ------------------------------------------------------------------------------ */

/** struct accel_buffer_options - zero it, then set what differs. Grows at its end. */
struct accel_buffer_options {
	uint32_t size;	      /* sizeof(struct accel_buffer_options) as the caller knows it */
	uint32_t reserved;    /* zero */
	uint64_t length;      /* bytes; rounded up to whole pages */
	uint64_t flags;	      /* ACCEL_BUFFER_FLAGS_* */
	const void *driver;   /* options of the provider's own header, or NULL */
	uint64_t driver_size; /* bytes of @driver */
};

/** Allocate memory (zeroed) and map it into the process, unless the flags say otherwise.
 *  Errors: EINVAL (length 0 or too big, options), E2BIG, ENOMEM, ENOSPC, EMFILE, EOPNOTSUPP (flags or driver options
 *  that the device does not have). Spec: buffer.create. */
ACCEL_API int accel_buffer_create(struct accel_device *device,
				  const struct accel_buffer_options *options,
				  struct accel_buffer **buffer, struct accel_error *error);
/** Make a buffer of memory the process has; it must stay until the buffer is destroyed.
 *  Errors: EINVAL, EFAULT, EOVERFLOW. Spec: buffer.register. */
ACCEL_API int accel_buffer_register(struct accel_device *device, void *address, uint64_t length,
				    uint64_t access, struct accel_buffer **buffer,
				    struct accel_error *error);
/** Make a buffer of a dma-buf, or of a memfd that cannot shrink (F_SEAL_SHRINK), and map it. @fd stays the caller's.
 *  Errors: EBADF, ENOMEM. Spec: buffer.import. */
ACCEL_API int accel_buffer_import(struct accel_device *device, int fd, struct accel_buffer **buffer,
				  struct accel_error *error);
/** Make a file of a buffer; @kind (optional): ACCEL_FILE_KIND_*. The fd is close-on-exec and the
 *  caller's. Errors: EOPNOTSUPP (not an allocated buffer), EMFILE. Spec: buffer.export. */
ACCEL_API int accel_buffer_export(struct accel_buffer *buffer, int *fd, uint32_t *kind,
				  struct accel_error *error);
/**
 * Begin (ACCEL_SYNC_PHASE_BEGIN) or end (…_END) an access of the process to the buffer's memory; @access:
 * ACCEL_ACCESS_* of the process. Needed where the caches of processor and device do not agree by themselves; a
 * success that does nothing elsewhere. @deadline_ns: until when to wait for the device to finish with the memory.
 * Errors: EINVAL, ETIMEDOUT, ENODEV, ESTALE, EOPNOTSUPP. Spec: buffer.sync.
 */
ACCEL_API int accel_buffer_sync(struct accel_buffer *buffer, enum accel_sync_phase phase,
				uint64_t access, uint64_t deadline_ns, struct accel_error *error);
/** What the buffer is. Errors: EINVAL (size), ENODEV, ESTALE. Spec: buffer.query. */
ACCEL_API int accel_buffer_query(struct accel_buffer *buffer, struct accel_buffer_info *info,
				 struct accel_error *error);
/** The buffer's name in the uABI: a GEM handle, for the calls of a provider's own header. 0 for NULL. */
ACCEL_API uint64_t accel_buffer_handle(const struct accel_buffer *buffer);
/** Where the device sees the first byte; 1 and *@address, or 0: it has no address until it is mapped. */
ACCEL_API int accel_buffer_device_address(const struct accel_buffer *buffer, uint64_t *address);
/** Errors: EBUSY while mapped into an address space: it stays. NULL is allowed.
 *  Spec: buffer.destroy. */
ACCEL_API int accel_buffer_destroy(struct accel_buffer *buffer, struct accel_error *error);
/** First byte in the process; NULL if it is not mapped, and for NULL. */
ACCEL_API void *accel_buffer_address(const struct accel_buffer *buffer);
/** Bytes; 0 for NULL. */
ACCEL_API uint64_t accel_buffer_size(const struct accel_buffer *buffer);

/* ---- events ------------------------------------------------------------------------------- */

/** Make an eventfd that queues can signal. Errors: EMFILE, ENOMEM. Spec: event.create. */
ACCEL_API int accel_event_create(struct accel_device *device, struct accel_event **event,
				 struct accel_error *error);
/** Errors: EBUSY while a queue uses it. NULL is allowed. Spec: event.destroy. */
ACCEL_API int accel_event_destroy(struct accel_event *event, struct accel_error *error);
/** The eventfd, for poll(); it stays the library's. -1 for NULL. */
ACCEL_API int accel_event_fd(const struct accel_event *event);

/* ---- queues ------------------------------------------------------------------------------- */

/** struct accel_queue_options - zero it, then set what differs. Grows at its end. */
struct accel_queue_options {
	uint32_t size;		   /* sizeof(struct accel_queue_options) as the caller knows it */
	uint32_t entries;	   /* power of two, 2 to accel_device_caps.max_entries */
	uint64_t flags;		   /* ACCEL_QUEUE_FLAGS_* */
	struct accel_event *event; /* optional; must outlive the queue */
	const void *driver;	   /* options of the provider's own header, or NULL */
	uint64_t driver_size;	   /* bytes of @driver */
	/* A timeline syncobj of the caller that the queue signals, for devices that take one: accel_queue_fence() tells
	 * the point of an entry. Kind none: no fence. Needs ACCEL_FEATURE_QUEUE_FENCES. What an entry waits for is a
	 * member of the entry, where the device has that. */
	struct accel_fence completion_fence;
};

/** Make a queue and map its ring. Errors: EINVAL, E2BIG, ENOSPC, ENOMEM, EOPNOTSUPP.
 *  Spec: queue.create. */
ACCEL_API int accel_queue_create(struct accel_address_space *space,
				 const struct accel_queue_options *options,
				 struct accel_queue **queue, struct accel_error *error);
/** End it: the descriptor in work is finished, what is behind it is dropped. NULL is allowed.
 *  Errors: EBUSY (the device still has entries of the queue, and cannot drop them; poll them and destroy it again).
 *  Spec: queue.destroy. */
ACCEL_API int accel_queue_destroy(struct accel_queue *queue, struct accel_error *error);
/** The queue's name in the uABI, for the calls of a provider's own header. 0 for NULL. */
ACCEL_API uint64_t accel_queue_handle(const struct accel_queue *queue);
/** The ring: accel/ring.h works on it. Valid until the queue is destroyed. NULL for NULL. */
ACCEL_API struct accel_ring *accel_queue_ring(struct accel_queue *queue);
/**
 * Wait until accel_ring_poll() would return something: spin a while, then sleep.
 * One thread at a time. Errors: ETIMEDOUT, ENODEV (the device was closed or is gone, and no completion is left in the
 * ring), ESTALE, ENOMEM and EIO (the kernel cannot wait). EINTR is handled inside.
 */
ACCEL_API int accel_queue_wait(struct accel_queue *queue, uint64_t deadline_ns,
			       struct accel_error *error);
/**
 * For poll loops: ask that the queue's event be signalled at the next completion.
 * Returns 1 if completions are there already (do not sleep, poll the ring), 0 if armed.
 * Errors: EALREADY (the queue has no event).
 */
ACCEL_API int accel_queue_arm(struct accel_queue *queue, struct accel_error *error);
/**
 * A file that poll() finds readable when the queue may have completions, where the kernel has one for it; poll the ring
 * until it is empty after each wake-up. It stays the queue's. Returns the descriptor.
 * Errors: EOPNOTSUPP (there is none: the text says what to use), ENODEV, ESTALE.
 */
ACCEL_API int accel_queue_poll_fd(struct accel_queue *queue, struct accel_error *error);
/**
 * A fence that signals when the entry @sequence has completed. The caller closes a sync_file. A syncobj
 * belongs to the queue, or is the one of accel_queue_options.completion_fence; its point is that of the entry, which
 * is not the sequence number if the kernel refused an entry before it.
 * Errors: EOPNOTSUPP (no ACCEL_FEATURE_QUEUE_FENCES), EALREADY (the kernel does not have the entry: it waits for room, was
 * refused, or was never published), EMFILE, ENODEV, ESTALE.
 */
ACCEL_API int accel_queue_fence(struct accel_queue *queue, uint64_t sequence,
				struct accel_fence *fence, struct accel_error *error);
/** Run again after a fault. Errors: EALREADY if it was not stopped. Spec: queue.resume. */
ACCEL_API int accel_queue_resume(struct accel_queue *queue, struct accel_error *error);

/** State and counters. Errors: EINVAL (size), ENODEV, ESTALE. Spec: queue.query. */
ACCEL_API int accel_queue_query(struct accel_queue *queue, struct accel_queue_info *info,
				struct accel_error *error);

/* ---- commands ----------------------------------------------------------------------------- */

/** Open a channel whose commands may have at most @scope. Errors: EPERM, EACCES, EOPNOTSUPP.
 *  Spec: command.create. */
ACCEL_API int accel_command_create(struct accel_device *device, enum accel_scope scope,
				   struct accel_command **command, struct accel_error *error);
/**
 * Send @request_size bytes and receive the answer.
 * @response (optional): NULL is room for nothing, which asks a command that answers for the size it
 * needs.
 * @response_size: in: room, out: bytes written, or needed if -EMSGSIZE.
 * Errors: EPERM (needs a wider scope), EINVAL, EMSGSIZE, EIO. Spec: command.execute.
 */
ACCEL_API int accel_command_execute(struct accel_command *command, const void *request,
				    size_t request_size, void *response, size_t *response_size,
				    struct accel_error *error);
/** NULL is allowed. Spec: command.destroy. */
ACCEL_API int accel_command_destroy(struct accel_command *command, struct accel_error *error);

#ifdef __cplusplus
}
#endif
#endif
