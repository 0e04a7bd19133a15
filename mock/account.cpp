// SPDX-License-Identifier: MIT
// Counts calls, and makes the n-th call fail.
#include "mock/account.hpp"

namespace accel::core::mock {

void Account::fail(Call kind, uint64_t nth, int error)
{
	std::lock_guard lock(mutex_);

	plans_.push_back({kind, true, 0, nth, error});
}

void Account::fail_ioctl(unsigned long request, uint64_t nth, int error)
{
	std::lock_guard lock(mutex_);

	plans_.push_back({Call::ioctl, false, request, nth, error});
}

void Account::clear()
{
	std::lock_guard lock(mutex_);

	plans_.clear();
}

int Account::enter(Call kind, unsigned long request)
{
	std::lock_guard lock(mutex_);
	int error = 0;

	counts_[static_cast<size_t>(kind)]++;
	if (kind == Call::ioctl)
		ioctls_[request]++;
	std::erase_if(plans_, [&](Plan &plan) {
		if (plan.kind != kind || !(plan.any_request || plan.request == request))
			return false;
		if (plan.left > 1) {
			plan.left--;
			return false;
		}
		error = plan.error;
		return true;
	});
	failed_ += error != 0;
	return -error;
}

uint64_t Account::count(Call kind) const
{
	std::lock_guard lock(mutex_);

	return counts_[static_cast<size_t>(kind)];
}

uint64_t Account::count_ioctl(unsigned long request) const
{
	std::lock_guard lock(mutex_);
	auto at = ioctls_.find(request);

	return at == ioctls_.end() ? 0 : at->second;
}

uint64_t Account::failed() const
{
	std::lock_guard lock(mutex_);

	return failed_;
}

void Account::reset_counts()
{
	std::lock_guard lock(mutex_);

	counts_.fill(0);
	ioctls_.clear();
	failed_ = 0;
}

} // namespace accel::core::mock
