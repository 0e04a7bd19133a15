// SPDX-License-Identifier: MIT
// Structures of the C interface that begin with their size: callers may be older or newer than the library.
#pragma once

#include "base/result.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace accel::core {

/// No version has a larger structure: a larger size was not initialized.
inline constexpr uint32_t kMostSize = 4096;

/// Fails unless @size, of a structure of type @type, is possible for a version of the library.
Result<void> check_size(uint32_t size, size_t least, size_t known, const char *type);
/// Fails with E2BIG if a byte of @given is set that this library does not know.
Result<void> check_tail(const void *given, uint32_t size, size_t known, const char *type);

/// Returns the caller's options as this library knows them: shorter ones are extended with zeros, longer ones must end
/// with zeros. @least: the size in the first version. EINVAL, E2BIG.
template <class T>
Result<T> read_options(const T *given, size_t least, const char *type)
{
	T options{};
	const uint32_t size = given->size;

	if (auto checked = check_size(size, least, sizeof(T), type); !checked)
		return std::unexpected(checked.error());
	if (auto zero = check_tail(given, size, sizeof(T), type); !zero)
		return std::unexpected(zero.error());
	memcpy(&options, given, std::min<size_t>(size, sizeof(T)));
	options.size = sizeof(T);
	return options;
}

/// Fails with EFAULT if a program passes options of a provider's own header at NULL with a size.
Result<void> check_driver(const void *driver, uint64_t size);

/// The same for the options of a provider's own header: @given is the pointer and size of the program, and may be
/// empty.
template <class T>
Result<T> read_driver_options(std::span<const std::byte> given, size_t least, const char *type)
{
	T options{};

	if (given.empty())
		return options;
	const auto size = static_cast<uint32_t>(std::min<size_t>(given.size(), UINT32_MAX));
	if (auto checked = check_size(size, least, sizeof(T), type); !checked)
		return std::unexpected(checked.error());
	if (auto zero = check_tail(given.data(), size, sizeof(T), type); !zero)
		return std::unexpected(zero.error());
	memcpy(&options, given.data(), std::min<size_t>(size, sizeof(T)));
	return options;
}

/// Fills in as much of *@out as the caller knows, and stores that size in it. EINVAL: the size is wrong; other errors:
/// those of @ask.
template <class T, class Ask>
Result<void> put_answer(T *out, const char *type, Ask ask)
{
	const uint32_t size = out->size;

	if (auto checked =
		    check_size(size, offsetof(T, given) + sizeof(out->given), sizeof(T), type);
	    !checked)
		return checked;
	Result<T> answer = ask();

	if (!answer)
		return std::unexpected(answer.error());
	answer->size = static_cast<uint32_t>(std::min<size_t>(size, sizeof(T)));
	memcpy(static_cast<void *>(out), &*answer, answer->size);
	return {};
}

} // namespace accel::core
