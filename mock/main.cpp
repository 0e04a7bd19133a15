// SPDX-License-Identifier: MIT
// Start of accel-mock and of examples on the mock kernel: runs an ordinary program on a machine with mock devices.
// Library and program are unchanged; only the system calls of the library go to the mock.
#include "mock/main.hpp"

#include "mock/idxd/device.hpp"
#include "mock/machine.hpp"
#include "mock/qaic/device.hpp"

using namespace accel::core::mock;

int main(int argc, char **argv)
{
	/* Never destroyed: static objects of the program are destroyed after main(), and a forked child that exits must
	 * not wait for threads that only its parent has. */
	static MockKernel &kernel = *new MockKernel;
	/* Never read; without the attribute no pointer to it would remain, and leak checkers would report it. */
	[[gnu::used]] static Machine &machine = *new Machine(kernel);

	kernel.add(std::make_shared<QaicDevice>()); // accel0
	add_idxd(kernel, {.version = 2});	    // dsa/wq0.0 and dsa/wq0.1
	return mocked_main(argc, argv);
}
