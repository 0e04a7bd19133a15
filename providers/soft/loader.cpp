// SPDX-License-Identifier: MIT
// Finds and loads libaccel-soft.so: in the directory of libaccel, then in the search path of the dynamic linker.
// Relative directories are skipped: any user who can write to the current directory could run code in this process.
#include "providers/soft/loader.hpp"

#include "base/failure.hpp"
#include "sys/fd.hpp"
#include "sys/sys.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <memory>
#include <sys/auxv.h>

namespace accel::core::soft {

namespace {

constexpr const char *kFile = "libaccel-soft.so.0";
constexpr const char *kAdvice = "install libaccel-soft";
constexpr const char *kStatic = "the soft accelerator is a shared library, which a statically "
				"linked program cannot load; link libaccel.so";

/* Whether the kernel started the program without a dynamic linker. It would get a second C library with dlopen(). */
bool is_static()
{
	return getauxval(AT_BASE) == 0;
}

/* The file mapped at @address according to /proc/self/maps; "" if that cannot be read. */
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
		const char *const last = line.data() + line.size();
		uintptr_t first, past;

		/* first-past permissions offset device inode path */
		auto [dash, error] = std::from_chars(line.data(), last, first, 16);
		if (error != std::errc() || dash == last || address < first)
			continue;
		if (std::from_chars(dash + 1, last, past, 16).ec != std::errc() || address >= past)
			continue;
		const size_t path = line.find('/');
		return path == std::string::npos ? "" : line.substr(path);
	}
	return "";
}

/* The directory of the shared object (or the program) that contains this code; "" if unknown. A relative path from
 * dladdr() is not used: the current directory may have changed since the object was loaded. */
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

/* The result of the dynamic linker's search path for this object. */
struct Search {
	std::string path; // of the file; "": in none of the directories
	/* Whether dlopen() may search by name, for the linker's cache: only if no directory before it is relative. */
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
	std::string directory = own_directory();

	if (!directory.empty() && readable(directory + kFile))
		return {directory + kFile, false};
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

/* When libgomp is loaded, it may bind the loading thread to a processor (OMP_PROC_BIND, GOMP_CPU_AFFINITY). This thread
 * ends after the load, so no thread of the program is bound. */
void *Loading::run(void *self)
{
	auto *loading = static_cast<Loading *>(self);

	loading->library = dlopen(loading->path, RTLD_NOW | RTLD_LOCAL);
	if (const char *why = loading->library ? nullptr : dlerror())
		snprintf(loading->why.data(), loading->why.size(), "%s", why);
	return nullptr;
}

/* The error text of the dynamic linker without the path, which the message already names. */
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
	std::string directory = own_directory();

	return std::string(kFile) + " was found neither in " +
	       (directory.empty() ? "the directory of libaccel, which is unknown," : directory) +
	       " nor in the search path of the dynamic linker; " + kAdvice;
}

Result<void *> open_library(const Search &found)
{
	const bool located = !found.path.empty();

	if (!located && !found.may_ask_linker)
		return fail(ENODEV, ACCEL_REASON_NO_DEVICE, "%s", not_found().c_str());
	/* Open it first: the error text of dlopen() would hide errors such as EMFILE. */
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
			      "%s cannot be loaded: %s; reinstall libaccel-soft "
			      "or its dependencies",
			      loading.path, without_path(loading)) :
			 fail(ENODEV, ACCEL_REASON_NO_DEVICE,
			      "the soft accelerator is not installed; %s (%.80s)", kAdvice,
			      loading.why.data());
}

} // namespace

std::string missing()
{
	if (loaded.load(std::memory_order_acquire))
		return "";
	if (is_static())
		return kStatic;
	if (!locate().path.empty())
		return "";
	return not_found();
}

Result<const Entry *> load()
{
	if (const Entry *entry = loaded.load(std::memory_order_acquire))
		return entry;

	if (is_static())
		return fail(ENODEV, ACCEL_REASON_NO_DEVICE, "%s", kStatic);
	/* Two threads may load it at the same time: the linker maps it once, and both get the same entry. */
	auto library = open_library(locate());
	if (!library)
		return std::unexpected(library.error());
	auto get = reinterpret_cast<decltype(&accel_soft_entry)>(
		dlsym(*library, ACCEL_SOFT_ENTRY_SYMBOL));
	const Entry *entry = get ? get() : nullptr;
	if (!entry || entry->size < sizeof(*entry))
		return fail(
			ENODEV, ACCEL_REASON_NO_DEVICE,
			"%s is of another release than libaccel; install the same release of both",
			kFile);
	loaded.store(entry, std::memory_order_release);
	return entry;
}

} // namespace accel::core::soft
