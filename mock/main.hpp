// SPDX-License-Identifier: MIT
// Included first in a program that runs on the mock kernel; renames its main() to mocked_main().
#pragma once

int mocked_main(int argc, char **argv);
