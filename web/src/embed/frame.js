// What a lab in a frame and the page around it say to each other. Outwards go only heights and answers; inwards, commands
// are heard from the parent alone, and from origins that the frame's address names.

import { describe, mustBe, oneOf } from '../errors.js';

/**
 * Tells the host how high the content is, now and whenever that changes.
 * @param {() => string} id
 */
export function reportHeight(id) {
  const host = window.parent;
  if (host === window) return;
  let told = 0;
  const height = () => Math.ceil(document.body.getBoundingClientRect().height);
  /** @param {unknown} message */
  const tell = (message) => host.postMessage(message, '*'); // a height is no secret
  const h5p = (/** @type {string} */ action) =>
    tell({ context: 'h5p', action, scrollHeight: height(), clientHeight: height(), height: height() });

  const report = () => {
    told = height();
    h5p('prepareResize');
    tell(JSON.stringify({ src: location.href, context: 'iframe.resize', height: told })); // Embedly
    tell({ subject: 'lti.frameResize', height: told }); // Canvas
    // Last, so that hosts which take any message for theirs (Observable reads .height) end with this one.
    tell({ type: 'linreg-lab:resize', id: id(), height: told });
  };
  new ResizeObserver(() => height() !== told && report()).observe(document.body);
  h5p('hello');

  addEventListener('message', ({ source, data }) => {
    if (source !== host || typeof data !== 'object' || data === null) return;
    if (data.type === 'linreg-lab:hello') report(); // from a host whose script came after the frame
    if (data.context !== 'h5p') return;
    if (data.action === 'hello' || data.action === 'resize') report();
    if (data.action === 'ready') h5p('hello');
    if (data.action === 'resizePrepared') h5p('resize');
  });
}

/** What a host may ask of the lab. */
const commands = /** @type {const} */ ([
  'train',
  'pause',
  'step',
  'rewind',
  'reset',
  'getState',
  'setState',
  'exportAs',
]);

/**
 * Does what the host asks: { type: 'linreg-lab:command', command: 'train', argument, request } is answered, at its origin
 * alone, by { type: 'linreg-lab:answer', id, request, value } or, refused, with an `error`.
 * @param {import('../lab/element.js').LinregLab} lab
 * @param {() => { id: string, origins: string[] }} settings the origins that may ask
 */
export function obeyHost(lab, settings) {
  const methods = /** @type {Record<string, (argument: unknown) => unknown>} */ (/** @type {unknown} */ (lab));
  addEventListener('message', async ({ source, origin, data }) => {
    const { id, origins } = settings();
    if (source !== window.parent || source === window || !origins.includes(origin)) return;
    if (data?.type !== 'linreg-lab:command') return;
    const { request } = data;
    const answer = (/** @type {object} */ what) =>
      window.parent.postMessage({ type: 'linreg-lab:answer', id, request, ...what }, origin);
    try {
      const command = commands.find((name) => name === data.command);
      if (command === undefined) throw unknownCommand(data.command);
      answer({ value: await methods[command]?.call(lab, data.argument) });
    } catch (error) {
      const { name, code, field, value, range, message, hint } = /** @type {import('../errors.js').LinregError} */ (
        error
      );
      answer({ error: { name, code, field, value, range, message, hint } });
    }
  });
}

/** @param {unknown} given */
const unknownCommand = (given) => mustBe('invalid_option', 'command', oneOf(commands), describe(given));
