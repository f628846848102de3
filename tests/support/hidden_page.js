// What the lab asks of a page, as a hidden one has it: no animation frames, so timers and messages drive it.
Object.assign(globalThis, {
  window: globalThis,
  requestAnimationFrame: () => 1,
  cancelAnimationFrame: () => {},
  document: { hidden: true },
});
