// The compressed forms that servers send. Many files are in several places of the distribution, and brotli is slow: so
// the same bytes are compressed once.
import { createHash } from 'node:crypto';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** @param {(content: Buffer) => Buffer} compress @returns {(content: Buffer) => Buffer} */
function once(compress) {
  /** @type {Map<string, Buffer>} */
  const made = new Map();
  return (content) => {
    const key = createHash('sha256').update(content).digest('base64');
    const result = made.get(key) ?? compress(content);
    made.set(key, result);
    return result;
  };
}

export const gzip = once((content) => gzipSync(content, { level: 9 }));

export const brotli = once((content) =>
  brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }),
);
