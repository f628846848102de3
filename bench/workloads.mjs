// The workloads that are timed, and whose instructions are counted. The true weights are ones.

/**
 * @typedef {object} Workload
 * @property {string} name
 * @property {string} unit what one time is of
 * @property {number} n
 * @property {number} d
 * @property {number} batch_size
 * @property {number} lr
 */

/** @type {Record<'W1' | 'W2' | 'W3' | 'W4', Workload>} */
export const training = {
  W1: { name: 'W1', unit: 'epoch', n: 1000, d: 2, batch_size: 10, lr: 0.03 },
  W2: { name: 'W2', unit: 'epoch', n: 10_000, d: 16, batch_size: 32, lr: 0.01 },
  W3: { name: 'W3', unit: 'epoch', n: 100_000, d: 64, batch_size: 256, lr: 0.005 },
  W4: { name: 'W4', unit: 'step', n: 1_000_000, d: 8, batch_size: 1_000_000, lr: 0.01 },
};

/**
 * The closed form, by QR.
 * @type {{ name: string, unit: string, n: number, d: number, batch_size?: undefined }}
 */
export const closedForm = { name: 'W5', unit: 'QR', n: 100_000, d: 64 };
