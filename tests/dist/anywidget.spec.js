// The widget for notebooks: what passes between it and a kernel’s model.
import { expect, openElement as open, test } from './support.js';

test('a widget’s model sets the lab up, and gets the state of its run', async ({ page, serve }) => {
  await open(page, serve, '<div id="cell"></div>');
  const told = await page.evaluate(async () => {
    const { default: widget } = await import('./anywidget.mjs');
    const values = { seed: 42, true_w: [2, -3.4], readonly: 'false', shuffle: false, autoplay: false, lr: 0.03 };
    const listeners = {};
    const saved = [];
    const model = {
      get: (name) => values[name],
      set: (name, value) => (values[name] = value),
      save_changes: () => saved.push(values.state.step),
      on: (event, call) => (listeners[event] = call),
      off: (event) => delete listeners[event],
    };
    const end = widget.render({ model, el: document.querySelector('#cell') });
    const lab = document.querySelector('#cell linreg-lab');
    const set = [lab.readonly, lab.shuffle, lab.autoplay];
    values.lr = 0.1;
    listeners['change:lr']();
    await new Promise((resolve) => lab.addEventListener('linreg-ready', resolve));
    await lab.train();
    const pause = () => new Promise((resolve) => setTimeout(resolve, 1000));
    await pause();
    const { status } = values.state;
    await lab.rewind(10);
    await pause();
    end();
    return { lr: values.state.options.lr, steps: [saved.includes(300), saved.at(-1)], status, left: Object.keys(listeners).length, set };
  }); // prettier-ignore
  expect(told).toEqual({ lr: 0.1, steps: [true, 10], status: 'finished', left: 0, set: [false, false, false] });
  await expect(page.locator('#cell')).toBeEmpty();
});

test('a kernel hears of a playing run once a second, and of where it rests', async ({ page, serve }) => {
  await open(page, serve, '<div id="cell"></div>');
  const told = await page.evaluate(async () => {
    const { default: widget } = await import('./anywidget.mjs');
    const values = { seed: 42, n: 10, batch_size: 10, epochs: 1000000 };
    const saved = [];
    const set = (name, value) => (values[name] = value);
    const save_changes = () => lab.lab.playing && saved.push(performance.now());
    widget.render({ model: { get: (name) => values[name], set, save_changes }, el: document.querySelector('#cell') });
    const lab = document.querySelector('#cell linreg-lab');
    await new Promise((resolve) => lab.addEventListener('linreg-ready', resolve));
    const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
    lab.train();
    await pause(3300);
    lab.pause();
    const { step } = lab.getState();
    await pause(1500);
    const gaps = saved.slice(1).map((time, i) => time - saved[i]);
    return { between: gaps.every((gap) => gap > 500), times: saved.length > 2, last: values.state.step === step };
  }); // prettier-ignore
  expect(told).toEqual({ between: true, times: true, last: true });
});

test('a kernel hears of where a slow run was paused, and of what was changed since', async ({ page, serve }) => {
  await open(page, serve, '<div id="cell"></div>');
  const told = await page.evaluate(async () => {
    const { default: widget } = await import('./anywidget.mjs');
    const values = { seed: 42 };
    const model = { get: (name) => values[name], set: (name, value) => (values[name] = value), save_changes() {} };
    widget.render({ model, el: document.querySelector('#cell') });
    const lab = document.querySelector('#cell linreg-lab');
    await new Promise((resolve) => lab.addEventListener('linreg-ready', resolve));
    const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
    const train = lab.train({ speed: 'slow' });
    await pause(1000);
    lab.pause();
    await train;
    await pause(700);
    const paused = values.state.step === lab.lab.step && lab.lab.step > 0;
    lab.lab.change('lr', '0.5');
    await pause(700);
    return { paused, lr: values.state.options.lr };
  }); // prettier-ignore
  expect(told).toEqual({ paused: true, lr: 0.5 });
});

test('a kernel hears the last lines of a long run while it plays, and all of them at rest', async ({ page, serve }) => {
  await open(page, serve, '<div id="cell"></div>');
  const told = await page.evaluate(async () => {
    const { default: widget } = await import('./anywidget.mjs');
    const values = { seed: 42, n: 10, batch_size: 10, epochs: 1000000 };
    const playing = [];
    const set = (name, value) => {
      values[name] = value;
      if (lab.lab.playing) playing.push(value.log);
    };
    widget.render({ model: { get: (name) => values[name], set, save_changes() {} }, el: document.querySelector('#cell') });
    const lab = document.querySelector('#cell linreg-lab');
    await new Promise((resolve) => lab.addEventListener('linreg-ready', resolve));
    lab.train();
    await new Promise((resolve) => setTimeout(resolve, 2500));
    const epochs = lab.getState().epoch;
    lab.pause();
    await new Promise((resolve) => setTimeout(resolve, 700));
    const [line] = playing.at(-1).slice(-1);
    return {
      few: playing.length > 0 && playing.every(({ length }) => length <= 100),
      last: epochs > 1000 && Number(/epoch (\d+),/.exec(line)?.[1]) > 100,
      all: values.state.log.length > 100,
    };
  }); // prettier-ignore
  expect(told).toEqual({ few: true, last: true, all: true });
});
