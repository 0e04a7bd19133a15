// SPDX-License-Identifier: MIT
// The calls of drivers/dma/idxd/cdev.c.
#include "mock/idxd/file.hpp"

#include "mock/user.hpp"

#include <cerrno>
#include <cstring>
#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>

namespace accel::core::mock {

IdxdFile::IdxdFile(std::shared_ptr<IdxdDevice> device)
	: device_(std::move(device)),
	  portal_(Memory::create("portal", ACCEL_IDXD_PORTAL_SIZE)),
	  process_(getpid())
{}

IdxdFile::~IdxdFile()
{
	/* In a forked child the file belongs to the parent, and the thread of the device does not exist. */
	if (getpid() == process_)
		device_->release(this);
}

int IdxdFile::submit(uint64_t address)
{
	const IdxdOptions &o = device_->options_;
	const uint64_t align =
		o.iax ? ACCEL_IDXD_IAX_RECORD_ALIGNMENT : ACCEL_IDXD_DSA_RECORD_ALIGNMENT;
	accel_idxd_dsa_descriptor d;

	if (int r = copy_from_user(&d, address, sizeof(d)); r < 0)
		return r;
	/* A batch could direct the first version of the device to wrong memory. */
	if (!o.iax && o.version == 1 &&
	    d.control >> ACCEL_IDXD_DSA_DESCRIPTOR_CONTROL_OPCODE_SHIFT ==
		    ACCEL_IDXD_DSA_OPCODE_BATCH)
		return -EINVAL;
	if (d.completion_addr % align)
		return -EINVAL;
	MockDevice::Lock lock(device_->mutex_);

	if (!device_->has_portal_) {
		device_->hazards_++;
		return -EFAULT;
	}
	if (o.dedicated)
		return device_->enqueue(d, this, true);
	d.context = 0; // set by the driver; the mock does not need it
	int r = -EAGAIN;

	for (unsigned tries = 0; r == -EAGAIN && tries <= o.retries; tries++)
		r = device_->enqueue(d, this, false);
	return r;
}

ssize_t IdxdFile::write(const void *from, size_t length)
{
	ssize_t written = 0;

	if (!device_->options_.has_write)
		return -EINVAL;
	if (getpid() != process_)
		return -EPERM;
	for (size_t i = 0; i < length / ACCEL_IDXD_DESCRIPTOR_SIZE; i++) {
		const int r =
			submit(reinterpret_cast<uint64_t>(from) + i * ACCEL_IDXD_DESCRIPTOR_SIZE);

		if (r < 0)
			return written ? written : r;
		written += ACCEL_IDXD_DESCRIPTOR_SIZE;
	}
	return written;
}

int IdxdFile::map(const MapRequest &request, MapTarget *target)
{
	if (!device_->options_.privileged)
		return -EPERM;
	if (getpid() != process_)
		return -EPERM;
	if (request.length > ACCEL_IDXD_PORTAL_SIZE)
		return -EINVAL;
	if (!portal_)
		return -ENOMEM;
	*target = {portal_, 0};
	return 0;
}

short IdxdFile::poll(short events)
{
	/* The driver returns POLLNVAL, which poll(2) hides from a program that cannot request it. */
	if (getpid() != process_)
		return 0;
	MockDevice::Lock lock(device_->mutex_);

	return device_->error_ ? static_cast<short>(events & (POLLIN | POLLRDNORM)) : short{0};
}

int IdxdFile::store64(off_t offset, const void *descriptor, bool asked)
{
	accel_idxd_dsa_descriptor d;
	MockDevice::Lock lock(device_->mutex_);

	/* The wrong instruction for the kind of the queue, or an unaligned address, has no effect. */
	if (offset % ACCEL_IDXD_DESCRIPTOR_SIZE || asked == device_->options_.dedicated) {
		device_->error_ = true;
		return asked ? -EAGAIN : 0;
	}
	memcpy(&d, descriptor, sizeof(d));
	if (asked)
		d.context = 0;
	return device_->enqueue(d, this, !asked);
}

} // namespace accel::core::mock
