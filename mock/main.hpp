// SPDX-License-Identifier: MIT
// Included before everything else by a program that runs on the mock kernel, and whose main() is compiled as this.
#pragma once

int mocked_main(int argc, char **argv);
