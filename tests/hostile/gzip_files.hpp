// SPDX-License-Identifier: MIT
// gzip files of several programs, damaged at random, and files with constructed sets of codes.
#pragma once

#include "hostile/options.hpp"
#include "soft/engine/test_data.hpp"

namespace accel::hostile {

using core::engine::test::Bytes;

class GzipFiles {
public:
	/// Runs gzip and pigz, which must be installed.
	explicit GzipFiles(std::uint64_t seed);

	/// The next file, which is damaged in most cases.
	Bytes next();

private:
	void add_programs(const Bytes &content);
	void add_zlib(const Bytes &content);
	const Bytes &any_original();
	Bytes constructed();
	void damage(Bytes &file);
	std::size_t place(const Bytes &file);
	void damage_bytes(Bytes &file);
	void damage_order(Bytes &file);
	void add_to_end(Bytes &file);

	Random random_;
	std::vector<Bytes> small_;
	std::vector<Bytes> large_; // longer than one piece of the program's input
};

/// Completes @member, a header and a deflate stream, with the trailer of its output. A stream that zlib refuses gets
/// any trailer. Bytes after the end of the stream are removed.
void set_trailer(Bytes &member, std::size_t header_bytes, Random &random);

} // namespace accel::hostile
