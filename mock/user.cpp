// SPDX-License-Identifier: MIT
// Copies by process_vm_readv() and process_vm_writev() on this process: the real kernel checks the addresses, so a
// wrong address is an error and not a signal.
#include "mock/user.hpp"

#include <sys/uio.h>
#include <unistd.h>

namespace accel::core::mock {

namespace {

using Transfer = ssize_t (*)(pid_t, const iovec *, unsigned long, const iovec *, unsigned long,
			     unsigned long);

int copy(Transfer transfer, void *mine, uint64_t theirs, size_t size)
{
	iovec local{mine, size};
	iovec remote{reinterpret_cast<void *>(theirs), size};

	if (!size)
		return 0;
	return transfer(getpid(), &local, 1, &remote, 1, 0) == static_cast<ssize_t>(size) ? 0 :
											    -EFAULT;
}

} // namespace

int copy_from_user(void *to, uint64_t from, size_t size)
{
	return copy(process_vm_readv, to, from, size);
}

int copy_to_user(uint64_t to, const void *from, size_t size)
{
	return copy(process_vm_writev, const_cast<void *>(from), to, size);
}

} // namespace accel::core::mock
