// What a lab in a frame and the page around it say to each other. Outwards go only heights and answers; inwards, commands
// are heard from the parent alone, and from origins that the frame's address names.

/**
 * Tells the host how high the content is, now and whenever that changes.
 * @param {string} id
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
    tell({ type: 'linreg-lab:resize', id, height: told });
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
