// SPDX-License-Identifier: MIT
// One open file of the mock idxd driver: write(2), the portal, poll.
#pragma once

#include "mock/idxd/device.hpp"

namespace accel::core::mock {

class IdxdFile final : public MockFile {
public:
	explicit IdxdFile(std::shared_ptr<IdxdDevice> device);
	~IdxdFile() override;

	ssize_t write(const void *from, size_t length) override;
	int map(const MapRequest &request, MapTarget *target) override;
	short poll(short events) override;
	int store64(off_t offset, const void *descriptor, bool asked) override;

private:
	int submit(uint64_t address);

	const std::shared_ptr<IdxdDevice> device_;
	const std::shared_ptr<Memory> portal_;
	const pid_t process_;
};

} // namespace accel::core::mock
