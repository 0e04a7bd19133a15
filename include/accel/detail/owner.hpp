// SPDX-License-Identifier: MIT
// Shared ownership of C objects by the C++ owners: a reference-counted node per C object, which holds
// references to the nodes of its parents.
#ifndef ACCEL_DETAIL_OWNER_HPP
#define ACCEL_DETAIL_OWNER_HPP

#include <accel/result.hpp>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <new>
#include <utility>

namespace accel::detail {

inline int destroy_raw(accel_device *device, accel_error *)
{
	accel_device_close(device);
	return 0;
}
inline int destroy_raw(accel_device_watch *watch, accel_error *)
{
	accel_device_watch_destroy(watch);
	return 0;
}
inline int destroy_raw(accel_address_space *space, accel_error *error)
{
	return accel_address_space_destroy(space, error);
}
inline int destroy_raw(accel_buffer *buffer, accel_error *error)
{
	return accel_buffer_destroy(buffer, error);
}
inline int destroy_raw(accel_event *event, accel_error *error)
{
	return accel_event_destroy(event, error);
}
inline int destroy_raw(accel_queue *queue, accel_error *error)
{
	return accel_queue_destroy(queue, error);
}
inline int destroy_raw(accel_command *command, accel_error *error)
{
	return accel_command_destroy(command, error);
}

/// One C object. It is destroyed with its last reference, or earlier by Owner::destroy_now().
struct Node {
	std::atomic<unsigned> references{1};
	void *raw = nullptr; // null after it was destroyed
	int (*destroy)(void *raw, accel_error *error) = nullptr;
	Node *parents[2] = {};

	void take() { references.fetch_add(1, std::memory_order_relaxed); }

	void release()
	{
		if (references.fetch_sub(1, std::memory_order_acq_rel) != 1)
			return;
		if (raw)
			(void)destroy(raw, nullptr);
		for (Node *parent : parents)
			if (parent)
				parent->release();
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
			node_->release();
	}

	Node *node() const { return node_; }
	Node *release() { return std::exchange(node_, nullptr); }

private:
	Node *node_ = nullptr;
};

/// Base of all owners: access to the object, and its destruction.
template <class Raw>
class Owner {
public:
	/// The object for the C interface; the owner keeps ownership. nullptr after a move or destroy().
	Raw *get() const
	{
		return reference_.node() ? static_cast<Raw *>(reference_.node()->raw) : nullptr;
	}
	explicit operator bool() const { return get() != nullptr; }
	/// A reference for the owners of children.
	const Reference &reference() const { return reference_; }

protected:
	explicit Owner(Reference reference) : reference_(std::move(reference)) {}
	Owner(Owner &&) noexcept = default;
	Owner &operator=(Owner &&) noexcept = default;
	~Owner() = default;

	Result<void> destroy_now()
	{
		accel_error error;
		Raw *raw = get();
		int r = raw ? destroy_raw(raw, &error) : 0;

		if (r < 0)
			return std::unexpected(Error(error));
		if (raw)
			reference_.node()->raw = nullptr;
		return {};
	}

private:
	Reference reference_;
};

/// A failure that the C++ interface detects.
inline std::unexpected<Error> failure(int code, unsigned reason, const char *text)
{
	accel_error error{};

	error.record.code = -code;
	error.record.reason = static_cast<uint16_t>(reason);
	std::strncpy(error.record.text, text, sizeof(error.record.text) - 1);
	return std::unexpected(Error(error));
}

/// Call @make(Raw **, accel_error *) and own the object that it creates, with references to its parents.
template <class Raw, class Make>
Result<Reference> make(Make make, Reference parent = {}, Reference other = {})
{
	Reference made(new (std::nothrow) Node);
	Raw *raw = nullptr;
	accel_error error;

	if (!made.node())
		return failure(ENOMEM, ACCEL_REASON_NO_MEMORY, "not enough memory for an owner");
	if (make(&raw, &error) < 0)
		return std::unexpected(Error(error));
	made.node()->raw = raw;
	made.node()->destroy = [](void *object, accel_error *e) {
		return destroy_raw(static_cast<Raw *>(object), e);
	};
	made.node()->parents[0] = parent.release();
	made.node()->parents[1] = other.release();
	return made;
}

/// Call @fill(T *, accel_error *) and return the filled value.
template <class T, class Fill>
Result<T> get(Fill fill)
{
	T value{};
	accel_error error;

	if (fill(&value, &error) < 0)
		return std::unexpected(Error(error));
	return value;
}

/// The same for an answer, whose `size` is set first.
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
