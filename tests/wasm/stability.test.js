// What the lab says of a learning rate, beside what training then does.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Stability } from '../../web/src/lab/stability.js';
import { engines } from '../support/engines.js';

const [engine] = engines;

/** @type {[Record<string, unknown>, string | undefined, 'finished' | 'diverged'][]} options, the notice, how the run ends */
const cases = [
  [{ lr: 0.5 }, undefined, 'finished'],
  [{ lr: 3 }, 'notice.lr_diverges', 'diverged'],
  [{ lr: 0.8, epochs: 1 }, 'notice.lr_unsure', 'finished'],
  [{ lr: 3, loss: 'l1' }, undefined, 'finished'],
  [{ lr: 0.9, loss: 'huber' }, undefined, 'finished'],
  [{ lr: 0.03, reduction: 'sum', weight_decay: 100 }, 'notice.lr_diverges', 'diverged'],
  [{ lr: 3, loss: 'huber', reduction: 'sum', epochs: 30 }, 'notice.lr_overshoots', 'finished'],
  [{ lr: 3, loss: 'huber', weight_decay: 0.66, epochs: 300 }, 'notice.lr_overshoots', 'finished'],
  [{ lr: 3, loss: 'huber', weight_decay: 0.7, epochs: 30 }, 'notice.lr_diverges', 'diverged'],
  [{ lr: 3, loss: 'huber', weight_decay: 0.9, momentum: 0.5, epochs: 300 }, 'notice.lr_overshoots', 'finished'],
  [{ lr: 3, loss: 'huber', weight_decay: 1.1, momentum: 0.5, epochs: 300 }, 'notice.lr_diverges', 'diverged'],
  ...['huber', 'smooth_l1'].flatMap(
    (loss) =>
      /** @type {const} */ ([
        [{ lr: 1.6, loss }, 'notice.lr_may_overshoot', 'finished'],
        [{ lr: 3, loss, epochs: 300 }, 'notice.lr_overshoots', 'finished'],
        [{ lr: 1e20, loss }, 'notice.lr_overshoots', 'finished'],
      ]),
  ),
];

for (const [given, said, end] of cases) {
  test(`${JSON.stringify(given)} is ${said ?? 'not remarked on'}`, async () => {
    const trainer = engine.createTrainer({ seed: 42, ...given });
    const stability = new Stability(() => {});
    await stability.look(trainer, trainer.options);
    assert.deepEqual(
      stability.notices(trainer.options).map(({ text }) => text.key),
      said === undefined ? [] : [said],
    );
    assert.equal(trainer.train(), end);
    trainer.dispose();
  });
}
