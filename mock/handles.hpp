// SPDX-License-Identifier: MIT
// The numbers of the objects that a program has created and not freed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <set>

namespace accel::core::mock {

/// The live handles of one kind. Thread-safe.
class HandleSet {
public:
	bool has(uint64_t handle) const
	{
		std::lock_guard lock(mutex_);

		return live_.contains(handle);
	}
	void add(uint64_t handle)
	{
		std::lock_guard lock(mutex_);

		live_.insert(handle);
	}
	/// Removes the handle; false if it was not live.
	bool take(uint64_t handle)
	{
		std::lock_guard lock(mutex_);

		return live_.erase(handle) != 0;
	}
	size_t size() const
	{
		std::lock_guard lock(mutex_);

		return live_.size();
	}

private:
	mutable std::mutex mutex_;
	std::set<uint64_t> live_;
};

/// A handle that a call removes before its handler runs, so that no other thread can free the object, too. If the
/// handler then fails, the destructor adds the handle again.
class Taken {
public:
	Taken() = default;
	Taken(Taken &&other) noexcept : set_(other.set_), handle_(other.handle_)
	{
		other.set_ = nullptr;
	}
	~Taken()
	{
		if (set_)
			set_->add(handle_);
	}
	bool take(HandleSet &set, uint64_t handle)
	{
		if (!set.take(handle))
			return false;
		set_ = &set;
		handle_ = handle;
		return true;
	}
	/// The handler has freed the object.
	void done() { set_ = nullptr; }

private:
	HandleSet *set_ = nullptr;
	uint64_t handle_ = 0;
};

} // namespace accel::core::mock
