/* SPDX-License-Identifier: MIT */
/* Lists the devices, then copies on soft0. If soft0 cannot be opened, prints the reason and returns 3. */
#include <accel/soft.h>
#include <stdio.h>

static int list(void)
{
	struct accel_device_list *devices;
	struct accel_error error;
	int r = accel_device_list_get(&devices, &error);

	if (r < 0) {
		fprintf(stderr, "%s: %s\n", accel_errno_name(r), error.record.text);
		return 1;
	}
	for (size_t i = 0; i < accel_device_list_count(devices); i++) {
		const struct accel_device_info *info = accel_device_list_at(devices, i);

		printf("%s: %s\n", info->name, info->usable ? "usable" : info->reason);
	}
	accel_device_list_free(devices);
	return 0;
}

static int copy(struct accel_queue *queue, void *dst, const void *src, size_t length)
{
	struct accel_ring *ring = accel_queue_ring(queue);
	struct accel_completion done;
	uint64_t at;

	if (!accel_ring_reserve(ring, 1, &at))
		return 1;
	accel_soft_copy((struct accel_soft_descriptor *)accel_ring_entry(ring, at), dst, src,
			length, 0);
	accel_ring_publish(ring, at, 1);
	if (accel_queue_wait(queue, ACCEL_DEADLINE_FOREVER, NULL) < 0)
		return 1;
	return accel_ring_poll(ring, &done, 1) != 1 || done.status != ACCEL_RING_STATUS_SUCCESS;
}

int main(void)
{
	struct accel_queue_options options = {.size = sizeof(options), .entries = 4};
	struct accel_device *device;
	struct accel_address_space *space;
	struct accel_queue *queue;
	struct accel_error error;
	char text[] = "text", other[sizeof(text)] = "";
	int r;

	if (list())
		return 1;
	r = accel_device_open("soft0", &device, &error);
	if (r < 0) {
		fprintf(stderr, "%s: %s\n", accel_errno_name(r), error.record.text);
		return 3;
	}
	if (accel_address_space_create(device, ACCEL_ADDRESS_MODE_SHARED, &space, &error) < 0 ||
	    accel_queue_create(space, &options, &queue, &error) < 0) {
		fprintf(stderr, "%s\n", error.record.text);
		return 1;
	}
	r = copy(queue, other, text, sizeof(text)) || strcmp(text, other) != 0;
	accel_device_close(device);
	accel_queue_destroy(queue, NULL);
	accel_address_space_destroy(space, NULL);
	return r;
}
