// Numbers that others have printed.
#include <catch2/catch_all.hpp>

#include "support.hpp"

using Catch::Matchers::WithinAbs;
using linreg::Options;
using linreg::Trainer;
using linreg::test::created;

TEST_CASE("the textbook's minibatch at w = 0, b = 0", "[golden]") {
  // "Dive into Deep Learning", linear regression: the first minibatch that the chapter prints.
  Options options;
  options.init = linreg::Init::zeros;
  options.training.shuffle = false;
  const std::vector<double> features{-0.5967, 0.7922,  -0.1097, -1.0611, 0.0799,  1.0233,  -0.0200,
                                     -0.1741, 0.6622,  -2.1335, -0.9626, 1.8821,  -1.0281, 1.1155,
                                     0.2602,  -1.9458, -0.9818, 0.7919,  -0.0602, -0.0865};
  const std::vector<double> labels{0.3087, 7.5849, 0.8756, 4.7293, 12.7844, -4.1238, -1.6422, 11.3344, -0.4484, 4.3572};
  Trainer trainer = created(options, {features, labels, 2, {"x1", "x2"}});
  REQUIRE(trainer.draw());
  REQUIRE(trainer.forward());
  CHECK_THAT(trainer.minibatch().loss, WithinAbs(41.156, 0.0005));
  REQUIRE(trainer.zero_grad());
  REQUIRE(trainer.backward());
  CHECK_THAT(trainer.gradient().weight[0], WithinAbs(-3.2420, 0.00005));
  CHECK_THAT(trainer.gradient().weight[1], WithinAbs(13.4773, 0.00005));
  CHECK_THAT(trainer.gradient().bias, WithinAbs(-7.1520, 0.00005));
}

TEST_CASE("the notebook's third epoch ends near the noise", "[golden]") {
  // 0.01^2 is the noise's variance: what is left of the loss when the weights are right.
  constexpr std::uint64_t seeds = 200;
  int inside = 0;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    Options options;
    options.seed = seed;
    Trainer trainer = created(options);
    CHECK(trainer.train() == linreg::Status::finished);
    const double loss = trainer.epochs().values.back();
    if (loss >= 0.93e-4 && loss <= 1.10e-4) ++inside;
  }
  CHECK(inside >= 190);
}
