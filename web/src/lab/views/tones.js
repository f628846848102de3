// What a mark stands for decides how it looks. Colours are Okabe and Ito's, darkened where a light page would swallow
// them: every mark stands out from the page by 3 to 1. No two tones of a picture differ by colour alone, but also by
// dash, shape or kind.

/** @typedef {'disc' | 'ring' | 'square' | 'diamond' | 'cross' | 'triangle'} Shape */

/**
 * @typedef {object} Style
 * @property {string} light on a light page, on paper and in files
 * @property {string} dark on a dark page
 * @property {number} width of lines, in pixels
 * @property {number[]} dash
 * @property {Shape} shape of points
 * @property {number} radius of points, in pixels
 * @property {number} alpha
 * @property {boolean} marked whether lines carry the shape too, for those that cannot be told apart by dashes
 */

/** @param {string} light @param {string} dark @param {Partial<Style>} [rest] @returns {Readonly<Style>} */
const style = (light, dark, rest = {}) =>
  Object.freeze({ light, dark, width: 1.5, dash: [], shape: 'disc', radius: 3, alpha: 1, marked: false, ...rest });

/** @type {(rest?: Partial<Style>) => Readonly<Style>} */
const blue = (rest) => style('#0072b2', '#56b4e9', rest);
/** @type {(rest?: Partial<Style>) => Readonly<Style>} */
const vermilion = (rest) => style('#d55e00', '#f08a3c', rest);
/** @type {(rest?: Partial<Style>) => Readonly<Style>} */
const green = (rest) => style('#00805d', '#2fc79b', rest);
/** @type {(rest?: Partial<Style>) => Readonly<Style>} */
const purple = (rest) => style('#a8527f', '#dd93bb', rest);
/** @type {(rest?: Partial<Style>) => Readonly<Style>} */
const orange = (rest) => style('#b87a00', '#e69f00', rest);
/** @type {(rest?: Partial<Style>) => Readonly<Style>} */
const sky = (rest) => style('#3285b8', '#56b4e9', rest);
/** @type {(rest?: Partial<Style>) => Readonly<Style>} */
const black = (rest) => style('#1f2328', '#e6e3dc', rest);
/** @type {(rest?: Partial<Style>) => Readonly<Style>} */
const grey = (rest) => style('#5c636b', '#a3a9b0', rest);
/** A pinned run's. @param {typeof blue} colour @param {Shape} shape @param {number[]} dash */
const pin = (colour, shape, dash) => colour({ dash, shape, radius: 4, marked: true });

/** A further tone is one line here. */
export const tones = Object.freeze({
  // the data and the model
  data: blue({ width: 1, radius: 2.4, alpha: 0.75 }),
  own: blue({ shape: 'ring', radius: 6, width: 2 }), // the row that the reader holds
  batch: black({ shape: 'ring', radius: 4.5, width: 1.5 }), // rows of the current minibatch
  fit: vermilion({ width: 2.5, shape: 'square', radius: 1.8, alpha: 0.9 }),
  plane: vermilion({ width: 1, alpha: 0.85 }),
  ideal: black({ dash: [6, 4] }),
  truth: green({ width: 2, dash: [8, 3, 2, 3], shape: 'diamond', radius: 5 }),
  optimum: green({ width: 2, dash: [8, 4], shape: 'cross', radius: 5 }), // the least-squares solution
  residual: purple({ width: 1, alpha: 0.75 }),
  square: purple({ width: 1, alpha: 0.75 }),
  frame: grey({ width: 1, alpha: 0.7 }), // the edges of a space
  note: grey({}), // words in a picture

  // the loss
  minibatch: sky({ width: 1, alpha: 0.9, radius: 1 }),
  epoch: vermilion({ dash: [2, 3], shape: 'diamond', radius: 5 }),
  noise: purple({ dash: [2, 3] }),
  floor: green({ dash: [8, 4] }),

  // the plane of two parameters
  contour: grey({ width: 0.75, alpha: 0.7 }),
  path: black({ width: 1, alpha: 0.8, radius: 1.5 }),
  now: vermilion({ radius: 5 }),
  gradient: vermilion({ width: 2.25 }), // of the current minibatch
  full_gradient: blue({ width: 2.25, dash: [6, 3] }), // of all data
  next: black({ width: 2, dash: [2, 3] }), // the step to come
  stable: green({ dash: [4, 3] }),
  bar: green({ width: 4, alpha: 0.8 }), // what the rate needs of a valley
  overshoot: vermilion({ width: 4, alpha: 0.85, dash: [5, 3] }), // more than it has

  // pinned runs
  pin1: pin(orange, 'square', [10, 3]),
  pin2: pin(green, 'triangle', [6, 2, 2, 2]),
  pin3: pin(purple, 'cross', [3, 3]),
  pin4: pin(blue, 'ring', [12, 3, 3, 3]),
  pin5: pin(black, 'diamond', [1, 3]),
  pin6: pin(grey, 'disc', [8, 2, 2, 2, 2, 2]),

  // a sweep
  sweep: blue({ width: 1.5, radius: 4.5 }),
  diverged: vermilion({ shape: 'triangle', radius: 6 }),

  cursor: black({ width: 1, shape: 'ring', radius: 5 }),
});

/** @typedef {keyof typeof tones} Tone */

/** @typedef {'light' | 'dark'} Scheme */

/**
 * The colours that are no mark's.
 * @type {Readonly<Record<Scheme, { ink: string, muted: string, grid: string, paper: string }>>}
 */
export const papers = Object.freeze({
  light: { ink: '#1f2328', muted: '#5c636b', grid: '#e6e3db', paper: '#ffffff' },
  dark: { ink: '#e6e3dc', muted: '#a3a9b0', grid: '#2d3238', paper: '#1c2025' },
});
