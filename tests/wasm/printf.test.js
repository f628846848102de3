// fixed() prints what C prints.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { fixed } from '../../web/src/printf.js';

/** C's '%.*f' by exact arithmetic: a float64 is an integer times a power of two. @param {number} value @param {number} decimals */
function exact(value, decimals) {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & ((1n << 52n) - 1n);
  const mantissa = exponent === 0 ? fraction : fraction | (1n << 52n);
  const shift = BigInt(Math.max(exponent, 1) - 1075);
  let numerator = mantissa * 10n ** BigInt(decimals);
  let denominator = 1n;
  if (shift >= 0n) numerator <<= shift;
  else denominator <<= -shift;
  let quotient = numerator / denominator;
  const twice = 2n * (numerator % denominator);
  if (twice > denominator || (twice === denominator && quotient % 2n === 1n)) quotient += 1n;
  const digits = quotient.toString().padStart(decimals + 1, '0');
  const text = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  return (bits >> 63n === 1n ? '-' : '') + text;
}

test('printed by C', () => {
  /** @type {[number, number, string][]} printf("%.*f", decimals, value) of glibc */
  const table = [
    [0, 6, '0.000000'],
    [-0, 6, '-0.000000'],
    [0.00035277119604870677, 6, '0.000353'],
    [0.5, 0, '0'],
    [1.5, 0, '2'],
    [2.5, 0, '2'],
    [0.125, 2, '0.12'],
    [0.375, 2, '0.38'],
    [0.00048828125, 10, '0.0004882812'],
    [1.005, 2, '1.00'],
    [-1e-9, 4, '-0.0000'],
    [999999.9999996, 6, '1000000.000000'],
    [1e21, 6, '1000000000000000000000.000000'],
    [1.7976931348623157e308, 1, `${BigInt(1.7976931348623157e308)}.0`],
    [5e-324, 6, '0.000000'],
    [340282346638528859811704183484516925440, 6, '340282346638528859811704183484516925440.000000'],
    [NaN, 6, 'nan'],
    [Infinity, 6, 'inf'],
    [-Infinity, 6, '-inf'],
  ];
  for (const [value, decimals, expected] of table) assert.equal(fixed(value, decimals), expected);
});

test('ties go to the even neighbour', () => {
  for (let decimals = 0; decimals <= 20; ++decimals) {
    for (const odd of [1, 3, 5, 7, 9, 11, 13, 195, 2047, 99999]) {
      for (let places = 1; places <= decimals + 3; ++places) {
        for (const value of [odd / 2 ** places, -odd / 2 ** places, odd / 2 ** places + 2 ** -40]) {
          assert.equal(fixed(value, decimals), exact(value, decimals), `${value} to ${decimals}`);
        }
      }
    }
  }
});

test('numbers of all sizes', () => {
  let state = 1n;
  const word = () => (state = BigInt.asUintN(64, state * 6364136223846793005n + 1442695040888963407n));
  const view = new DataView(new ArrayBuffer(8));
  for (let i = 0; i < 20_000; ++i) {
    word();
    view.setBigUint64(0, word() ^ (state >> 29n));
    const any = view.getFloat64(0);
    const usual = Math.fround((view.getUint32(0) / 2 ** 32 - 0.5) * 10 ** ((view.getUint8(7) % 12) - 6));
    if (Number.isFinite(any)) assert.equal(fixed(any, i % 21), exact(any, i % 21), `${any} to ${i % 21}`);
    assert.equal(fixed(usual, 6), exact(usual, 6), `${usual}`);
    assert.equal(fixed(usual, 4), exact(usual, 4), `${usual}`);
  }
});
