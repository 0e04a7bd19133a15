/* SPDX-License-Identifier: MIT */
/*
 * The layout of the structures shared by programs and the library. Compiling this file as C and as C++ is the test.
 * A line changes only together with the soname; a structure grows only as docs/stability.md allows.
 */
#include <accel/accel.h>

#ifdef __cplusplus
#define CHECK static_assert
#else
#define CHECK _Static_assert
#endif
#define SIZE(type, bytes) CHECK(sizeof(struct type) == (bytes), "size of struct " #type)
#define OFFSET(type, member, at) \
	CHECK(offsetof(struct type, member) == (at), "offset of " #member " in struct " #type)

/* The structures of the uABI have asserts in include/uapi, the answers in accel/answers.h. */
#if __SIZEOF_POINTER__ == 8
SIZE(accel_error, 192);
SIZE(accel_device_info, 112);
OFFSET(accel_device_info, size, 0);
OFFSET(accel_device_info, usable, 4);
OFFSET(accel_device_info, name, 8);
OFFSET(accel_device_info, provider, 16);
OFFSET(accel_device_info, driver, 24);
OFFSET(accel_device_info, path, 32);
OFFSET(accel_device_info, description, 40);
OFFSET(accel_device_info, tested, 48);
OFFSET(accel_device_info, reason, 56);
OFFSET(accel_device_info, bus, 64);
OFFSET(accel_device_info, address, 72);
OFFSET(accel_device_info, syspath, 80);
OFFSET(accel_device_info, pci_vendor, 88);
OFFSET(accel_device_info, pci_device, 92);
OFFSET(accel_device_info, numa_node, 96);
OFFSET(accel_device_info, node_major, 100);
OFFSET(accel_device_info, node_minor, 104);
OFFSET(accel_device_info, reserved, 108);
SIZE(accel_device_event, 16);
OFFSET(accel_device_event, size, 0);
OFFSET(accel_device_event, action, 4);
OFFSET(accel_device_event, device, 8);
SIZE(accel_buffer_options, 40);
OFFSET(accel_buffer_options, size, 0);
OFFSET(accel_buffer_options, reserved, 4);
OFFSET(accel_buffer_options, length, 8);
OFFSET(accel_buffer_options, flags, 16);
OFFSET(accel_buffer_options, driver, 24);
OFFSET(accel_buffer_options, driver_size, 32);
SIZE(accel_queue_options, 56);
OFFSET(accel_queue_options, size, 0);
OFFSET(accel_queue_options, entries, 4);
OFFSET(accel_queue_options, flags, 8);
OFFSET(accel_queue_options, event, 16);
OFFSET(accel_queue_options, driver, 24);
OFFSET(accel_queue_options, driver_size, 32);
OFFSET(accel_queue_options, completion_fence, 40);
SIZE(accel_completion, 40);
OFFSET(accel_completion, sequence, 0);
OFFSET(accel_completion, result, 8);
OFFSET(accel_completion, detail, 16);
OFFSET(accel_completion, address, 24);
OFFSET(accel_completion, index, 32);
OFFSET(accel_completion, status, 36);
OFFSET(accel_completion, field, 37);
SIZE(accel_ring, 512);
OFFSET(accel_ring, control, 0);
OFFSET(accel_ring, entries, 8);
OFFSET(accel_ring, status, 16);
OFFSET(accel_ring, records, 24);
OFFSET(accel_ring, tags, 32);
OFFSET(accel_ring, submit, 40);
OFFSET(accel_ring, submit_context, 48);
OFFSET(accel_ring, progress, 56);
OFFSET(accel_ring, doorbell, 64);
OFFSET(accel_ring, context, 72);
OFFSET(accel_ring, capacity, 80);
OFFSET(accel_ring, mask, 88);
OFFSET(accel_ring, entry_size, 92);
OFFSET(accel_ring, status_stride, 96);
OFFSET(accel_ring, tag_stride, 100);
OFFSET(accel_ring, record_shift, 104);
OFFSET(accel_ring, count_shift, 105);
OFFSET(accel_ring, publication, 106);
OFFSET(accel_ring, completion, 107);
OFFSET(accel_ring, wake_order, 108);
OFFSET(accel_ring, multi_producer, 109);
OFFSET(accel_ring, register_width, 110);
OFFSET(accel_ring, register_shift, 111);
OFFSET(accel_ring, tail_mask, 112);
OFFSET(accel_ring, spin, 116);
OFFSET(accel_ring, tail_register, 120);
OFFSET(accel_ring, register_or, 128);
OFFSET(accel_ring, entry_bytes, 136);
OFFSET(accel_ring, reserved, 256);
OFFSET(accel_ring, consumed_seen, 264);
OFFSET(accel_ring, consumed, 384);
OFFSET(accel_ring, completed_seen, 392);
OFFSET(accel_ring, noted_seen, 400);
#endif
