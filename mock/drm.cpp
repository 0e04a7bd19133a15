// SPDX-License-Identifier: MIT
// drm_ioctl().
#include "mock/drm.hpp"

#include "mock/user.hpp"

#include <linux/ioctl.h>
#include <vector>

namespace accel::core::mock {

int DrmFile::ioctl(unsigned long request, void *argument)
{
	if (_IOC_TYPE(request) != 'd')
		return -ENOTTY;
	const unsigned number = _IOC_NR(request);
	const unsigned long own = known(number);

	if (!own)
		return -EINVAL;
	const unsigned size = _IOC_SIZE(request);
	const unsigned in =
		request & own & (static_cast<unsigned long>(_IOC_WRITE) << _IOC_DIRSHIFT) ? size :
											    0;
	const unsigned out =
		request & own & (static_cast<unsigned long>(_IOC_READ) << _IOC_DIRSHIFT) ? size : 0;
	alignas(8) std::byte small[128];
	std::vector<std::byte> large;
	std::byte *copy = small;
	const size_t whole = std::max({in, out, static_cast<unsigned>(_IOC_SIZE(own))});
	const uint64_t address = reinterpret_cast<uint64_t>(argument);

	if (whole > sizeof(small)) {
		large.resize(whole);
		copy = large.data();
	}
	if (int r = copy_from_user(copy, address, in); r < 0)
		return r;
	std::fill(copy + in, copy + whole, std::byte{});
	const int r = serve(number, copy);
	return copy_to_user(address, copy, out) < 0 ? -EFAULT : r;
}

} // namespace accel::core::mock
