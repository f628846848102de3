#include "kernels/kernels.hpp"

#include <catch2/catch_all.hpp>
#include <numeric>

#include "kernel_oracle.hpp"
#include "random.hpp"
#include "random_rows.hpp"
#include "support.hpp"

using linreg::available_kernels;
using linreg::Batch;
using linreg::bias_position;
using linreg::Kernels;
using linreg::LossKind;
using linreg::parameters_size;
using linreg::test::all_losses;
using linreg::test::difference;
using linreg::test::exact_of;
using linreg::test::Expected;
using linreg::test::expected_of;
using linreg::test::KernelCall;
using linreg::test::Random;
using linreg::test::RandomRows;
using linreg::test::text;

namespace {

constexpr float poison = std::numeric_limits<float>::quiet_NaN();

/// Empty, or where the table's results differ from what they must be.
std::string wrong(const Kernels& table, const KernelCall& call, const Expected& expected) {
  const std::size_t n = call.batch.count;
  std::vector<float> gradient(parameters_size(call.rows.d), poison);
  const float loss =
      table.gradient(call.rows, call.batch, call.parameters, call.kind, call.delta, call.scale, gradient.data());
  if (auto found = difference(gradient, expected.gradient); !found.empty()) return "gradient" + found;
  if (!linreg::test::same_bits(loss, expected.loss))
    return text("gradient's loss ", loss, " instead of ", expected.loss);

  const float alone = table.loss(call.rows, call.batch, call.parameters, call.kind, call.delta);
  if (!linreg::test::same_bits(alone, expected.loss)) return text("loss ", alone, " instead of ", expected.loss);

  std::vector<float> predictions(n + 1, -7.0F);
  table.predict(call.rows, call.batch, call.parameters, predictions.data());
  if (predictions.back() != -7.0F) return "predict wrote past its end";
  predictions.pop_back();
  if (auto found = difference(predictions, expected.predictions); !found.empty()) return "predict" + found;

  std::vector<float> losses(n);
  std::vector<float> shares(n);
  table.explain(call.rows, call.batch, call.parameters, call.kind, call.delta, call.scale,
                {predictions.data(), losses.data(), shares.data()});
  if (auto found = difference(predictions, expected.predictions); !found.empty())
    return "explain's predictions" + found;
  if (auto found = difference(losses, expected.losses); !found.empty()) return "explain's losses" + found;
  if (auto found = difference(shares, expected.shares); !found.empty()) return "explain's shares" + found;
  return {};
}

/// Empty, or what of the oracle itself is further from float64 than roundings explain.
std::string inexact(const KernelCall& call, const Expected& expected) {
  const auto exact = exact_of(call);
  if (!exact.loss.holds(expected.loss))
    return text("loss ", expected.loss, " is not ", exact.loss.value, " within ", exact.loss.error);
  const std::size_t d = call.rows.d;
  for (std::size_t j = 0; j <= d; ++j) {
    const float got = expected.gradient[j < d ? j : bias_position(d)];
    if (!exact.gradient[j].holds(got)) {
      return text("gradient[", j, "] ", got, " is not ", exact.gradient[j].value, " within ", exact.gradient[j].error);
    }
  }
  return {};
}

/// Every table computes the oracle's bits. Returns how many tables were asked.
std::size_t check_bits(const KernelCall& call, const Expected& expected, const std::string& what = {}) {
  std::size_t asked = 0;
  for (const Kernels* table : available_kernels()) {
    ++asked;
    const std::string found = wrong(*table, call, expected);
    if (found.empty()) continue;
    FAIL_CHECK(table->name << ", " << linreg::loss_names[static_cast<std::size_t>(call.kind)] << ", "
                           << call.batch.count << " x " << call.rows.d << what << ": " << found);
  }
  return asked;
}

/// The same, and the oracle itself holds in float64.
std::size_t check_all_tables(const KernelCall& call) {
  const Expected expected = expected_of(call);
  if (const auto found = inexact(call, expected); !found.empty()) {
    FAIL_CHECK("oracle, " << call.batch.count << " x " << call.rows.d << ": " << found);
  }
  return check_bits(call, expected);
}

/// Steps of a batch of `count` rows each, with every table, against one gradient and update after the other.
void check_steps(const RandomRows& problem, std::size_t count, std::size_t steps, float decay) {
  KernelCall call = problem.call(LossKind::mse, 0.7, true);
  const std::size_t d = call.rows.d;
  call.kind = all_losses[(d + count) % 4];
  call.batch.count = count;
  call.scale = static_cast<float>(1.0 / static_cast<double>(count));
  const linreg::Sgd sgd{.lr = 0.125, .weight_decay = static_cast<double>(decay)};
  std::vector<float> expected(call.parameters, call.parameters + parameters_size(d));
  std::vector<float> losses;
  std::vector<float> path;
  for (std::size_t i = 0; i < steps; ++i) {
    KernelCall step = call;
    step.batch.order += i * count;
    step.parameters = expected.data();
    const Expected terms = expected_of(step);
    losses.push_back(terms.loss);
    std::vector<float> next(expected.size());
    linreg::OptimizerState state;
    linreg::step(sgd, state, expected, terms.gradient, next);
    expected = next;
    path.insert(path.end(), next.begin(), next.end());
  }
  for (const Kernels* table : available_kernels()) {
    INFO(table->name << ", " << steps << " batches of " << count << ", d = " << d << ", weight_decay " << decay);
    std::vector<float> parameters(call.parameters, call.parameters + parameters_size(d));
    std::vector<float> got(steps, poison);
    const linreg::SgdTerms terms{call.kind, call.delta, call.scale, 0.125F, decay};
    CHECK(table->sgd(call.rows, call.batch, terms, parameters.data(), got, nullptr) == steps);
    CHECK(difference(parameters, expected) == "");
    CHECK(difference(got, losses) == "");

    std::copy_n(call.parameters, parameters.size(), parameters.begin());
    std::vector<float> passed(path.size(), poison);
    CHECK(table->sgd(call.rows, call.batch, terms, parameters.data(), got, passed.data()) == steps);
    CHECK(difference(passed, path) == "");
  }
}

std::vector<std::size_t> widths() {
  std::vector<std::size_t> all(20);
  std::iota(all.begin(), all.end(), 1U);
  for (const std::size_t d : {31U, 32U, 33U, 64U, 255U, 256U}) all.push_back(d);
  return all;
}

}  // namespace

TEST_CASE("the tables have names of their own, and one of them is in use", "[kernels]") {
  const auto tables = available_kernels();
  REQUIRE_FALSE(tables.empty());
  CHECK(&linreg::kernels() == tables.back());
  for (std::size_t i = 0; i < tables.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) CHECK(tables[i]->name != tables[j]->name);
    const linreg::test::UsingKernels guard(*tables[i]);
    CHECK(&linreg::kernels() == tables[i]);
  }
  CHECK(&linreg::kernels() == tables.back());
}

TEST_CASE("every table computes the oracle's bits: short batches", "[kernels]") {
  // Every loss, records at every address modulo 16 bytes, in the rows' own order and in another.
  std::size_t asked = 0;
  for (const std::size_t d : widths()) {
    for (const std::size_t n : {1U, 3U, 4U, 5U, 7U, 8U, 9U, 15U, 16U, 17U, 31U, 32U, 33U}) {
      for (std::size_t variant = 0; variant < 8; ++variant) {
        const RandomRows problem(n * 1000 + d, n, d, variant / 2);
        const auto kind = all_losses[(n + d + variant) % 4];
        asked += check_all_tables(problem.call(kind, 0.7, variant % 2 == 1));
        if (d <= 20 && variant < 2) {
          for (const auto other : all_losses) asked += check_all_tables(problem.call(other, 0.7, variant % 2 == 1));
        }
      }
    }
  }
  CHECK(asked == (26 * 13 * 8 + 20 * 13 * 2 * 4) * available_kernels().size());
}

TEST_CASE("every table computes the oracle's bits: long batches", "[kernels]") {
  std::size_t asked = 0;
  for (const std::size_t d : widths()) {
    for (const std::size_t n : {63U, 64U, 65U, 100U, 1000U}) {
      const RandomRows problem(n * 1000 + d, n, d, (n + d) % 4);
      for (const auto kind : all_losses) asked += check_all_tables(problem.call(kind, 0.7, (n + d) % 2 == 0));
    }
    for (const std::size_t n : {4095U, 4096U, 4097U, 10000U, 33000U}) {
      if (n > linreg::long_batch && d > 5) continue;
      const RandomRows problem(n * 1000 + d, n, d, (n + d / 2) % 4);
      for (const auto kind : all_losses) {
        const bool ordered = n > linreg::long_batch || d % 2 == 0;
        if (d <= 8 || kind == all_losses[(n + d) % 4]) asked += check_all_tables(problem.call(kind, 0.7, ordered));
      }
    }
  }
  CHECK(asked == (26 * 5 * 4 + 5 * 5 * 4 + 3 * 4 * 4 + 18 * 4) * available_kernels().size());
}

TEST_CASE("long batches in storage order have the same bits with every table, near the exact ones", "[kernels]") {
  for (const std::size_t d : {1U, 2U, 3U, 4U, 5U, 7U, 8U, 9U, 16U, 33U, 256U}) {
    for (const std::size_t n : {32769U, 32771U, 36864U, 36865U}) {
      if (n > 32771 && d > 9) continue;
      const RandomRows problem(n + d, n, d, d % 4);
      for (const auto kind : all_losses) {
        const KernelCall call = problem.call(kind, 0.7, false);
        const auto gradient = [&](const Kernels& table) {
          Expected got;
          got.gradient.resize(parameters_size(d), poison);
          got.loss =
              table.gradient(call.rows, call.batch, call.parameters, kind, call.delta, call.scale, got.gradient.data());
          return got;
        };
        const Expected first = gradient(*available_kernels().front());
        INFO(linreg::loss_names[static_cast<std::size_t>(kind)] << ", " << n << " x " << d);
        CHECK(inexact(call, first) == "");
        for (std::size_t j = d; j < parameters_size(d); ++j)
          CHECK((j == bias_position(d) || first.gradient[j] == 0.0F));
        for (const Kernels* table : available_kernels()) {
          const Expected got = gradient(*table);
          CHECK(difference(got.gradient, first.gradient) == "");
          CHECK(difference(std::array{got.loss}, std::array{first.loss}) == "");
          const float loss = table->loss(call.rows, call.batch, call.parameters, kind, call.delta);
          CHECK(difference(std::array{loss}, std::array{first.loss}) == "");
        }
      }
    }
  }
}

TEST_CASE("values of very different sizes keep the order of summation", "[kernels]") {
  std::size_t asked = 0;
  for (const std::size_t d : {1U, 2U, 3U, 5U, 8U, 33U}) {
    for (const std::size_t n : {3U, 10U, 33U, 257U, 5000U}) {
      RandomRows problem(n + d, n, d);
      Random random(n * d);
      for (std::size_t i = 0; i < n; ++i)
        problem.label(i) *= static_cast<float>(std::exp2(40.0 * random.uniform() - 20.0));
      for (const auto kind : all_losses) asked += check_all_tables(problem.call(kind, 3.0, true));
    }
  }
  CHECK(asked == 6 * 5 * 4 * available_kernels().size());
}

TEST_CASE("sums of any length are tensor.sum()'s", "[kernels]") {
  // With no weights, MSE and a scale of 1/2 every row's share is its residual, so the bias's gradient is their sum.
  constexpr std::size_t largest = 1 << 20;
  RandomRows problem(1, largest + 1, 1);
  problem.clear_parameters();
  problem.sort_order();
  std::vector<float> residuals(largest + 1);
  for (std::size_t i = 0; i <= largest; ++i) residuals[i] = -problem.label(i);

  std::vector<std::size_t> sizes(1100);
  std::iota(sizes.begin(), sizes.end(), 1U);
  for (std::size_t n = 1101; n < 10000; n += 97) sizes.push_back(n);
  for (const std::size_t n :
       {8191U, 8192U, 8193U, 131071U, 131072U, 131073U, 131104U, 999999U, 1000000U, 1048575U, 1048576U, 1048577U}) {
    sizes.push_back(n);
  }
  std::size_t asked = 0;
  for (const std::size_t n : sizes) {
    KernelCall call = problem.call(LossKind::mse, 1.0, true);
    call.batch.count = n;
    const float expected = linreg::test::tensor_sum(std::span(residuals).first(n));
    for (const Kernels* table : available_kernels()) {
      ++asked;
      std::vector<float> gradient(parameters_size(1));
      table->gradient(call.rows, call.batch, call.parameters, call.kind, call.delta, 0.5F, gradient.data());
      if (gradient[bias_position(1)] != expected)
        FAIL_CHECK(table->name << ", " << n << " values: " << gradient[bias_position(1)]);
    }
  }
  CHECK(asked == (1100 + 92 + 12) * available_kernels().size());
}

TEST_CASE("residuals at delta and beside it", "[kernels]") {
  // 0.1 rounds up to float32, 0.7 rounds down, 0.5 and 1 are exact. 21 rows: a whole sixteen and a rest.
  constexpr std::size_t n = 21;
  RandomRows problem(1, n, 2);
  problem.clear_parameters();
  std::size_t asked = 0;
  for (const double delta : {0.5, 1.0, 0.1, 0.7, 0.3, 1.7, 0.9, 2.6, 1e-30, 1e30}) {
    const auto narrow = static_cast<float>(delta);
    for (const float size :
         {0.0F, narrow, std::nextafter(narrow, 0.0F), std::nextafter(narrow, 3e38F), 0.5F * narrow, 2.0F * narrow}) {
      for (const float residual : {size, -size}) {
        for (std::size_t i = 0; i < n; ++i) problem.label(i) = -residual;
        for (const auto kind : all_losses) {
          KernelCall call = problem.call(kind, delta, false);
          for (const float scale : {1.0F, 1.0F / 3.0F, 1.0F / 7.0F, 1.0F / 21.0F, 0.1F}) {
            call.scale = scale;
            asked += check_bits(call, expected_of(call), text(", delta ", delta, ", residual ", residual));
          }
        }
      }
    }
  }
  CHECK(asked == 10 * 6 * 2 * 4 * 5 * available_kernels().size());
}

TEST_CASE("L1's slope at 0 is 0", "[kernels]") {
  RandomRows problem(1, 20, 3);
  problem.clear_parameters();
  for (std::size_t i = 0; i < 20; ++i) problem.label(i) = i % 2 == 0 ? 0.0F : -0.0F;
  for (const Kernels* table : available_kernels()) {
    const KernelCall call = problem.call(LossKind::l1, 1.0, false);
    std::vector<float> gradient(parameters_size(3), poison);
    CHECK(table->gradient(call.rows, call.batch, call.parameters, call.kind, call.delta, 1.0F, gradient.data()) ==
          0.0F);
    CHECK(std::ranges::all_of(gradient, [](float g) { return g == 0.0F; }));
  }
}

TEST_CASE("fused steps are gradients followed by SGD's update", "[kernels]") {
  for (const std::size_t d : {1U, 2U, 3U, 4U, 5U, 8U, 9U, 33U, 256U}) {
    for (const std::size_t count : {1U, 2U, 3U, 4U, 5U, 10U, 16U, 21U, 33U}) {
      constexpr std::size_t steps = 7;
      const RandomRows problem(d * 100 + count, steps * count, d, count % 4);
      for (const float decay : {0.0F, 0.01F}) check_steps(problem, count, steps, decay);
    }
  }
}

TEST_CASE("records that the caches do not hold, which are read ahead, change no bit", "[kernels]") {
  for (const std::size_t d : {8U, 15U, 16U, 17U, 64U, 129U, 256U}) {
    const std::size_t n = (std::size_t{1} << 18) / (d + 1) + 1;
    const RandomRows problem(d, n, d, d % 4);
    for (const std::size_t count : {1U, 10U, 33U, 127U, 300U}) check_steps(problem, count, 300 / count + 2, 0.0F);
  }
}

TEST_CASE("fused steps stop before one that is not finite", "[kernels]") {
  constexpr std::size_t count = 5;
  for (const bool huge_lr : {false, true}) {
    RandomRows problem(3, 4 * count, 2);
    KernelCall call = problem.call(LossKind::mse, 1.0, true);
    call.batch.count = count;
    const std::uint32_t row = call.batch.order[2 * count];  // of the third batch
    if (!huge_lr) problem.label(row) = 3e38F;               // whose square overflows
    for (const Kernels* table : available_kernels()) {
      INFO(table->name);
      std::vector<float> parameters(call.parameters, call.parameters + parameters_size(2));
      std::vector<float> losses(4);
      const std::size_t done =
          table->sgd(call.rows, call.batch, {LossKind::mse, 1.0, 0.2F, huge_lr ? 3e38F : 0.01F, 0.0F},
                     parameters.data(), losses, nullptr);
      CHECK(done <= 2);
      CHECK(std::ranges::all_of(parameters, [](float p) { return std::isfinite(p); }));
      std::vector<float> again(call.parameters, call.parameters + parameters_size(2));
      table->sgd(call.rows, call.batch, {LossKind::mse, 1.0, 0.2F, huge_lr ? 3e38F : 0.01F, 0.0F}, again.data(),
                 std::span(losses).first(done), nullptr);
      CHECK(difference(parameters, again) == "");
    }
  }
}

TEST_CASE("what is not finite shows in the loss", "[kernels]") {
  for (const float bad : {std::numeric_limits<float>::infinity(), poison, 3e38F}) {
    for (const std::size_t n : {1U, 5U, 16U, 33U}) {
      RandomRows problem(1, n, 2);
      problem.label(n - 1) = bad;
      for (const auto kind : {LossKind::mse, LossKind::l1}) {
        const KernelCall call = problem.call(kind, 1.0, false);
        for (const Kernels* table : available_kernels()) {
          const float loss = table->loss(call.rows, call.batch, call.parameters, call.kind, call.delta);
          CHECK(std::isfinite(loss) == (bad == 3e38F && kind == LossKind::l1));
        }
      }
    }
  }
}
