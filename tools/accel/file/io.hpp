// SPDX-License-Identifier: MIT
// Inputs and outputs of `run`: files, pipes and the standard streams, with errors that name them.
#pragma once

#include "terminal/text.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <sys/stat.h>

namespace cli {

/// A file or standard input, read once from start to end.
class Input {
public:
	/// @path: "-" and "" are standard input; "" refuses a terminal, which is
	/// rarely intended.
	/// Throws if it cannot be opened or is a directory.
	explicit Input(const std::string &path);
	~Input();
	Input(const Input &) = delete;
	Input &operator=(const Input &) = delete;

	/// Reads until the input ends or @bytes have been read; returns their number. Stops waiting for a pipe when
	/// @stop_fd (-1: none) becomes readable, and returns the number of bytes so far.
	size_t read(void *to, size_t bytes, int stop_fd);

	/// The unchanged name, for JSON.
	const std::string &name() const { return name_; }
	/// The name in messages.
	std::string shown() const { return shown_name(name_); }
	/// The size in bytes of a regular file.
	std::optional<uint64_t> size() const;
	const struct stat &status() const { return status_; }

private:
	/// Waits until the input is readable; returns false if @stop_fd is readable first. -1 is never readable.
	bool wait(int stop_fd) const;

	std::string name_;
	int fd_;
	struct stat status_ = {};
};

/// Sends messages to stderr if this output will be standard output. Must be called before anything can fail.
void claim_if_stdout(const std::string &path);

/// A file that appears under its name when it is complete, or a stream that is written at once.
class Output {
public:
	/// @path: "-" and "" are standard output; "" refuses a terminal. A regular file is written under a temporary
	/// name in the same folder and renamed by finish(); until then an existing file is unchanged. Devices and pipes
	/// are written directly. Throws if the output cannot be opened, or is one of the inputs (null: none).
	Output(const std::string &path, std::initializer_list<const Input *> inputs);
	/// Removes the temporary file, unless finish() was called.
	~Output();
	Output(const Output &) = delete;
	Output &operator=(const Output &) = delete;

	void write(const void *from, size_t bytes);
	/// Gives the complete file its name.
	void finish();

	/// The unchanged name, for JSON.
	const std::string &name() const { return name_; }
	bool is_stdout() const { return is_stdout_; }

private:
	void open_temporary(const struct stat *existing);
	void refuse_inputs(const struct stat &own,
			   std::initializer_list<const Input *> inputs) const;

	std::string name_;
	std::string target_;	// the final path
	std::string temporary_; // the path until finish(); empty for a stream
	int fd_ = -1;
	bool is_stdout_ = false;
};

/// Reads a whole file. Throws if it cannot be read or has more than @most bytes.
std::string read_whole_file(const std::string &path, size_t most);

} // namespace cli
