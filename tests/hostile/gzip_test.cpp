// SPDX-License-Identifier: MIT
// Compares `accel run inflate` with zlib on damaged gzip files: both must accept the same files and write the same
// output, also before an error. The function of the command is called in this process, with memory as its files.
//
// ACCEL_GZIP_FILES sets the number of files, ACCEL_SEED repeats a run. A file with different verdicts is written to the
// current folder.
#include "accel/terminal/fail.hpp"
#include "accel/verbs/soft/verbs.hpp"
#include "hostile/gzip_files.hpp"
#include "support/seed.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <string>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

namespace accel::hostile {
namespace {

struct Verdict {
	bool accepted = false;
	Bytes out;
	std::string why;
};

/// Decompresses all members as gzip does: zero bytes after the last member are allowed.
class Zlib {
public:
	Zlib()
	{
		if (inflateInit2(&stream_, 31) != Z_OK)
			std::abort();
	}
	~Zlib() { inflateEnd(&stream_); }
	Zlib(const Zlib &) = delete;
	Zlib &operator=(const Zlib &) = delete;

	Verdict judge(const Bytes &in)
	{
		Verdict verdict;

		stream_.next_in = reinterpret_cast<Bytef *>(const_cast<std::byte *>(in.data()));
		stream_.avail_in = static_cast<uInt>(in.size());
		while (member(verdict)) {
			const std::span rest(stream_.next_in, stream_.avail_in);

			verdict.accepted = std::ranges::count(rest, 0) == std::ssize(rest);
			verdict.why = verdict.accepted ? "accepted" : "garbage after a member";
			if (verdict.accepted || rest.front() == 0)
				break;
		}
		return verdict;
	}

private:
	/// Returns whether the member is valid.
	bool member(Verdict &verdict)
	{
		int answer = inflateReset(&stream_);

		verdict.accepted = false;
		while (answer == Z_OK) {
			stream_.next_out = reinterpret_cast<Bytef *>(room_.data());
			stream_.avail_out = static_cast<uInt>(room_.size());
			answer = inflate(&stream_, Z_NO_FLUSH);
			verdict.out.insert(verdict.out.end(), room_.begin(),
					   room_.end() - stream_.avail_out);
		}
		verdict.why = answer == Z_BUF_ERROR ? "truncated" :
			      stream_.msg	    ? stream_.msg :
						      "accepted";
		return answer == Z_STREAM_END;
	}

	z_stream stream_{};
	Bytes room_ = Bytes(1 << 18);
};

/// A file in memory.
class MemoryFile {
public:
	MemoryFile() : fd_(memfd_create("accel-hostile", MFD_CLOEXEC))
	{
		if (fd_ < 0)
			std::abort();
	}
	~MemoryFile() { close(fd_); }
	MemoryFile(const MemoryFile &) = delete;
	MemoryFile &operator=(const MemoryFile &) = delete;

	int fd() const { return fd_; }
	std::string path() const { return "/proc/self/fd/" + std::to_string(fd_); }
	void set(const Bytes &content)
	{
		if (ftruncate(fd_, 0) < 0 || pwrite(fd_, content.data(), content.size(), 0) !=
						     static_cast<ssize_t>(content.size()))
			std::abort();
		lseek(fd_, 0, SEEK_SET);
	}
	Bytes get() const
	{
		Bytes content(static_cast<std::size_t>(lseek(fd_, 0, SEEK_END)));

		if (pread(fd_, content.data(), content.size(), 0) !=
		    static_cast<ssize_t>(content.size()))
			std::abort();
		return content;
	}

private:
	int fd_;
};

/// The command. While an object exists, the standard output is a file of this object.
class Command {
public:
	Command() : device_(accel::Device::open("soft0").value()), stdout_(dup(STDOUT_FILENO))
	{
		const auto verb = std::ranges::find(
			cli::soft_verbs.run, std::string_view("inflate"), &cli::RunVerb::name);

		run_ = verb->run;
		options_.device = "soft0";
		options_.input = in_.path();
		options_.output = "-";
		fflush(stdout);
		dup2(out_.fd(), STDOUT_FILENO);
	}
	~Command()
	{
		dup2(stdout_, STDOUT_FILENO);
		close(stdout_);
	}
	Command(const Command &) = delete;
	Command &operator=(const Command &) = delete;

	Verdict judge(const Bytes &in)
	{
		Verdict verdict;

		/* The command leaves its stream to the close of the device, which has room for 65536 objects. */
		if (++judged_ % kPerDevice == 0)
			device_ = accel::Device::open("soft0").value();
		in_.set(in);
		out_.set({});
		try {
			verdict.accepted = run_(device_, options_) == 0;
			verdict.why = verdict.accepted ? "accepted" : "no reason";
		} catch (const cli::Failure &failure) {
			verdict.why = failure.line;
			if (failure.code != cli::Exit::data)
				failures_++;
		}
		verdict.out = out_.get();
		return verdict;
	}

	/// Files that had another exit code than 0 and that of invalid data.
	std::uint64_t failures() const { return failures_; }

private:
	static constexpr std::uint64_t kPerDevice = 1000;

	accel::Device device_;
	MemoryFile in_, out_;
	cli::RunOptions options_;
	int (*run_)(const accel::Device &, const cli::RunOptions &) = nullptr;
	int stdout_;
	std::uint64_t judged_ = 0, failures_ = 0;
};

/// Counts verdicts, and keeps the files for which they differ.
class Comparison {
public:
	explicit Comparison(std::uint64_t seed) : seed_(seed) {}

	void add(std::uint64_t number, const Bytes &file, const Verdict &expected,
		 const Verdict &got)
	{
		reasons_[expected.why]++;
		accepted_ += expected.accepted;
		if (got.accepted == expected.accepted && got.out == expected.out)
			return;
		if (differences_++ >= kKept)
			return;
		const std::string name =
			"gzip-" + std::to_string(seed_) + "-" + std::to_string(number) + ".gz";
		std::ofstream(name, std::ios::binary)
			.write(reinterpret_cast<const char *>(file.data()), std::ssize(file));
		text_ += name + ": zlib: " + expected.why + ", " +
			 std::to_string(expected.out.size()) + " bytes; accel: " + got.why + ", " +
			 std::to_string(got.out.size()) + " bytes\n";
	}

	void print(std::uint64_t count) const
	{
		printf("%llu files, %llu accepted, %llu different verdicts\n",
		       static_cast<unsigned long long>(count),
		       static_cast<unsigned long long>(accepted_),
		       static_cast<unsigned long long>(differences_));
		for (const auto &[why, times] : reasons_)
			printf("%10llu %s\n", static_cast<unsigned long long>(times), why.c_str());
	}

	const std::string &differences() const { return text_; }
	std::uint64_t accepted() const { return accepted_; }
	std::uint64_t times(const std::string &why) const
	{
		const auto found = reasons_.find(why);
		return found == reasons_.end() ? 0 : found->second;
	}

private:
	static constexpr std::uint64_t kKept = 20;

	std::uint64_t seed_;
	std::map<std::string, std::uint64_t> reasons_;
	std::uint64_t accepted_ = 0, differences_ = 0;
	std::string text_;
};

TEST(Gzip, EveryFileIsJudgedAsByZlib)
{
	const std::uint64_t count = from_environment("ACCEL_GZIP_FILES", 5000);
	const std::uint64_t seed = support::seed();
	GzipFiles files(seed);
	Comparison comparison(seed);
	std::uint64_t failures = 0;
	{
		Zlib zlib;
		Command command;

		for (std::uint64_t i = 0; i < count; i++) {
			const Bytes file = files.next();
			comparison.add(i, file, zlib.judge(file), command.judge(file));
		}
		failures = command.failures();
	}
	comparison.print(count);
	EXPECT_EQ(comparison.differences(), "");
	EXPECT_EQ(failures, 0u) << "exit codes other than 0 and 5";
	EXPECT_GT(comparison.accepted(), count / 20);
	for (const char *why : {"invalid code lengths set", "invalid literal/lengths set",
				"invalid distances set", "incorrect data check", "truncated"})
		EXPECT_GT(comparison.times(why), count / 1000) << why;
}

} // namespace
} // namespace accel::hostile
