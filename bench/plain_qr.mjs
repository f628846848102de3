// Least squares by Householder QR in plain JavaScript, float64, column by column.

/**
 * The weights and, last, the bias. Works on a copy.
 * @param {Float64Array} features n * d, row by row @param {Float64Array} labels @param {number} d
 */
export function plainLeastSquares(features, labels, d) {
  const n = labels.length;
  const columns = Array.from({ length: d + 1 }, (_, j) => {
    const column = new Float64Array(n);
    for (let i = 0; i < n; ++i) column[i] = j < d ? features[i * d + j] : 1;
    return column;
  });
  const y = Float64Array.from(labels);
  const diagonal = new Float64Array(d + 1);
  for (let k = 0; k <= d; ++k) {
    const v = columns[k];
    let square = 0;
    for (let i = k; i < n; ++i) square += v[i] * v[i];
    const alpha = v[k] > 0 ? -Math.sqrt(square) : Math.sqrt(square);
    diagonal[k] = alpha;
    const scale = 1 / (alpha * (alpha - v[k])); // 2 / |v|^2 once v[k] is replaced
    v[k] -= alpha;
    for (let j = k + 1; j <= d + 1; ++j) {
      const column = j <= d ? columns[j] : y;
      let dot = 0;
      for (let i = k; i < n; ++i) dot += v[i] * column[i];
      dot *= scale;
      for (let i = k; i < n; ++i) column[i] -= dot * v[i];
    }
  }
  const solution = new Float64Array(d + 1);
  for (let k = d; k >= 0; --k) {
    let rest = y[k];
    for (let j = k + 1; j <= d; ++j) rest -= columns[j][k] * solution[j];
    solution[k] = rest / diagonal[k];
  }
  return solution;
}
