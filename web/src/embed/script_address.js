// Where a classic script came from, which only it can tell, and only while it starts: for builds without import.meta.
const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);
export const scriptAddress = script?.src || document.baseURI;
