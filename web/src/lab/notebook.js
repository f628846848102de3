// The notebook's cells as PyTorch code for the present options. In a line,
//   {{name}}    is the option's value: a control on the page, a literal when copied
//   <<...>>     is an argument that is only copied if its option differs from the default
// and a cell's last line may be an expression, whose value a notebook shows.

import { findOption, formatOption, optionTable } from '../options.js';
import { findMade } from '../data/made.js';
import { choiceCode } from './choice_code.js';

/** @import { Translate } from '../i18n/index.js' */
/** @import { OptionName, Options } from '../options.js' */
/** @import { Phase } from '../trainer.js' */
/** @import { NamedSource } from '../data/sources.js' */
/** @import { Lab } from './lab.js' */

/**
 * @typedef {object} Context
 * @property {Options} options
 * @property {NamedSource} source
 * @property {NonNullable<import('../data/sources.js').RealData['moved']>} moved rows whose label was moved since, and where to
 * @property {boolean} forgets whether zero_grad is left out
 * @property {boolean} altered whether the run was changed on its way
 * @property {Translate} t
 * @property {number} d
 */
/** @typedef {{ id: string, lines: (context: Context) => string[], shows?: boolean }} Cell `shows`: the last line's value is the output */

const mostMoved = 12; // labels that are listed

/** @type {readonly Cell[]} */
export const cells = Object.freeze([
  { id: 'data', lines: (context) => sourceLines(context) },
  { id: 'loader', lines: loaderLines },
  { id: 'peek', lines: () => ['next(iter(data_iter))'], shows: true },
  {
    id: 'net',
    lines: ({ d }) => [
      'from torch import nn',
      '',
      `net = nn.Sequential(nn.Linear(${d}, 1))`,
      'net[0].weight.data, net[0].bias.data',
    ],
    shows: true,
  },
  { id: 'init', lines: initLines, shows: true },
  { id: 'loss', lines: ({ options }) => [lossLine(options)] },
  { id: 'optimizer', lines: ({ options }) => [optimizerLine(options)] },
  {
    id: 'train',
    lines: ({ altered, t }) => [
      ...(altered ? [`# ${t('code.altered')}`] : []),
      'num_epochs = {{epochs}}',
      'for epoch in range(num_epochs):',
      '    for X, y in data_iter:',
      '        l = loss(net(X), y)',
      '        trainer.zero_grad()',
      '        l.backward()',
      '        trainer.step()',
      '    l = loss(net(features), labels)',
      "    print(f'epoch {epoch + 1}, loss {l:f}')",
    ],
  },
  { id: 'errors', lines: (context) => (context.source === 'synthetic' ? errorLines(context) : unitsLines(context)) },
]);

/** The lines of a step's phases in the cell 'train'. @type {Readonly<Record<Phase, string>>} */
export const phaseLines = Object.freeze({
  draw: 'for X, y in data_iter:',
  forward: 'l = loss(net(X), y)',
  zero_grad: 'trainer.zero_grad()',
  backward: 'l.backward()',
  step: 'trainer.step()',
});

/** What the code of a lab's run depends on. @param {Lab} lab @param {Translate} t @returns {Context} */
export function contextOf({ options, base, edited, forgetsZeroGrad: forgets, altered, data }, t) {
  const d = data?.d ?? options.true_w.length;
  return { options, source: base, moved: edited?.moved ?? [], forgets, altered, t, d };
}

/** @param {Context} context */
function sourceLines(context) {
  if (context.source === 'synthetic') return syntheticLines(context);
  return context.source === 'cars' ? carsLines(context) : madeLines(context);
}

/** The labels that were moved, as long as they are few. @param {Context} context @param {(row: number) => string} place */
function movedLines({ moved, t }, place) {
  if (moved.length > mostMoved) return [`# ${t('code.moved_unlisted')}`];
  return moved.map(
    ([row, y], i) => `${place(row)} = ${pythonNumber(String(y))}${i === 0 ? `  # ${t('code.moved')}` : ''}`,
  );
}

/** @param {Context} context */
function syntheticLines(context) {
  const { options, t } = context;
  // torch.tensor of whole numbers alone would hold integers.
  const type = options.true_w.every(Number.isInteger) ? ', dtype=torch.float32' : '';
  return [
    'import torch',
    'from torch.utils import data',
    '',
    'torch.manual_seed({{seed}})',
    '',
    'def synthetic_data(w, b, num_examples):',
    `    """${t('code.synthetic_data')}"""`,
    '    X = torch.normal(0, 1, (num_examples, len(w)))',
    '    y = torch.matmul(X, w) + b',
    '    y += torch.normal(0, {{noise}}, y.shape)',
    '    return X, y.reshape((-1, 1))',
    '',
    `true_w = torch.tensor([{{true_w}}]${type})`,
    'true_b = {{true_b}}',
    'features, labels = synthetic_data(true_w, true_b, {{n}})',
    ...movedLines(context, (row) => `labels[${row}]`),
  ];
}

/** @param {Context} context */
function carsLines(context) {
  const { t } = context;
  return [
    'import torch',
    'from torch.utils import data',
    'from vega_datasets import data as vega',
    '',
    'torch.manual_seed({{seed}})',
    '',
    `# ${t('code.cars')}`,
    "columns = ['Horsepower', 'Weight_in_lbs', 'Miles_per_Gallon']",
    // pandas hands out its columns one after the other, and such a tensor's sums are rounded in another order.
    'cars = torch.tensor(vega.cars()[columns].dropna().to_numpy(), dtype=torch.float64).contiguous()',
    ...movedLines(context, (row) => `cars[${row}, 2]`),
    'mean, deviation = cars.mean(0), cars.std(0, unbiased=False)',
    'standardize = {{standardize}}',
    'if standardize:',
    '    cars = (cars - mean) / deviation',
    'features, labels = cars[:, :2].float(), cars[:, 2:].float()',
  ];
}

/** Small data sets of plain arithmetic. @param {Context} context */
function madeLines(context) {
  const { source, t } = context;
  const { n, names, python } = /** @type {import('../data/made.js').MadeData} */ (findMade(source));
  const d = names.length;
  return [
    'import torch',
    'from torch.utils import data',
    '',
    'torch.manual_seed({{seed}})',
    '',
    `# ${t(`code.${source}`)}`,
    `i = torch.arange(${n}, dtype=torch.float64)`,
    ...python,
    `table = torch.stack([${names.join(', ')}, y], dim=1)`,
    ...movedLines(context, (row) => `table[${row}, ${d}]`),
    'mean, deviation = table.mean(0), table.std(0, unbiased=False)',
    'standardize = {{standardize}}',
    'if standardize:',
    '    table = (table - mean) / deviation',
    `features, labels = table[:, :${d}].float(), table[:, ${d}:].float()`,
  ];
}

/** @param {Context} context */
function loaderLines({ t }) {
  return [
    'def load_array(data_arrays, batch_size, is_train=True):',
    `    """${t('code.load_array')}"""`,
    '    dataset = data.TensorDataset(*data_arrays)',
    '    return data.DataLoader(dataset, batch_size, shuffle=is_train<<, drop_last={{drop_last}}>>)',
    '',
    'batch_size = {{batch_size}}',
    'data_iter = load_array((features, labels), batch_size<<, is_train={{shuffle}}>>)',
  ];
}

/** @param {Context} context */
function initLines({ options: { init } }) {
  const show = 'net[0].weight.data, net[0].bias.data';
  if (init === 'default') return ['# net[0].weight, net[0].bias: {{init}}', show];
  const argument = init === 'normal' ? '0, {{init_std}}' : '0';
  return [`net[0].weight.data.{{init}}(${argument})`, 'net[0].bias.data.fill_(0)', show];
}

/** @param {Options} options */
function lossLine({ loss }) {
  if (loss === 'huber') return 'loss = nn.{{loss}}(delta={{delta}}<<, reduction={{reduction}}>>)';
  if (loss === 'smooth_l1') return 'loss = nn.{{loss}}(beta={{delta}}<<, reduction={{reduction}}>>)';
  return 'loss = nn.{{loss}}(<<reduction={{reduction}}>>)';
}

/** @param {Options} options */
function optimizerLine({ optimizer }) {
  const velocity = optimizer === 'sgd' ? '<<, momentum={{momentum}}>><<, nesterov={{nesterov}}>>' : '';
  return `trainer = torch.optim.{{optimizer}}(net.parameters(), lr={{lr}}${velocity}<<, weight_decay={{weight_decay}}>>)`;
}

/** @param {Context} context */
function errorLines({ t }) {
  return [
    'w = net[0].weight.data',
    `print(${pythonText(t('code.error_w'))}, true_w - w.reshape(true_w.shape))`,
    'b = net[0].bias.data',
    `print(${pythonText(t('code.error_b'))}, true_b - b)`,
  ];
}

/** @param {Context} context */
function unitsLines({ t, d }) {
  return [
    'w, b = net[0].weight.data.reshape(-1).double(), net[0].bias.data.double()',
    'if standardize:',
    `    w = w * deviation[${d}] / deviation[:${d}]`,
    `    b = b * deviation[${d}] + mean[${d}] - w @ mean[:${d}]`,
    `print(${pythonText(t('code.units_w'))}, w.float())`,
    `print(${pythonText(t('code.units_b'))}, b.float())`,
  ];
}

/** A text as a Python literal. @param {string} text */
const pythonText = (text) => `'${text.replaceAll(/['\\]/g, '\\$&')}'`;

/** One piece of a line. @typedef {{ text: string } | { option: OptionName }} Piece */

/**
 * A line's pieces. `optional` pieces belong to an argument that only counts if its option differs from the default.
 * @param {string} line
 * @returns {{ optional: boolean, pieces: Piece[] }[]}
 */
export function parseLine(line) {
  return line
    .split(/(<<.*?>>)/)
    .filter((part) => part !== '')
    .map((part) => {
      const optional = part.startsWith('<<');
      return { optional, pieces: parsePieces(optional ? part.slice(2, -2) : part) };
    });
}

/** @param {string} text @returns {Piece[]} */
function parsePieces(text) {
  return text
    .split(/(\{\{\w+\}\})/)
    .filter((part) => part !== '')
    .map((part) =>
      part.startsWith('{{') ? { option: /** @type {OptionName} */ (part.slice(2, -2)) } : { text: part },
    );
}

/** @param {Piece[]} pieces @param {Options} options whether one of the pieces' options differs from the notebook's */
export function differs(pieces, options) {
  return pieces.some(
    (piece) => 'option' in piece && formatOption(options[piece.option]) !== defaultTexts.get(piece.option),
  );
}

/** @type {Map<string, string>} */
const defaultTexts = new Map(optionTable.map((entry) => [entry.name, formatOption(entry.default)]));

/**
 * An option's value as a Python literal.
 * @param {OptionName} name @param {Context} context
 */
export function pythonValue(name, { options, t }) {
  const value = options[name];
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return choiceCode[name]?.[value] ?? t(`code.init_${value}`);
  if (findOption(name)?.kind === 'integer') return String(BigInt(Number(value))); // 1e18 would be a float
  return pythonNumber(formatOption(value));
}

/** Of a whole number that is too long Python makes an integer, which PyTorch refuses. @param {string} text of one or several */
function pythonNumber(text) {
  return text.replaceAll(/(?<![\d.])\d{17,}(?![\d.])/g, (digits) => Number(digits).toExponential());
}

/**
 * A cell's code as text to copy.
 * @param {Cell} cell @param {Context} context
 */
export function cellCode(cell, context) {
  const code = (/** @type {Piece} */ piece) => ('text' in piece ? piece.text : pythonValue(piece.option, context));
  const lines = cell.lines(context).map((line) =>
    parseLine(line)
      .filter(({ optional, pieces }) => !optional || differs(pieces, context.options))
      .map(({ pieces }) => pieces.map(code).join(''))
      .join(''),
  );
  const text = lines.join('\n');
  return context.forgets ? text.replace(phaseLines.zero_grad, '# $&') : text;
}

/** @param {Context} context */
const hasMinibatch = ({ options: { drop_last, batch_size, n } }) => !drop_last || batch_size <= n;

/**
 * The whole notebook as a script that also runs by itself: what a notebook would show, it prints.
 * @param {Context} context
 */
export function scriptCode(context) {
  const parts = cells.map((cell) => {
    const lines = cellCode(cell, context).split('\n');
    const last = lines.pop() ?? '';
    // A loader of no minibatch raises StopIteration in its own cell, and here it must not end the script.
    const shown = cell.id === 'peek' && !hasMinibatch(context) ? last.replace(/\)$/, ', None)') : last;
    return [...lines, cell.shows ? `print(${shown})` : last].join('\n');
  });
  return `${parts.join('\n\n')}\n`;
}
