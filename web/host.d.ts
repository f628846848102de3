/** What of Node's globals the engine asks for, since it also runs there. The page is checked against the browser's alone. */
declare var process: { versions?: { node?: string }; cwd(): string } | undefined;

/** A .wasm file as a build inlines it. */
declare module '*.wasm' {
  const base64OfGzip: string;
  export default base64OfGzip;
}

/** What the build tells the service worker of the site: its files, and a name for their content. */
declare const SITE: { version: string; pages: string[]; assets: string[]; simd: string[]; scalar: string[] };

/** A style sheet as text, for a shadow root. */
declare module '*.css' {
  const text: string;
  export default text;
}

interface HTMLElementTagNameMap {
  'linreg-lab': import('./src/lab/element.js').LinregLab;
}
declare var setImmediate: ((callback: () => void) => void) | undefined;
