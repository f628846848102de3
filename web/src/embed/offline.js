// Keeps the site for offline use. Only the site's own build has this: it needs service_worker.js beside its pages.

const isPage = /^https?:$/.test(location.protocol) && window === window.top;

if (isPage && 'serviceWorker' in navigator) {
  // What the page itself needs goes first.
  if (document.readyState === 'complete') register();
  else addEventListener('load', register);
}

async function register() {
  try {
    await navigator.serviceWorker.register(trusted(new URL('service_worker.js', document.baseURI).href));
  } catch {
    // Private windows and some hosts refuse; the lesson then works online only.
  }
}

/**
 * An address of a script, as a page that requires Trusted Types takes it. There is one such script.
 * @param {string} address
 * @returns {string}
 */
function trusted(address) {
  const { trustedTypes } = /** @type {{ trustedTypes?: TrustedTypes }} */ (/** @type {unknown} */ (globalThis));
  return (
    trustedTypes?.createPolicy('linreg-lab-offline', { createScriptURL: () => address }).createScriptURL('') ?? address
  );
}

/** @typedef {{ createPolicy(name: string, rules: { createScriptURL: () => string }): { createScriptURL(given: string): string } }} TrustedTypes */
