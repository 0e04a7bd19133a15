// SPDX-License-Identifier: MIT
// `accel top`: finds the counters that processes publish. Any user can create any number of files that look like
// counters, so the work for each user is bounded: files, slots, and processor time, which does not depend on the load
// of the machine. Nothing here waits for a process or a file system of another user.
#include "top/read.hpp"

#include <algorithm>
#include <charconv>
#include <ctime>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <map>
#include <optional>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

namespace cli {

namespace {

namespace fs = std::filesystem;

constexpr unsigned kTries = 50;	      // to read a table between two writes
constexpr unsigned kTryUs = 200;      // between two tries, for all tables together
constexpr size_t kMostFiles = 64;     // of one user; a process has one for each device
constexpr size_t kMostSlots = 8192;   // of one user: 8 devices with all queues
constexpr size_t kLinksPerCheck = 64; // links between two checks of the time
constexpr uint64_t kMostUserNs = 250000000;
constexpr uint64_t kMostNs = 1000000000;
constexpr std::string_view kLink = "/memfd:accel-counters";

using FileId = std::pair<uint64_t, uint64_t>;

/// Returns the processor time of this thread.
uint64_t spent_ns()
{
	timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return static_cast<uint64_t>(now.tv_sec) * 1000000000 + static_cast<uint64_t>(now.tv_nsec);
}

/// A file descriptor.
class File {
public:
	explicit File(int fd) : fd_(fd) {}
	~File()
	{
		if (fd_ >= 0)
			close(fd_);
	}
	File(const File &) = delete;
	File &operator=(const File &) = delete;

	int fd() const { return fd_; }

private:
	int fd_;
};

/// The work for one user so far.
struct User {
	size_t files = 0;
	size_t slots = 0;
	uint64_t ns = 0;
};

/// A link of /proc/PID/fd with the name of counters.
struct Candidate {
	std::string path;
	uint32_t pid;
};

class Search {
public:
	Search();
	Counters run();

private:
	void search_process(const fs::path &process, uint32_t pid);
	ReadAnswer take(const Candidate &candidate, bool is_first);
	ReadAnswer read(int fd, const Candidate &candidate, User &user, CounterTable &table);
	void take_busy_ones();
	bool is_over(const User &user) const
	{
		return user.ns > kMostUserNs || spent_ns() - begin_ > kMostNs;
	}

	uint64_t begin_ = spent_ns();
	dev_t memory_ = 0; // the file system of memfds
	std::map<uint32_t, User> users_;
	std::map<FileId, CounterTable> found_;
	std::vector<Candidate> busy_;
	uint64_t left_out_ = 0;
};

Search::Search()
{
	File own(memfd_create("accel-top", MFD_CLOEXEC));
	struct stat status = {};

	if (fstat(own.fd(), &status) == 0)
		memory_ = status.st_dev;
}

/// Opens @fd, an O_PATH descriptor, for reading: the opened file can no longer be exchanged.
ReadAnswer Search::read(int fd, const Candidate &candidate, User &user, CounterTable &table)
{
	File file(open(fmt::format("/proc/self/fd/{}", fd).c_str(),
		       O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));

	if (file.fd() < 0)
		return ReadAnswer::none;
	ReadAnswer answer = read_counters(file.fd(), table);

	if (answer != ReadAnswer::done)
		return answer;
	if (user.slots + table.slots.size() > kMostSlots) {
		left_out_++;
		return ReadAnswer::none;
	}
	user.slots += table.slots.size();
	table.pid = candidate.pid;
	found_[table.file] = std::move(table);
	return answer;
}

/// Reads a candidate. A file that several processes have open belongs to the one whose pid it contains, else to the
/// first. The work counts for the owner of the file: a process of another user may have inherited it.
ReadAnswer Search::take(const Candidate &candidate, bool is_first)
{
	File file(open(candidate.path.c_str(), O_PATH | O_CLOEXEC));
	struct statx status = {};
	CounterTable table;

	// AT_STATX_DONT_SYNC: a FUSE server must not be able to delay this.
	if (file.fd() < 0 ||
	    statx(file.fd(), "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC,
		  STATX_TYPE | STATX_UID | STATX_INO, &status) < 0 ||
	    !S_ISREG(status.stx_mode) ||
	    makedev(status.stx_dev_major, status.stx_dev_minor) != memory_)
		return ReadAnswer::none;
	table.file = {memory_, status.stx_ino};
	auto known = found_.find(table.file);

	if (known != found_.end() && known->second.head.pid != candidate.pid)
		return ReadAnswer::none;
	User &user = users_[status.stx_uid];

	if ((is_first && user.files >= kMostFiles) || is_over(user)) {
		left_out_++;
		return ReadAnswer::none;
	}
	user.files += is_first;
	uint64_t before = spent_ns();
	ReadAnswer answer = read(file.fd(), candidate, user, table);

	user.ns += spent_ns() - before;
	return answer;
}

void Search::search_process(const fs::path &process, uint32_t pid)
{
	struct stat status;
	std::error_code error;

	if (stat(process.c_str(), &status) < 0)
		return;
	User &user = users_[status.st_uid];
	uint64_t before = spent_ns();
	size_t links = 0;

	// The folder may be inaccessible, and the process may end during the search.
	for (fs::directory_iterator at(process / "fd", error), end; !error && at != end;
	     at.increment(error)) {
		std::error_code ignored;

		if (links++ % kLinksPerCheck == 0) {
			user.ns += spent_ns() - before;
			before = spent_ns();
			if (is_over(user)) {
				left_out_++;
				return;
			}
		}
		if (!fs::read_symlink(*at, ignored).native().starts_with(kLink))
			continue;
		Candidate candidate = {at->path(), pid};

		if (take(candidate, true) == ReadAnswer::busy)
			busy_.push_back(std::move(candidate));
	}
	user.ns += spent_ns() - before;
}

/// Retries all busy files together, so that a writer that stops in the middle of an update costs no more than others.
void Search::take_busy_ones()
{
	for (unsigned i = 0; i < kTries && !busy_.empty(); ++i) {
		usleep(kTryUs);
		std::erase_if(busy_, [this](const Candidate &candidate) {
			return take(candidate, false) != ReadAnswer::busy;
		});
	}
}

std::optional<uint32_t> number(const std::string &text)
{
	uint32_t value = 0;
	auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);

	if (error != std::errc() || end != text.data() + text.size())
		return std::nullopt;
	return value;
}

std::string process_name(uint32_t pid)
{
	std::ifstream file("/proc/" + std::to_string(pid) + "/comm");
	std::string name;

	std::getline(file, name);
	return printable(name);
}

Counters Search::run()
{
	Counters counters;
	std::error_code error;

	for (fs::directory_iterator at("/proc", error), end; !error && at != end;
	     at.increment(error))
		if (std::optional<uint32_t> pid = number(at->path().filename()))
			search_process(at->path(), *pid);
	take_busy_ones();
	for (auto &[file, table] : found_) {
		table.process = process_name(table.pid);
		counters.tables.push_back(std::move(table));
	}
	std::ranges::sort(counters.tables, {}, [](const CounterTable &table) {
		return std::pair(table.pid, table.device);
	});
	counters.left_out = left_out_;
	return counters;
}

} // namespace

Counters find_counters()
{
	return Search().run();
}

} // namespace cli
