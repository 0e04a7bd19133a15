// SPDX-License-Identifier: MIT
// Devices, paths and files of the mock kernel; route.cpp has the table of system calls.
#include "mock/kernel.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

namespace accel::core::mock {

void MockKernel::add(std::shared_ptr<MockDevice> device)
{
	const NodeInfo &info = device->info();
	decltype(watchers_) watchers;
	{
		std::lock_guard lock(mutex_);

		devices_.push_back(device);
		watchers = watchers_;
	}
	for (const auto &watcher : watchers)
		watcher(info, true);
}

void MockKernel::remove(const std::shared_ptr<MockDevice> &device)
{
	decltype(watchers_) watchers;

	/* The paths disappear after the device has ended its work. */
	device->remove();
	{
		std::lock_guard lock(mutex_);

		std::erase(devices_, device);
		watchers = watchers_;
	}
	for (const auto &watcher : watchers)
		watcher(device->info(), false);
}

std::vector<NodeInfo> MockKernel::nodes() const
{
	std::lock_guard lock(mutex_);
	std::vector<NodeInfo> nodes;

	for (const auto &device : devices_)
		if (!device->removed())
			nodes.push_back(device->info());
	return nodes;
}

void MockKernel::watch(std::function<void(const NodeInfo &, bool)> watcher)
{
	std::lock_guard lock(mutex_);

	watchers_.push_back(std::move(watcher));
}

void MockKernel::interrupt()
{
	std::vector<std::shared_ptr<MockDevice>> devices;

	/* A device that was removed may still have open files. */
	files_.each([&](const OpenFile &file) { devices.push_back(file.device); });
	for (const auto &device : devices)
		device->interrupt();
}

Leaks MockKernel::leaks() const
{
	Leaks leaks;

	files_.each([&](const OpenFile &file) {
		leaks.files++;
		leaks.handles += file.file ? file.file->live_handles() : 0;
	});
	leaks.mappings = mappings_.count();
	if (leaks.files)
		leaks.text += std::to_string(leaks.files) + " files are open or mapped\n";
	if (leaks.mappings)
		leaks.text += std::to_string(leaks.mappings) + " ranges are mapped\n";
	if (leaks.handles)
		leaks.text += std::to_string(leaks.handles) + " objects are not freed\n";
	return leaks;
}

MockKernel::Place MockKernel::find(const char *path) const
{
	std::lock_guard lock(mutex_);

	for (const auto &device : devices_) {
		const NodeInfo &info = device->info();
		const size_t length = info.syspath.size();

		if (!info.node.empty() && info.node == path)
			return {device, nullptr, true};
		if (length && strncmp(path, info.syspath.c_str(), length) == 0 &&
		    path[length] == '/')
			return {device, device->attribute(path + length + 1), false};
	}
	return {};
}

int MockKernel::open(const char *path, int flags)
{
	Place place = find(path);

	if (!place.device)
		return previous_->open(path, flags);
	if (place.device->removed() || !(place.node || place.attribute))
		return -ENOENT;
	return place.node ? open_node(place.device, flags) :
			    open_attribute(*place.attribute, flags);
}

int MockKernel::open_node(const std::shared_ptr<MockDevice> &device, int flags)
{
	std::unique_ptr<MockFile> file;

	if (device->info().access == ENOENT)
		return -ENOENT;
	/* O_PATH needs no permission for the file and does not call the driver. */
	if (!(flags & O_PATH)) {
		if (device->info().access)
			return -device->info().access;
		auto opened = device->open(flags);

		if (!opened)
			return opened.error();
		file = std::move(*opened);
	}
	/* A number that the real kernel uses for no other file, and whose file cannot be mapped by another path. */
	int fd = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	if (fd < 0)
		return -errno;
	if (files_.install(fd, device, std::move(file)))
		return fd;
	::close(fd);
	return -EMFILE;
}

int MockKernel::open_attribute(const MockDevice::Attribute &attribute, int flags)
{
	if ((flags & O_ACCMODE) != O_RDONLY)
		return -EACCES;
	const std::string content = attribute();
	int fd = ::memfd_create("accel-mock-sysfs", MFD_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (::pwrite(fd, content.data(), content.size(), 0) == static_cast<ssize_t>(content.size()))
		return fd;
	::close(fd);
	return -ENOMEM;
}

int MockKernel::close(int fd)
{
	/* Remove it from the table first: after the close another thread may get the number. */
	FileUse table = files_.take(fd);

	return previous_->close(fd);
}

int MockKernel::fstat(int fd, struct stat *out)
{
	FileUse file = files_.use(fd);
	const int r = previous_->fstat(fd, out);

	if (r < 0 || !file)
		return r;
	out->st_mode = S_IFCHR | 0660;
	out->st_rdev = makedev(file->device->info().major, file->device->info().minor);
	return 0;
}

int MockKernel::dup(int fd)
{
	FileUse file = files_.use(fd);
	const int copy = previous_->dup(fd);

	if (copy < 0 || !file || files_.install(copy, file))
		return copy;
	::close(copy);
	return -EMFILE;
}

int MockKernel::access(const char *path, int mode)
{
	Place place = find(path);

	if (!place.device)
		return previous_->access(path, mode);
	if (place.device->removed() || !(place.node || place.attribute))
		return -ENOENT;
	if (!place.node)
		return mode & (W_OK | X_OK) ? -EACCES : 0;
	const int error = place.device->info().access;
	return mode == F_OK && error != ENOENT ? 0 : -error;
}

} // namespace accel::core::mock
