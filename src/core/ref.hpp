// SPDX-License-Identifier: MIT
// Reference counts inside the objects: a child keeps its parent in memory, in whatever order they are released.
#pragma once

#include <atomic>
#include <utility>

namespace accel::core {

/// Base of objects that Ref counts. Starts with one reference, owned by its creator.
class Counted {
public:
	Counted(const Counted &) = delete;
	Counted &operator=(const Counted &) = delete;

	void ref() noexcept { count_.fetch_add(1, std::memory_order_relaxed); }
	void unref() noexcept
	{
		if (count_.fetch_sub(1, std::memory_order_acq_rel) == 1)
			delete this;
	}

protected:
	Counted() = default;
	virtual ~Counted() = default;

private:
	std::atomic<unsigned> count_{1};
};

/// One counted reference; may be empty.
template <class T>
class Ref {
public:
	Ref() = default;
	/// Takes ownership of the caller's reference, as for a new object.
	static Ref adopt(T *object) { return Ref(object); }
	/// Adds a reference.
	static Ref share(T *object)
	{
		if (object)
			object->ref();
		return Ref(object);
	}

	Ref(Ref &&other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
	Ref &operator=(Ref &&other) noexcept
	{
		std::swap(object_, other.object_);
		return *this;
	}
	~Ref()
	{
		if (object_)
			object_->unref();
	}

	T *get() const { return object_; }
	/// Transfers the reference to the caller.
	T *release() { return std::exchange(object_, nullptr); }
	T *operator->() const { return object_; }
	T &operator*() const { return *object_; }
	explicit operator bool() const { return object_ != nullptr; }

private:
	explicit Ref(T *object) : object_(object) {}

	T *object_ = nullptr;
};

} // namespace accel::core
