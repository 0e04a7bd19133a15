// SPDX-License-Identifier: MIT
// `accel top`: finding and reading what processes publish. What is read was written by somebody else: nothing in it
// is believed, and a file is read and never mapped, so that one that shrinks is a short read and no SIGBUS.
#include "top.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>

namespace cli {

namespace {

namespace fs = std::filesystem;

constexpr unsigned kTries = 100;	     // to get a table that is not being written
constexpr uint32_t kMostSlots = 16384;	     // more than a device of today has
constexpr uint32_t kMostSlotBytes = 4096;    // the same
constexpr uint64_t kStaleNs = 3000000000ULL; // written ten times a second
constexpr std::string_view kLink = "/memfd:accel-counters";

uint64_t now_ns()
{
	timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return static_cast<uint64_t>(now.tv_sec) * 1000000000 + static_cast<uint64_t>(now.tv_nsec);
}

bool read_at(int fd, void *to, size_t bytes, uint64_t offset)
{
	return pread(fd, to, bytes, static_cast<off_t>(offset)) == static_cast<ssize_t>(bytes);
}

/// Text from elsewhere, fit for a terminal.
std::string printable(std::string_view text)
{
	std::string clean;

	for (char c : text)
		clean += c >= ' ' && c <= '~' ? c : '?';
	return clean;
}

bool read_slots(int fd, const accel_counters_head &head, std::vector<accel_counters_slot> &slots)
{
	std::vector<char> raw(size_t{head.slot_count} * head.slot_size);

	if (!read_at(fd, raw.data(), raw.size(), sizeof(head)))
		return false;
	slots.resize(head.slot_count);
	for (uint32_t i = 0; i < head.slot_count; ++i)
		memcpy(&slots[i], raw.data() + size_t{i} * head.slot_size, sizeof(slots[i]));
	return true;
}

bool is_sane(const accel_counters_head &head)
{
	return head.magic == ACCEL_COUNTERS_MAGIC && head.slot_count >= 1 &&
	       head.slot_count <= kMostSlots && head.slot_size >= sizeof(accel_counters_slot) &&
	       head.slot_size <= kMostSlotBytes;
}

std::optional<uint32_t> number(const std::string &text)
{
	uint32_t value = 0;
	auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);

	if (error != std::errc() || end != text.data() + text.size())
		return std::nullopt;
	return value;
}

/// An open file; never waits, whatever is behind the name.
class File {
public:
	explicit File(const std::string &path)
		: fd_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY))
	{}
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

using Found = std::map<std::pair<uint64_t, uint64_t>, CounterTable>;

/// One link of /proc/PID/fd that has the name. A file that several processes hold belongs to the one that
/// wrote its number into it, else to the first.
void take(const std::string &path, uint32_t pid, Found &found)
{
	struct stat status;
	CounterTable table;

	// Looked at before it is opened, since opening a device can do something.
	if (stat(path.c_str(), &status) < 0 || !S_ISREG(status.st_mode))
		return;
	table.file = {status.st_dev, status.st_ino};
	auto known = found.find(table.file);

	if (known != found.end() && known->second.head.pid != pid)
		return;
	File file(path);

	if (file.fd() < 0 || !read_counters(file.fd(), now_ns(), table))
		return;
	table.pid = pid;
	found[table.file] = std::move(table);
}

void search(const fs::path &process, uint32_t pid, Found &found)
{
	std::error_code error;

	// Processes of others cannot be looked into, and any may end meanwhile.
	for (fs::directory_iterator at(process / "fd", error), end; !error && at != end;
	     at.increment(error)) {
		std::error_code ignored;

		if (fs::read_symlink(*at, ignored).native().starts_with(kLink))
			take(at->path(), pid, found);
	}
}

std::string process_name(uint32_t pid)
{
	std::ifstream file("/proc/" + std::to_string(pid) + "/comm");
	std::string name;

	std::getline(file, name);
	return printable(name);
}

} // namespace

bool read_counters(int fd, uint64_t now, CounterTable &table)
{
	accel_counters_head &head = table.head;
	accel_counters_head after;

	for (unsigned i = 0; i < kTries; ++i) {
		if (!read_at(fd, &head, sizeof(head), 0) || !is_sane(head))
			return false;
		if (head.sequence % 2 == 0 && read_slots(fd, head, table.slots) &&
		    read_at(fd, &after, sizeof(after), 0) && after.sequence == head.sequence) {
			table.device =
				printable({head.device, strnlen(head.device, sizeof(head.device))});
			// Nobody writes it any more, or the clock is another machine's.
			return head.time_ns <= now + kStaleNs && now <= head.time_ns + kStaleNs;
		}
		usleep(100);
	}
	return false;
}

std::vector<CounterTable> find_counters()
{
	std::vector<CounterTable> tables;
	std::error_code error;
	Found found;

	for (fs::directory_iterator at("/proc", error), end; !error && at != end;
	     at.increment(error))
		if (std::optional<uint32_t> pid = number(at->path().filename()))
			search(at->path(), *pid, found);
	for (auto &[file, table] : found) {
		table.process = process_name(table.pid);
		tables.push_back(std::move(table));
	}
	std::ranges::sort(tables, {}, [](const CounterTable &table) {
		return std::pair(table.pid, table.device);
	});
	return tables;
}

} // namespace cli
