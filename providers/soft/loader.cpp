// SPDX-License-Identifier: MIT
// Where libaccel-soft.so is looked for: beside libaccel itself, then where the dynamic linker
// looks.
#include "providers/soft/loader.hpp"

#include "sys/sys.hpp"

#include <atomic>
#include <dlfcn.h>
#include <link.h>
#include <memory>
#include <unistd.h>

namespace accel::core::soft {

namespace {

constexpr const char *kFile = "libaccel-soft.so.0";
constexpr const char *kMend = "install libaccel-soft";

/* The directory of the shared object (or the program) that this code is in; "" if it has none. */
std::string own_directory()
{
	Dl_info info;

	if (!dladdr(reinterpret_cast<const void *>(kFile), &info) || !info.dli_fname)
		return "";
	std::string path = info.dli_fname;
	size_t slash = path.rfind('/');
	return slash == std::string::npos ? "" : path.substr(0, slash + 1);
}

bool readable(const std::string &path)
{
	return sys::access(path.c_str(), R_OK) == 0;
}

/* The file in one of the directories that the dynamic linker looks through for this object, besides
 * its cache; "" if none has it. */
std::string in_search_path()
{
	Dl_info info;
	void *object = nullptr;
	Dl_serinfo size;

	if (!dladdr1(reinterpret_cast<const void *>(kFile), &info, &object, RTLD_DL_LINKMAP) ||
	    dlinfo(object, RTLD_DI_SERINFOSIZE, &size) != 0)
		return "";
	auto room = std::make_unique<std::byte[]>(size.dls_size);
	auto *paths = reinterpret_cast<Dl_serinfo *>(room.get());
	if (dlinfo(object, RTLD_DI_SERINFOSIZE, paths) != 0 ||
	    dlinfo(object, RTLD_DI_SERINFO, paths) != 0)
		return "";
	for (unsigned i = 0; i < paths->dls_cnt; i++) {
		std::string path = std::string(paths->dls_serpath[i].dls_name) + "/" + kFile;

		if (readable(path))
			return path;
	}
	return "";
}

/* Where the file is; "" if only the linker's cache may know. */
std::string locate()
{
	std::string beside = own_directory();

	return !beside.empty() && readable(beside + kFile) ? beside + kFile : in_search_path();
}

std::atomic<const Entry *> loaded;

} // namespace

std::string missing()
{
	if (loaded.load(std::memory_order_acquire) || !locate().empty())
		return "";
	std::string beside = own_directory();
	return std::string(kFile) + " was found neither in " + (beside.empty() ? "./" : beside) +
	       " nor where the dynamic linker looks; " + kMend;
}

Result<const Entry *> load()
{
	if (const Entry *entry = loaded.load(std::memory_order_acquire))
		return entry;

	/* Two threads may come here: the linker opens it once, and both find the same entry. */
	std::string path = locate();
	void *library = dlopen(path.empty() ? kFile : path.c_str(), RTLD_NOW | RTLD_LOCAL);
	if (!library) {
		const char *why = dlerror();

		return fail(ENODEV, ACCEL_REASON_NO_DEVICE,
			    "the soft accelerator is not there; %s. (%.80s)", kMend,
			    why ? why : kFile);
	}
	auto get = reinterpret_cast<decltype(&accel_soft_entry)>(
		dlsym(library, ACCEL_SOFT_ENTRY_SYMBOL));
	const Entry *entry = get ? get() : nullptr;
	if (!entry || entry->size < sizeof(*entry))
		return fail(ENODEV, ACCEL_REASON_NO_DEVICE,
			    "%s is not of the same release as libaccel; install both alike", kFile);
	loaded.store(entry, std::memory_order_release);
	return entry;
}

} // namespace accel::core::soft
