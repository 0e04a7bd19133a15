// SPDX-License-Identifier: MIT
// The soft accelerator: passes messages and mappings to libaccel-soft.so; the rest is AttributeBackend.
#include "providers/soft/soft.hpp"

#include "core/attribute_backend.hpp"
#include "core/sized.hpp"
#include "providers/soft/loader.hpp"

#include <accel/soft.h>
#include <accel/uabi/soft_client.hpp>
#include <accel/uabi/soft_policy.hpp>
#include <algorithm>
#include <string_view>
#include <utility>

namespace accel::core::soft {

namespace {

/* Listing devices must not load libaccel-soft, so its devices are repeated here. */
constexpr std::string_view kNames[] = {"soft0", "soft1"};

/* The publishing thread executes small entries through the inline path of the ring. */
class SoftQueue final : public AttributeQueue {
public:
	using AttributeQueue::AttributeQueue;

	void find_inline_path(const Entry &entry)
	{
		entry.inline_path(ring().memory, &inline_path_);
	}

	ring::Hooks hooks() noexcept override
	{
		ring::Hooks hooks = AttributeQueue::hooks();

		hooks.submit = inline_path_.submit;
		hooks.submit_context = inline_path_.context;
		return hooks;
	}

private:
	accel_soft_inline_path inline_path_{};
};

class SoftBackend final : public AttributeBackend {
public:
	SoftBackend(const Entry &entry, accel_soft_file *file)
		: AttributeBackend({entry.call, file}, uabi::soft::kPolicy,
				   "the soft accelerator supports all of its uABI"),
		  entry_(entry),
		  file_(file)
	{}
	~SoftBackend() override { close(); }

	void close() noexcept override { entry_.close(std::exchange(file_, nullptr)); }
	/* In a forked child, close() has no effect on the parent. */
	void abandon() noexcept override { close(); }

	int map_memory(uint64_t offset, uint64_t size, void **memory) noexcept override
	{
		return entry_.map(file_, offset, size, memory);
	}
	void unmap_memory(void *address, uint64_t size) noexcept override
	{
		entry_.unmap(file_, address, size);
	}

	Result<std::unique_ptr<QueueBackend>> create_queue(const QueueRequest &request) override
	{
		uabi::soft::QueueCreate message;
		auto options = read_driver_options<accel_soft_queue_options>(
			request.driver, sizeof(accel_soft_queue_options),
			"accel_soft_queue_options");

		if (!options)
			return std::unexpected(options.error());
		if (options->parallel)
			message.parallel(options->parallel);
		if (options->inline_limit)
			message.inline_limit(options->inline_limit == ACCEL_SOFT_INLINE_NEVER ?
						     0 :
						     options->inline_limit);
		auto queue = make_queue<SoftQueue>(message, request);

		if (!queue)
			return std::unexpected(queue.error());
		(*queue)->find_inline_path(entry_);
		return queue;
	}

private:
	const Entry &entry_;
	accel_soft_file *file_;
};

} // namespace

void SoftProvider::discover(Discovery &discovery) const
{
	std::string reason = missing();

	for (std::string_view name : kNames) {
		DeviceEntry entry;

		entry.name = name;
		entry.description = "soft accelerator: worker threads of this process";
		entry.reason = reason;
		entry.code = 0; // open may still find it through the linker's cache
		discovery.add(std::move(entry));
	}
}

Result<std::unique_ptr<Backend>> SoftProvider::open(const DeviceEntry &device) const
{
	auto entry = load();

	if (!entry)
		return std::unexpected(entry.error());
	auto index = std::ranges::find(kNames, device.name) - std::begin(kNames);
	accel_soft_file *file;
	int r = (*entry)->open(static_cast<unsigned>(index), &file);
	if (r < 0)
		return fail_call("opening the soft accelerator", r);
	/* Closes the file if the backend cannot be created. */
	struct Close {
		const Entry *entry;
		void operator()(accel_soft_file *f) const { entry->close(f); }
	};
	std::unique_ptr<accel_soft_file, Close> guard(file, {*entry});
	auto backend = std::make_unique<SoftBackend>(**entry, file);
	(void)guard.release();
	return backend;
}

} // namespace accel::core::soft
