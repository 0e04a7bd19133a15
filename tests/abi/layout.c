/* SPDX-License-Identifier: MIT */
/*
 * The layout of what programs and the library share, as programs have it compiled in. Compiling this, as C and
 * as C++, is the test. A line changes only together with the soname; a structure grows where its rules say so.
 */
#include <accel/accel.h>

#ifdef __cplusplus
#define CHECK static_assert
#else
#define CHECK _Static_assert
#endif
#define SIZE(type, bytes) CHECK(sizeof(struct type) == (bytes), "size of struct " #type)
#define OFFSET(type, member, at) \
	CHECK(offsetof(struct type, member) == (at), "place of " #member " in struct " #type)

/* The uABI's structures have their own asserts in include/uapi. */
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
SIZE(accel_device_caps, 224);
OFFSET(accel_device_caps, driver, 0);
OFFSET(accel_device_caps, model, 64);
OFFSET(accel_device_caps, features, 192);
OFFSET(accel_device_caps, max_queues, 200);
OFFSET(accel_device_caps, max_entries, 204);
OFFSET(accel_device_caps, max_transfer, 208);
OFFSET(accel_device_caps, queues, 216);
OFFSET(accel_device_caps, clients, 220);
SIZE(accel_address_space_info, 184);
OFFSET(accel_address_space_info, mode, 0);
OFFSET(accel_address_space_info, has_pasid, 4);
OFFSET(accel_address_space_info, pasid, 8);
OFFSET(accel_address_space_info, pasid_reason, 12);
OFFSET(accel_address_space_info, mappings, 172);
OFFSET(accel_address_space_info, mapped_bytes, 176);
SIZE(accel_queue_options, 32);
OFFSET(accel_queue_options, size, 0);
OFFSET(accel_queue_options, entries, 4);
OFFSET(accel_queue_options, flags, 8);
OFFSET(accel_queue_options, event, 16);
OFFSET(accel_queue_options, parallel, 24);
OFFSET(accel_queue_options, inline_limit, 28);
SIZE(accel_queue_info, 48);
OFFSET(accel_queue_info, state, 0);
OFFSET(accel_queue_info, submitted, 8);
OFFSET(accel_queue_info, completed, 16);
OFFSET(accel_queue_info, faults, 24);
OFFSET(accel_queue_info, kicks, 32);
OFFSET(accel_queue_info, wakes, 40);
SIZE(accel_completion, 40);
OFFSET(accel_completion, sequence, 0);
OFFSET(accel_completion, result, 8);
OFFSET(accel_completion, detail, 16);
OFFSET(accel_completion, address, 24);
OFFSET(accel_completion, index, 32);
OFFSET(accel_completion, status, 36);
OFFSET(accel_completion, field, 37);
SIZE(accel_ring, 384);
OFFSET(accel_ring, control, 0);
OFFSET(accel_ring, entries, 8);
OFFSET(accel_ring, status, 16);
OFFSET(accel_ring, records, 24);
OFFSET(accel_ring, phase, 32);
OFFSET(accel_ring, doorbell, 40);
OFFSET(accel_ring, doorbell_context, 48);
OFFSET(accel_ring, run, 56);
OFFSET(accel_ring, run_context, 64);
OFFSET(accel_ring, capacity, 72);
OFFSET(accel_ring, mask, 80);
OFFSET(accel_ring, status_stride, 84);
OFFSET(accel_ring, phase_stride, 88);
OFFSET(accel_ring, entry_shift, 92);
OFFSET(accel_ring, record_shift, 93);
OFFSET(accel_ring, count_shift, 94);
OFFSET(accel_ring, phase_mask, 95);
OFFSET(accel_ring, publication, 96);
OFFSET(accel_ring, completion, 97);
OFFSET(accel_ring, wake_order, 98);
OFFSET(accel_ring, multi_producer, 99);
OFFSET(accel_ring, spin, 100);
OFFSET(accel_ring, entry_bytes, 104);
OFFSET(accel_ring, reserved, 128);
OFFSET(accel_ring, consumed_seen, 136);
OFFSET(accel_ring, consumed, 256);
OFFSET(accel_ring, completed_seen, 264);
OFFSET(accel_ring, noted_seen, 272);
#endif
