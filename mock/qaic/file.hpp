// SPDX-License-Identifier: MIT
// One open file of the mock qaic driver: its buffers, its channels and the ioctls.
#pragma once

#include "mock/qaic/device.hpp"

#include <accel/mock/qaic_mock.hpp>

namespace accel::core::mock {

class QaicFile final : public QaicMock {
public:
	explicit QaicFile(std::shared_ptr<QaicDevice> device) : device_(std::move(device)) {}
	~QaicFile() override;

	int ioctl(unsigned long request, void *argument) override;
	int map(const MapRequest &request, MapTarget *target) override;

protected:
	/// ENODEV for the driver's own ioctls while the device is not online. Those of the DRM core still work.
	int serve(unsigned number, void *copy) override;
	int manage(accel_qaic_manage &argument, std::span<const QaicManageItem> data,
		   QaicManageAnswer &answer) override;
	int create_bo(accel_qaic_create_bo &argument) override;
	int mmap_bo(accel_qaic_mmap_bo &argument) override;
	int attach_slice_bo(const accel_qaic_attach_slice &argument,
			    std::span<const accel_qaic_slice> data) override;
	int execute_bo(const accel_qaic_execute &argument,
		       std::span<const accel_qaic_execute_entry> data) override;
	int partial_execute_bo(const accel_qaic_partial_execute &argument,
			       std::span<const accel_qaic_partial_execute_entry> data) override;
	int wait_bo(const accel_qaic_wait &argument) override;
	int perf_stats_bo(accel_qaic_perf_stats &argument,
			  std::span<accel_qaic_perf_stats_entry> data) override;
	int detach_slice_bo(const accel_qaic_detach_slice &argument) override;
	int gem_close(const accel_drm_gem_close &argument) override;
	int prime_export(accel_drm_prime_export &argument) override;
	int prime_import(accel_drm_prime_import &argument) override;

private:
	/* The state of a message between the driver and the firmware. */
	struct Message {
		QaicManageAnswer &answer;
		bool asked = false;  // contains a passthrough, a request to the firmware
		bool memory = false; // has memory for the queues of a channel that is activated
		std::vector<uint32_t> deactivated;
	};
	using Lock = MockDevice::Lock;

	int encode(Lock &lock, const Item<accel_qaic_dma_transfer> &item);
	int encode(Lock &lock, const Item<accel_qaic_deactivate> &item, Message &message);
	static int encode(const accel_qaic_activate &activate, Message &message);
	int ask_firmware(Lock &lock);
	int answer_all(std::span<const QaicManageItem> data, Message &message);
	int activate(const accel_qaic_activate &activate, Message &message);
	void lie_about(QaicManageAnswer &answer);

	/* The caller holds the lock: the buffer of a handle, or null; a new handle for a buffer. */
	QaicBufferRef find(uint32_t handle) const;
	uint32_t add(const QaicBufferRef &buffer);
	/* The caller holds the lock: 0, or the errno of a channel that cannot be used. */
	int usable(uint32_t channel) const;
	template <class Entry>
	int execute(uint32_t channel, std::span<const Entry> entries);

	std::shared_ptr<QaicDevice> device_;
	std::map<uint32_t, QaicBufferRef> buffers_;
};

} // namespace accel::core::mock
