// Which keys are the lab's.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { actionOf } from '../../web/src/lab/keys.js';

test('a key means something to the lab, and nothing with a key that makes it the browser’s', () => {
  const target = { closest: () => null, matches: () => false };
  const press = (/** @type {object} */ how) =>
    actionOf(/** @type {any} */ ({ key: 'p', composedPath: () => [target], target, ...how }));
  assert.equal(press({}), 'pin');
  for (const held of ['ctrlKey', 'metaKey', 'altKey']) assert.equal(press({ [held]: true }), undefined, held);
});
