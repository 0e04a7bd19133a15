// SPDX-License-Identifier: MIT
// Inputs and outputs of `run`: files, pipes and the standard streams, with errors that name them.
#pragma once

#include "text.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <sys/stat.h>

namespace cli {

/// A file or standard input, read from its start to its end.
class Input {
public:
	/// @path: "-" and "" are standard input; "" refuses a terminal, as nobody meant it.
	/// Throws if it cannot be opened or is a directory.
	explicit Input(const std::string &path);
	~Input();
	Input(const Input &) = delete;
	Input &operator=(const Input &) = delete;

	/// Read until @bytes are there or the input ends; returns how many. Waits for a pipe no longer
	/// than until something can be read from @stop_fd, if that is not -1: then it returns what it has.
	size_t read(void *to, size_t bytes, int stop_fd);

	/// Its name as it is, for JSON.
	const std::string &name() const { return name_; }
	/// What messages call it.
	std::string shown() const { return shown_name(name_); }
	/// Bytes, if it is a regular file.
	std::optional<uint64_t> size() const;
	const struct stat &status() const { return status_; }

private:
	/// Wait until something can be read; false if that is so at @stop_fd first. -1 is never ready.
	bool wait(int stop_fd) const;

	std::string name_;
	int fd_;
	struct stat status_ = {};
};

/// To be called before anything can fail: if this output will be standard output, what is said goes elsewhere.
void claim_if_stdout(const std::string &path);

/// A file that appears under its name when it is complete, or a stream that is written as it comes.
class Output {
public:
	/// @path: "-" and "" are standard output; "" refuses a terminal. A regular file is written beside
	/// its name and renamed by finish(); until then an existing file stays as it is. Devices and
	/// pipes are written directly. Throws if it cannot be, or if it is one of the inputs (null: none).
	Output(const std::string &path, std::initializer_list<const Input *> inputs);
	/// Without finish(), what was written to a file is removed.
	~Output();
	Output(const Output &) = delete;
	Output &operator=(const Output &) = delete;

	void write(const void *from, size_t bytes);
	/// Everything is written: give the file its name.
	void finish();

	/// Its name as it is, for JSON.
	const std::string &name() const { return name_; }
	bool is_stdout() const { return is_stdout_; }

private:
	void open_beside(const struct stat *existing);
	void refuse_inputs(const struct stat &own,
			   std::initializer_list<const Input *> inputs) const;

	std::string name_;
	std::string target_;	// where it is to appear
	std::string temporary_; // where it is written until then; empty for a stream
	int fd_ = -1;
	bool is_stdout_ = false;
};

/// A whole file. Throws if it cannot be read or has more than @most bytes.
std::string read_whole_file(const std::string &path, size_t most);

} // namespace cli
