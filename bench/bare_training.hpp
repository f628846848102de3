// What a trainer's epoch is without the trainer: the same kernels, shuffle and updates; no history, no checkpoints.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "kernels/kernels.hpp"
#include "linreg/data_loader.hpp"
#include "linreg/generator.hpp"
#include "linreg/trainer.hpp"

namespace linreg::bench {

class BareTraining {
 public:
  /// The data of a trainer with MSE's mean and plain SGD; from weights of 0, with a shuffle of its own seed.
  BareTraining(const Trainer& trainer, std::size_t d, std::size_t batch_size, double lr)
      : d_(d), n_(trainer.labels().size()), batch_size_(batch_size), lr_(static_cast<float>(lr)), loader_(n_) {
    const auto features = trainer.features();
    const auto labels = trainer.labels();
    for (std::size_t i = 0; i < n_; ++i) {
      std::copy_n(&features[i * d], d, &records_[i * (d + 1)]);
      records_[i * (d + 1) + d] = labels[i];
    }
  }

  void epoch() {
    const Kernels& table = kernels();
    loader_.begin(generator_, true);
    const auto order = loader_.order();
    const Rows rows{records_.data(), d_, n_};
    table.sgd(rows, {order.data(), batch_size_}, terms(batch_size_), parameters_.data(), losses_, nullptr);
    if (const std::size_t rest = n_ % batch_size_; rest != 0) {
      table.sgd(rows, {order.data() + n_ - rest, rest}, terms(rest), parameters_.data(), last_, nullptr);
    }
  }

  [[nodiscard]] std::span<const float> weight() const noexcept { return {parameters_.data(), d_}; }

 private:
  [[nodiscard]] SgdTerms terms(std::size_t count) const noexcept {
    return {LossKind::mse, 1.0, 1.0F / static_cast<float>(count), lr_, 0.0F};
  }

  std::size_t d_;
  std::size_t n_;
  std::size_t batch_size_;
  float lr_;
  DataLoader loader_;
  Generator generator_{0};
  std::vector<float> records_ = std::vector<float>(n_ * (d_ + 1) + load_slack);
  std::vector<float> parameters_ = std::vector<float>(parameters_size(d_));
  std::vector<float> losses_ = std::vector<float>(n_ / batch_size_);
  std::vector<float> last_ = std::vector<float>(n_ % batch_size_ != 0 ? 1 : 0);
};

}  // namespace linreg::bench
