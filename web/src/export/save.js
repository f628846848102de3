// A file for the reader to keep. Nothing leaves the page.

const patience = 60_000; // milliseconds that a browser may take to write it

/** @param {Blob} blob @param {string} name */
export function saveFile(blob, name) {
  const href = URL.createObjectURL(blob);
  const link = Object.assign(document.createElement('a'), { href, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(href), patience);
}
