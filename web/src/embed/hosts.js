// How a lab is written into a page or a book: one table, read by the tests that build the books and by docs/embedding.md.

/**
 * A lab as an author wants it.
 * @typedef {object} Wanted
 * @property {string} site where the site's files are, without a last slash
 * @property {Readonly<Record<string, string>>} settings names and values, as embed.html and the element take them
 * @property {string} title for those who do not see it
 * @property {number} height of a frame in pixels, before it is told its own
 */

/**
 * @typedef {object} Host
 * @property {string} id
 * @property {string} name
 * @property {string} syntax the language of the snippet, for a code block
 * @property {string} note what has to be known
 * @property {(wanted: Wanted) => string} write
 */

/** @param {string} text */
const quoted = (text) =>
  `"${text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')}"`;

/** The address of a frame; commas and minus signs stay readable. @param {Wanted} wanted */
function frameAddress({ site, settings }) {
  const query = Object.entries(settings).map(([name, value]) =>
    value === '' ? name : `${name}=${encodeURIComponent(value).replaceAll('%2C', ',')}`,
  );
  return `${site}/embed.html${query.length > 0 ? '?' : ''}${query.join('&')}`;
}

/** @param {Wanted} wanted */
const frame = (wanted) =>
  `<iframe src=${quoted(frameAddress(wanted))} title=${quoted(wanted.title)} width="100%" height="${wanted.height}" loading="lazy" style="border: 0"></iframe>`;

/** A frame that is as high as its content. @param {Wanted} wanted */
const fittedFrame = (wanted) =>
  `${frame(wanted)}\n<script src=${quoted(`${wanted.site}/linreg-lab-host.js`)}></script>`;

/** @param {Wanted} wanted */
function element(wanted) {
  const attributes = Object.entries(wanted.settings).map(([name, value]) =>
    value === '' ? ` ${name}` : ` ${name}=${quoted(value)}`,
  );
  return `<script type="module" src=${quoted(`${wanted.site}/linreg-lab.js`)}></script>
<linreg-lab${attributes.join('')}>
  <a href=${quoted(frameAddress(wanted))}><img src=${quoted(picture(wanted))} alt=${quoted(wanted.title)} width="100%" /></a>
</linreg-lab>`;
}

/** @param {Wanted} wanted */
const picture = ({ site }) => `${site}/linreg-lab.png`;

/** @param {string} text @param {string} by */
const indented = (text, by) => text.replace(/^(?=.)/gm, by);

/** @type {readonly Host[]} */
export const hosts = Object.freeze([
  {
    id: 'html',
    name: 'A page of HTML',
    syntax: 'html',
    note: 'What stands inside the element is seen where scripts do not run.',
    write: element,
  },
  {
    id: 'frame',
    name: 'A frame: Moodle, Canvas and wherever scripts are stripped',
    syntax: 'html',
    note: 'Canvas resizes the frame by itself; elsewhere choose a height that fits.',
    write: frame,
  },
  {
    id: 'fitted',
    name: 'A frame that is as high as its content',
    syntax: 'html',
    note: 'The script serves all frames of the page; where it may not run, the given height stays.',
    write: fittedFrame,
  },
  {
    id: 'markdown',
    name: 'Markdown that keeps HTML: mdBook, HonKit, Hugo',
    syntax: 'html',
    note: 'Hugo keeps it with `markup.goldmark.renderer.unsafe = true`. mdBook’s print page joins the chapters, which does no harm.',
    write: element,
  },
  {
    id: 'pandoc',
    name: 'Pandoc and bookdown',
    syntax: 'markdown',
    note: 'PDF gets the picture, and so do readers of EPUB that run no scripts.',
    write: (wanted) =>
      `\`\`\`{=html}\n${element(wanted)}\n\`\`\`\n\n\`\`\`{=latex}\n\\includegraphics[width=\\linewidth]{${picture(wanted)}}\n\`\`\``,
  },
  {
    id: 'sphinx',
    name: 'Sphinx (reStructuredText)',
    syntax: 'rst',
    note: 'List the folder of the site’s files in `html_extra_path`. Other formats get the picture.',
    write: (wanted) =>
      `.. only:: html\n\n   .. raw:: html\n\n${indented(element(wanted), '      ')}\n\n.. only:: not html\n\n   .. image:: ${picture(wanted)}\n      :alt: ${wanted.title}`,
  },
  {
    id: 'myst-parser',
    name: 'MyST-Parser and Jupyter Book 1',
    syntax: 'markdown',
    note: 'As in Sphinx.',
    write: (wanted) =>
      `\`\`\`\`{only} html\n\`\`\`{raw} html\n${element(wanted)}\n\`\`\`\n\`\`\`\`\n\n\`\`\`\`{only} not html\n\`\`\`{image} ${picture(wanted)}\n:alt: ${wanted.title}\n\`\`\`\n\`\`\`\``,
  },
  {
    id: 'mystmd',
    name: 'mystmd and Jupyter Book 2',
    syntax: 'markdown',
    note: 'It drops scripts, elements of one’s own and the height of a frame. As a widget the lab has its own height; the settings are JSON.',
    write: ({ site, settings }) =>
      `\`\`\`{anywidget} ${site}/anywidget.mjs\n${JSON.stringify(Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, value === '' ? true : value])))}\n\`\`\``,
  },
  {
    id: 'quarto',
    name: 'Quarto',
    syntax: 'markdown',
    note: 'Raw HTML has to stand in a block that only HTML shows.',
    write: (wanted) =>
      `::: {.content-visible when-format="html"}\n\`\`\`{=html}\n${element(wanted)}\n\`\`\`\n:::\n\n::: {.content-visible unless-format="html"}\n![${wanted.title}](${picture(wanted)})\n:::`,
  },
  {
    id: 'docusaurus',
    name: 'Docusaurus and other MDX',
    syntax: 'jsx',
    note: 'Put the site’s files below `static/`; MDX wants its styles as an object.',
    write: (wanted) => frame(wanted).replace('style="border: 0"', 'style={{ border: 0 }}'),
  },
]);
