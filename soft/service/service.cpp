// SPDX-License-Identifier: MIT
// The service of one message: validation, dispatch, commit; the common functions of all handlers.
#include "soft/service/service.hpp"

#include "soft/device/device.hpp"
#include "soft/process/at_exit.hpp"
#include "soft/queue/worker.hpp"

#include <new>

namespace accel::core::softdev {

using namespace uabi::soft;

namespace {

constexpr uint64_t kFeatures = ACCEL_FEATURE_SHARED_ADDRESS_SPACE |
			       ACCEL_FEATURE_MAPPED_ADDRESS_SPACE | ACCEL_FEATURE_MULTI_PRODUCER |
			       ACCEL_FEATURE_BUFFER_EXPORT | ACCEL_FEATURE_BUFFER_IMPORT |
			       ACCEL_FEATURE_COMMANDS | ACCEL_FEATURE_REFUSALS;

constexpr uint32_t kMaxEntries = 65536; // the maximum of queue.create's entries

} // namespace

int Service::call(void *file, accel_call *message) noexcept
{
	if (!file)
		return -EBADF;
	hold_exit_of_this_thread();
	auto &self = *static_cast<File *>(file);
	uabi::Call call;
	Service service(self, call);
	int result = call.parse(uabi::soft::kPolicy, {}, reinterpret_cast<uintptr_t>(message));

	if (self.inherited() && result != -EFAULT)
		result = call.fail(
			ACCEL_REASON_FORKED, 0, 0, 0, 0,
			"the device was opened before a fork by the parent process; open it "
			"again in this one");
	try {
		if (!result)
			result = dispatch(service, call);
	} catch (const std::bad_alloc &) {
		result = call.fail(ACCEL_REASON_NO_MEMORY, 0, 0, 0, 0, "not enough memory");
	}
	result = call.finish(result);
	if (!result)
		service.commit();
	return result;
}

void Service::commit()
{
	made_.commit();
	made_fd_.release();
	mapped_.keep();
}

void Service::NewMapping::hold(std::shared_ptr<AddressSpace> space, uint64_t iova, uint64_t length)
{
	space_ = std::move(space);
	iova_ = iova;
	length_ = length;
}

Service::NewMapping::~NewMapping()
{
	if (space_)
		(void)space_->unmap(iova_, length_);
}

int Service::refuse(const Failure &failure, uint16_t attribute)
{
	if (failure.attribute)
		attribute = failure.attribute;
	return call_.fail(failure.reason, attribute, failure.value, failure.minimum,
			  failure.maximum, "%s", failure.text);
}

int Service::destroy(uint64_t handle, uint16_t type, uint16_t attribute, const char *user)
{
	auto object = file_.objects().remove(handle, type, user);

	if (!object)
		return refuse(object.error(), attribute);
	(*object)->end();
	return 0;
}

int Service::device_query(DeviceQueryView &view)
{
	Device::Counts counts = file_.device().counts();

	view.put_driver("soft");
	view.put_model("soft accelerator");
	view.put_features(kFeatures);
	view.put_max_queues(kMaxQueues);
	view.put_max_entries(kMaxEntries);
	view.put_max_transfer(ACCEL_SOFT_MAX_TRANSFER);
	view.put_queues(counts.queues);
	view.put_clients(counts.clients);
	view.put_poll_ns(0);
	view.put_workers(counts.workers);
	return 0;
}

} // namespace accel::core::softdev
