// What the WebAssembly benchmarks need beside the engine: the machine's limits, and the closed form by itself.
#include <emscripten/emscripten.h>

#include <vector>

#include "closed_form.hpp"
#include "limits.hpp"
#include "linreg/generator.hpp"

namespace {

std::vector<float> numbers;
linreg::bench::ClosedForm rows;
linreg::Generator generator(0);

}  // namespace

extern "C" {

EMSCRIPTEN_KEEPALIVE void nothing() {}

EMSCRIPTEN_KEEPALIVE float read_memory(std::size_t megabytes) {
  numbers.resize(megabytes * 250'000, 1.0F);
  return linreg::bench::read(numbers);
}

EMSCRIPTEN_KEEPALIVE float compute(std::size_t rounds) { return linreg::bench::compute(rounds); }
EMSCRIPTEN_KEEPALIVE std::size_t flops_a_round() { return linreg::bench::flops_a_round; }

EMSCRIPTEN_KEEPALIVE void normals(std::size_t count) {
  numbers.resize(count);
  generator.normal(numbers, 0.0, 1.0);
}

EMSCRIPTEN_KEEPALIVE void prepare_rows(std::size_t n, std::size_t d) { rows = linreg::bench::ClosedForm(n, d); }

/// How far the worst coefficient is from the true one.
EMSCRIPTEN_KEEPALIVE double least_squares() { return rows.solve(); }
}
