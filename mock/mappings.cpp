// SPDX-License-Identifier: MIT
// Ranges of mapped memory; munmap() and MAP_FIXED cut them.
#include "mock/mappings.hpp"

namespace accel::core::mock {

namespace {

constexpr uint64_t kPage = 4096;

uint64_t round_up(uint64_t value)
{
	return (value + kPage - 1) & ~(kPage - 1);
}

} // namespace

FileUse Mappings::find(const void *address, uint64_t *start) const
{
	const auto wanted = reinterpret_cast<uint64_t>(address);
	std::lock_guard lock(mutex_);
	auto at = mappings_.upper_bound(wanted);

	if (at == mappings_.begin() || (--at)->second.end <= wanted)
		return {};
	at->second.file->users.fetch_add(1, std::memory_order_relaxed);
	*start = at->first;
	return FileUse(at->second.file.get(), true);
}

size_t Mappings::count() const
{
	std::lock_guard lock(mutex_);

	return mappings_.size();
}

uint64_t Mappings::bytes() const
{
	std::lock_guard lock(mutex_);
	uint64_t sum = 0;

	for (const auto &[start, mapping] : mappings_)
		sum += mapping.end - start;
	return sum;
}

void Mappings::note(uint64_t start, size_t length, FileUse file, std::vector<FileUse> &gone)
{
	/* MAP_FIXED replaces earlier mappings. */
	cut(start, length, gone);
	mappings_.insert_or_assign(start, Mapping{start + round_up(length), std::move(file)});
}

void Mappings::cut(uint64_t start, size_t length, std::vector<FileUse> &gone)
{
	const uint64_t end = start + round_up(length);
	auto at = mappings_.upper_bound(start);

	if (at != mappings_.begin())
		--at;
	while (at != mappings_.end() && at->first < end) {
		const uint64_t first = at->first;
		Mapping mapping = std::move(at->second);

		at = mappings_.erase(at);
		if (mapping.end <= start || first >= end) {
			mappings_.emplace(first, std::move(mapping));
			continue;
		}
		if (mapping.end > end) {
			mapping.file->users.fetch_add(1, std::memory_order_relaxed);
			mappings_.emplace(end,
					  Mapping{mapping.end, FileUse(mapping.file.get(), true)});
		}
		if (first < start) {
			mapping.file->users.fetch_add(1, std::memory_order_relaxed);
			mappings_.emplace(first, Mapping{start, FileUse(mapping.file.get(), true)});
		}
		gone.push_back(std::move(mapping.file));
	}
}

} // namespace accel::core::mock
