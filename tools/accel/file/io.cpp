// SPDX-License-Identifier: MIT
// Inputs and outputs of `run`: files, pipes and the standard streams, with errors that name them.
#include "file/io.hpp"

#include "file/access.hpp"
#include "terminal/fail.hpp"
#include "terminal/output.hpp"
#include "terminal/signals.hpp"

#include <cerrno>
#include <climits>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <poll.h>
#include <random>
#include <unistd.h>

namespace cli {

namespace {

/// Throws the error of a system call on a file. Missing memory or descriptors have the exit code of resources.
[[noreturn]] void fail_file(const std::string &name, const char *what, int error)
{
	fail(exit_of(error, Exit::file), name, "{}: {}", what, strerror(error));
}

bool is_stream(const std::string &path)
{
	return path.empty() || path == "-";
}

bool is_same(const struct stat &a, const struct stat &b)
{
	return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/// Resolves symbolic links, also dangling ones, so that the target is replaced and the link stays.
std::string resolved(const std::string &path)
{
	constexpr int kMostLinks = 40; // as in the kernel
	std::error_code error;
	std::filesystem::path to = std::filesystem::canonical(path, error);

	if (!error)
		return to.string();
	to = path;
	for (int i = 0; i < kMostLinks && std::filesystem::is_symlink(to, error); ++i)
		to = to.parent_path() / std::filesystem::read_symlink(to, error);
	return to.string();
}

std::string random_name()
{
	static constexpr char kLetters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	std::random_device device;
	std::string name;

	for (int i = 0; i < 8; ++i)
		name += kLetters[device() % (sizeof(kLetters) - 1)];
	return name;
}

} // namespace

Input::Input(const std::string &path) : name_(is_stream(path) ? "standard input" : path)
{
	if (path.empty() && isatty(STDIN_FILENO))
		fail(Exit::usage, "", "name a FILE to read; - reads from the terminal");
	fd_ = is_stream(path) ? STDIN_FILENO : open(path.c_str(), O_RDONLY | O_CLOEXEC);
	if (fd_ < 0)
		fail_file(name_, "cannot be opened", errno);
	int error = fstat(fd_, &status_) < 0 ? errno : S_ISDIR(status_.st_mode) ? EISDIR : 0;

	if (error) {
		if (fd_ != STDIN_FILENO)
			close(fd_);
		fail_file(name_, "cannot be read", error);
	}
	posix_fadvise(fd_, 0, 0, POSIX_FADV_SEQUENTIAL);
}

Input::~Input()
{
	if (fd_ != STDIN_FILENO)
		close(fd_);
}

bool Input::wait(int stop_fd) const
{
	struct pollfd fds[] = {{fd_, POLLIN, 0}, {stop_fd, POLLIN, 0}};

	do {
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			fail_file(name_, "cannot be waited for", errno);
		if (fds[1].revents)
			return false;
	} while (!fds[0].revents);
	return true;
}

size_t Input::read(void *to, size_t bytes, int stop_fd)
{
	size_t done = 0;

	while (done < bytes) {
		if (!S_ISREG(status_.st_mode) && stop_fd >= 0 && !wait(stop_fd))
			return done;
		ssize_t got = ::read(fd_, static_cast<char *>(to) + done, bytes - done);

		if (got < 0 && errno == EAGAIN) {
			// Another process that shares the terminal or pipe has made it non-blocking.
			if (!wait(stop_fd))
				return done;
			continue;
		}
		if (got < 0 && errno != EINTR)
			fail_file(name_, "cannot be read", errno);
		if (got == 0)
			break;
		done += got > 0 ? static_cast<size_t>(got) : 0;
	}
	return done;
}

std::optional<uint64_t> Input::size() const
{
	if (!S_ISREG(status_.st_mode))
		return std::nullopt;
	return static_cast<uint64_t>(status_.st_size);
}

void claim_if_stdout(const std::string &path)
{
	// Data goes to a terminal only on request.
	if (is_stream(path) && !(path.empty() && isatty(STDOUT_FILENO)))
		claim_stdout();
}

Output::Output(const std::string &path, std::initializer_list<const Input *> inputs)
	: name_(is_stream(path) ? "standard output" : path)
{
	struct stat status = {};

	if (is_stream(path)) {
		if (path.empty() && isatty(STDOUT_FILENO))
			fail(Exit::usage, "",
			     "refused to write data to a terminal; use -o FILE, or -o - to force "
			     "it");
		fd_ = STDOUT_FILENO;
		is_stdout_ = true;
		// Check now: an empty output causes no write that could fail.
		if ((fcntl(fd_, F_GETFL) & O_ACCMODE) == O_RDONLY)
			fail_file(name_, "cannot be written", EBADF);
		if (fstat(fd_, &status) < 0)
			fail_file(name_, "cannot be written", errno);
		refuse_inputs(status, inputs);
		return;
	}
	bool exists = stat(path.c_str(), &status) == 0;

	if (!exists && errno != ENOENT)
		fail_file(name_, "cannot be written", errno);
	if (exists) {
		if (S_ISDIR(status.st_mode))
			fail_file(name_, "cannot be written", EISDIR);
		refuse_inputs(status, inputs);
		if (access(path.c_str(), W_OK) < 0)
			fail_file(name_, "cannot be written", errno);
	}
	target_ = resolved(path);
	if (!exists || S_ISREG(status.st_mode)) {
		open_temporary(exists ? &status : nullptr);
		return;
	}
	fd_ = open(path.c_str(), O_WRONLY | O_CLOEXEC);
	if (fd_ < 0)
		fail_file(name_, "cannot be opened", errno);
}

void Output::refuse_inputs(const struct stat &own,
			   std::initializer_list<const Input *> inputs) const
{
	for (const Input *input : inputs)
		if (input && S_ISREG(own.st_mode) && is_same(own, input->status()))
			fail(Exit::usage, name_,
			     "input and output are the same file; name another output");
}

void Output::open_temporary(const struct stat *existing)
{
	std::filesystem::path target(target_);

	for (int i = 0; i < 100 && fd_ < 0; ++i) {
		std::string own = target.filename().string().substr(0, NAME_MAX - 20);
		std::string name =
			fmt::format(".{}.accel-{}", whole_characters(own), random_name());

		temporary_ = (target.parent_path() / name).string();
		set_unfinished_file(temporary_);
		fd_ = open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
			   existing ? existing->st_mode & kOwnerMode : 0666);
		if (fd_ < 0) {
			clear_unfinished_file();
			if (errno != EEXIST)
				break;
		}
	}
	if (fd_ < 0) {
		temporary_.clear();
		fail_file(name_, "cannot be created", errno);
	}
	if (existing)
		keep_access(fd_, target_, *existing);
}

Output::~Output()
{
	if (!is_stdout_ && fd_ >= 0)
		close(fd_);
	if (!temporary_.empty()) {
		unlink(temporary_.c_str());
		clear_unfinished_file();
	}
}

void Output::write(const void *from, size_t bytes)
{
	const char *at = static_cast<const char *>(from);

	while (bytes) {
		ssize_t done = ::write(fd_, at, bytes);

		if (done < 0) {
			if (errno == EINTR)
				continue;
			if (errno == EAGAIN) {
				// Another process that shares the terminal or pipe has made it non-blocking.
				struct pollfd fds = {fd_, POLLOUT, 0};

				poll(&fds, 1, -1);
				continue;
			}
			if (errno == EPIPE)
				die_of_broken_pipe();
			fail_file(name_, "cannot be written", errno);
		}
		at += done;
		bytes -= static_cast<size_t>(done);
	}
}

void Output::finish()
{
	if (is_stdout_)
		return;
	int error = close(fd_) < 0 ? errno : 0;

	fd_ = -1;
	if (!error && !temporary_.empty() && rename(temporary_.c_str(), target_.c_str()) < 0)
		error = errno;
	if (error)
		fail_file(name_, "cannot be written", error);
	if (!temporary_.empty()) {
		clear_unfinished_file();
		temporary_.clear();
	}
}

std::string read_whole_file(const std::string &path, size_t most)
{
	Input input(path);
	std::string content;
	size_t got = 0;

	do {
		size_t before = content.size();

		content.resize(before + (64 << 10));
		got = input.read(content.data() + before, content.size() - before, -1);
		content.resize(before + got);
		if (content.size() > most)
			fail(Exit::data, path, "the file is too long; at most {} bytes are allowed",
			     most);
	} while (got);
	return content;
}

} // namespace cli
