// SPDX-License-Identifier: MIT
// Forked children of tests.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

namespace accel::support {

/// Runs @body, which returns a status from 0 to 255, in a forked child. Returns this status, or the negative number of
/// the signal that ended the child.
template <class Body>
int in_child(Body body)
{
	pid_t child = fork();

	if (child == 0)
		_exit(body());
	int status = -1;
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

} // namespace accel::support
