// Writes docs/embedding.md from the table of hosts, so that what is documented is what is tested.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sources } from '../web/src/data/sources.js';
import { exampleSite, hosts } from '../web/src/embed/hosts.js';
import { speeds } from '../web/src/lab/pace.js';
import { messages, say } from '../web/src/messages.js';
import { formatOption, optionTable } from '../web/src/options.js';
import { statuses } from '../web/src/trainer.js';

/** @param {readonly string[]} names */
const listed = (names) => names.map((name) => `\`${name}\``).join(', ');

const root = fileURLToPath(new URL('../', import.meta.url));

/** The page's text. */
export function embeddingPage() {
  const settings = { seed: '42', lr: '0.03', view: 'loss,fit' };
  const wanted = { site: exampleSite, settings, title: 'Minibatch SGD at work', height: 900 };
  /** @type {Record<string, string>} */
  const texts = JSON.parse(readFileSync(join(root, 'web/src/i18n/en.json'), 'utf8'));
  /** What is called something in the texts. @param {string} prefix */
  const called = (prefix) =>
    Object.keys(texts).flatMap((key) => (key.startsWith(prefix) ? key.slice(prefix.length) : []));
  const sections = hosts.map(
    ({ id, syntax, write }) =>
      `### ${texts[`host.${id}`]}\n\n${texts[`host.note_${id}`]}\n\n\`\`\`\`\`${syntax}\n${write(wanted)}\n\`\`\`\`\`\n`,
  );
  /** @type {Record<string, string>} */
  const without = { seed: 'at random', standardize: '`false`; `true` for the cars' };
  const options = optionTable.map(
    ({ name, default: value, range }) =>
      `| \`${name}\` | ${without[name] ?? `\`${formatOption(value)}\``} | ${say(messages, range)} |`,
  );
  const sheet = readFileSync(join(root, 'web/src/styles/tokens.css'), 'utf8');
  const tokens = [...new Set(Array.from(sheet.matchAll(/^ +--([\w-]+):/gm), ([, name]) => `--linreg-${name}`))];
  const script = readFileSync(join(root, 'web/src/embed/host.js'), 'utf8');
  return `<!-- Written by tools/write-docs.mjs: change that, or what it reads. -->

# Embedding a lab

\`./dev dist\` makes the files: put the folder \`build/dist/site\` on any static host and write its address in place of
\`${exampleSite}\`. Hosts other than your own need the header \`Access-Control-Allow-Origin: *\` with these files;
[nginx.conf](nginx.conf) and the \`serve.json\` in the folder send it.

## Settings

The same names are attributes of the element, parts of a frame's address (\`embed.html?lr=0.03#theme=dark\`; where both say
something, the hash counts), and entries of the widget's model. A number that is too large becomes the largest allowed,
where there is one, and a step beyond the last one the last; what cannot be read or used, a list with a bad number in it too, is
left out. One notice names both.

| name | value |
|---|---|
| an option | see below |
| \`data\` | ${listed(sources)}; what synthetic data are made of has no meaning for others |
| \`step\` | the step to begin at |
| \`view\` | the views shown, as \`loss,fit\`, of ${listed(called('view.'))} |
| \`hide\` | options to leave out, and parts: ${listed(called('part.'))} |
| \`readonly\` | the run can be played, not set up; \`readonly="false"\` is as if it were not there |
| \`autoplay\` | a run that has not begun runs by itself, unless the reader wants less motion; \`"false"\` as above |
| \`theme\` | \`auto\`, \`light\`, \`dark\` |
| \`lang\` | \`en\`, \`zh-CN\`; else that of the page around, else the reader's |
| \`id\` | frames only: comes back in the messages to the host; letters, digits, \`_\` and \`-\`, at most 64 |
| \`origins\` | frames only: at most 8 origins, with commas, that may send it commands |

| option | without it | what it may be |
|---|---|---|
${options.join('\n')}

\`beta\` is another name of \`delta\`, as SmoothL1 has it; d is how many numbers \`true_w\` has. The engine and \`setState\` take seed 0
where none is given.

## The element by script

The attributes are properties too: \`element.lr = 0.1\` writes the attribute, and reading reads what the attributes set the run up
with: for one that is left out, what takes its place, as in the run. What the run has now is \`getState().options\`. \`view\` and
\`hide\` take lists or text with commas; \`view\` reads the views that are shown. \`element.step = 7\` writes the attribute, though read
it is the method.

The same attributes set up the same run, in whatever order they came. One that changes changes the run as the reader would, and
whatever it makes usable or useless beside it. Several at once, or one that the reader's own settings are in the way of, begin the
run that all of them describe; so do those that changed while the element was in no page, when it is put back. A seed that no
attribute gives is chosen at random, once, and stays. An attribute that is written as it was changes nothing.

\`await element.train({ speed: 'fast' })\`, \`pause()\`, \`await step('phase' | 'batch' | 'epoch')\`, \`await rewind(step)\`, \`reset()\`,
\`getState()\`, \`await setState({ options, data, step, status })\`, \`exportAs('link' | 'python' | 'json')\`. What is refused throws the engine's
\`LinregError\`, whose \`code\`, \`field\`, \`value\` and \`range\` say what and why, and changes nothing. \`rewind\` and \`setState\` refuse a
step beyond the run's last one; at the end \`step()\` changes nothing and \`train()\` begins anew. A run that diverges on its way to a
step ends there, and the state's \`status\` says so. What another method overtakes, \`reset()\` among them, throws \`invalid_state\`, as
do all but \`pause()\` and \`reset()\` while the element is in no page; \`pause()\` ends \`train()\` as the run's end does. Speeds are
${listed(speeds)}.

A state is \`{ options, data, step, altered, epoch, status, weight, bias, log }\`, its status \`loading\`, ${listed(statuses)}.
\`setState(getState())\` leads to the same step and status, bit for bit, as the link does. What was done of a step phase by phase is
not kept; nor does a link keep that a run without any step is over. Where an option was changed in mid-run, or a label moved,
options and data alone do not lead there: the state then says \`altered: true\`, and it and the link begin the run with these
options, and the data as they were, at step 0.

Its events bubble out of any shadow. All but \`step\` have come when the promise of a method is fulfilled.

| event | when | \`detail\` |
|---|---|---|
| \`linreg-ready\` | a run is there, and again for every new one | \`step\`, \`status\` |
| \`step\` | the run has moved; once a frame at most, so maybe after \`done\` | \`step\`, \`epoch\`, \`loss\`, \`weight\`, \`bias\` |
| \`epoch\` | each epoch that the run's history keeps, all where they are not many thousands | \`epoch\`, \`loss\` |
| \`done\` | the run is finished | \`step\`, \`epoch\` |
| \`diverge\` | it has diverged | \`step\`, \`epoch\`, \`lr\` |
| \`error\` | the engine cannot be loaded or fails, or there is no room for the run; what a method is refused with, it throws | the \`LinregError\` |

Its tokens can be set: ${listed(tokens)}. \`::part(transport)\` and the like reach its parts.

## Where it goes

${sections.join('\n')}
## What a frame tells its host

\`{ type: 'linreg-lab:resize', id, height }\` whenever its content's height changes; the same height in the shapes that Embedly, Canvas
(\`lti.frameResize\`), H5P and Observable listen to. The host's side is \`linreg-lab-host.js\`:

\`\`\`js
${script.trim()}
\`\`\`

From the origins that its address names (\`embed.html?origins=https://book.example\`), and from its parent alone, a frame also takes
\`{ type: 'linreg-lab:command', command: 'train', argument, request }\`, the element's methods by name, and answers
\`{ type: 'linreg-lab:answer', id, request, value }\`, or an \`error\` with its \`code\`, \`field\`, \`value\`, \`range\`, \`message\` and
\`hint\`, to that origin.

## Where something is missing

| what | what the reader gets |
|---|---|
| no scripts, or the lab's script is not found | what stands inside the element: the picture, with a link |
| the page's policy lacks \`'wasm-unsafe-eval'\`, or the engine is not found | a notice that says which, Retry, and what stands inside the element |
| \`sandbox="allow-scripts"\` | all but files; add \`allow-downloads\` for them, else the lab says that none may come |
| a sandboxed frame, or another site's page, and no \`Access-Control-Allow-Origin\` | the picture; the frame says why, with the picture and a link to the lesson in one file, set up alike |
| the site opened from a disk | a link to the lesson in one file, which needs no server; a page of one's own takes \`linreg-lab.classic.js\` |
| no SIMD, a wrong type for the WebAssembly, no storage, another version on the page, Trusted Types | the lab, with the same numbers |
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(join(root, 'docs/embedding.md'), embeddingPage());
