/* SPDX-License-Identifier: MIT */
/* Hello in C: copies a text and computes its checksum on an accelerator, through a work ring. */
#include <accel/soft.h>
#include <stdio.h>

static int post(struct accel_ring *ring, const struct accel_soft_descriptor *descriptor)
{
	uint64_t at;

	if (!accel_ring_reserve(ring, 1, &at))
		return -1; /* the ring is full: poll first */
	memcpy(accel_ring_entry(ring, at), descriptor, ring->entry_bytes);
	accel_ring_publish(ring, at, 1);
	return 0;
}

int main(void)
{
	static const char text[] = "One userspace for every compute accelerator on Linux.";
	char copy[sizeof(text)];
	struct accel_queue_options options = {.size = sizeof(options), .entries = 64};
	struct accel_device *device = NULL;
	struct accel_address_space *space = NULL;
	struct accel_queue *queue = NULL;
	struct accel_soft_descriptor descriptor;
	struct accel_completion done[2];
	struct accel_error error;
	uint32_t have = 0;
	int r;

	r = accel_device_open("soft0", &device, &error);
	if (r == 0)
		r = accel_address_space_create(device, ACCEL_ADDRESS_MODE_SHARED, &space, &error);
	if (r == 0)
		r = accel_queue_create(space, &options, &queue, &error);
	if (r == 0) {
		accel_soft_copy(&descriptor, copy, text, sizeof(text), 0);
		post(accel_queue_ring(queue), &descriptor);
		accel_soft_crc32c(&descriptor, copy, sizeof(copy), 0,
				  ACCEL_SOFT_DESCRIPTOR_FLAGS_FENCE);
		post(accel_queue_ring(queue), &descriptor);
	}
	while (r == 0 && have < 2) {
		r = accel_queue_wait(queue, ACCEL_DEADLINE_FOREVER, &error);
		have += accel_ring_poll(accel_queue_ring(queue), done + have, 2 - have);
	}
	if (r < 0)
		fprintf(stderr, "hello: %s (%s)\n", error.record.text, accel_errno_name(r));
	else
		printf("%s\ncopy: %s, crc32c: %08llx (%s)\n", copy,
		       accel_status_name(done[0].status), (unsigned long long)done[1].result,
		       accel_status_name(done[1].status));

	accel_queue_destroy(queue, NULL);
	accel_address_space_destroy(space, NULL);
	accel_device_close(device);
	return r < 0;
}
