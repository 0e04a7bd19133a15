// SPDX-License-Identifier: MIT
// The conditions under which oneDNN may be called.
#pragma once

#include <cstddef>

namespace accel::core::engine {

/// The memory that oneDNN needs to compile the kernels of a type, with a margin: 8 MiB were measured. oneDNN ends the
/// process if an allocation fails, so has_room() tests for it first.
inline constexpr std::size_t kRoomForKernels = std::size_t{32} << 20;

/// Whether memory may become executable in this process. PR_SET_MDWE and SELinux (execmem) can deny it; oneDNN, which
/// compiles its kernels, then fails or crashes.
bool can_compile() noexcept;

/// Whether @bytes of memory can be allocated now. The test allocation is freed.
bool has_room(std::size_t bytes) noexcept;

/// Makes oneDNN ignore the environment variables that make it print, write files or round differently. To be called
/// before its first use. ONEDNN_MAX_CPU_ISA has no such effect and remains in use.
void ignore_environment_of_onednn() noexcept;

/// Sets the number of OpenMP threads of the calling thread to 1 during its lifetime.
class OneThread {
public:
	OneThread() noexcept;
	~OneThread();
	OneThread(const OneThread &) = delete;
	OneThread &operator=(const OneThread &) = delete;

	/// False: not enough memory; the number was not set. libgomp would have ended the process.
	explicit operator bool() const noexcept { return before_ > 0; }

private:
	int before_ = 1;
};

} // namespace accel::core::engine
