// SPDX-License-Identifier: MIT
// When oneDNN may be called.
#pragma once

#include <cstddef>

namespace accel::core::engine {

/// What oneDNN needs when it compiles the kernels of a type, with room to spare: 8 MiB were measured. Without memory
/// it ends the process, so it is asked for before.
inline constexpr std::size_t kRoomForKernels = std::size_t{32} << 20;

/// Whether memory may become executable in this process. Not under PR_SET_MDWE, or where SELinux denies execmem:
/// there oneDNN fails or crashes, as it compiles its kernels.
bool can_compile() noexcept;

/// Whether @bytes of memory can be allocated now. The test allocation is freed.
bool has_room(std::size_t bytes) noexcept;

/// Have oneDNN look at nothing of the environment that makes it print, write files or round otherwise. Before its
/// first call. ONEDNN_MAX_CPU_ISA stays, which has no such effect.
void ignore_environment_of_onednn() noexcept;

/// Sets the number of OpenMP threads of the calling thread to 1, for as long as it lives.
class OneThread {
public:
	OneThread() noexcept;
	~OneThread();
	OneThread(const OneThread &) = delete;
	OneThread &operator=(const OneThread &) = delete;

	/// False: there is no memory to do so. libgomp would end the process.
	explicit operator bool() const noexcept { return before_ > 0; }

private:
	int before_ = 1;
};

} // namespace accel::core::engine
