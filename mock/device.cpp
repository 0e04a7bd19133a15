// SPDX-License-Identifier: MIT
// The base of every mock device: its paths, and waits that end by event, time, signal and removal.
#include "mock/device.hpp"

#include "sys/sys.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdlib>

namespace accel::core::mock {

int MockFile::ioctl(unsigned long, void *)
{
	return -ENOTTY;
}

ssize_t MockFile::read(void *, size_t)
{
	return -EINVAL;
}

ssize_t MockFile::write(const void *, size_t)
{
	return -EINVAL;
}

int MockFile::map(const MapRequest &, MapTarget *)
{
	return -ENODEV;
}

short MockFile::poll(short)
{
	return 0;
}

int MockFile::store64(off_t, const void *, bool)
{
	abort();
}

void MockDevice::remove()
{
	quiesce();
	Lock lock(mutex_);

	if (removed_.exchange(true, std::memory_order_acq_rel))
		return;
	on_remove();
	changed();
}

void MockDevice::interrupt()
{
	Lock lock(mutex_);

	interrupts_++;
	changed();
}

unsigned MockDevice::sleepers() const
{
	std::lock_guard lock(mutex_);

	return sleepers_;
}

void MockDevice::add_attribute(std::string name, Attribute content)
{
	attributes_.insert_or_assign(std::move(name), std::move(content));
}

void MockDevice::add_attribute(std::string name, std::string content)
{
	add_attribute(std::move(name), [text = std::move(content)] { return text; });
}

const MockDevice::Attribute *MockDevice::attribute(const std::string &name) const
{
	auto at = attributes_.find(name);

	return at == attributes_.end() ? nullptr : &at->second;
}

void MockDevice::forget_waiters()
{
	(void)changed_.release();
	changed_ = std::make_unique<std::condition_variable>();
	sleepers_ = 0;
}

int MockDevice::wait(Lock &lock, uint64_t deadline_ns, const std::function<bool()> &ready)
{
	return wait_until(lock, deadline_ns, UINT64_MAX, ready);
}

int MockDevice::wait_until(Lock &lock, uint64_t deadline_ns, uint64_t check_ns,
			   const std::function<bool()> &ready)
{
	/* The clock of std::chrono is CLOCK_MONOTONIC here; a time that it cannot represent means never. */
	const uint64_t until = std::min(deadline_ns, check_ns);
	const bool forever = until > static_cast<uint64_t>(INT64_MAX);
	const std::chrono::steady_clock::time_point time(
		std::chrono::nanoseconds(forever ? 0 : static_cast<int64_t>(until)));
	const uint64_t before = interrupts_;
	auto over = [&] { return ready() || removed() || interrupts_ != before; };

	sleepers_++;
	if (forever)
		changed_->wait(lock, over);
	else
		changed_->wait_until(lock, time, over);
	sleepers_--;
	if (removed())
		return -ENODEV;
	if (ready())
		return 0;
	if (interrupts_ != before)
		return -EINTR;
	return sys::now_ns() >= deadline_ns ? -ETIMEDOUT : 0;
}

} // namespace accel::core::mock
