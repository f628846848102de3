#include "linreg/loss.hpp"

#include <catch2/catch_all.hpp>

#include "kernels/kernels.hpp"
#include "random.hpp"
#include "support.hpp"

using Catch::Matchers::WithinAbs;
using linreg::Loss;
using linreg::LossKind;
using linreg::Reduction;
using linreg::Trainer;
using linreg::test::created;

namespace {

constexpr std::size_t n = 40;
constexpr std::size_t d = 3;

/// Features and parameters on a coarse grid: then a loss that is quadratic between two grid points is exact in float32.
struct Grid {
  std::vector<float> records;
  std::vector<float> parameters = std::vector<float>(linreg::parameters_size(d));

  Grid() {
    linreg::test::Random random(5);
    const auto eighths = [&] { return static_cast<float>(random.below(33)) / 8.0F - 2.0F; };
    for (std::size_t i = 0; i < n * (d + 1); ++i) records.push_back(eighths());
    records.resize(records.size() + linreg::load_slack);
    for (std::size_t j = 0; j < d; ++j) parameters[j] = eighths();
    // No residual is within 1/64 of 0 or of delta = 1, where slopes jump.
    parameters[linreg::bias_position(d)] = 1.0F / 128.0F + 0.5F;
  }

  [[nodiscard]] double loss(const Loss& loss, const std::vector<float>& at) const {
    return static_cast<double>(
        linreg::kernels().loss({records.data(), d, n}, {nullptr, n}, at.data(), loss.kind, loss.delta));
  }
};

}  // namespace

TEST_CASE("gradients are the slopes of their losses", "[loss]") {
  const Grid grid;
  constexpr float h = 1.0F / 1024.0F;
  for (const auto kind : linreg::test::all_losses) {
    const Loss loss{kind, Reduction::sum, 1.0};
    std::vector<float> gradient(grid.parameters.size());
    linreg::kernels().gradient({grid.records.data(), d, n}, {nullptr, n}, grid.parameters.data(), kind, loss.delta,
                               1.0F, gradient.data());
    for (std::size_t j = 0; j <= d; ++j) {
      INFO(linreg::loss_names[static_cast<std::size_t>(kind)] << ", parameter " << j);
      const std::size_t k = j < d ? j : linreg::bias_position(d);
      auto up = grid.parameters;
      auto down = grid.parameters;
      up[k] += h;
      down[k] -= h;
      // Central differences of a quadratic have no error but rounding: 2^-24 of the loss over 2 h.
      const double slope = (grid.loss(loss, up) - grid.loss(loss, down)) / (2.0 * static_cast<double>(h));
      const double rounding = grid.loss(loss, grid.parameters) * 0x1p-22 / static_cast<double>(h);
      CHECK_THAT(static_cast<double>(gradient[k]), WithinAbs(slope, rounding));
    }
  }
}

TEST_CASE("losses have their textbook values", "[loss]") {
  // One row, prediction 0: the residual is minus the label.
  const auto loss_at = [](Loss loss, double residual) {
    linreg::Options options;
    options.init = linreg::Init::zeros;
    options.training.loss = loss;
    return created(options, {{1.0}, {-residual}, 1, {"x"}}).loss();
  };
  for (const auto reduction : {Reduction::mean, Reduction::sum}) {
    CHECK(loss_at({LossKind::mse, reduction}, -3.0) == 9.0F);
    CHECK(loss_at({LossKind::l1, reduction}, -3.0) == 3.0F);
    CHECK(loss_at({LossKind::huber, reduction, 2.0}, 1.0) == 0.5F);
    CHECK(loss_at({LossKind::huber, reduction, 2.0}, 2.0) == 2.0F);
    CHECK(loss_at({LossKind::huber, reduction, 2.0}, -3.0) == 4.0F);
    CHECK(loss_at({LossKind::smooth_l1, reduction, 2.0}, 1.0) == 0.25F);
    CHECK(loss_at({LossKind::smooth_l1, reduction, 2.0}, 2.0) == 1.0F);
    CHECK(loss_at({LossKind::smooth_l1, reduction, 2.0}, -3.0) == 2.0F);
  }
}

TEST_CASE("the mean divides by the batch's own size", "[loss]") {
  linreg::Options options = linreg::test::small_options();
  options.training.lr = 0.0;  // the parameters stay, so that both runs meet the same residuals
  for (const auto kind : linreg::test::all_losses) {
    options.training.loss = {kind, Reduction::mean};
    Trainer mean = created(options);
    options.training.loss.reduction = Reduction::sum;
    Trainer sum = created(options);
    for (int batch = 0; batch < 5; ++batch) {
      mean.step_batch();
      sum.step_batch();
      const auto size = static_cast<float>(mean.minibatch().rows.size());
      CHECK(size == (batch < 4 ? 5.0F : 3.0F));
      CHECK(mean.minibatch().loss == sum.minibatch().loss / size);
      for (std::size_t j = 0; j < 2; ++j) {
        CHECK_THAT(mean.gradient().weight[j], Catch::Matchers::WithinRel(sum.gradient().weight[j] / size, 1e-5F));
      }
    }
    CHECK(mean.loss() == sum.loss() / 23.0F);
  }
}
