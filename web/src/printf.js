// C's '%f' and '%.4f', as the notebook's print uses them.

/**
 * A number with a fixed number of decimals as C prints it: exact, ties to even, no exponent, `inf` and `nan`.
 * @param {number} value
 * @param {number} decimals at most 20
 */
export function fixed(value, decimals) {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const size = Math.abs(value);
  // toFixed is exact too, but writes an exponent from 1e21 on, and takes the larger neighbour of a tie.
  if (size >= 1e21) return `${sign}${BigInt(size)}${decimals > 0 ? '.' : ''}${'0'.repeat(decimals)}`;
  const text = size.toFixed(decimals);
  return sign + (isTie(size, decimals) && /[13579]$/.test(text) ? below(text) : text);
}

/** Whether the digits that are cut off are 5000... exactly. @param {number} size @param {number} decimals */
function isTie(size, decimals) {
  // A tie is a dyadic fraction whose decimals end right after the 5; 55 further digits tell it from all that is near.
  const digits = size.toFixed(Math.min(100, decimals + 55));
  return /^50*$/.test(digits.slice(digits.indexOf('.') + 1 + decimals));
}

/** The next smaller number with as many decimals. @param {string} text ends in an odd digit */
const below = (text) => text.slice(0, -1) + String(Number(text.slice(-1)) - 1);
