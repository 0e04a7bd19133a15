// SPDX-License-Identifier: MIT
// The work queue of the mock idxd driver: sysfs, the entries, and the thread that executes them out of order.
#include "mock/idxd/device.hpp"

#include "mock/idxd/file.hpp"
#include "mock/kernel.hpp"

#include <accel/uabi/sysfs.hpp>
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <unistd.h>

namespace accel::core::mock {

namespace {

NodeInfo node_of(const IdxdOptions &o)
{
	const std::string folder = o.iax ? "iax" : "dsa";
	const std::string name = "wq" + std::to_string(o.device) + "." + std::to_string(o.queue);

	return {.subsystem = "dsa",
		.name = folder + "/" + name,
		.node = "/dev/" + folder + "/" + name,
		.syspath = "/sys/devices/pci0000:6a/0000:6a:01.0/" + folder +
			   std::to_string(o.device) + "/" + name + "/" + folder + "!" + name,
		.driver = "idxd",
		.major = o.iax ? 507u : 508u,
		.minor = o.device * 8 + o.queue};
}

/* The kernel's format of 256 bits: words of 32 bits with commas, the highest first. */
std::string capabilities(const IdxdOptions &o)
{
	std::string text;

	for (unsigned word = 8; word-- > 0;) {
		uint32_t bits = 0;

		for (unsigned bit = 0; bit < 32; bit++)
			if (IdxdEngine::has(o.iax, word * 32 + bit))
				bits |= 1u << bit;
		if (word == 0 && o.version == 1)
			bits &= ~(1u << ACCEL_IDXD_DSA_OPCODE_BATCH);
		char digits[10];

		snprintf(digits, sizeof(digits), "%08x%c", bits, word ? ',' : '\n');
		text += digits;
	}
	return text;
}

} // namespace

IdxdDevice::IdxdDevice(IdxdOptions options)
	: MockDevice(node_of(options)),
	  options_(options),
	  engine_({.iax = options.iax,
		   .most_bytes = options.most_bytes,
		   .most_descriptors = options.most_descriptors,
		   .block_on_fault = options.block_on_fault,
		   .absent_pages = options.absent_pages}),
	  random_(options.seed)
{
	add_attributes();
}

IdxdDevice::~IdxdDevice()
{
	{
		Lock lock(mutex_);

		stopping_ = true;
		changed();
	}
	if (worker_process_ == getpid())
		worker_->join();
	else
		(void)worker_.release(); // in a forked child: the thread exists only in the parent
}

/* Called at the first open of each process: a forked child that opens the queue itself has no thread yet. */
void IdxdDevice::start_worker()
{
	if (worker_process_ == getpid())
		return;
	if (worker_process_) {
		/* Descriptors that the parent submitted belong to the parent. */
		forget_waiters();
		queue_.clear();
		working_for_ = nullptr;
		drains_ = 0;
	}
	(void)worker_.release();
	worker_ = std::make_unique<std::thread>([this] { serve(); });
	worker_process_ = getpid();
}

void IdxdDevice::add_attributes()
{
	namespace wq = uabi::idxd::sysfs::work_queue;
	namespace dev = uabi::idxd::sysfs::device;
	auto queue = [this](const uabi::SysfsFile &file, const std::string &value) {
		add_attribute(std::string("../") + file.file, value + "\n");
	};
	auto device = [this](const uabi::SysfsFile &file, const std::string &value) {
		add_attribute(std::string("../../") + file.file, value + "\n");
	};
	auto number = [](auto value) { return std::to_string(value); };
	const IdxdOptions &o = options_;

	add_attribute("dev", number(info().major) + ":" + number(info().minor) + "\n");
	add_attribute(std::string("../") + wq::kState.file, [this] {
		std::lock_guard lock(mutex_);
		return std::string(enabled_ ? "enabled\n" : "disabled\n");
	});
	add_attribute(std::string("../") + wq::kClients.file, [this] {
		std::lock_guard lock(mutex_);
		return std::to_string(clients_) + "\n";
	});
	queue(wq::kType, "user");
	queue(wq::kMode, o.dedicated ? "dedicated" : "shared");
	queue(wq::kName, "mock");
	queue(wq::kDriverName, "user");
	queue(wq::kSize, number(o.size));
	queue(wq::kThreshold, number(o.dedicated ? 0 : o.threshold));
	queue(wq::kMaxTransferSize, number(o.most_bytes));
	if (!o.iax)
		queue(wq::kMaxBatchSize, number(o.most_descriptors));
	queue(wq::kBlockOnFault, number(int{o.block_on_fault}));
	queue(wq::kCdevMinor, number(info().minor));
	device(dev::kVersion, "0x" + number(o.version) + "00");
	device(dev::kState, "enabled");
	device(dev::kPasidEnabled, number(int{o.pasid}));
	device(dev::kNumaNode, "-1");
	device(dev::kMaxTransferSize, number(o.most_bytes));
	add_attribute(std::string("../../") + dev::kOpCap.file, capabilities(o));
}

std::expected<std::unique_ptr<MockFile>, int> IdxdDevice::open(int)
{
	Lock lock(mutex_);

	/* The node of a queue that was disabled has no character device any more. */
	if (removed() || !has_portal_)
		return std::unexpected(-ENXIO);
	if (options_.dedicated && clients_)
		return std::unexpected(-EBUSY);
	start_worker();
	clients_++;
	return std::make_unique<IdxdFile>(std::static_pointer_cast<IdxdDevice>(shared_from_this()));
}

bool IdxdDevice::is_room() const
{
	return queue_.size() < (options_.dedicated ? options_.size : options_.threshold);
}

int IdxdDevice::enqueue(const accel_idxd_dsa_descriptor &descriptor, const void *owner, bool posted)
{
	if (!has_portal_)
		return posted ? 0 : -EAGAIN;
	if (!is_room()) {
		lost_ += posted;
		error_ |= posted;
		return posted ? 0 : -EAGAIN;
	}
	queue_.push_back({descriptor, taken_++, owner});
	changed();
	return 0;
}

bool IdxdDevice::is_ready() const
{
	return stopping_ || ((!paused_ || drains_) && !queue_.empty());
}

/* Chooses one of the oldest. A drain is taken only when it is the oldest of its file. */
IdxdDevice::Work IdxdDevice::take()
{
	const auto most = std::min<size_t>(queue_.size(), std::max(options_.window, 1u));
	auto at = queue_.begin() + static_cast<long>(random_() % most);

	if (at->descriptor.control >> ACCEL_IDXD_DSA_DESCRIPTOR_CONTROL_OPCODE_SHIFT ==
	    ACCEL_IDXD_DSA_OPCODE_DRAIN)
		at = queue_.begin();
	Work work = *at;

	queue_.erase(at);
	return work;
}

void IdxdDevice::serve()
{
	Lock lock(mutex_);

	while (!stopping_ && !removed()) {
		const int r = wait(lock, UINT64_MAX, [this] { return is_ready(); });

		if (r == -EINTR)
			continue;
		if (r < 0 || stopping_)
			return;
		const Work work = take();

		working_for_ = work.owner;
		order_.push_back(work.number);
		lock.unlock();
		const bool told = engine_.execute(work.descriptor);
		lock.lock();
		error_ |= !told;
		working_for_ = nullptr;
		executed_++;
		changed();
	}
}

void IdxdDevice::drain(Lock &lock, const std::function<bool()> &idle)
{
	drains_++;
	changed();
	while (wait(lock, UINT64_MAX, idle) == -EINTR)
		;
	drains_--;
}

/* As in idxd_drv_disable_wq(): unmaps the portal, executes what the device has, then changes the state. The paths of
 * the queue are removed later. */
void IdxdDevice::quiesce()
{
	Lock lock(mutex_);

	has_portal_ = false;
	drain(lock, [this] { return !working_for_ && queue_.empty(); });
	enabled_ = false;
}

/* As in the driver's release: first completes the descriptors that the file has submitted. */
void IdxdDevice::release(const void *owner)
{
	Lock lock(mutex_);

	drain(lock, [&] {
		return working_for_ != owner && std::ranges::none_of(queue_, [&](const Work &work) {
			       return work.owner == owner;
		       });
	});
	clients_--;
}

void IdxdDevice::pause()
{
	Lock lock(mutex_);

	paused_ = true;
	while (wait(lock, UINT64_MAX, [this] { return !working_for_; }) == -EINTR)
		;
}

void IdxdDevice::resume()
{
	Lock lock(mutex_);

	paused_ = false;
	changed();
}

void IdxdDevice::disable()
{
	quiesce();
}

uint64_t IdxdDevice::taken() const
{
	std::lock_guard lock(mutex_);

	return taken_;
}

uint64_t IdxdDevice::executed() const
{
	std::lock_guard lock(mutex_);

	return executed_;
}

uint64_t IdxdDevice::lost() const
{
	std::lock_guard lock(mutex_);

	return lost_;
}

uint64_t IdxdDevice::hazards() const
{
	std::lock_guard lock(mutex_);

	return hazards_;
}

std::vector<uint64_t> IdxdDevice::order() const
{
	std::lock_guard lock(mutex_);

	return order_;
}

IdxdMachine add_idxd(MockKernel &kernel, IdxdOptions options)
{
	IdxdOptions other = options;

	options.queue = 0;
	options.dedicated = false;
	other.queue = 1;
	other.dedicated = true;
	IdxdMachine machine{std::make_shared<IdxdDevice>(options),
			    std::make_shared<IdxdDevice>(other)};

	kernel.add(machine.shared);
	kernel.add(machine.dedicated);
	return machine;
}

} // namespace accel::core::mock
