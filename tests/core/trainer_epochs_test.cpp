// The losses of epochs in runs of so many that only every second one's is kept, and the last.
#include <catch2/catch_all.hpp>

#include "support.hpp"

using linreg::Dataset;
using linreg::LossKind;
using linreg::Options;
using linreg::Reduction;
using linreg::Status;
using linreg::Trainer;
using linreg::test::changed;
using linreg::test::created;
using linreg::test::difference;

namespace {

constexpr std::uint64_t kept_whole = 32768;  // epochs of which every one is kept

/// A run of one step an epoch.
Options many_epochs(std::uint64_t epochs) {
  Options options;
  options.training.shuffle = false;
  options.training.drop_last = true;
  options.training.batch_size = 2;
  options.training.loss = {LossKind::l1, Reduction::mean, 1.0};
  options.training.lr = 1e-6;
  options.training.epochs = epochs;
  return options;
}

}  // namespace

TEST_CASE("the last epoch's loss is the one that it ended with, whatever is changed then", "[trainer]") {
  Trainer trainer = created(many_epochs(kept_whole + 2), Dataset{{1, 2}, {3, 5}, 1, {"x"}});
  REQUIRE(trainer.train() == Status::finished);
  const float last = trainer.loss();
  CHECK(trainer.epochs().indices.back() == kept_whole + 1);  // an odd one, which is not kept
  CHECK(trainer.epochs().values.back() == static_cast<double>(last));
  REQUIRE(trainer.set(changed(trainer.training(), [](auto& t) { t.loss.kind = LossKind::mse, t.epochs += 1; })));
  CHECK(trainer.loss() != last);
  CHECK(trainer.epochs().values.back() == static_cast<double>(last));
  trainer.step_epoch();
  CHECK(trainer.epochs().indices.back() == kept_whole + 2);
  CHECK(trainer.epochs().values.back() == static_cast<double>(trainer.loss()));
  REQUIRE(trainer.rewind(kept_whole + 2));
  CHECK(trainer.epochs().values.back() == static_cast<double>(last));
}

TEST_CASE("an epoch whose whole loss overflows is not among the epochs, and the one before is the last", "[trainer]") {
  // The last row is dropped from every epoch; its residual is a number, but the residual's square is not.
  Trainer trainer = created(many_epochs(kept_whole + 10), Dataset{{1, 2, 3}, {3, 5, 1e30}, 1, {"x"}});
  while (trainer.epoch() < kept_whole + 2) trainer.step_epoch();
  const auto before = trainer.epochs();
  CHECK(before.indices.back() == kept_whole + 1);
  REQUIRE(trainer.set(changed(trainer.training(), [](auto& t) { t.loss.kind = LossKind::mse; })));
  CHECK(trainer.step_epoch() == Status::diverged);
  CHECK(difference(trainer.epochs().indices, before.indices) == "");
  CHECK(difference(trainer.epochs().values, before.values) == "");
}
