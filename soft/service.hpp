// SPDX-License-Identifier: MIT
// Serves one message: the handlers behind the attribute uABI, and taking back what they made.
#pragma once

#include "soft/address_space.hpp"
#include "soft/file.hpp"
#include "soft/object.hpp"
#include "sys/fd.hpp"

#include <accel/uabi/soft_server.hpp>
#include <memory>

namespace accel::core::softdev {

/// Lives as long as one message. A handler makes things and stages its outputs; the caller can name what was
/// made only after commit(), and without it everything goes away again.
class Service final : public uabi::soft::Handlers {
public:
	Service(File &file, uabi::Call &call) : file_(file), call_(call) {}

	void commit();

	ACCEL_SOFT_HANDLERS

private:
	/// A mapping that goes away again unless it is kept.
	class NewMapping {
	public:
		~NewMapping();
		void hold(std::shared_ptr<AddressSpace> space, uint64_t iova, uint64_t length);
		void keep() { space_.reset(); }

	private:
		std::shared_ptr<AddressSpace> space_;
		uint64_t iova_ = 0, length_ = 0;
	};

	/// Refuse the call for a reason that was found below. @attribute: to blame if the failure names none.
	int refuse(const Failure &failure, uint16_t attribute = 0);
	int refuse(std::unexpected<Failure> failure, uint16_t attribute = 0)
	{
		return refuse(failure.error(), attribute);
	}
	/// The object of a handle, as the type it is known to have.
	template <class T>
	Result<std::shared_ptr<T>> find(uint64_t handle, uint16_t type)
	{
		auto object = file_.objects().find(handle, type);

		if (!object)
			return std::unexpected(object.error());
		return std::static_pointer_cast<T>(std::move(*object));
	}
	int destroy(uint64_t handle, uint16_t type, uint16_t attribute, const char *user);
	/// Find or make the memory that address-space.map is about.
	Result<MapSource> map_source(uabi::soft::AddressSpaceMapView &view);
	Result<MapSource> buffer_source(const accel_buffer_range &range, uint64_t access);
	int keep_mappable(Result<std::shared_ptr<class Buffer>> buffer, uint64_t &map_offset);

	File &file_;
	uabi::Call &call_;
	Pending made_;
	Fd made_fd_;
	NewMapping mapped_;
};

} // namespace accel::core::softdev
