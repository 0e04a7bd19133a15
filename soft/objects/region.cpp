// SPDX-License-Identifier: MIT
// Memory that a client can map.
#include "soft/objects/region.hpp"

#include "soft/process/per_process.hpp"
#include "sys/sys.hpp"

#include <sys/mman.h>

namespace accel::core::softdev {

Region::Region(std::byte *memory, uint64_t bytes, Fd file)
	: memory_(memory), bytes_(bytes), file_(std::move(file))
{}

Region::~Region()
{
	sys::munmap(memory_, bytes_);
}

Result<std::shared_ptr<Region>> Region::adopt(void *memory, uint64_t bytes, Fd file)
{
	try {
		/* The constructor is private, so make_shared cannot be used. */
		std::unique_ptr<Region> region(
			new Region(static_cast<std::byte *>(memory), bytes, std::move(file)));

		memory = nullptr; /* owned by the region, also if the next allocation fails */
		return std::shared_ptr<Region>(std::move(region));
	} catch (const std::bad_alloc &) {
		if (memory)
			sys::munmap(memory, bytes);
		return fail_memory("a mapping");
	}
}

Result<std::shared_ptr<Region>> Region::make_ring(uint64_t bytes)
{
	void *memory;
	int r = sys::mmap(&memory, nullptr, bytes, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (r < 0)
		return fail_memory("the ring");
	/* A forked child must not publish to a ring that no worker serves. */
	r = sys::madvise(memory, bytes, MADV_DONTFORK);
	if (r < 0) {
		sys::munmap(memory, bytes);
		return fail_memory("keeping the ring out of forked children");
	}
	return adopt(memory, bytes, Fd());
}

Result<std::shared_ptr<Region>> Region::map_file(Fd file, uint64_t bytes, bool &writable)
{
	void *memory;
	int r = sys::mmap(&memory, nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file.get(),
			  0);

	writable = true;
	/* The file was opened for reading only, or is sealed against writing. */
	if (r == -EACCES || r == -EPERM) {
		writable = false;
		r = sys::mmap(&memory, nullptr, bytes, PROT_READ, MAP_SHARED, file.get(), 0);
	}
	if (r == -ENOMEM)
		return fail_memory("mapping the buffer");
	if (r < 0)
		return fail(EBADF, ACCEL_REASON_BAD_FILE, "the file cannot be mapped (errno %d)",
			    -r);
	return adopt(memory, bytes, std::move(file));
}

OffsetLease Offsets::add(std::shared_ptr<Region> region)
{
	std::lock_guard lock(mutex_);
	uint64_t offset = next_;

	/* An unused page follows each region, so that a length that is too large never reaches the next region. */
	next_ += round_to_page(region->bytes()) + kPage;
	regions_.emplace(offset, std::move(region));
	return OffsetLease(this, offset);
}

void OffsetLease::release()
{
	if (!offsets_)
		return;

	std::lock_guard lock(offsets_->mutex_);

	offsets_->regions_.erase(offset_);
	offsets_ = nullptr;
}

Offsets::Found Offsets::find(uint64_t offset, uint64_t length)
{
	std::lock_guard lock(mutex_);
	auto at = regions_.upper_bound(offset);

	if (at == regions_.begin())
		return {};
	--at;
	uint64_t within = offset - at->first;
	uint64_t bytes = round_to_page(at->second->bytes());

	if (within >= bytes || length > bytes - within)
		return {};
	return {at->second, within};
}

namespace {

/* The mappings of the clients. A region is mapped once: every map_region() of it returns the same address. */
struct Mapped {
	uint64_t length;
	std::shared_ptr<Region> region;
};

struct MappedRegions {
	std::mutex mutex;
	std::multimap<uintptr_t, Mapped> by_address;
};

constinit PerProcess<MappedRegions> of_process;

} // namespace

int map_region(std::shared_ptr<Region> region, uint64_t offset, uint64_t length, void **address)
{
	std::byte *at = region->memory() + offset;
	MappedRegions &mapped = of_process.get();
	std::lock_guard lock(mapped.mutex);

	mapped.by_address.emplace(reinterpret_cast<uintptr_t>(at),
				  Mapped{round_to_page(length), std::move(region)});
	*address = at;
	return 0;
}

int unmap_region(void *address, uint64_t length)
{
	MappedRegions *mapped = of_process.find();

	if (!mapped)
		return -EINVAL;
	std::shared_ptr<Region> last;
	std::lock_guard lock(mapped->mutex);
	auto [from, to] = mapped->by_address.equal_range(reinterpret_cast<uintptr_t>(address));

	for (auto at = from; at != to; ++at) {
		if (at->second.length != round_to_page(length))
			continue;
		last = std::move(at->second.region);
		mapped->by_address.erase(at);
		return 0;
	}
	return -EINVAL;
}

const SubmitHook *submit_hook_of(void *address)
{
	MappedRegions *mapped = of_process.find();

	if (!mapped)
		return nullptr;
	std::lock_guard lock(mapped->mutex);
	auto at = mapped->by_address.find(reinterpret_cast<uintptr_t>(address));

	if (at == mapped->by_address.end() || at->second.region->memory() != address)
		return nullptr;
	const auto &hook = at->second.region->submit_hook();
	return hook ? &*hook : nullptr;
}

} // namespace accel::core::softdev
