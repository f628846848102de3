// Tensors are printed as torch prints them.
import assert from 'node:assert/strict';
import test from 'node:test';
import { tensorText } from '../../web/src/lab/tensor.js';
import pytorch from '../fixtures/pytorch.json' with { type: 'json' };

for (const { shape, scale, text } of pytorch.tensors) {
  test(`${shape.join(' x ')}, in steps of ${scale}`, () => {
    const length = shape.reduce((a, b) => a * b, 1);
    const values = Float32Array.from({ length }, (_, i) => (((i * 7919) % 10007) - 5003) * scale + 0); // no -0
    assert.equal(tensorText(values, shape), text);
  });
}
