// SPDX-License-Identifier: MIT
// Reads files of sysfs. The node's folder is a directory, not a link, so ".." is the queue.
#include "providers/idxd/limits.hpp"

#include "core/backend.hpp"
#include "sys/sys.hpp"

#include <accel/uabi/sysfs.hpp>
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <string_view>

namespace accel::core::idxd {

namespace wq = uabi::idxd::sysfs::work_queue;
namespace dev = uabi::idxd::sysfs::device;

namespace {

constexpr const char *kQueue = "..", *kDevice = "../..";

/* Reads the first line of a file into @text. Returns its length or a negative errno. Allocates nothing, because the
 * data path calls it. */
template <size_t size>
int read_line(const std::string &syspath, const char *folder, const uabi::SysfsFile &file,
	      char (&text)[size])
{
	char path[512];

	if (snprintf(path, sizeof(path), "%s/%s/%s", syspath.c_str(), folder, file.file) >=
	    static_cast<int>(sizeof(path)))
		return -ENAMETOOLONG;
	const ssize_t r = sys::read_file(path, text, size - 1);

	text[std::clamp<ssize_t>(r, 0, size - 1)] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return static_cast<int>(r < 0 ? r : static_cast<ssize_t>(strlen(text)));
}

Result<uint64_t> read_number(const std::string &syspath, const char *folder,
			     const uabi::SysfsFile &file)
{
	char text[64], *end = text;
	const int r = read_line(syspath, folder, file, text);

	if (r < 0)
		return fail_call(
			(std::string("reading ") + file.file + " of the work queue in sysfs")
				.c_str(),
			r);
	const uint64_t number = strtoull(text, &end, 0);
	if (end == text || *end)
		return fail(EIO, ACCEL_REASON_DEVICE,
			    "the file %s of the work queue in sysfs has \"%.40s\", not a number",
			    file.file, text);
	return number;
}

} // namespace

Result<Limits> read_limits(const std::string &syspath, const std::string &name)
{
	Limits limits{.syspath = syspath, .iax = name.starts_with("iax/")};
	char mode[32];

	if (!is_enabled(limits))
		return fail(ENODEV, ACCEL_REASON_UNPLUGGED,
			    "the work queue %.40s is disabled; the administrator enables it with "
			    "`accel-config enable-wq`",
			    name.c_str());
	if (int r = read_line(syspath, kQueue, wq::kMode, mode); r < 0)
		return fail_call("reading mode of the work queue in sysfs", r);
	limits.dedicated = std::string_view(mode) == wq::kModeDedicated;
	if (!limits.dedicated && std::string_view(mode) != wq::kModeShared)
		return fail(EIO, ACCEL_REASON_DEVICE,
			    "the mode of the work queue is \"%.30s\", not dedicated or shared",
			    mode);
	struct {
		const char *folder;
		const uabi::SysfsFile &file;
		uint64_t *value;
	} const numbers[] = {
		{kQueue, wq::kSize, &limits.size},
		{kQueue, wq::kMaxTransferSize, &limits.most_bytes},
		{kDevice, dev::kVersion, &limits.version},
	};

	for (const auto &number : numbers) {
		auto value = read_number(syspath, number.folder, number.file);

		if (!value)
			return std::unexpected(value.error());
		*number.value = *value;
	}
	if (!limits.size)
		return fail(EIO, ACCEL_REASON_DEVICE,
			    "the work queue has size 0, so nothing can be submitted to it");
	limits.pasid = read_number(syspath, kDevice, dev::kPasidEnabled).value_or(0) == 1;
	return limits;
}

bool is_enabled(const Limits &limits) noexcept
{
	char state[32];
	const int r = read_line(limits.syspath, kQueue, wq::kState, state);

	if (r < 0)
		return r != -ENOENT && r != -ENODEV;
	return std::string_view(state) == wq::kStateEnabled;
}

uint32_t count_clients(const Limits &limits)
{
	return static_cast<uint32_t>(read_number(limits.syspath, kQueue, wq::kClients).value_or(0));
}

} // namespace accel::core::idxd
