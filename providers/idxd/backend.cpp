// SPDX-License-Identifier: MIT
// Spaces, buffers and queues of an open work queue. The kernel knows none of them: it has write(2) and the portal.
#include "providers/idxd/backend.hpp"

#include "core/sized.hpp"
#include "sys/sys.hpp"

#include <accel/idxd.h>
#include <algorithm>
#include <bit>
#include <cstring>
#include <sys/mman.h>
#include <utility>

namespace accel::core::idxd {

namespace {

constexpr uint64_t kPage = 4096;
constexpr uint32_t kLeastEntries = 2, kMostEntries = 4096;
/* What a process can address at all. */
constexpr uint64_t kMostBytes = 1ull << 46;
constexpr uint64_t kKnownFlags = ACCEL_QUEUE_FLAGS_MULTI_PRODUCER;
constexpr uint64_t kOtherFlags = ACCEL_QUEUE_FLAGS_STOP_ON_FAULT | ACCEL_QUEUE_FLAGS_STATUS_PHASE;
/* Rings of the process; the device knows nothing of them. */
constexpr uint32_t kMostQueues = 64;

struct Range {
	uint16_t attribute;
	uint64_t value, minimum, maximum;
};

/* A failure that names the attribute of the uABI. */
std::unexpected<Failure> wrong(std::unexpected<Failure> failure, const Range &range)
{
	Failure record = failure.error();

	record.attribute = range.attribute;
	record.value = range.value;
	record.minimum = range.minimum;
	record.maximum = range.maximum;
	return std::unexpected(record);
}

std::unexpected<Failure> no_handle(const char *what, uint64_t handle)
{
	return fail(ENOENT, ACCEL_REASON_NO_HANDLE, "no %s of this device has the handle %llu",
		    what, static_cast<unsigned long long>(handle));
}

Result<void> check_queue(const QueueRequest &request)
{
	const uint32_t entries = request.entries;

	if (entries < kLeastEntries || entries > kMostEntries || !std::has_single_bit(entries))
		return wrong(fail(EINVAL,
				  std::has_single_bit(entries) ? ACCEL_REASON_OUT_OF_RANGE :
								 ACCEL_REASON_NOT_POWER_OF_TWO,
				  "a queue of %u entries is not possible; take a power of two from "
				  "%u to %u",
				  entries, kLeastEntries, kMostEntries),
			     {ACCEL_QUEUE_CREATE_ENTRIES, entries, kLeastEntries, kMostEntries});
	if (request.flags & kOtherFlags)
		return wrong(fail(EOPNOTSUPP, ACCEL_REASON_UNSUPPORTED,
				  "queues of this device go on after a fault and complete by "
				  "counter; leave "
				  "the flags 0x%llx away",
				  static_cast<unsigned long long>(request.flags & kOtherFlags)),
			     {ACCEL_QUEUE_CREATE_FLAGS, request.flags, 0, kKnownFlags});
	if (request.flags & ~kKnownFlags)
		return wrong(fail(EINVAL, ACCEL_REASON_UNKNOWN_FLAG,
				  "queues of this device have no flags but multi-producer; 0x%llx "
				  "was asked for",
				  static_cast<unsigned long long>(request.flags)),
			     {ACCEL_QUEUE_CREATE_FLAGS, request.flags, 0, kKnownFlags});
	if (request.event)
		return fail(EOPNOTSUPP, ACCEL_REASON_UNSUPPORTED,
			    "nothing signals an event for this device; use accel_queue_wait()");
	if (request.completion_fence)
		return fail(EOPNOTSUPP, ACCEL_REASON_UNSUPPORTED,
			    "the queues of this device signal no fences; wait for the completion");
	return {};
}

} // namespace

IdxdBackend::IdxdBackend(Limits limits, std::string name, int fd)
	: Backend("an idxd work queue has the address space of the process and descriptors, "
		  "nothing else"),
	  work_queue_{.limits = std::move(limits), .fd = fd, .credits = Credits(0)},
	  name_(std::move(name))
{
	work_queue_.credits.put(
		static_cast<uint32_t>(std::min<uint64_t>(work_queue_.limits.size, UINT32_MAX)));
}

IdxdBackend::~IdxdBackend()
{
	close();
}

/* The kernel's release waits until the device has ended what this process gave it. */
void IdxdBackend::close() noexcept
{
	if (work_queue_.portal)
		sys::munmap(std::exchange(work_queue_.portal, nullptr), ACCEL_IDXD_PORTAL_SIZE);
	if (work_queue_.fd >= 0)
		sys::close(std::exchange(work_queue_.fd, -1));
}

/* The kernel does not copy the portal's mapping to a child: what lies there now may be somebody else's. */
void IdxdBackend::abandon() noexcept
{
	work_queue_.portal = nullptr;
	close();
}

int IdxdBackend::map_memory(uint64_t, uint64_t size, void **memory) noexcept
{
	return sys::mmap(memory, nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			 -1, 0);
}

Result<void> IdxdBackend::check_enabled() const
{
	if (is_enabled(work_queue_.limits))
		return {};
	return fail(ENODEV, ACCEL_REASON_UNPLUGGED, "the work queue %.60s is gone, or was disabled",
		    name_.c_str());
}

Result<accel_device_caps> IdxdBackend::device_query()
{
	const Limits &limits = work_queue_.limits;
	accel_device_caps caps{.size = sizeof(caps)};

	if (auto there = check_enabled(); !there)
		return std::unexpected(there.error());
	strcpy(caps.driver, "idxd");
	snprintf(caps.model, sizeof(caps.model), "%s %llu.%llu %s work queue of %llu entries",
		 limits.iax ? "IAX" : "DSA", static_cast<unsigned long long>(limits.version >> 8),
		 static_cast<unsigned long long>(limits.version & 0xff),
		 limits.dedicated ? "dedicated" : "shared",
		 static_cast<unsigned long long>(limits.size));
	caps.features = ACCEL_FEATURE_SHARED_ADDRESS_SPACE | ACCEL_FEATURE_MULTI_PRODUCER |
			ACCEL_FEATURE_REFUSALS;
	caps.max_queues = kMostQueues;
	caps.max_entries = kMostEntries;
	caps.max_transfer = std::min<uint64_t>(limits.most_bytes, UINT32_MAX);
	caps.queues = work_queue_.queues.load(std::memory_order_relaxed);
	caps.clients = count_clients(limits);
	caps.given = ACCEL_DEVICE_CAPS_GIVEN_DRIVER | ACCEL_DEVICE_CAPS_GIVEN_MODEL |
		     ACCEL_DEVICE_CAPS_GIVEN_FEATURES | ACCEL_DEVICE_CAPS_GIVEN_MAX_ENTRIES |
		     ACCEL_DEVICE_CAPS_GIVEN_MAX_TRANSFER | ACCEL_DEVICE_CAPS_GIVEN_QUEUES |
		     ACCEL_DEVICE_CAPS_GIVEN_CLIENTS | ACCEL_DEVICE_CAPS_GIVEN_POLL_NS;
	return caps;
}

Result<AddressSpaceCreateOut> IdxdBackend::address_space_create(const AddressSpaceCreateIn &in)
{
	if (in.mode != ACCEL_ADDRESS_MODE_SHARED && in.mode != ACCEL_ADDRESS_MODE_MAPPED &&
	    in.mode != ACCEL_ADDRESS_MODE_HANDLES)
		return wrong(fail(EINVAL, ACCEL_REASON_UNKNOWN_MEMBER,
				  "%u is no mode of an address space; this device has mode shared",
				  in.mode),
			     {ACCEL_ADDRESS_SPACE_CREATE_MODE, in.mode, ACCEL_ADDRESS_MODE_SHARED,
			      ACCEL_ADDRESS_MODE_HANDLES});
	if (in.mode != ACCEL_ADDRESS_MODE_SHARED)
		return wrong(fail(EOPNOTSUPP, ACCEL_REASON_UNSUPPORTED,
				  "descriptors of this device hold addresses of the process; use "
				  "mode shared"),
			     {ACCEL_ADDRESS_SPACE_CREATE_MODE, in.mode, 0, 0});
	if (!work_queue_.limits.pasid)
		return fail(EOPNOTSUPP, ACCEL_REASON_UNSUPPORTED,
			    "the device has no shared addresses (pasid_enabled is 0); boot with "
			    "intel_iommu=on,sm_on "
			    "and an IOMMU that has them");
	std::lock_guard lock(mutex_);
	const uint64_t handle = next_++;

	spaces_.emplace(handle, std::make_shared<std::atomic<uint32_t>>(0));
	return AddressSpaceCreateOut{.handle = handle, .pasid = {}};
}

Result<void> IdxdBackend::address_space_destroy(const AddressSpaceDestroyIn &in)
{
	std::lock_guard lock(mutex_);
	auto at = spaces_.find(in.handle);

	if (at == spaces_.end())
		return no_handle("address space", in.handle);
	if (at->second->load(std::memory_order_relaxed))
		return fail(EBUSY, ACCEL_REASON_IN_USE,
			    "queues use the address space; destroy them first");
	spaces_.erase(at);
	return {};
}

Result<accel_address_space_info> IdxdBackend::address_space_query(const AddressSpaceQueryIn &in)
{
	std::lock_guard lock(mutex_);
	accel_address_space_info info{.size = sizeof(info)};

	if (!spaces_.contains(in.handle))
		return no_handle("address space", in.handle);
	info.mode = ACCEL_ADDRESS_MODE_SHARED;
	strcpy(info.pasid_reason, "the kernel has bound the address space of the process to the "
				  "device, and tells nobody the number");
	info.given = ACCEL_ADDRESS_SPACE_INFO_GIVEN_MODE |
		     ACCEL_ADDRESS_SPACE_INFO_GIVEN_PASID_REASON |
		     ACCEL_ADDRESS_SPACE_INFO_GIVEN_MAPPINGS |
		     ACCEL_ADDRESS_SPACE_INFO_GIVEN_MAPPED_BYTES;
	return info;
}

Result<BufferCreateOut> IdxdBackend::buffer_create(const BufferCreateIn &in)
{
	if (!in.size || in.size > kMostBytes)
		return wrong(fail(EINVAL, ACCEL_REASON_OUT_OF_RANGE,
				  "a buffer of %llu bytes is not possible; take 1 to 2^46",
				  static_cast<unsigned long long>(in.size)),
			     {ACCEL_BUFFER_CREATE_SIZE, in.size, 1, kMostBytes});
	if (in.flags.value_or(0) &
	    ~uint64_t{ACCEL_BUFFER_FLAGS_NO_MAP | ACCEL_BUFFER_FLAGS_WRITE_COMBINED |
		      ACCEL_BUFFER_FLAGS_DEVICE_MEMORY})
		return wrong(fail(EINVAL, ACCEL_REASON_UNKNOWN_FLAG,
				  "buffer flags 0x%llx have an unknown bit",
				  static_cast<unsigned long long>(*in.flags)),
			     {ACCEL_BUFFER_CREATE_FLAGS, *in.flags, 0, 0});
	if (in.flags.value_or(0))
		return wrong(fail(EOPNOTSUPP, ACCEL_REASON_UNSUPPORTED,
				  "buffers of this device are ordinary memory of the process; take "
				  "no flags"),
			     {ACCEL_BUFFER_CREATE_FLAGS, *in.flags, 0, 0});
	const uint64_t size = (in.size + kPage - 1) / kPage * kPage;
	std::lock_guard lock(mutex_);
	const uint64_t handle = next_++;

	buffers_.emplace(handle, Buffer{ACCEL_MEMORY_KIND_ALLOCATED, size, 0});
	return BufferCreateOut{
		.handle = handle, .map_offset = 0, .actual_size = size, .device_address = {}};
}

/* Makes the memory present, which says whether it is the process's, and spares page faults. */
Result<uint64_t> IdxdBackend::buffer_register(const BufferRegisterIn &in)
{
	const uint64_t first = in.address / kPage * kPage;
	const bool write = in.access & ACCEL_ACCESS_WRITE;

	if (!in.length)
		return wrong(fail(EINVAL, ACCEL_REASON_OUT_OF_RANGE,
				  "a buffer of no bytes is not possible"),
			     {ACCEL_BUFFER_REGISTER_LENGTH, 0, 1, kMostBytes});
	if (in.access & ~uint64_t{ACCEL_ACCESS_READ | ACCEL_ACCESS_WRITE})
		return wrong(fail(EINVAL, ACCEL_REASON_UNKNOWN_FLAG,
				  "access 0x%llx has an unknown bit",
				  static_cast<unsigned long long>(in.access)),
			     {ACCEL_BUFFER_REGISTER_ACCESS, in.access, 0,
			      ACCEL_ACCESS_READ | ACCEL_ACCESS_WRITE});
	if (!in.address)
		return wrong(fail(EFAULT, ACCEL_REASON_BAD_POINTER,
				  "the memory of the buffer is at address 0"),
			     {ACCEL_BUFFER_REGISTER_ADDRESS, 0, 0, 0});
	if (in.address + in.length < in.address || in.address + in.length > UINT64_MAX - kPage)
		return wrong(fail(EOVERFLOW, ACCEL_REASON_WRAPS,
				  "%llu bytes from 0x%llx on leave the addresses that there are",
				  static_cast<unsigned long long>(in.length),
				  static_cast<unsigned long long>(in.address)),
			     {ACCEL_BUFFER_REGISTER_LENGTH, in.length, 0, 0});
	const uint64_t bytes = (in.address + in.length - first + kPage - 1) / kPage * kPage;
	const int r = sys::madvise(reinterpret_cast<void *>(first), bytes,
				   write ? MADV_POPULATE_WRITE : MADV_POPULATE_READ);

	/* EINVAL: a kernel before 5.14 does not know the advice; the device finds out. */
	if (r < 0 && r != -EINVAL)
		return wrong(fail(EFAULT, ACCEL_REASON_BAD_POINTER,
				  "the process cannot %s %llu bytes at 0x%llx",
				  write ? "write" : "read",
				  static_cast<unsigned long long>(in.length),
				  static_cast<unsigned long long>(in.address)),
			     {ACCEL_BUFFER_REGISTER_ADDRESS, in.address, 0, 0});
	std::lock_guard lock(mutex_);
	const uint64_t handle = next_++;

	buffers_.emplace(handle, Buffer{ACCEL_MEMORY_KIND_REGISTERED, in.length, in.address});
	return handle;
}

Result<void> IdxdBackend::buffer_destroy(const BufferDestroyIn &in)
{
	std::lock_guard lock(mutex_);

	if (!buffers_.erase(in.handle))
		return no_handle("buffer", in.handle);
	return {};
}

Result<accel_buffer_info> IdxdBackend::buffer_query(const BufferQueryIn &in)
{
	std::lock_guard lock(mutex_);
	auto at = buffers_.find(in.handle);
	accel_buffer_info info{.size = sizeof(info)};

	if (at == buffers_.end())
		return no_handle("buffer", in.handle);
	info.kind = at->second.kind;
	info.buffer_size = at->second.size;
	info.given = ACCEL_BUFFER_INFO_GIVEN_KIND | ACCEL_BUFFER_INFO_GIVEN_BUFFER_SIZE |
		     ACCEL_BUFFER_INFO_GIVEN_MAPPINGS | ACCEL_BUFFER_INFO_GIVEN_FLAGS;
	if (at->second.address) {
		info.device_address = at->second.address;
		info.given |= ACCEL_BUFFER_INFO_GIVEN_DEVICE_ADDRESS;
	}
	return info;
}

/* The device is coherent with the caches. */
Result<void> IdxdBackend::buffer_sync(const BufferSyncIn &in)
{
	std::lock_guard lock(mutex_);

	if (!buffers_.contains(in.handle))
		return no_handle("buffer", in.handle);
	if (in.phase != ACCEL_SYNC_PHASE_BEGIN && in.phase != ACCEL_SYNC_PHASE_END)
		return wrong(fail(EINVAL, ACCEL_REASON_UNKNOWN_MEMBER,
				  "the phase is %u; allowed: 1 (begin), 2 (end)", in.phase),
			     {ACCEL_BUFFER_SYNC_PHASE, in.phase, 1, 2});
	if (in.access & ~uint64_t{ACCEL_ACCESS_READ | ACCEL_ACCESS_WRITE})
		return wrong(fail(EINVAL, ACCEL_REASON_UNKNOWN_FLAG,
				  "the access is 0x%llx; allowed: 1 (read), 2 (write) and 3",
				  static_cast<unsigned long long>(in.access)),
			     {ACCEL_BUFFER_SYNC_ACCESS, in.access, 0, 3});
	return {};
}

Result<void> IdxdBackend::map_portal()
{
	void *portal;
	const auto how = work_queue_.limits.dedicated ? sys::Store64::posted : sys::Store64::asked;

	if (sys::can_store64(how) < 0)
		return fail(EOPNOTSUPP, ACCEL_REASON_UNSUPPORTED,
			    "the processor lacks %s, with which descriptors are stored to the "
			    "portal; use the path write",
			    work_queue_.limits.dedicated ? "MOVDIR64B" : "ENQCMD");
	if (work_queue_.portal)
		return {};
	const int r = sys::mmap(&portal, nullptr, ACCEL_IDXD_PORTAL_SIZE, PROT_WRITE,
				MAP_SHARED | MAP_POPULATE, work_queue_.fd, 0);

	if (r == -EPERM)
		return fail(EACCES, ACCEL_REASON_PERMISSION,
			    "mapping the portal needs CAP_SYS_RAWIO; use the path write, which "
			    "needs no privilege");
	if (r < 0)
		return fail_call("mapping the portal", r);
	work_queue_.portal = static_cast<std::byte *>(portal);
	return {};
}

/* Kernels without write(2) on work queues say EINVAL also to no bytes. */
Result<void> IdxdBackend::check_write() const
{
	const ssize_t r = sys::write(work_queue_.fd, nullptr, 0);

	if (r >= 0)
		return {};
	if (r == -EINVAL)
		return fail(EOPNOTSUPP, ACCEL_REASON_UNSUPPORTED,
			    "this kernel has no write(2) on work queues (6.9 has it); use the "
			    "portal, with "
			    "CAP_SYS_RAWIO");
	return fail_call("asking for write(2) on the work queue", static_cast<int>(r));
}

/* True: the portal. */
Result<bool> IdxdBackend::choose_path(uint32_t path)
{
	if (path > ACCEL_IDXD_PATH_PORTAL)
		return fail(EINVAL, ACCEL_REASON_UNKNOWN_MEMBER,
			    "accel_idxd_queue_options.path is %u; it can be automatic (0), write "
			    "(1) or portal (2)",
			    path);
	if (path != ACCEL_IDXD_PATH_WRITE) {
		auto mapped = map_portal();

		if (mapped)
			return true;
		const bool cannot =
			mapped.error().code == -EACCES || mapped.error().code == -EOPNOTSUPP;
		if (path == ACCEL_IDXD_PATH_PORTAL || !cannot)
			return std::unexpected(mapped.error());
	}
	if (auto writes = check_write(); !writes)
		return std::unexpected(writes.error());
	return false;
}

Result<std::unique_ptr<QueueBackend>> IdxdBackend::create_queue(const QueueRequest &request)
{
	auto options = read_driver_options<accel_idxd_queue_options>(
		request.driver, sizeof(accel_idxd_queue_options), "accel_idxd_queue_options");

	if (!options)
		return std::unexpected(options.error());
	if (options->reserved)
		return fail(EINVAL, ACCEL_REASON_OUT_OF_RANGE,
			    "accel_idxd_queue_options.reserved is %u; it must be 0",
			    options->reserved);
	if (auto good = check_queue(request); !good)
		return std::unexpected(good.error());
	if (auto there = check_enabled(); !there)
		return std::unexpected(there.error());
	std::lock_guard lock(mutex_);
	auto space = spaces_.find(request.space);

	if (space == spaces_.end())
		return no_handle("address space", request.space);
	uint32_t queues = 0;
	for (const auto &[number, users] : spaces_)
		queues += *users;
	if (queues >= kMostQueues)
		return fail(ENOSPC, ACCEL_REASON_LIMIT,
			    "the device has %u queues, as many as it can have", kMostQueues);
	auto portal = choose_path(options->path);

	if (!portal)
		return std::unexpected(portal.error());
	return IdxdQueue::create(
		work_queue_,
		{.entries = request.entries,
		 .multi_producer = (request.flags & ACCEL_QUEUE_FLAGS_MULTI_PRODUCER) != 0,
		 .portal = *portal,
		 .space = space->second,
		 .handle = next_++});
}

} // namespace accel::core::idxd
