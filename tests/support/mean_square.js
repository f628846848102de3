// The mean squared error, computed once more for the tests.

/** The mean squared error of a dataset, in float64. @param {number[]} parameters weights, then the bias */
export function meanSquare({ features, labels, n, d }, parameters) {
  let sum = 0;
  for (let i = 0; i < n; ++i) {
    let residual = parameters[d] - labels[i];
    for (let j = 0; j < d; ++j) residual += parameters[j] * features[i * d + j];
    sum += residual * residual;
  }
  return sum / n;
}
