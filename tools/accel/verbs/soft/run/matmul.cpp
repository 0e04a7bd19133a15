// SPDX-License-Identifier: MIT
// `accel run matmul`: C = A × B; each descriptor computes some rows.
#include "file/io.hpp"
#include "run/summary.hpp"
#include "terminal/fail.hpp"
#include "terminal/progress.hpp"
#include "verbs/soft/queue/pipeline.hpp"
#include "verbs/soft/run/matrix.hpp"
#include "verbs/soft/run/run.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

namespace cli {

namespace {

/// Returns the rows of one descriptor: four descriptors for each worker, and at most the largest transfer of A and C.
uint32_t rows_of_piece(const ElementType &type, const Shape &shape, unsigned parallel)
{
	uint32_t wanted = (shape.m + 4 * parallel - 1) / (4 * parallel);
	size_t row = std::max(size_t(shape.k) * type.bytes, size_t(shape.n) * 4);

	return static_cast<uint32_t>(
		std::clamp<size_t>(wanted, 1, std::max<size_t>(1, ACCEL_SOFT_MAX_TRANSFER / row)));
}

/// Throws if B exceeds one transfer, since each descriptor names all of B. Must be called before matrices are
/// allocated.
void check_size(const ElementType &type, const Shape &shape)
{
	size_t bytes = size_t(shape.k) * shape.n * type.bytes;

	if (bytes > ACCEL_SOFT_MAX_TRANSFER)
		fail(Exit::usage, "run matmul",
		     "B, {} × {} {}, has {} bytes; at most {} are allowed; use a smaller k or n",
		     shape.k, shape.n, type.name, bytes, ACCEL_SOFT_MAX_TRANSFER);
}

void multiply(Pipeline &pipeline, Progress &progress, const ElementType &type, const Shape &shape,
	      const Matrix &a, const Matrix &b, Matrix &c)
{
	uint32_t step = rows_of_piece(type, shape, pipeline.accelerator().parallel());
	uint32_t row = 0;
	uint64_t done = 0;

	auto fill = [&](Slot &slot, accel_soft_descriptor &descriptor) {
		uint32_t rows = std::min(step, shape.m - row);

		accel_soft_matmul(&descriptor, static_cast<accel_soft_matrix_type>(type.number),
				  rows, shape.n, shape.k,
				  {c.data() + size_t(row) * shape.n * 4, shape.n},
				  {a.data() + size_t(row) * shape.k * type.bytes, shape.k},
				  {b.data(), shape.n}, 0);
		slot.in_bytes = size_t(rows) * shape.n * 4;
		row += rows;
		return rows != 0;
	};
	auto collect = [&](Slot &slot, const accel_completion &completion) {
		if (completion.status != ACCEL_RING_STATUS_SUCCESS)
			fail_completion("matmul", completion, 0);
		done += slot.in_bytes;
		progress.update(done);
		return true;
	};
	pipeline.run(fill, collect);
}

/// The files of A and B, unless both are random. Opened once, since a pipe can be read only once.
struct Factors {
	explicit Factors(const RunOptions &options)
	{
		if (!options.input.empty() && options.second.empty())
			fail(Exit::usage, "run matmul", "A and B must be given together");
		if (options.input == "-" && options.second == "-")
			fail(Exit::usage, "run matmul", "A and B cannot both be standard input");
		if (options.input.empty())
			return;
		a.emplace(options.input);
		b.emplace(options.second);
	}

	std::optional<Input> a, b;
};

Json check_json(const Check &check)
{
	return {{"wrong", check.wrong},
		{"of-bound", check.most},
		{"first-wrong", check.first_wrong}};
}

} // namespace

int run_matmul(const accel::Device &device, const RunOptions &options)
{
	const ElementType &type = element_type(options.type);
	Shape shape = {options.m, options.n, options.k};

	check_size(type, shape);
	Factors factors(options);
	// Open the output before the work, so that an error costs no time.
	std::optional<Output> output;

	if (!options.output.empty())
		output.emplace(options.output, std::initializer_list<const Input *>{
						       factors.a ? &*factors.a : nullptr,
						       factors.b ? &*factors.b : nullptr});
	Matrix a(shape.m, shape.k, type.bytes);
	Matrix b(shape.k, shape.n, type.bytes);
	Matrix c(shape.m, shape.n, 4);

	if (!factors.a) {
		a.randomize(type, options.seed);
		b.randomize(type, ~options.seed);
	} else {
		a.read(*factors.a, fmt::format("A, {} × {} {},", shape.m, shape.k, type.name));
		b.read(*factors.b, fmt::format("B, {} × {} {},", shape.k, shape.n, type.name));
	}
	Pipeline pipeline(device, options, 0, 0);
	Progress progress(c.bytes());
	Summary summary = {
		.operation = "matmul",
		.input = fmt::format("{} × {} × {} {}", shape.m, shape.n, shape.k, type.name)};

	pipeline.accelerator().inject_faults(ACCEL_SOFT_OP_MATMUL, options.faults);
	multiply(pipeline, progress, type, shape, a, b, c);
	summary.seconds = progress.seconds();
	summary.bytes_in = a.bytes() + b.bytes();
	summary.bytes_out = c.bytes();
	pipeline.add_to(summary);
	double rate = 2.0 * shape.m * shape.n * shape.k / std::max(summary.seconds, 1e-9) / 1e9;
	Json more = {{"giga-operations-per-second", rate}, {"result-type", type.result}};
	std::string text =
		fmt::format("{} → {}: {:.4f} s, {:.1f} G operations/s, {} descriptors on {} {}",
			    summary.input, type.result, summary.seconds, rate, summary.descriptors,
			    summary.parallel, summary.parallel == 1 ? "worker" : "workers");
	uint64_t wrong = 0;

	if (options.check) {
		Check check = check_product(type, shape, a, b, c);

		wrong = check.wrong;
		more["check"] = check_json(check);
		if (wrong)
			note(fmt::format(
				"{} of {} elements differ from the reference; the first: {}", wrong,
				uint64_t(shape.m) * shape.n, check.first_wrong));
		else
			text += "; equal to the reference";
	}
	if (output && !wrong) {
		output->write(c.data(), c.bytes());
		summary.output = output->name();
	}
	if (options.common.json)
		report(options, summary, more);
	else if (output && output->is_stdout())
		note(text);
	else
		println("{}", in_charset(text));
	if (output && !wrong) {
		finish_output(); // a failure here leaves the file unchanged
		output->finish();
	}
	return static_cast<int>(wrong ? Exit::difference : Exit::ok);
}

} // namespace cli
