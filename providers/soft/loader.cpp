// SPDX-License-Identifier: MIT
// Where libaccel-soft.so is looked for: beside libaccel itself, then where the dynamic linker looks. Relative
// directories are skipped: any user who can write to the current directory could run code in this process.
#include "providers/soft/loader.hpp"

#include "base/failure.hpp"
#include "sys/fd.hpp"
#include "sys/sys.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <memory>

namespace accel::core::soft {

namespace {

constexpr const char *kFile = "libaccel-soft.so.0";
constexpr const char *kMend = "install libaccel-soft";

/* The file that is mapped at @address, by the kernel's list of mappings; "" if it cannot be read. */
std::string mapped_file(uintptr_t address)
{
	Fd maps(sys::open("/proc/self/maps", O_RDONLY | O_CLOEXEC));
	std::string text;
	std::array<char, 4096> part;
	ssize_t n;

	if (!maps)
		return "";
	while ((n = sys::read(maps.get(), part.data(), part.size())) > 0)
		text.append(part.data(), static_cast<size_t>(n));
	for (size_t at = 0, end; at < text.size(); at = end + 1) {
		end = std::min(text.find('\n', at), text.size());
		const std::string line = text.substr(at, end - at);
		unsigned long first, behind;
		int path = 0;

		if (sscanf(line.c_str(), "%lx-%lx %*s %*s %*s %*s %n", &first, &behind, &path) ==
			    2 &&
		    path && address >= first && address < behind)
			return line.substr(static_cast<size_t>(path));
	}
	return "";
}

/* The directory of the shared object (or the program) that this code is in; "" if nobody tells. What was loaded by a
 * relative path lay there at the time, and the current directory may be another one now. */
std::string own_directory()
{
	Dl_info info;

	if (!dladdr(reinterpret_cast<const void *>(kFile), &info) || !info.dli_fname)
		return "";
	std::string path = info.dli_fname;
	if (path.empty() || path[0] != '/')
		path = mapped_file(reinterpret_cast<uintptr_t>(kFile));
	return path.empty() || path[0] != '/' ? "" : path.substr(0, path.rfind('/') + 1);
}

bool readable(const std::string &path)
{
	return sys::access(path.c_str(), R_OK) == 0;
}

/* What the dynamic linker would find for this object. */
struct Search {
	std::string path; // of the file; "": not in one of its directories
	/* Whether its cache may be asked, too. It asks it after the directories, of which none must be relative. */
	bool may_ask_linker = false;
};

Search in_search_path()
{
	Dl_info info;
	void *object = nullptr;
	Dl_serinfo size;
	Search search;

	if (!dladdr1(reinterpret_cast<const void *>(kFile), &info, &object, RTLD_DL_LINKMAP) ||
	    dlinfo(object, RTLD_DI_SERINFOSIZE, &size) != 0)
		return search;
	auto room = std::make_unique<std::byte[]>(size.dls_size);
	auto *paths = reinterpret_cast<Dl_serinfo *>(room.get());
	if (dlinfo(object, RTLD_DI_SERINFOSIZE, paths) != 0 ||
	    dlinfo(object, RTLD_DI_SERINFO, paths) != 0)
		return search;
	search.may_ask_linker = true;
	for (unsigned i = 0; i < paths->dls_cnt; i++) {
		std::string path = std::string(paths->dls_serpath[i].dls_name) + "/" + kFile;

		if (paths->dls_serpath[i].dls_name[0] != '/')
			search.may_ask_linker = false;
		else if (search.path.empty() && readable(path))
			search.path = std::move(path);
	}
	return search;
}

Search locate()
{
	std::string beside = own_directory();

	if (!beside.empty() && readable(beside + kFile))
		return {beside + kFile, false};
	return in_search_path();
}

std::atomic<const Entry *> loaded;

/* One library to load, by a thread of its own. */
struct Loading {
	const char *path;
	void *library = nullptr;
	std::array<char, 100> why{};

	static void *run(void *self);
};

/* The libraries below read their environment when they are loaded, and libgomp binds the thread that loads it to a
 * processor (OMP_PROC_BIND, GOMP_CPU_AFFINITY). This thread ends afterwards, and takes that with it. */
void *Loading::run(void *self)
{
	auto *loading = static_cast<Loading *>(self);

	loading->library = dlopen(loading->path, RTLD_NOW | RTLD_LOCAL);
	if (const char *why = loading->library ? nullptr : dlerror())
		snprintf(loading->why.data(), loading->why.size(), "%s", why);
	return nullptr;
}

/* The text of the dynamic linker begins with the path, which the message has already. */
const char *without_path(const Loading &loading)
{
	const size_t length = strlen(loading.path);
	const char *why = loading.why.data();

	return strncmp(why, loading.path, length) == 0 && strncmp(why + length, ": ", 2) == 0 ?
		       why + length + 2 :
		       why;
}

std::string not_found()
{
	std::string beside = own_directory();

	return std::string(kFile) + " was found neither in " +
	       (beside.empty() ? "the directory of libaccel, which is not known," : beside) +
	       " nor where the dynamic linker looks; " + kMend;
}

Result<void *> open_library(const Search &found)
{
	const bool located = !found.path.empty();

	if (!located && !found.may_ask_linker)
		return fail(ENODEV, ACCEL_REASON_NO_DEVICE, "%s", not_found().c_str());
	/* The linker would put a failure of this kind into words that hide it. */
	if (located) {
		if (int fd = sys::open(found.path.c_str(), O_RDONLY | O_CLOEXEC); fd < 0)
			return fail_call("reading libaccel-soft", fd);
		else
			sys::close(fd);
	}
	Loading loading{.path = located ? found.path.c_str() : kFile};
	unsigned long thread;

	if (int r = sys::thread_create(&thread, Loading::run, &loading); r < 0)
		return fail_call("starting the thread that loads libaccel-soft", r);
	sys::thread_join(thread);
	if (loading.library)
		return loading.library;
	return located ? fail(ENODEV, ACCEL_REASON_NO_DEVICE,
			      "%s is there and cannot be loaded: %s; install libaccel-soft again, "
			      "or what it needs",
			      loading.path, without_path(loading)) :
			 fail(ENODEV, ACCEL_REASON_NO_DEVICE,
			      "the soft accelerator is not there; %s. (%.80s)", kMend,
			      loading.why.data());
}

} // namespace

std::string missing()
{
	if (loaded.load(std::memory_order_acquire) || !locate().path.empty())
		return "";
	return not_found();
}

Result<const Entry *> load()
{
	if (const Entry *entry = loaded.load(std::memory_order_acquire))
		return entry;

	/* Two threads may come here: the linker opens it once, and both find the same entry. */
	auto library = open_library(locate());
	if (!library)
		return std::unexpected(library.error());
	auto get = reinterpret_cast<decltype(&accel_soft_entry)>(
		dlsym(*library, ACCEL_SOFT_ENTRY_SYMBOL));
	const Entry *entry = get ? get() : nullptr;
	if (!entry || entry->size < sizeof(*entry))
		return fail(ENODEV, ACCEL_REASON_NO_DEVICE,
			    "%s is not of the same release as libaccel; install both alike", kFile);
	loaded.store(entry, std::memory_order_release);
	return entry;
}

} // namespace accel::core::soft
