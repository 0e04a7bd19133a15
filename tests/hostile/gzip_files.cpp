// SPDX-License-Identifier: MIT
// gzip files of several programs, damaged at random, and files with constructed sets of codes.
#include "hostile/gzip_files.hpp"

#include "soft/engine/test_deflate.hpp"
#include "soft/engine/test_gzip.hpp"

#include <algorithm>

namespace accel::hostile {

namespace {

using namespace core::engine::test;

constexpr std::size_t kBareHeader = 10, kTrailer = 8;
constexpr std::size_t kPiece = 256 << 10; // of the program's input
constexpr const char *kPrograms[] = {"gzip -1 -c",    "gzip -9 -c", "gzip -6 -n -c",
				     "pigz -1 -c",    "pigz -i -c", "pigz -b 128 -p 2 -c",
				     "pigz -9 -n -c", "pigz -11 -c"};

void put_number(Bytes &to, std::uint64_t value, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		to.push_back(static_cast<std::byte>(value >> (8 * i)));
}

/// A member with its size in the extra field "BC" (BGZF) or "ms".
Bytes sized_member(const Bytes &content, int level, bool bgzf)
{
	const Bytes stream = zlib_deflate(content, level, Z_DEFAULT_STRATEGY, {}, -15);
	const std::uint64_t size = 12 + (bgzf ? 6 : 8) + stream.size() + kTrailer;
	Bytes member;

	put_number(member, 0x04088b1f, 4);
	put_number(member, 0xff0000000000, 6); /* no time; the system is unknown */
	put_number(member, bgzf ? 6 : 8, 2);
	member = member + bytes_of(bgzf ? "BC" : "ms");
	put_number(member, bgzf ? 2 : 4, 2);
	put_number(member, bgzf ? size - 1 : size, bgzf ? 2 : 4);
	member = member + stream;
	put_number(member,
		   crc32_z(0, reinterpret_cast<const Bytef *>(content.data()), content.size()), 4);
	put_number(member, content.size(), 4);
	return member;
}

/// A header with random optional fields. Their content may be wrong: reserved flags, and the checksum.
Bytes random_header(Random &random)
{
	Bytes header = {std::byte{0x1f}, std::byte{0x8b}, std::byte{8}};
	std::uint64_t flags = one_in(random, 2) ? 0 : below(random, 32);

	if (one_in(random, 64))
		flags |= 0x20 << below(random, 3);
	put_number(header, flags, 1);
	put_number(header, random(), 6);
	if (flags & 4) {
		const Bytes extra = random_bytes(below(random, 40), random());
		put_number(header, extra.size(), 2);
		header = header + extra;
	}
	for (const std::uint64_t text : {8, 16})
		if (flags & text)
			header = header + bytes_of(std::string(below(random, 20), 'n')) + Bytes(1);
	if (flags & 2)
		put_number(
			header,
			crc32_z(0, reinterpret_cast<const Bytef *>(header.data()), header.size()) ^
				(one_in(random, 16) ? 1 : 0),
			2);
	return header;
}

} // namespace

void set_trailer(Bytes &member, std::size_t header_bytes, Random &random)
{
	z_stream stream{};
	Bytes out(1 << 16);
	std::uint64_t crc = 0, length = 0;
	int answer = Z_OK;

	if (inflateInit2(&stream, -15) != Z_OK)
		std::abort();
	stream.next_in = reinterpret_cast<Bytef *>(member.data() + header_bytes);
	stream.avail_in = static_cast<uInt>(member.size() - header_bytes);
	do {
		stream.next_out = reinterpret_cast<Bytef *>(out.data());
		stream.avail_out = static_cast<uInt>(out.size());
		answer = inflate(&stream, Z_NO_FLUSH);
		const std::size_t made = out.size() - stream.avail_out;
		crc = crc32_z(crc, reinterpret_cast<const Bytef *>(out.data()), made);
		length += made;
	} while (answer == Z_OK && stream.avail_out == 0);
	if (answer == Z_STREAM_END)
		member.resize(member.size() - stream.avail_in);
	inflateEnd(&stream);
	put_number(member, one_in(random, 32) ? random() : crc, 4);
	put_number(member, one_in(random, 32) ? random() : length, 4);
}

GzipFiles::GzipFiles(std::uint64_t seed) : random_(seed)
{
	for (const std::size_t size : {0, 1, 40, 700, 3000, 40000, 330000}) {
		add_programs(text(size, random_()));
		add_zlib(text(size, random_()));
		add_zlib(random_bytes(size, random_()));
		add_zlib(Bytes(size * 4));
	}
	add_zlib(Bytes(6 << 20)); /* more than one output of the program */
	/* Files of several members: of one program, and of several. */
	for (int i = 0; i < 24; i++) {
		Bytes file;
		for (auto members = 2 + below(random_, 6); members > 0; members--)
			file = file + small_[below(random_, small_.size())];
		small_.push_back(file);
		large_.push_back(file + large_[below(random_, large_.size())]);
	}
	for (const bool bgzf : {false, true}) {
		Bytes file;
		for (int i = 0; i < 6; i++) {
			file = file + sized_member(text(below(random_, 5000), random_()), i, bgzf);
			small_.push_back(file);
			small_.push_back(file + small_[below(random_, small_.size())]);
		}
		small_.push_back(file + sized_member({}, 6, true));
	}
}

void GzipFiles::add_programs(const Bytes &content)
{
	for (const char *program : kPrograms) {
		Bytes file = filter(program, content);
		if (file.empty())
			std::abort();
		(content.size() > kPiece ? large_ : small_).push_back(std::move(file));
	}
}

void GzipFiles::add_zlib(const Bytes &content)
{
	auto &files = content.size() > kPiece ? large_ : small_;

	for (const int strategy : {Z_DEFAULT_STRATEGY, Z_FILTERED, Z_HUFFMAN_ONLY, Z_RLE, Z_FIXED})
		for (const int level : {0, 1, 6, 9}) {
			if (content.size() > kPiece && level != 1)
				continue;
			files.push_back(zlib_deflate(content, level, strategy));
		}
	files.push_back(
		zlib_deflate(content, 6, Z_DEFAULT_STRATEGY,
			     {.name = "name", .comment = "comment", .extra = "AB12", .crc = true}));
	files.push_back(
		zlib_deflate(content, 0, Z_DEFAULT_STRATEGY, {.name = "name", .crc = true}));
}

const Bytes &GzipFiles::any_original()
{
	/* One large file takes as long as a hundred small ones. */
	const auto &files = one_in(random_, 400) ? large_ : small_;

	return files[below(random_, files.size())];
}

Bytes GzipFiles::constructed()
{
	Bytes file = random_header(random_);
	const std::size_t header_bytes = file.size();
	constexpr auto kFirst = static_cast<unsigned>(Incomplete::none);

	file = file +
	       (one_in(random_, 2) ?
			random_block(random_) :
			valid_block(static_cast<Incomplete>(kFirst + below(random_, 4)), random_));
	set_trailer(file, header_bytes, random_);
	return file;
}

/// A place in the file: mostly in the header, in the sets of codes at the front, and at the end.
std::size_t GzipFiles::place(const Bytes &file)
{
	const std::size_t size = std::max<std::size_t>(file.size(), 1);

	switch (below(random_, 6)) {
	case 0: return below(random_, std::min<std::size_t>(size, 24));
	case 1:
	case 2: return below(random_, std::min<std::size_t>(size, 120));
	case 3: return size - 1 - below(random_, std::min<std::size_t>(size, 24));
	default: return below(random_, size);
	}
}

void GzipFiles::damage_bytes(Bytes &file)
{
	constexpr std::uint8_t kValues[] = {0, 0xff, 0x1f, 0x8b, 0x80, 1};

	if (file.empty())
		return;
	if (one_in(random_, 3))
		file[place(file)] = one_in(random_, 2) ?
					    static_cast<std::byte>(random_()) :
					    std::byte{kValues[below(random_, std::size(kValues))]};
	else
		file[place(file)] ^= static_cast<std::byte>(1U << below(random_, 8));
}

/// Removes, repeats and moves ranges, and splices two files.
void GzipFiles::damage_order(Bytes &file)
{
	const auto at = static_cast<std::ptrdiff_t>(std::min(place(file), file.size()));
	const auto few = static_cast<std::ptrdiff_t>(
		below(random_,
		      std::min<std::size_t>(file.size() - static_cast<std::size_t>(at), 40) + 1));
	Bytes piece(file.begin() + at, file.begin() + at + few);

	switch (below(random_, 5)) {
	case 0: file.resize(static_cast<std::size_t>(at)); break;
	case 1: file.erase(file.begin() + at, file.begin() + at + few); break;
	case 2: file.insert(file.begin() + at, piece.begin(), piece.end()); break;
	case 3: {
		piece = random_bytes(static_cast<std::size_t>(few), random_());
		file.insert(file.begin() + at, piece.begin(), piece.end());
		break;
	}
	default: {
		const Bytes &other = any_original();
		const auto from = static_cast<std::ptrdiff_t>(std::min(place(other), other.size()));

		file.resize(static_cast<std::size_t>(at));
		file.insert(file.end(), other.begin() + from, other.end());
	}
	}
}

void GzipFiles::add_to_end(Bytes &file)
{
	switch (below(random_, 4)) {
	case 0: file.resize(file.size() + below(random_, 600)); break;
	case 1: file = file + random_bytes(1 + below(random_, 20), random_()); break;
	case 2: file = file + any_original(); break;
	default: file.resize(file.size() + below(random_, 4)); file = file + constructed();
	}
}

void GzipFiles::damage(Bytes &file)
{
	for (auto changes = 1 + below(random_, 4); changes > 0; changes--) {
		if (const auto kind = below(random_, 8); kind < 5)
			damage_bytes(file);
		else if (kind < 7)
			damage_order(file);
		else
			add_to_end(file);
	}
	/* A correct trailer, so that the damage is not found by the checksum only. */
	if (file.size() > kBareHeader + kTrailer && file[3] == std::byte{0} && one_in(random_, 3)) {
		if (one_in(random_, 2))
			file.resize(file.size() - kTrailer);
		set_trailer(file, kBareHeader, random_);
	}
}

Bytes GzipFiles::next()
{
	Bytes file = one_in(random_, 4) ? constructed() : any_original();

	if (!one_in(random_, 16))
		damage(file);
	return file;
}

} // namespace accel::hostile
