// SPDX-License-Identifier: MIT
// Execution of one descriptor by a DSA or IAX device: checks it, accesses the memory of the program, writes the record.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <uapi/accel/idxd.h>

namespace accel::core::mock {

/// The wrong answers of a broken device.
enum class IdxdLie {
	none,
	unknown_status, // an undefined status
	only_write_bit, // a status byte with the code "it has not ended"
	too_much,	// a page fault with more bytes done than the operation has
	no_progress,	// a page fault at each try, with nothing done
	silence,	// no completion record
};

struct IdxdEngineOptions {
	bool iax = false;
	uint64_t most_bytes = 1u << 31;
	uint32_t most_descriptors = 32; // of a batch
	bool block_on_fault = false;	// the queue allows it
	bool absent_pages = true;	// a page that the process has not accessed is a page fault
};

/// Executes descriptors, one at a time. One thread calls execute(); any thread may call the other functions.
class IdxdEngine {
public:
	using Descriptor = accel_idxd_dsa_descriptor;
	using Record = accel_idxd_dsa_completion;

	explicit IdxdEngine(IdxdEngineOptions options) : options_(options) {}

	/// Executes it completely. False: no record could be written, which the device's error register then reports.
	bool execute(const Descriptor &descriptor);
	/// The next @times accesses to the page at @address are page faults, if the descriptor does not block.
	void fault(uint64_t address, unsigned times);
	/// The next @times completion records are wrong in the way of @lie.
	void lie(IdxdLie lie, unsigned times);
	/// Whether the device has an operation.
	static bool has(bool iax, unsigned opcode);

private:
	bool is_absent(uint64_t address, bool block);
	/* The bytes from @address to the end of its page, at most @most. */
	static uint64_t piece(uint64_t address, uint64_t most);
	bool reach(Record &record, uint64_t address, bool write, bool block);
	bool read(Record &record, void *to, uint64_t from, uint64_t size, bool block);
	bool write(Record &record, uint64_t to, const void *from, uint64_t size, bool block);

	uint8_t check(const Descriptor &d, Record &record) const;
	void run(const Descriptor &d, Record &record);
	void move(const Descriptor &d, Record &record, bool crc);
	void fill(const Descriptor &d, Record &record);
	void compare(const Descriptor &d, Record &record, bool pattern);
	void checksum(const Descriptor &d, Record &record);
	void batch(const Descriptor &d, Record &record);
	bool put(const Descriptor &d, Record record);
	IdxdLie take_lie();

	const IdxdEngineOptions options_;
	std::mutex mutex_; // guards the members below
	std::map<uint64_t, unsigned> faults_;
	IdxdLie lie_ = IdxdLie::none;
	unsigned lies_ = 0;
};

} // namespace accel::core::mock
