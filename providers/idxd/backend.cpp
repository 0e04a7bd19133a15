// SPDX-License-Identifier: MIT
// Spaces, buffers and queues of an open work queue. The kernel has no such objects, only write(2) and the portal.
#include "providers/idxd/backend.hpp"

#include "core/sized.hpp"
#include "sys/sys.hpp"

#include <accel/idxd.h>
#include <algorithm>
#include <cstring>
#include <sys/mman.h>
#include <utility>

namespace accel::core::idxd {

namespace {

constexpr uint64_t kPage = 4096;
constexpr uint32_t kMostEntries = 4096;
/* The size of the address range of a process. */
constexpr uint64_t kMostBytes = 1ull << 46;
constexpr uint64_t kBufferFlags = ACCEL_BUFFER_FLAGS_NO_MAP | ACCEL_BUFFER_FLAGS_WRITE_COMBINED |
				  ACCEL_BUFFER_FLAGS_DEVICE_MEMORY;
constexpr uint64_t kAccess = ACCEL_ACCESS_READ | ACCEL_ACCESS_WRITE;
/* Rings are memory of the process, which the device does not access. */
constexpr uint32_t kMostQueues = 64;

std::unexpected<Failure> no_buffer(uint64_t handle)
{
	return fail(ENOENT, ACCEL_REASON_NO_HANDLE, "no buffer of this device has the handle %llu",
		    static_cast<unsigned long long>(handle));
}

/* Checks the values; does not access the memory. */
Result<void> check_memory(const BufferRegisterIn &in)
{
	if (!in.length || in.length > kMostBytes)
		return fail_value({ACCEL_REASON_OUT_OF_RANGE, "the length of a buffer", in.length,
				   "1 to 2^46", ACCEL_BUFFER_REGISTER_LENGTH, 1, kMostBytes});
	if (in.access & ~kAccess)
		return fail_value({ACCEL_REASON_UNKNOWN_FLAG, "the access", in.access,
				   "1 (read), 2 (write) and 3", ACCEL_BUFFER_REGISTER_ACCESS, 0,
				   kAccess});
	if (!in.address)
		return fail(EFAULT, ACCEL_REASON_BAD_POINTER,
			    "the memory of the buffer is at address 0");
	if (in.address + in.length < in.address || in.address + in.length > UINT64_MAX - kPage)
		return fail(EOVERFLOW, ACCEL_REASON_WRAPS,
			    "%llu bytes at 0x%llx exceed the address range",
			    static_cast<unsigned long long>(in.length),
			    static_cast<unsigned long long>(in.address));
	return {};
}

} // namespace

IdxdBackend::IdxdBackend(Limits limits, std::string name, int fd)
	: DriverBackend(fd,
			{.mode = ACCEL_ADDRESS_MODE_SHARED,
			 .wrong_mode = "descriptors of this device hold addresses of the process; "
				       "use mode shared",
			 .pasid_reason = "the kernel has bound the address space of the process to "
					 "the device, but does not report its number"},
			"an idxd work queue has only the address space of the process, and "
			"descriptors"),
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

/* The kernel's release waits until the device has completed the descriptors of this process. */
void IdxdBackend::close() noexcept
{
	if (work_queue_.portal)
		sys::munmap(std::exchange(work_queue_.portal, nullptr), ACCEL_IDXD_PORTAL_SIZE);
	work_queue_.fd = -1;
	DriverBackend::close();
}

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

Result<void> IdxdBackend::check_enabled()
{
	if (!work_queue_.is_disabled())
		return {};
	return fail(ENODEV, ACCEL_REASON_UNPLUGGED, "the work queue %.60s was removed or disabled",
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
		     ACCEL_DEVICE_CAPS_GIVEN_FEATURES | ACCEL_DEVICE_CAPS_GIVEN_MAX_QUEUES |
		     ACCEL_DEVICE_CAPS_GIVEN_MAX_ENTRIES | ACCEL_DEVICE_CAPS_GIVEN_MAX_TRANSFER |
		     ACCEL_DEVICE_CAPS_GIVEN_QUEUES | ACCEL_DEVICE_CAPS_GIVEN_CLIENTS |
		     ACCEL_DEVICE_CAPS_GIVEN_POLL_NS;
	return caps;
}

Result<AddressSpaceCreateOut> IdxdBackend::address_space_create(const AddressSpaceCreateIn &in)
{
	if (in.mode == ACCEL_ADDRESS_MODE_SHARED && !work_queue_.limits.pasid)
		return fail(EOPNOTSUPP, ACCEL_REASON_UNSUPPORTED,
			    "the device has no shared addresses (pasid_enabled is 0); boot with "
			    "intel_iommu=on,sm_on on a machine whose IOMMU supports them");
	return DriverBackend::address_space_create(in);
}

Result<BufferCreateOut> IdxdBackend::buffer_create(const BufferCreateIn &in)
{
	const uint64_t flags = in.flags.value_or(0);

	if (!in.size || in.size > kMostBytes)
		return fail_value({ACCEL_REASON_OUT_OF_RANGE, "the length of a buffer", in.size,
				   "1 to 2^46", ACCEL_BUFFER_CREATE_SIZE, 1, kMostBytes});
	if (flags & ~kBufferFlags)
		return fail_value({ACCEL_REASON_UNKNOWN_FLAG, "the set of buffer flags", flags,
				   "no-map, write-combined and device-memory",
				   ACCEL_BUFFER_CREATE_FLAGS, 0, kBufferFlags});
	if (flags)
		return fail(EOPNOTSUPP, ACCEL_REASON_UNSUPPORTED,
			    "buffers of this device are ordinary memory of the process; use no "
			    "flags");
	const uint64_t size = (in.size + kPage - 1) / kPage * kPage;
	std::lock_guard lock(mutex_);
	const uint64_t handle = next_++;

	buffers_.emplace(handle, Buffer{ACCEL_MEMORY_KIND_ALLOCATED, size, 0});
	return BufferCreateOut{
		.handle = handle, .map_offset = 0, .actual_size = size, .device_address = {}};
}

/* Populates the memory: this verifies that the process may access it, and avoids page faults. */
Result<uint64_t> IdxdBackend::buffer_register(const BufferRegisterIn &in)
{
	const uint64_t first = in.address / kPage * kPage;
	const bool write = in.access & ACCEL_ACCESS_WRITE;

	if (auto good = check_memory(in); !good)
		return std::unexpected(good.error());
	const uint64_t bytes = (in.address + in.length - first + kPage - 1) / kPage * kPage;
	const int r = sys::madvise(reinterpret_cast<void *>(first), bytes,
				   write ? MADV_POPULATE_WRITE : MADV_POPULATE_READ);

	/* EINVAL: kernels before 5.14 do not have this advice, and the device reports bad memory itself. */
	if (r < 0 && r != -EINVAL)
		return fail(EFAULT, ACCEL_REASON_BAD_POINTER,
			    "the process cannot %s %llu bytes at 0x%llx", write ? "write" : "read",
			    static_cast<unsigned long long>(in.length),
			    static_cast<unsigned long long>(in.address));
	std::lock_guard lock(mutex_);
	const uint64_t handle = next_++;

	buffers_.emplace(handle, Buffer{ACCEL_MEMORY_KIND_REGISTERED, in.length, in.address});
	return handle;
}

Result<void> IdxdBackend::buffer_destroy(const BufferDestroyIn &in)
{
	std::lock_guard lock(mutex_);

	if (!buffers_.erase(in.handle))
		return no_buffer(in.handle);
	return {};
}

Result<accel_buffer_info> IdxdBackend::buffer_query(const BufferQueryIn &in)
{
	std::lock_guard lock(mutex_);
	auto at = buffers_.find(in.handle);
	accel_buffer_info info{.size = sizeof(info)};

	if (at == buffers_.end())
		return no_buffer(in.handle);
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

/* The device is cache-coherent. */
Result<void> IdxdBackend::buffer_sync(const BufferSyncIn &in)
{
	std::lock_guard lock(mutex_);

	if (!buffers_.contains(in.handle))
		return no_buffer(in.handle);
	return DriverBackend::buffer_sync(in);
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

/* Kernels without write(2) on work queues return EINVAL, also for a write of zero bytes. */
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
	return fail_call("testing write(2) on the work queue", static_cast<int>(r));
}

/* Returns whether the queue uses the portal. */
Result<bool> IdxdBackend::choose_path(uint32_t path)
{
	if (path > ACCEL_IDXD_PATH_PORTAL)
		return fail(EINVAL, ACCEL_REASON_UNKNOWN_MEMBER,
			    "accel_idxd_queue_options.path is %u; allowed are automatic (0), write "
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
	if (auto good = check_request(request, kMostEntries, ACCEL_QUEUE_FLAGS_MULTI_PRODUCER);
	    !good)
		return std::unexpected(good.error());
	if (auto there = check_enabled(); !there)
		return std::unexpected(there.error());
	std::lock_guard lock(mutex_);

	if (work_queue_.queues.load(std::memory_order_relaxed) >= kMostQueues)
		return fail(ENOSPC, ACCEL_REASON_LIMIT, "the device has %u queues, the maximum",
			    kMostQueues);
	auto portal = choose_path(options->path);

	if (!portal)
		return std::unexpected(portal.error());
	auto queue = IdxdQueue::create(
		*this, work_queue_,
		{.entries = request.entries,
		 .multi_producer = (request.flags & ACCEL_QUEUE_FLAGS_MULTI_PRODUCER) != 0,
		 .portal = *portal,
		 .space = request.space,
		 .handle = next_++});

	if (!queue)
		return std::unexpected(queue.error());
	if (auto counted = count_queue(request.space); !counted)
		return std::unexpected(counted.error());
	work_queue_.queues.fetch_add(1, std::memory_order_relaxed);
	return queue;
}

} // namespace accel::core::idxd
