// SPDX-License-Identifier: MIT
// Runs a program on a simulated machine and changes the machine meanwhile, for the tests of `accel list`:
//   umockdev-wrapper testbed MACHINE COMMAND ARGUMENT...
// MACHINE is a description for umockdev. Each line of standard input is a command:
//   add FILE              adds the device that FILE describes, with its event
//   event SYSPATH ACTION  sends an event of a device
//   remove SYSPATH        removes a device, with its event
//   end                   sends SIGINT to the program
// At the end of the input, waits for the program and exits with its status.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <sstream>
#include <string>
#include <sys/wait.h>
#include <umockdev.h>
#include <unistd.h>

namespace {

[[noreturn]] void die(const std::string &why)
{
	std::cerr << "testbed: " << why << '\n';
	_exit(125);
}

void add(UMockdevTestbed *bed, const std::string &file)
{
	GError *error = nullptr;

	if (!umockdev_testbed_add_from_file(bed, file.c_str(), &error))
		die(error->message);
}

void execute(UMockdevTestbed *bed, pid_t program, const std::string &line)
{
	std::istringstream words(line);
	std::string order, what, action;

	words >> order >> what >> action;
	if (order == "add") {
		add(bed, what);
	} else if (order == "event") {
		umockdev_testbed_uevent(bed, what.c_str(), action.c_str());
	} else if (order == "remove") {
		umockdev_testbed_uevent(bed, what.c_str(), "remove");
		umockdev_testbed_remove_device(bed, what.c_str());
	} else if (order == "end") {
		kill(program, SIGINT);
	} else {
		die("\"" + line + "\" is not a command");
	}
}

} // namespace

int main(int argc, char **argv)
{
	if (argc < 3)
		die("usage: testbed MACHINE COMMAND ARGUMENT...");
	UMockdevTestbed *bed = umockdev_testbed_new();
	add(bed, argv[1]);
	pid_t program = fork();
	if (program == 0) {
		/* The program must not read the commands. */
		if (!freopen("/dev/null", "r", stdin))
			_exit(126);
		execv(argv[2], argv + 2);
		_exit(127);
	}
	for (std::string line; std::getline(std::cin, line);)
		execute(bed, program, line);
	int status = 0;
	waitpid(program, &status, 0);
	g_object_unref(bed);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
