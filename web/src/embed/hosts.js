// How a lab is written into a page or a book: one table, read by the lab's dialog, by docs/embedding.md and by the tests that
// build the books. What a host is called and what has to be known of it are texts: `host.${id}`, `host.note_${id}`.

import { findOption, formatOption } from '../options.js';

/** Where the files are said to be when that is not known: on a disk, or in a frame without an address. */
export const exampleSite = 'https://example.org/linreg-lab';

/**
 * A lab as an author wants it.
 * @typedef {object} Wanted
 * @property {string} site where the site's files are, without a last slash
 * @property {Readonly<Record<string, string>>} settings names and values, none of them empty, as embed.html and the element take them
 * @property {string} title for those who do not see it
 * @property {number} height of a frame in pixels, before it is told its own
 */

/**
 * @typedef {object} Host
 * @property {string} id
 * @property {string} syntax the language of the snippet, for a code block
 * @property {boolean} [framed] whether the height is the author's to give
 * @property {(wanted: Wanted) => string} write
 */

/** @param {string} text */
const quoted = (text) =>
  `"${text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')}"`;

/** The address of a frame; commas and minus signs stay readable. @param {Wanted} wanted @param {'?' | '#'} mark */
function frameAddress({ site, settings }, mark) {
  const parts = Object.entries(settings).map(
    ([name, value]) => `${name}=${encodeURIComponent(value).replaceAll('%2C', ',')}`,
  );
  return `${site}/embed.html${parts.length > 0 ? mark : ''}${parts.join('&')}`;
}

/** @param {Wanted} wanted */
const frame = (wanted) =>
  `<iframe src=${quoted(frameAddress(wanted, '?'))} title=${quoted(wanted.title)} width="100%" height="${wanted.height}" allow="clipboard-write" loading="lazy" style="border: 0"></iframe>`;

/** A frame that is as high as its content. @param {Wanted} wanted */
const fittedFrame = (wanted) =>
  `${frame(wanted)}\n<script src=${quoted(`${wanted.site}/linreg-lab-host.js`)}></script>`;

/** @param {Wanted} wanted */
const moduleScript = ({ site }) => `<script type="module" src=${quoted(`${site}/linreg-lab.js`)}></script>`;

/** @param {Wanted} wanted */
const classicScript = ({ site }) => `<script defer src=${quoted(`${site}/linreg-lab.classic.js`)}></script>`;

/** @param {Wanted} wanted */
const startTag = ({ settings }) =>
  `<linreg-lab${Object.entries(settings)
    .map(([name, value]) => ` ${name}=${quoted(value)}`)
    .join('')}>`;

/** With a slash at the end of the picture, since EPUB is XML; the link by hash, since HonKit drops a query. @param {Wanted} wanted */
const element = (wanted, script = moduleScript) => `${script(wanted)}
${startTag(wanted)}
  <a href=${quoted(frameAddress(wanted, '#'))}><img src=${quoted(picture(wanted))} alt=${quoted(wanted.title)} width="100%" /></a>
</linreg-lab>`;

/** @param {Wanted} wanted */
const picture = ({ site }) => `${site}/linreg-lab.png`;

/** @param {string} text @param {string} by */
const indented = (text, by) => text.replace(/^(?=.)/gm, by);

/** @type {readonly Host[]} */
export const hosts = Object.freeze([
  {
    id: 'html',
    syntax: 'html',
    write: (wanted) => element(wanted),
  },
  {
    id: 'frame',
    syntax: 'html',
    framed: true,
    write: frame,
  },
  {
    id: 'fitted',
    syntax: 'html',
    framed: true,
    write: fittedFrame,
  },
  {
    id: 'markdown',
    syntax: 'html',
    // An element that HonKit's Markdown knows, or it takes ours for a word in a paragraph.
    write: (wanted) => `<div>\n${element(wanted)}\n</div>`,
  },
  {
    id: 'disk',
    syntax: 'html',
    write: (wanted) => element(wanted, classicScript),
  },
  {
    id: 'pandoc',
    syntax: 'markdown',
    // The picture is pandoc's own, which it fetches for PDF and EPUB; in HTML it stands inside the element.
    write: (wanted) =>
      `\`\`\`{=html}\n${moduleScript(wanted)}\n${startTag(wanted)}\n\`\`\`\n\n[![${wanted.title}](${picture(wanted)}){width=100%}](${frameAddress(wanted, '#')})\n\n\`\`\`{=html}\n</linreg-lab>\n\`\`\``,
  },
  {
    id: 'sphinx',
    syntax: 'rst',
    write: (wanted) =>
      `.. only:: html and not epub\n\n   .. raw:: html\n\n${indented(element(wanted), '      ')}\n\n.. only:: not html or epub\n\n   .. image:: ${picture(wanted)}\n      :alt: ${wanted.title}`,
  },
  {
    id: 'myst_parser',
    syntax: 'markdown',
    write: (wanted) =>
      `\`\`\`\`{only} html and not epub\n\`\`\`{raw} html\n${element(wanted)}\n\`\`\`\n\`\`\`\`\n\n\`\`\`\`{only} not html or epub\n\`\`\`{image} ${picture(wanted)}\n:alt: ${wanted.title}\n\`\`\`\n\`\`\`\``,
  },
  {
    id: 'mystmd',
    syntax: 'markdown',
    write: (wanted) => `\`\`\`{anywidget} ${wanted.site}/anywidget.mjs\n${JSON.stringify(wanted.settings)}\n\`\`\``,
  },
  {
    id: 'jupyter',
    syntax: 'python',
    write: (wanted) => `import anywidget, traitlets

class LinregLab(anywidget.AnyWidget):
    _esm = ${JSON.stringify(`${wanted.site}/anywidget.mjs`)}
${Object.entries({ lr: formatOption(findOption('lr')?.default ?? ''), ...wanted.settings })
  .map(([name, value]) => `    ${name} = traitlets.Unicode(${JSON.stringify(value)}).tag(sync=True)\n`)
  .join('')}    state = traitlets.Dict().tag(sync=True)  # of the run, as an epoch ends or it rests

lab = LinregLab()
lab`,
  },
  {
    id: 'quarto',
    syntax: 'markdown',
    write: (wanted) =>
      `::: {.content-visible when-format="html"}\n\`\`\`{=html}\n${element(wanted)}\n\`\`\`\n:::\n\n::: {.content-visible unless-format="html"}\n![${wanted.title}](${picture(wanted)})\n:::`,
  },
  {
    id: 'docusaurus',
    syntax: 'jsx',
    framed: true,
    write: (wanted) => frame(wanted).replace('style="border: 0"', 'style={{ border: 0 }}'),
  },
]);
