/* SPDX-License-Identifier: MIT */
/*
 * The C interface of libaccel: devices, address spaces, buffers, queues, events, command channels.
 *
 * Rules for every function below:
 *  - A function that can fail returns 0 or a negative errno; docs/reference/errors.md lists their
 *    meanings and remedies. On failure, the last argument `error`, if not NULL, receives the object,
 *    method, attribute and value, the allowed range and a sentence; no object was created, and
 *    outputs are unchanged.
 *  - The library never prints, exits or aborts, and installs no signal handler. No function is a
 *    cancellation point: pthread_cancel() takes effect after it.
 *  - Different threads can use different objects concurrently. Several threads can also use one
 *    device, address space or buffer concurrently. accel/ring.h documents the threads of a queue's
 *    hot path. No other thread may use an object during or after its `destroy` or `close`.
 *  - A child process of fork() cannot use what its parent opened: -ESTALE.
 *  - `destroy` of an object whose device was closed, removed or opened before a fork succeeds and
 *    frees the memory of the process. Objects may be destroyed in any order.
 *  - NULL for an object, or for an output that is not optional, is -EFAULT.
 *  - Time is an absolute CLOCK_MONOTONIC value in nanoseconds: 0 means "do not wait",
 *    ACCEL_DEADLINE_FOREVER means "wait without limit".
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
 * struct accel_error - cause of a failure: the uABI's error record, also for failures that the
 * library detects before a system call. @text always is a complete sentence for users.
 */
struct accel_error {
	struct accel_error_record record;
};

/** Name of an errno ("EINVAL"), or "unknown". @code may have either sign. Never NULL. */
ACCEL_API const char *accel_errno_name(int code);
/** Meaning of an errno in this library, in one sentence. */
ACCEL_API const char *accel_errno_meaning(int code);
/** Remedy for an errno, in one sentence. */
ACCEL_API const char *accel_errno_action(int code);
/** Name of a reason ("out-of-range"), or "unknown". */
ACCEL_API const char *accel_reason_name(unsigned reason);
/** Meaning of a reason, in one sentence. */
ACCEL_API const char *accel_reason_meaning(unsigned reason);
/** The positive errno of a reason; 0 for "none" and for unknown numbers. */
ACCEL_API int accel_reason_errno(unsigned reason);
/** Name of a completion status ("read-fault"), or "unknown". */
ACCEL_API const char *accel_status_name(unsigned status);
/** Meaning of a completion status, in one sentence. */
ACCEL_API const char *accel_status_meaning(unsigned status);
/** Version of the library that is loaded: "0.1.0". */
ACCEL_API const char *accel_version(void);

/* ---- devices ------------------------------------------------------------------------------ */

/**
 * struct accel_device_info - one device of the list, filled in by the library; its strings are valid
 * as long as the list. A missing text is "", a missing number is -1. The structure grows at its end:
 * a program that may run with an older library reads a member added after 0.1 only if it ends
 * within @size.
 */
struct accel_device_info {
	uint32_t size;		 /* bytes of this structure as the library knows it */
	int usable;		 /* 1 if accel_device_open() is expected to work now */
	const char *name;	 /* "soft0": argument of accel_device_open() */
	const char *provider;	 /* "soft", or "" if no provider of this library knows the device */
	const char *driver;	 /* kernel driver as sysfs names it, or "none", or "unknown" */
	const char *path;	 /* device node, or "" */
	const char *description; /* one line for people */
	const char *tested;  /* how the provider was tested: "soft", "hardware", "layout only" */
	const char *reason;  /* if not usable: cause and remedy; otherwise "" */
	const char *bus;     /* of the hardware, such as "pci", "platform" */
	const char *address; /* on that bus: "0000:3b:00.0", "fdab0000.npu" */
	const char *syspath; /* the node's directory in sysfs */
	int pci_vendor;	     /* 0x17cb; -1 if it is not a PCI device */
	int pci_device;	     /* 0xa100 */
	int numa_node;	     /* -1 also if the kernel does not know it */
	int node_major;	     /* numbers of the device node */
	int node_minor;
	uint32_t reserved; /* 0 */
};

/**
 * Get the accelerators of this machine: the built-in ones and those of every kernel subsystem
 * with accelerators. Opens no device node and changes nothing.
 * @list: out: free with accel_device_list_free(). Errors: ENOMEM, EMFILE.
 */
ACCEL_API int accel_device_list_get(struct accel_device_list **list, struct accel_error *error);
ACCEL_API size_t accel_device_list_count(const struct accel_device_list *list);
/** Entry @index; NULL past the end. */
ACCEL_API const struct accel_device_info *accel_device_list_at(const struct accel_device_list *list,
							       size_t index);
ACCEL_API void accel_device_list_free(struct accel_device_list *list);

/** enum accel_device_action - kind of a device event. Programs must ignore unknown values. */
enum accel_device_action {
	ACCEL_DEVICE_ACTION_ADD = 1,	  /* the device was added */
	ACCEL_DEVICE_ACTION_REMOVE = 2,	  /* the device was removed */
	ACCEL_DEVICE_ACTION_CHANGE = 3,	  /* a property of the device changed */
	ACCEL_DEVICE_ACTION_ONLINE = 4,	  /* its driver reports it usable (again) */
	ACCEL_DEVICE_ACTION_OFFLINE = 5,  /* its driver reports it temporarily unusable */
	ACCEL_DEVICE_ACTION_OVERFLOW = 6, /* events were lost: get the list again */
};

/** struct accel_device_event - one event of a watch; grows as struct accel_device_info does. */
struct accel_device_event {
	uint32_t size;	 /* bytes of this structure as the library knows it */
	uint32_t action; /* enum accel_device_action */
	/* The device as in the current list; for remove, as last listed. NULL with overflow. */
	const struct accel_device_info *device;
};

/**
 * Watch accelerators being added and removed. Create the watch before you get the list, so that no change
 * is lost; a change in between is reported although the list already includes it. If udev is running, an
 * event arrives after its rules, which set the permissions of the node. Otherwise (containers) it comes from
 * the kernel, possibly before the node exists.
 * Errors: EOPNOTSUPP (events cannot be received, as in some containers), EMFILE, ENOMEM.
 */
ACCEL_API int accel_device_watch_create(struct accel_device_watch **watch,
					struct accel_error *error);
/** NULL is allowed. */
ACCEL_API void accel_device_watch_destroy(struct accel_device_watch *watch);
/** File descriptor for poll(): readable (POLLIN) while accel_device_watch_next() may have an event. The library
 *  owns it. -1 for NULL. */
ACCEL_API int accel_device_watch_fd(const struct accel_device_watch *watch);
/**
 * Get the next event without waiting. One thread at a time.
 * @event: out: valid until the next call for this watch.
 * Returns 1 with an event, or 0 without one; then @event is unchanged. Call it until it returns 0.
 * Errors: ESTALE, EMFILE, ENOMEM, EIO. If events were lost by an error, the next call reports an overflow event.
 */
ACCEL_API int accel_device_watch_next(struct accel_device_watch *watch,
				      const struct accel_device_event **event,
				      struct accel_error *error);
/** Name of an action ("add"), or "unknown". Never NULL. */
ACCEL_API const char *accel_device_action_name(unsigned action);

/**
 * Open a device by its name in the list.
 * Errors: ENODEV (no such name; or the device exists but its service is missing: the text names
 * the package), EACCES, EOPNOTSUPP (no provider), EMFILE, ENOMEM.
 */
ACCEL_API int accel_device_open(const char *name, struct accel_device **device,
				struct accel_error *error);
/**
 * Close a device. The kernel frees everything that was created from it. Its remaining objects in the library
 * return -ENODEV and must still be destroyed. NULL is allowed. Also allowed after fork().
 */
ACCEL_API void accel_device_close(struct accel_device *device);
ACCEL_API const char *accel_device_name(const struct accel_device *device);
ACCEL_API const char *accel_device_provider(const struct accel_device *device);
/**
 * The open file of the device, for the functions of a provider's own header. The library owns it; it is valid
 * until accel_device_close(). -1: the device has no file, or is closed.
 */
ACCEL_API int accel_device_fd(struct accel_device *device);
/**
 * Call an ioctl of the kernel driver on the open file of the device, for a provider's own header. It uses the
 * system call layer of the library, and accel_device_close() waits until it returns. @argument: argument of the
 * ioctl @request, in and out; it is not checked.
 * Returns the result of the ioctl, 0 or greater, or its negative errno with the meaning that the driver defines.
 * Other errors: EFAULT (@device is NULL), EOPNOTSUPP (the device has no file), ENODEV (it was closed), ESTALE.
 */
ACCEL_API int accel_device_ioctl(struct accel_device *device, unsigned long request,
				 void *argument);
/**
 * Query the identity and capabilities of the device. @caps: set `size` first; see accel/answers.h, also for every
 * other answer below.
 * Errors: EINVAL (size), ENODEV, ESTALE. Spec: device.query.
 */
ACCEL_API int accel_device_query(struct accel_device *device, struct accel_device_caps *caps,
				 struct accel_error *error);
/**
 * Pass one message of the attribute uABI to the device unchanged, for tools and tests. The answer is in the
 * message. Errors: any of docs/reference/errors.md; EOPNOTSUPP if the device does not use the attribute uABI.
 */
ACCEL_API int accel_device_call(struct accel_device *device, struct accel_call *call);

/** One decoded call, as text without a newline. @text is valid during the callback only. */
typedef void (*accel_trace_fn)(void *context, const char *text);
/**
 * Call @fn after each attribute call of @device, in the thread of that call; NULL stops it. No call of the
 * device may be in progress. @fn must not close the device. Errors: EOPNOTSUPP, ENODEV, ESTALE.
 */
ACCEL_API int accel_device_trace(struct accel_device *device, accel_trace_fn fn, void *context);

/* ---- address spaces ----------------------------------------------------------------------- */

/** Create an address space. Errors: EINVAL, EOPNOTSUPP, ENOSPC, ENOMEM. The text gives the reason why
 *  the device has no shared address space. Spec: address-space.create. */
ACCEL_API int accel_address_space_create(struct accel_device *device, enum accel_address_mode mode,
					 struct accel_address_space **space,
					 struct accel_error *error);
/** Destroy an address space. Errors: EBUSY while a queue uses it; it is unchanged then. NULL is allowed.
 *  Spec: address-space.destroy. */
ACCEL_API int accel_address_space_destroy(struct accel_address_space *space,
					  struct accel_error *error);
/**
 * Map @length bytes of the process at @address for the device; @access: ACCEL_ACCESS_*.
 * @iova: in: the iova to use, or 0 for the kernel's choice; out: the iova. The memory must remain
 * mapped in the process until accel_address_space_unmap(). Errors: EINVAL (mode shared, length 0), EFAULT,
 * EOVERFLOW, EEXIST, ENOMEM. Spec: address-space.map.
 */
ACCEL_API int accel_address_space_map(struct accel_address_space *space, void *address,
				      uint64_t length, uint64_t access, uint64_t *iova,
				      struct accel_error *error);
/** Map @length bytes of @buffer from @offset, as accel_address_space_map(). The buffer cannot be destroyed
 *  while it is mapped. */
ACCEL_API int accel_address_space_map_buffer(struct accel_address_space *space,
					     struct accel_buffer *buffer, uint64_t offset,
					     uint64_t length, uint64_t access, uint64_t *iova,
					     struct accel_error *error);
/** Remove exactly one mapping. When it returns, the device no longer accesses the memory. Errors: ENXIO.
 *  Spec: address-space.unmap. */
ACCEL_API int accel_address_space_unmap(struct accel_address_space *space, uint64_t iova,
					uint64_t length, struct accel_error *error);

/** Query the PASID, or the reason for a missing one, and the mappings. Errors: EINVAL (size), ENODEV, ESTALE.
 *  Spec: address-space.query. */
ACCEL_API int accel_address_space_query(struct accel_address_space *space,
					struct accel_address_space_info *info,
					struct accel_error *error);

/* ---- buffers ------------------------------------------------------------------------------ */

/** struct accel_buffer_options - zero it, then set members. Grows at its end. */
struct accel_buffer_options {
	uint32_t size;	      /* sizeof(struct accel_buffer_options) as the caller knows it */
	uint32_t reserved;    /* zero */
	uint64_t length;      /* bytes; rounded up to whole pages */
	uint64_t flags;	      /* ACCEL_BUFFER_FLAGS_* */
	const void *driver;   /* options of the provider's own header, or NULL */
	uint64_t driver_size; /* bytes of @driver */
};

/** Allocate zeroed memory and, without ACCEL_BUFFER_FLAGS_NO_MAP, map it into the process.
 *  Errors: EINVAL (length 0 or too great, options), E2BIG, ENOMEM, ENOSPC, EMFILE, EOPNOTSUPP (flags or driver options
 *  that the device does not support). Spec: buffer.create. */
ACCEL_API int accel_buffer_create(struct accel_device *device,
				  const struct accel_buffer_options *options,
				  struct accel_buffer **buffer, struct accel_error *error);
/** Create a buffer from memory of the process, which must remain mapped until the buffer is destroyed.
 *  Errors: EINVAL, EFAULT, EOVERFLOW. Spec: buffer.register. */
ACCEL_API int accel_buffer_register(struct accel_device *device, void *address, uint64_t length,
				    uint64_t access, struct accel_buffer **buffer,
				    struct accel_error *error);
/** Create a buffer from a dma-buf, or from a memfd that cannot shrink (F_SEAL_SHRINK), and map it. The caller keeps
 *  ownership of @fd. Errors: EBADF, ENOMEM. Spec: buffer.import. */
ACCEL_API int accel_buffer_import(struct accel_device *device, int fd, struct accel_buffer **buffer,
				  struct accel_error *error);
/** Create a file for a buffer; @kind (optional): ACCEL_FILE_KIND_*. The caller owns the fd, which is
 *  close-on-exec. Errors: EOPNOTSUPP (not an allocated buffer), EMFILE. Spec: buffer.export. */
ACCEL_API int accel_buffer_export(struct accel_buffer *buffer, int *fd, uint32_t *kind,
				  struct accel_error *error);
/**
 * Begin (ACCEL_SYNC_PHASE_BEGIN) or end (ACCEL_SYNC_PHASE_END) an access of the process to the buffer's memory;
 * @access: ACCEL_ACCESS_* of the process. Needed if the caches of processor and device are not coherent; otherwise it
 * succeeds without effect. @deadline_ns: limit of the wait for the device to finish with the memory.
 * Errors: EINVAL, ETIMEDOUT, ENODEV, ESTALE, EOPNOTSUPP. Spec: buffer.sync.
 */
ACCEL_API int accel_buffer_sync(struct accel_buffer *buffer, enum accel_sync_phase phase,
				uint64_t access, uint64_t deadline_ns, struct accel_error *error);
/** Query the properties of a buffer. Errors: EINVAL (size), ENODEV, ESTALE. Spec: buffer.query. */
ACCEL_API int accel_buffer_query(struct accel_buffer *buffer, struct accel_buffer_info *info,
				 struct accel_error *error);
/** The buffer's handle in the uABI (a GEM handle), for the functions of a provider's own header. 0 for NULL. */
ACCEL_API uint64_t accel_buffer_handle(const struct accel_buffer *buffer);
/** Get the device's address of the first byte. Returns 1 and sets *@address, or 0 if the buffer has no address
 *  until it is mapped. */
ACCEL_API int accel_buffer_device_address(const struct accel_buffer *buffer, uint64_t *address);
/** Destroy a buffer. Errors: EBUSY while it is mapped into an address space; it is unchanged then. NULL is allowed.
 *  Spec: buffer.destroy. */
ACCEL_API int accel_buffer_destroy(struct accel_buffer *buffer, struct accel_error *error);
/** Address of the first byte in the process; NULL if it is not mapped, and for NULL. */
ACCEL_API void *accel_buffer_address(const struct accel_buffer *buffer);
/** Size in bytes; 0 for NULL. */
ACCEL_API uint64_t accel_buffer_size(const struct accel_buffer *buffer);

/* ---- events ------------------------------------------------------------------------------- */

/** Create an eventfd that queues can signal. Errors: EMFILE, ENOMEM. Spec: event.create. */
ACCEL_API int accel_event_create(struct accel_device *device, struct accel_event **event,
				 struct accel_error *error);
/** Destroy an event. Errors: EBUSY while a queue uses it. NULL is allowed. Spec: event.destroy. */
ACCEL_API int accel_event_destroy(struct accel_event *event, struct accel_error *error);
/** The eventfd, for poll(). The library owns it. -1 for NULL. */
ACCEL_API int accel_event_fd(const struct accel_event *event);

/* ---- queues ------------------------------------------------------------------------------- */

/** struct accel_queue_options - zero it, then set members. Grows at its end. */
struct accel_queue_options {
	uint32_t size;		   /* sizeof(struct accel_queue_options) as the caller knows it */
	uint32_t entries;	   /* power of two, 2 to accel_device_caps.max_entries */
	uint64_t flags;		   /* ACCEL_QUEUE_FLAGS_* */
	struct accel_event *event; /* optional; must outlive the queue */
	const void *driver;	   /* options of the provider's own header, or NULL */
	uint64_t driver_size;	   /* bytes of @driver */
	/* A timeline syncobj of the caller that the queue signals, for devices that accept one; accel_queue_fence()
	 * returns the point of an entry. Kind none: no fence. Needs ACCEL_FEATURE_QUEUE_FENCES. A fence that an entry
	 * waits for is a member of the entry, if the device supports it. */
	struct accel_fence completion_fence;
};

/** Create a queue and map its ring. Errors: EINVAL, E2BIG, ENOSPC, ENOMEM, EOPNOTSUPP.
 *  Spec: queue.create. */
ACCEL_API int accel_queue_create(struct accel_address_space *space,
				 const struct accel_queue_options *options,
				 struct accel_queue **queue, struct accel_error *error);
/** Destroy a queue: the descriptor that is being executed finishes, those after it are dropped. NULL is allowed.
 *  Errors: EBUSY (the device still has entries of the queue and cannot drop them; poll them, then destroy it again).
 *  Spec: queue.destroy. */
ACCEL_API int accel_queue_destroy(struct accel_queue *queue, struct accel_error *error);
/** The queue's handle in the uABI, for the functions of a provider's own header. 0 for NULL. */
ACCEL_API uint64_t accel_queue_handle(const struct accel_queue *queue);
/** The ring, for the functions of accel/ring.h. Valid until the queue is destroyed. NULL for NULL. */
ACCEL_API struct accel_ring *accel_queue_ring(struct accel_queue *queue);
/**
 * Wait until accel_ring_poll() would return a completion: poll for a limited time, then sleep.
 * One thread at a time. Errors: ETIMEDOUT, ENODEV (the device was closed or removed, and the ring has no completion
 * left), ESTALE, ENOMEM and EIO (the kernel cannot wait). EINTR is handled inside.
 */
ACCEL_API int accel_queue_wait(struct accel_queue *queue, uint64_t deadline_ns,
			       struct accel_error *error);
/**
 * Arm the queue's event, for poll loops: the device signals it at the next completion.
 * Returns 1 if completions are available already (do not sleep, poll the ring), 0 if armed.
 * Errors: EALREADY (the queue has no event).
 */
ACCEL_API int accel_queue_arm(struct accel_queue *queue, struct accel_error *error);
/**
 * Get a file descriptor that is readable for poll() when the queue may have completions, if the kernel provides one;
 * after each wake-up poll the ring until it is empty. The queue owns the descriptor. Returns the descriptor.
 * Errors: EOPNOTSUPP (not available; the text names the alternative), ENODEV, ESTALE.
 */
ACCEL_API int accel_queue_poll_fd(struct accel_queue *queue, struct accel_error *error);
/**
 * Get a fence that signals when the entry @sequence has completed. The caller closes a sync_file. A syncobj
 * belongs to the queue, or is that of accel_queue_options.completion_fence; its point is that of the entry, which
 * differs from the sequence if the kernel refused an earlier entry.
 * Errors: EOPNOTSUPP (no ACCEL_FEATURE_QUEUE_FENCES), EALREADY (the kernel does not have the entry: it waits for room,
 * was refused, or was never published), EMFILE, ENODEV, ESTALE.
 */
ACCEL_API int accel_queue_fence(struct accel_queue *queue, uint64_t sequence,
				struct accel_fence *fence, struct accel_error *error);
/** Restart a queue after a fault. Errors: EALREADY if it was not stopped. Spec: queue.resume. */
ACCEL_API int accel_queue_resume(struct accel_queue *queue, struct accel_error *error);

/** Query state and counters. Errors: EINVAL (size), ENODEV, ESTALE. Spec: queue.query. */
ACCEL_API int accel_queue_query(struct accel_queue *queue, struct accel_queue_info *info,
				struct accel_error *error);

/* ---- commands ----------------------------------------------------------------------------- */

/** Open a channel whose commands have at most @scope. Errors: EPERM, EACCES, EOPNOTSUPP.
 *  Spec: command.create. */
ACCEL_API int accel_command_create(struct accel_device *device, enum accel_scope scope,
				   struct accel_command **command, struct accel_error *error);
/**
 * Send a command of @request_size bytes and receive the answer.
 * @response (optional): if it is NULL, a command with an answer reports the size that it needs.
 * @response_size: in: room, out: bytes written, or needed if -EMSGSIZE.
 * Errors: EPERM (needs a wider scope), EINVAL, EMSGSIZE, EIO. Spec: command.execute.
 */
ACCEL_API int accel_command_execute(struct accel_command *command, const void *request,
				    size_t request_size, void *response, size_t *response_size,
				    struct accel_error *error);
/** Close a channel. NULL is allowed. Spec: command.destroy. */
ACCEL_API int accel_command_destroy(struct accel_command *command, struct accel_error *error);

#ifdef __cplusplus
}
#endif
#endif
