// Twofold precision from float64 operations alone: a value is an unevaluated sum hi + lo, good for about 2^-104.
//
// Sources: Dekker, "A floating-point technique for extending the available precision" (1971), for split and two_prod;
// Knuth, TAOCP 2, 4.2.2, for two_sum; Ogita, Rump and Oishi, "Accurate sum and dot product" (2005), for the lazy sums.
// WebAssembly has no fused multiply-add, so products are split. The code relies on -ffp-contract=off and no fast-math.
//
// Range: split overflows above 2^996, and the error of a product is lost below 2^-969. Callers scale their data by powers
// of two to about 1 first, so that neither can happen to a value that matters.
//
// T is double, or f64x2 for two values at once.
#pragma once

namespace linreg {

template <class T>
struct Twofold {
  T hi{};
  T lo{};
};

using DoubleDouble = Twofold<double>;

/// a + b exactly.
template <class T>
inline Twofold<T> two_sum(T a, T b) noexcept {
  const T s = a + b;
  const T t = s - a;
  return {s, (a - (s - t)) + (b - t)};
}

/// a + b exactly, for |a| >= |b| or a = 0.
template <class T>
inline Twofold<T> quick_two_sum(T a, T b) noexcept {
  const T s = a + b;
  return {s, b - (s - a)};
}

/// a as the sum of two numbers of at most 26 bits each.
template <class T>
inline Twofold<T> split(T a) noexcept {
  const T c = 134217729.0 * a;  // 2^27 + 1
  const T hi = c - (c - a);
  return {hi, a - hi};
}

/// a * b exactly, with both factors' halves at hand.
template <class T>
inline Twofold<T> two_prod(T a, Twofold<T> a_halves, T b, Twofold<T> b_halves) noexcept {
  const T p = a * b;
  const T e = ((a_halves.hi * b_halves.hi - p) + a_halves.hi * b_halves.lo + a_halves.lo * b_halves.hi) +
              a_halves.lo * b_halves.lo;
  return {p, e};
}

/// sum += term, carrying the rounding error along in lo. lo is not folded into hi until `normalised`.
template <class T>
inline void add_lazily(Twofold<T>& sum, Twofold<T> term) noexcept {
  const Twofold<T> s = two_sum(sum.hi, term.hi);
  sum.hi = s.hi;
  sum.lo += s.lo + term.lo;
}

template <class T>
inline Twofold<T> normalised(Twofold<T> a) noexcept {
  return two_sum(a.hi, a.lo);
}

inline DoubleDouble operator+(DoubleDouble a, DoubleDouble b) noexcept {
  DoubleDouble s = two_sum(a.hi, b.hi);
  const DoubleDouble t = two_sum(a.lo, b.lo);
  s = quick_two_sum(s.hi, s.lo + t.hi);
  return quick_two_sum(s.hi, s.lo + t.lo);
}

inline DoubleDouble operator-(DoubleDouble a) noexcept { return {-a.hi, -a.lo}; }
inline DoubleDouble operator-(DoubleDouble a, DoubleDouble b) noexcept { return a + -b; }

inline DoubleDouble operator*(DoubleDouble a, DoubleDouble b) noexcept {
  DoubleDouble p = two_prod(a.hi, split(a.hi), b.hi, split(b.hi));
  p.lo += a.hi * b.lo + a.lo * b.hi;
  return quick_two_sum(p.hi, p.lo);
}

}  // namespace linreg
