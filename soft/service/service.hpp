// SPDX-License-Identifier: MIT
// Serves one message: the handlers of the attribute uABI and the roll-back of their effects.
#pragma once

#include "soft/objects/address_space.hpp"
#include "soft/objects/object.hpp"
#include "soft/service/file.hpp"
#include "sys/fd.hpp"

#include <accel/uabi/soft_server.hpp>
#include <memory>

namespace accel::core::softdev {

class Buffer;

/// Exists for one message. A handler creates objects and stages its outputs. commit() makes the objects visible to the
/// caller; without it the destructor undoes the handler's effects.
class Service final : public uabi::soft::Handlers {
public:
	/// Serves one message to the File at @file; never throws.
	static int call(void *file, accel_call *message) noexcept;

	Service(File &file, uabi::Call &call) : file_(file), call_(call) {}

	void commit();

	ACCEL_SOFT_HANDLERS

private:
	/// A mapping that the destructor removes unless keep() was called.
	class NewMapping {
	public:
		~NewMapping();
		void hold(std::shared_ptr<AddressSpace> space, uint64_t iova, uint64_t length);
		void keep() { space_.reset(); }

	private:
		std::shared_ptr<AddressSpace> space_;
		uint64_t iova_ = 0, length_ = 0;
	};

	/// Refuse the call with a failure of a lower layer. @attribute: reported if the failure names none.
	int refuse(const Failure &failure, uint16_t attribute = 0);
	int refuse(std::unexpected<Failure> failure, uint16_t attribute = 0)
	{
		return refuse(failure.error(), attribute);
	}
	/// Returns the object of a handle; T must be the class of @type.
	template <class T>
	Result<std::shared_ptr<T>> find(uint64_t handle, uint16_t type)
	{
		auto object = file_.objects().find(handle, type);

		if (!object)
			return std::unexpected(object.error());
		return std::static_pointer_cast<T>(std::move(*object));
	}
	int destroy(uint64_t handle, uint16_t type, uint16_t attribute, const char *user);
	/// Validate and return the memory to map.
	Result<MapSource> map_source(uabi::soft::AddressSpaceMapView &view);
	Result<MapSource> buffer_source(const accel_buffer_range &range, uint64_t access);
	int keep_mappable(Result<std::shared_ptr<Buffer>> buffer, uint64_t &map_offset);

	File &file_;
	uabi::Call &call_;
	Pending made_;
	Fd made_fd_;
	NewMapping mapped_;
};

} // namespace accel::core::softdev
