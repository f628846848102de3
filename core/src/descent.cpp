#include "linreg/descent.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "padded_columns.hpp"
#include "tridiagonal.hpp"

namespace linreg {

namespace {

/// The bound's factor on H: where the 2 x 2 matrix of a direction leaves the stable region.
double stiffness(const Descent& descent) noexcept {
  return (descent.nesterov ? 1.0 + 2.0 * descent.momentum : 1.0) / (1.0 + descent.momentum);
}

bool has_batches(const Curvature& curvature, const Descent& descent) noexcept {
  return curvature.n > 0 && descent.batch_size > 0;
}

double batch_rows(const Curvature& curvature, const Descent& descent) noexcept {
  return static_cast<double>(std::min(descent.batch_size, curvature.n));
}

/// From the loss's Hessian to that of a step on a batch: a sum over a batch has batch_size terms, not n.
double per_step(const Curvature& curvature, const Descent& descent) noexcept {
  if (curvature.loss.reduction == Reduction::mean) return 1.0;
  return batch_rows(curvature, descent) / static_cast<double>(curvature.n);
}

/// E[H_B^2] - H^2 is this times the scatter of single rows; 0 for a batch of all rows.
double scatter_of_batch(const Curvature& curvature, double batch) noexcept {
  const double n = static_cast<double>(curvature.n);
  return batch < n ? (n - batch) / ((n - 1.0) * batch) : 0.0;
}

using Matrix2 = std::array<double, 4>;

Matrix2 times(const Matrix2& a, const Matrix2& b) noexcept {
  return {a[0] * b[0] + a[1] * b[2], a[0] * b[1] + a[1] * b[3], a[2] * b[0] + a[3] * b[2], a[2] * b[1] + a[3] * b[3]};
}

/// One step of (error, lr * velocity) along a direction with x = lr * curvature.
Matrix2 step_matrix(double x, const Descent& descent) noexcept {
  const double m = descent.momentum;
  if (descent.nesterov) return {1.0 - x * (1.0 + m), -m * m, x, m};
  return {1.0 - x, -m, x, m};
}

/// The larger size of the eigenvalues.
double spectral_radius(const Matrix2& a) noexcept {
  const double half_trace = 0.5 * (a[0] + a[3]);
  const double determinant = a[0] * a[3] - a[1] * a[2];
  const double discriminant = half_trace * half_trace - determinant;
  return discriminant > 0.0 ? std::abs(half_trace) + std::sqrt(discriminant) : std::sqrt(determinant);
}

/// The share of the bound for equal steps up to which epochs that end with a short step are stable, where gradients are summed.
double share_without_resonance(const Curvature& curvature, const Descent& descent, double bound) {
  constexpr int rates = 1000;
  const double n = static_cast<double>(curvature.n);
  const double batch = batch_rows(curvature, descent);
  const auto is_stable = [&](double lr, double eigenvalue) {
    const auto step = [&](double rows) {
      return step_matrix(lr * (eigenvalue * rows / n + descent.weight_decay), descent);
    };
    Matrix2 epoch = step(static_cast<double>(descent.last_batch));
    Matrix2 power = step(batch);
    for (std::uint64_t left = curvature.n / descent.batch_size; left > 0; left /= 2) {
      if (left % 2 != 0) epoch = times(epoch, power);
      power = times(power, power);
    }
    return spectral_radius(epoch) < 1.0;
  };
  for (int i = 1; i < rates; ++i) {
    const double share = static_cast<double>(i) / rates;
    for (const double eigenvalue : curvature.eigenvalues) {
      if (eigenvalue > 0.0 && !is_stable(share * bound, eigenvalue)) return static_cast<double>(i - 1) / rates;
    }
  }
  return 1.0;
}

/// The stationary variance of the error when every step's gradient has noise of variance 1 (times lr).
double response(double x, const Descent& descent) noexcept {
  const double m = descent.momentum;
  if (!descent.nesterov) return (1.0 + m) / ((1.0 - m) * x * (2.0 * (1.0 + m) - x));
  const double k = 1.0 + 2.0 * m;
  return (1.0 + m + x * m * k) / (x * (1.0 - m + m * x) * (2.0 * (1.0 + m) - k * x));
}

std::optional<double> rate_for(double curvature) noexcept {
  const double rate = 2.0 / curvature;
  return std::isfinite(rate) ? std::optional<double>(rate) : std::nullopt;
}

/// Of an error that changes its sign on the way: after k steps it is at most amplitude * radius^k of what it was.
struct Envelope {
  double amplitude;
  double radius;
};

/// None where both eigenvalues are real and not negative: from rest the error then falls to 0 without changing its sign, as
/// the diagonal's first entry is not below the larger one.
///
/// With D the step matrix less half its trace and r^2 = |D^2|, the matrix's power k is, for the angle t of complex
/// eigenvalues, radius^k (cos kt + sin kt D / r), and with real ones a mixture of their powers, of shares (1 +- D / r) / 2.
/// The error is the first entry, where D has half the difference of the diagonal.
std::optional<Envelope> envelope(const Matrix2& step) noexcept {
  const double half_trace = 0.5 * (step[0] + step[3]);
  const double determinant = step[0] * step[3] - step[1] * step[2];
  const double discriminant = half_trace * half_trace - determinant;
  if (discriminant >= 0.0 && half_trace >= 0.0 && determinant >= 0.0) return std::nullopt;
  const double radius = spectral_radius(step);
  const double r = std::max(std::sqrt(std::abs(discriminant)), 0x1p-26 * radius);  // two equal eigenvalues have r = 0
  const double share = 0.5 * (step[0] - step[3]) / r;
  return Envelope{discriminant < 0.0 ? std::hypot(1.0, share) : std::max(1.0, std::abs(share)), radius};
}

/// A curved direction on the way to the optimum.
struct Mode {
  double curvature;
  double offset;                // the error that weight decay leaves in the end
  double error;                 // the error at the start, less the offset
  std::vector<Matrix2> powers;  // the step matrix to the power 2^i
  Matrix2 reached;              // its power after the steps taken
  std::optional<Envelope> envelope;
};

/// The loss above the optimum's that the directions' errors make.
template <class Error>
double excess_of(const std::vector<Mode>& modes, Error error) {
  double excess = 0.0;
  for (const Mode& mode : modes) {
    const double at = error(mode);
    excess += 0.5 * mode.curvature * at * at;
  }
  return excess;
}

/// The error that a power of the step matrix leaves.
double error_after(const Mode& mode, const Matrix2& power) noexcept { return mode.offset + power[0] * mode.error; }

/// By squaring: std::pow's tables alone are 4 KB of the WebAssembly.
double power_of(double base, std::uint64_t exponent) noexcept {
  double result = 1.0;
  for (; exponent != 0; exponent /= 2, base *= base) {
    if (exponent % 2 != 0) result *= base;
  }
  return result;
}

/// The same, or as much as it may be after that many steps and later.
double bound_after(const Mode& mode, std::uint64_t steps, const Matrix2& power) noexcept {
  // Without an envelope the error moves one way, to the offset: it is never again larger than at either end.
  if (!mode.envelope) return std::max(std::abs(error_after(mode, power)), std::abs(mode.offset));
  const auto [amplitude, radius] = *mode.envelope;
  return std::abs(mode.offset) + amplitude * power_of(radius, steps) * std::abs(mode.error);
}

/// The steps after which the bound of the excess is within what is allowed: one more than the last one beyond, which is
/// found bit by bit from the highest, with powers of the step matrices by squaring.
std::optional<std::uint64_t> steps_of_bound(std::vector<Mode>& modes, double allowed) {
  constexpr std::size_t most_bits = 53;
  const auto is_beyond = [&](std::uint64_t steps, auto power) {
    const auto error = [&](const Mode& mode) { return bound_after(mode, steps, power(mode)); };
    return excess_of(modes, error) > allowed;
  };
  std::size_t bits = 0;
  while (is_beyond(std::uint64_t{1} << bits, [&](const Mode& mode) { return mode.powers[bits]; })) {
    if (++bits == most_bits) return std::nullopt;
    for (Mode& mode : modes) mode.powers.push_back(times(mode.powers.back(), mode.powers.back()));
  }
  std::uint64_t steps = 0;
  while (bits-- > 0) {
    const auto after = [&](const Mode& mode) { return times(mode.reached, mode.powers[bits]); };
    const std::uint64_t further = steps + (std::uint64_t{1} << bits);
    if (!is_beyond(further, after)) continue;
    for (Mode& mode : modes) mode.reached = after(mode);
    steps = further;
  }
  return steps + 1;
}

/// Takes the modes to where they are after that many steps, of which `powers` has the bits.
void go_to(std::vector<Mode>& modes, std::uint64_t steps) {
  for (Mode& mode : modes) {
    mode.reached = {1.0, 0.0, 0.0, 1.0};
    for (std::size_t bit = 0; steps >> bit != 0; ++bit) {
      if ((steps >> bit) % 2 != 0) mode.reached = times(mode.reached, mode.powers[bit]);
    }
  }
}

/// The steps after which the excess stays within what is allowed, given a number after which it does: back from there, in
/// stretches each twice as long as the last. What is beyond the patience for it is answered with the number given.
std::uint64_t steps_to_stay(std::vector<Mode>& modes, double allowed, std::uint64_t enough) {
  const std::uint64_t patience = (std::uint64_t{1} << 20) / modes.size();
  std::uint64_t end = enough;
  for (std::uint64_t stretch = 16; end > 0 && enough - end < patience; stretch *= 2) {
    const std::uint64_t first = end - std::min(end, stretch);
    std::uint64_t stays = first;
    go_to(modes, first);
    for (std::uint64_t step = first; step < end; ++step) {
      if (excess_of(modes, [](const Mode& mode) { return error_after(mode, mode.reached); }) > allowed)
        stays = step + 1;
      for (Mode& mode : modes) mode.reached = times(mode.reached, mode.powers[0]);
    }
    if (stays > first) return stays;
    end = first;
  }
  return end == 0 ? 0 : enough;
}

}  // namespace

std::optional<double> largest_stable_lr(const Curvature& curvature, const Descent& descent) {
  const double largest = curvature.eigenvalues.empty() ? 0.0 : curvature.eigenvalues.back();
  return rate_for(stiffness(descent) * (largest + descent.weight_decay));
}

std::optional<double> mean_square_stable_lr(const Curvature& curvature, const Descent& descent) {
  if (!has_batches(curvature, descent)) return std::nullopt;
  const std::size_t p = curvature.parameters;
  const double scale = per_step(curvature, descent);
  const bool is_mean = curvature.loss.reduction == Reduction::mean;
  const double to_mean = is_mean ? 1.0 : 1.0 / static_cast<double>(curvature.n);
  const double row_scale = scale / to_mean;  // of a step, relative to the mean loss: 1, or the batch's size
  const double scattered_rows =
      is_mean && descent.last_batch > 0 ? static_cast<double>(descent.last_batch) : batch_rows(curvature, descent);
  const double scatter = scatter_of_batch(curvature, scattered_rows) * row_scale * row_scale / (1.0 - descent.momentum);

  // Flat directions are left out: no row has a component along them.
  std::vector<std::size_t> curved;
  std::vector<double> decayed(p);
  for (std::size_t k = 0; k < p; ++k) {
    decayed[k] = scale * curvature.eigenvalues[k] + descent.weight_decay;
    if (curvature.eigenvalues[k] > 0.0) curved.push_back(k);
  }
  const double largest = p == 0 ? 0.0 : decayed.back();
  if (!(largest > 0.0)) return std::nullopt;
  double stiff = stiffness(descent);
  if (curved.empty() || scatter == 0.0) return rate_for(stiff * largest);
  if (!is_mean && descent.last_batch > 0 && descent.momentum > 0.0)
    stiff /= share_without_resonance(curvature, descent, 2.0 / (stiff * largest));

  PaddedColumns bound(curved.size(), curved.size());
  for (std::size_t j = 0; j < curved.size(); ++j) {
    const std::size_t a = curved[j];
    for (std::size_t i = 0; i < curved.size(); ++i) {
      const std::size_t b = curved[i];
      const double root = std::sqrt(decayed[a]) * std::sqrt(decayed[b]);
      bound.column(j)[i] = scatter * curvature.row_squares[a * p + b] / root / largest;
    }
    const double eigenvalue = curvature.eigenvalues[a] * to_mean;
    bound.column(j)[j] += (stiff * decayed[a] - scatter * eigenvalue * eigenvalue / decayed[a]) / largest;
  }
  return rate_for(largest_eigenvalue(bound) * largest);
}

std::optional<double> stationary_excess(const Curvature& curvature, const Descent& descent) {
  if (curvature.loss.kind != LossKind::mse || !has_batches(curvature, descent)) return std::nullopt;
  const double n = static_cast<double>(curvature.n);
  const bool is_mean = curvature.loss.reduction == Reduction::mean;
  const double step_scale = is_mean ? 1.0 : batch_rows(curvature, descent);
  const double scatter = scatter_of_batch(curvature, batch_rows(curvature, descent));
  // With residuals of variance s^2 the scatter of a row's gradient along a direction is 2 s^2 l, the excess l / 2 times the
  // error's variance, and the floor s^2.
  double excess = 0.0;
  for (const double eigenvalue : curvature.eigenvalues) {
    const double l = is_mean ? eigenvalue : eigenvalue / n;
    if (l == 0.0) continue;
    const double x = descent.lr * (step_scale * l + descent.weight_decay);
    if (!(x > 0.0) || !(x * stiffness(descent) < 2.0)) return std::nullopt;
    const double noise = descent.lr * step_scale * l;
    excess += noise * noise * scatter * response(x, descent);
  }
  return std::isfinite(excess) ? std::optional<double>(excess) : std::nullopt;
}

std::optional<double> predicted_steps(const Curvature& curvature, const Descent& descent, std::span<const double> start,
                                      std::span<const double> optimum, double floor, double share) {
  if (!has_batches(curvature, descent)) return std::nullopt;
  const std::size_t p = curvature.parameters;
  if (start.size() != p || optimum.size() != p) return std::nullopt;
  std::vector<Mode> modes;
  for (std::size_t k = 0; k < p; ++k) {
    if (curvature.eigenvalues[k] == 0.0) continue;
    const double l = per_step(curvature, descent) * curvature.eigenvalues[k];
    const double x = descent.lr * (l + descent.weight_decay);
    if (!(x * stiffness(descent) < 2.0)) return std::nullopt;
    double distance = 0.0;
    double target = 0.0;
    for (std::size_t i = 0; i < p; ++i) {
      const double q = curvature.directions[k * p + i];
      distance += q * (start[i] - optimum[i]);
      target += q * optimum[i];
    }
    const double offset = -target * descent.weight_decay / (l + descent.weight_decay);
    const Matrix2 step = step_matrix(x, descent);
    modes.push_back(
        {curvature.eigenvalues[k], offset, distance - offset, {step}, {1.0, 0.0, 0.0, 1.0}, envelope(step)});
  }
  if (modes.empty()) return std::nullopt;

  const double at_start = excess_of(modes, [](const Mode& mode) { return mode.offset + mode.error; });
  const double allowed = share * (floor > 0.0 ? floor : at_start);
  if (excess_of(modes, [](const Mode& mode) { return mode.offset; }) > allowed) return std::nullopt;
  const auto enough = steps_of_bound(modes, allowed);
  if (!enough) return std::nullopt;
  return static_cast<double>(steps_to_stay(modes, allowed, *enough));
}

}  // namespace linreg
