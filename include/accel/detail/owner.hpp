// SPDX-License-Identifier: MIT
// How the C++ owners share what they own: a counted node per C object, which keeps its parents'
// nodes.
#ifndef ACCEL_DETAIL_OWNER_HPP
#define ACCEL_DETAIL_OWNER_HPP

#include <accel/result.hpp>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <new>
#include <utility>

namespace accel::detail {

inline int end(accel_device *device, accel_error *)
{
	accel_device_close(device);
	return 0;
}
inline int end(accel_device_watch *watch, accel_error *)
{
	accel_device_watch_destroy(watch);
	return 0;
}
inline int end(accel_address_space *space, accel_error *error)
{
	return accel_address_space_destroy(space, error);
}
inline int end(accel_buffer *buffer, accel_error *error)
{
	return accel_buffer_destroy(buffer, error);
}
inline int end(accel_event *event, accel_error *error)
{
	return accel_event_destroy(event, error);
}
inline int end(accel_queue *queue, accel_error *error)
{
	return accel_queue_destroy(queue, error);
}
inline int end(accel_command *command, accel_error *error)
{
	return accel_command_destroy(command, error);
}

/// One C object. It ends with its last reference, or before by Owner::destroy().
struct Node {
	std::atomic<unsigned> references{1};
	void *raw = nullptr; // null once it was ended
	int (*end)(void *raw, accel_error *error) = nullptr;
	Node *parents[2] = {};

	void take() { references.fetch_add(1, std::memory_order_relaxed); }

	void give_back()
	{
		if (references.fetch_sub(1, std::memory_order_acq_rel) != 1)
			return;
		if (raw)
			(void)end(raw, nullptr);
		for (Node *parent : parents)
			if (parent)
				parent->give_back();
		delete this;
	}
};

/// A counted reference to a node; may be empty.
class Reference {
public:
	Reference() = default;
	explicit Reference(Node *node) : node_(node) {}
	Reference(const Reference &other) : node_(other.node_)
	{
		if (node_)
			node_->take();
	}
	Reference(Reference &&other) noexcept : node_(std::exchange(other.node_, nullptr)) {}
	Reference &operator=(Reference other) noexcept
	{
		std::swap(node_, other.node_);
		return *this;
	}
	~Reference()
	{
		if (node_)
			node_->give_back();
	}

	Node *node() const { return node_; }
	Node *release() { return std::exchange(node_, nullptr); }

private:
	Node *node_ = nullptr;
};

/// What all owners have: the object, and its end.
template <class Raw>
class Owner {
public:
	/// For the C interface; stays ours. nullptr after a move or the end.
	Raw *get() const
	{
		return reference_.node() ? static_cast<Raw *>(reference_.node()->raw) : nullptr;
	}
	explicit operator bool() const { return get() != nullptr; }
	/// For the owners of children.
	const Reference &reference() const { return reference_; }

protected:
	explicit Owner(Reference reference) : reference_(std::move(reference)) {}
	Owner(Owner &&) noexcept = default;
	Owner &operator=(Owner &&) noexcept = default;
	~Owner() = default;

	Result<void> end_now()
	{
		accel_error error;
		Raw *raw = get();
		int r = raw ? end(raw, &error) : 0;

		if (r < 0)
			return std::unexpected(Error(error));
		if (raw)
			reference_.node()->raw = nullptr;
		return {};
	}

private:
	Reference reference_;
};

/// A failure that is found here.
inline std::unexpected<Error> failure(int code, unsigned reason, const char *text)
{
	accel_error error{};

	error.record.code = -code;
	error.record.reason = static_cast<uint16_t>(reason);
	std::strncpy(error.record.text, text, sizeof(error.record.text) - 1);
	return std::unexpected(Error(error));
}

/// Call @make(Raw **, accel_error *) and own what it makes, together with its parents.
template <class Raw, class Make>
Result<Reference> make(Make make, Reference parent = {}, Reference other = {})
{
	Reference made(new (std::nothrow) Node);
	Raw *raw = nullptr;
	accel_error error;

	if (!made.node())
		return failure(ENOMEM, ACCEL_REASON_NO_MEMORY, "there is no memory for an owner");
	if (make(&raw, &error) < 0)
		return std::unexpected(Error(error));
	made.node()->raw = raw;
	made.node()->end = [](void *object, accel_error *e) {
		return end(static_cast<Raw *>(object), e);
	};
	made.node()->parents[0] = parent.release();
	made.node()->parents[1] = other.release();
	return made;
}

/// Call @fill(T *, accel_error *) and return what it fills in.
template <class T, class Fill>
Result<T> get(Fill fill)
{
	T value{};
	accel_error error;

	if (fill(&value, &error) < 0)
		return std::unexpected(Error(error));
	return value;
}

/// The same for an answer, whose size is said first.
template <class T, class Fill>
Result<T> answer(Fill fill)
{
	return get<T>([&](T *out, accel_error *error) {
		out->size = sizeof(T);
		return fill(out, error);
	});
}

/// Call @act(accel_error *).
template <class Act>
Result<void> run(Act act)
{
	accel_error error;

	if (act(&error) < 0)
		return std::unexpected(Error(error));
	return {};
}

} // namespace accel::detail

#endif
