// SPDX-License-Identifier: MIT
// The program accel-mock, and examples on the mock kernel: the program `accel` on a machine with devices that are not
// there. The library and the program are the ordinary ones; only the system calls of the library go to the mock.
#include "mock/main.hpp"

#include "mock/idxd/device.hpp"
#include "mock/machine.hpp"
#include "mock/qaic/device.hpp"

using namespace accel::core::mock;

int main(int argc, char **argv)
{
	/* They stay for ever: what a program has made static ends after main(), and a forked child that exits must not
	 * wait for threads that only its parent has. */
	static MockKernel &kernel = *new MockKernel;
	/* Nothing reads it; without the attribute nothing would point to it either, which is a leak. */
	[[gnu::used]] static Machine &machine = *new Machine(kernel);

	kernel.add(std::make_shared<QaicDevice>()); // accel0
	add_idxd(kernel, {.version = 2});	    // dsa/wq0.0 and dsa/wq0.1
	return mocked_main(argc, argv);
}
