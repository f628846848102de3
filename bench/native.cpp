// The workloads natively, by Google Benchmark; run.mjs names them.
// usage: linreg_bench <workload> ... -- <options of Google Benchmark>, where a workload is name:n:d:batch_size:lr or, for
// the closed form, name:n:d
#include <benchmark/benchmark.h>

#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "closed_form.hpp"
#include "kernels/kernels.hpp"
#include "limits.hpp"
#include "linreg/trainer.hpp"

namespace {

using linreg::Trainer;

constexpr std::uint64_t steps_before = 3'400'000;  // by then few of the steps are recorded, as in a long run
constexpr std::uint64_t cells_before = 210'000'000;
constexpr double nearly = 0.02;  // how far trained weights may be from the true ones

struct Workload {
  std::string name;
  std::size_t n = 0;
  std::size_t d = 0;
  std::uint64_t batch_size = 0;  // 0: the closed form
  double lr = 0.0;
};

Workload parse(const std::string& text) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == ':') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  Workload work{parts.at(0), std::stoull(parts.at(1)), std::stoull(parts.at(2))};
  if (parts.size() > 3) work.batch_size = std::stoull(parts[3]), work.lr = std::stod(parts.at(4));
  return work;
}

linreg::Options options_of(const Workload& work) {
  linreg::Options options;
  options.n = work.n;
  options.true_w.assign(work.d, 1.0);
  options.training.batch_size = work.batch_size;
  options.training.lr = work.lr;
  options.training.epochs = 1'000'000'000'000;
  return options;
}

bool right(const std::vector<float>& weight) {
  return std::ranges::all_of(weight, [](float w) { return std::abs(w - 1.0F) < nearly; });
}

/// A trainer some way into a long run, made once, since all tables train alike; null if what it learnt is wrong.
Trainer* trained(const Workload& work) {
  static std::map<std::string, Trainer> made;
  if (const auto known = made.find(work.name); known != made.end()) return &known->second;
  auto trainer = Trainer::create(options_of(work));
  if (!trainer) return nullptr;
  std::uint64_t epochs = 400;
  if (work.batch_size < work.n) {
    epochs = std::min(steps_before * work.batch_size / work.n, cells_before / (work.n * work.d));
  }
  for (std::uint64_t i = 0; i < std::max<std::uint64_t>(4, epochs); ++i) trainer->step_epoch();
  if (!right(trainer->parameters().weight)) return nullptr;
  return &made.emplace(work.name, std::move(*trainer)).first->second;
}

void epoch(benchmark::State& state, const Workload& work, const linreg::Kernels& table) {
  linreg::use_kernels(table);
  Trainer* const trainer = trained(work);
  if (trainer == nullptr) {
    state.SkipWithError("the weights are wrong");
    return;
  }
  for (auto _ : state) trainer->step_epoch();
  state.counters["recorded"] = trainer->epoch() < 32768 ? 1 : 0;  // the loss on all data, for each epoch
}

void whole_loss(benchmark::State& state, const Workload& work, const linreg::Kernels& table) {
  linreg::use_kernels(table);
  const Trainer* const trainer = trained(work);
  if (trainer == nullptr) {
    state.SkipWithError("the weights are wrong");
    return;
  }
  for (auto _ : state) benchmark::DoNotOptimize(trainer->loss());
}

void closed_form(benchmark::State& state, const Workload& work) {
  const linreg::bench::ClosedForm rows(work.n, work.d);
  if (!(rows.solve() < 1e-12)) {
    state.SkipWithError("the coefficients are wrong");
    return;
  }
  for (auto _ : state) benchmark::DoNotOptimize(rows.solve());
}

void normals(benchmark::State& state, const linreg::Kernels& table) {
  linreg::use_kernels(table);
  linreg::Generator generator(0);
  std::vector<float> x(1'000'000);
  for (auto _ : state) generator.normal(x, 0.0, 1.0);
}

void read_memory(benchmark::State& state) {
  const std::vector<float> numbers(static_cast<std::size_t>(state.range(0)) * 250'000, 1.0F);
  if (!(linreg::bench::read(numbers) > 0.0F)) state.SkipWithError("nothing was read");
  for (auto _ : state) benchmark::DoNotOptimize(linreg::bench::read(numbers));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(numbers.size() * sizeof(float)));
}

void compute(benchmark::State& state) {
  std::size_t rounds = 100'000;
  for (auto _ : state) {
    benchmark::DoNotOptimize(rounds);
    benchmark::DoNotOptimize(linreg::bench::compute(rounds));
  }
  state.counters["flops"] = benchmark::Counter(static_cast<double>(linreg::bench::flops_a_round * rounds),
                                               benchmark::Counter::kIsIterationInvariantRate);
}

}  // namespace

int main(int argc, char** argv) {
  int first = 1;
  for (; first < argc && std::strcmp(argv[first], "--") != 0; ++first) {
    const Workload work = parse(argv[first]);
    if (work.batch_size == 0) {
      benchmark::RegisterBenchmark(work.name.c_str(), [work](benchmark::State& state) { closed_form(state, work); });
      continue;
    }
    for (const linreg::Kernels* table : linreg::available_kernels()) {
      const std::string name = work.name + "/" + std::string(table->name);
      benchmark::RegisterBenchmark(name.c_str(),
                                   [work, table](benchmark::State& state) { epoch(state, work, *table); });
      benchmark::RegisterBenchmark((name + "/loss").c_str(),
                                   [work, table](benchmark::State& state) { whole_loss(state, work, *table); });
    }
  }
  for (const linreg::Kernels* table : linreg::available_kernels()) {
    benchmark::RegisterBenchmark(("normals/" + std::string(table->name)).c_str(),
                                 [table](benchmark::State& state) { normals(state, *table); });
  }
  benchmark::RegisterBenchmark("read", read_memory)->Arg(36)->Arg(256);
  benchmark::RegisterBenchmark("compute", compute);
  argv[first < argc ? first : argc - 1] = argv[0];
  int rest = argc - (first < argc ? first : argc - 1);
  benchmark::Initialize(&rest, argv + (argc - rest));
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
