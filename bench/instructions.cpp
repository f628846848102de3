// Trains one workload for callgrind, which counts the instructions of the functions that main calls by these names (see
// instructions.mjs): as a trainer does, bare of its history, and what the loss on all data takes.
// usage: linreg_instructions <kernels> <n> <d> <batch_size> <lr> <epochs before> <epochs>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "bare_training.hpp"
#include "kernels/kernels.hpp"
#include "linreg/trainer.hpp"

namespace {

bool use(std::string_view name) {
  for (const linreg::Kernels* table : linreg::available_kernels()) {
    if (table->name != name) continue;
    linreg::use_kernels(*table);
    return true;
  }
  return false;
}

}  // namespace

extern "C" {

[[gnu::noinline]] void train(linreg::Trainer& trainer, std::uint64_t epochs) {
  for (std::uint64_t i = 0; i < epochs; ++i) trainer.step_epoch();
}

[[gnu::noinline]] void train_bare(linreg::bench::BareTraining& training, std::uint64_t epochs) {
  for (std::uint64_t i = 0; i < epochs; ++i) training.epoch();
}

[[gnu::noinline]] float loss_on_all(const linreg::Trainer& trainer, std::uint64_t epochs) {
  float loss = 0.0F;
  for (std::uint64_t i = 0; i < epochs; ++i) loss = trainer.loss();
  return loss;
}

}  // extern "C"

int main(int argc, char** argv) {
  if (argc != 8) {
    std::fputs("usage: linreg_instructions <kernels> <n> <d> <batch_size> <lr> <epochs before> <epochs>\n", stderr);
    return 1;
  }
  if (!use(argv[1])) {
    std::fprintf(stderr, "this build or processor has no kernels '%s'\n", argv[1]);
    return 1;
  }
  linreg::Options options;
  options.n = std::strtoull(argv[2], nullptr, 10);
  options.true_w.assign(std::strtoull(argv[3], nullptr, 10), 1.0);
  options.training.batch_size = std::strtoull(argv[4], nullptr, 10);
  options.training.lr = std::strtod(argv[5], nullptr);
  options.training.epochs = 1'000'000'000;
  const std::uint64_t before = std::strtoull(argv[6], nullptr, 10);
  const std::uint64_t epochs = std::strtoull(argv[7], nullptr, 10);
  auto trainer = linreg::Trainer::create(options);
  if (!trainer) {
    std::fprintf(stderr, "%s: %s\n", trainer.error().field.c_str(), trainer.error().range.c_str());
    return 1;
  }
  for (std::uint64_t i = 0; i < before; ++i) trainer->step_epoch();
  linreg::bench::BareTraining bare(*trainer, options.true_w.size(), options.training.batch_size, options.training.lr);
  for (std::uint64_t i = 0; i < before; ++i) bare.epoch();
  train(*trainer, epochs);
  train_bare(bare, epochs);
  const bool good = std::isfinite(loss_on_all(*trainer, epochs)) && std::isfinite(bare.weight().front());
  if (trainer->status() != linreg::Status::running || !good) {
    std::fputs("the run diverged: nothing is counted that is wrong\n", stderr);
    return 1;
  }
  return 0;
}
