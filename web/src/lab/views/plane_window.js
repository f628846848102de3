// The part of a plane that is shown: around the whole path, or around the optimum and the last of the path. It moves there
// smoothly, and only when what it should show has left it or become small in it.

/** @typedef {{ x: [number, number], y: [number, number] }} Window */
/** @typedef {'path' | 'optimum'} Aim */
/** @typedef {{ x: ArrayLike<number>, y: ArrayLike<number> }} Points */

const lastOfPath = 60; // steps that the window around the optimum shows
const margin = 0.18; // about what is to be seen, so that arrows have room
const tight = 0.55; // of the window: what is smaller than that is brought nearer
const ease = 0.22; // of the way in a frame
const near = 0.004; // of the window: there it is
const far = 100; // times as wide as the other window: the way there would show nothing

export class PlaneWindow {
  /** @type {Aim} */ aim = 'path';
  /** The part that the reader has taken hold of, which goes along with nothing. @type {Window | undefined} */ #held;
  #fresh = true;
  /** @type {Window} */ now = { x: [-1, 1], y: [-1, 1] };
  /** @type {Window} */ target = this.now;

  /**
   * Aims anew where need be.
   * @param {Points} path @param {Points} marks what should be seen beside it: the present first, then the optimum, if known
   * @param {number} shape width over height of the picture; 0 where a unit may be of any length on either axis
   * @param {boolean} anew whether the window is chosen whatever it was
   * @returns {boolean} whether the target has changed
   */
  follow(path, marks, shape, anew) {
    if (this.#held) {
      if (anew) this.target = shaped(this.#held, shape);
      return anew;
    }
    const needed = this.aim === 'path' ? around(path, marks) : aboutOptimum(path, marks);
    const wanted = shaped(widened(needed, margin), shape);
    if (!anew && holds(this.target, needed) && !isTight(this.target, wanted)) return false;
    this.target = wanted;
    if ((anew && this.#fresh) || isFar(this.now, wanted)) this.now = wanted;
    this.#fresh = false;
    return true;
  }

  get isHeld() {
    return this.#held !== undefined;
  }

  /** Brings nearer what is at a place, by default in the middle, which stays where it is seen. @param {number} factor @param {{ x: number, y: number }} [at] */
  zoom(factor, at) {
    const { x, y } = this.target;
    this.#held = { x: scaled(x, 1 / factor, at?.x), y: scaled(y, 1 / factor, at?.y) };
  }

  release() {
    this.#held = undefined;
  }

  get arrived() {
    return this.now === this.target;
  }

  /** Goes a frame nearer. @param {boolean} atOnce */
  advance(atOnce) {
    const moved = { x: between(this.now.x, this.target.x), y: between(this.now.y, this.target.y) };
    const there = atOnce || (isNear(moved.x, this.target.x) && isNear(moved.y, this.target.y));
    this.now = there ? this.target : moved;
  }
}

/** @param {[number, number]} from @param {[number, number]} to @returns {[number, number]} */
const between = (from, to) => [from[0] + (to[0] - from[0]) * ease, from[1] + (to[1] - from[1]) * ease];

/** @param {[number, number]} a @param {[number, number]} b */
const isNear = (a, b) => Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]) <= near * (b[1] - b[0]);

/** @param {Points} path @param {Points} marks @returns {Window} */
const around = (path, marks) => ({ x: bounds([path.x, marks.x]), y: bounds([path.y, marks.y]) });

/** The least and the largest finite number. @param {ArrayLike<number>[]} lists @returns {[number, number]} */
export function bounds(lists) {
  let [min, max] = [Infinity, -Infinity];
  for (const list of lists) {
    for (let i = 0; i < list.length; ++i) {
      const value = Number(list[i]);
      if (!Number.isFinite(value)) continue;
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  return min <= max ? [min, max] : [0, 0];
}

/** The optimum in the middle, and the last steps around it. @param {Points} path @param {Points} marks @returns {Window} */
function aboutOptimum(path, marks) {
  const from = Math.max(0, path.x.length - lastOfPath);
  const last = { x: Array.from(path.x).slice(from), y: Array.from(path.y).slice(from) };
  const seen = around(last, marks);
  const middle = { x: Number(marks.x[1] ?? marks.x[0]), y: Number(marks.y[1] ?? marks.y[0]) };
  /** @type {(range: [number, number], at: number) => [number, number]} */
  const centred = (range, at) => {
    const reach = Math.max(at - range[0], range[1] - at);
    return [at - reach, at + reach];
  };
  return { x: centred(seen.x, middle.x), y: centred(seen.y, middle.y) };
}

/** With room around it. A side without any length gets the other's. @param {Window} window @param {number} share @returns {Window} */
function widened({ x, y }, share) {
  const [wide, high] = [x[1] - x[0], y[1] - y[0]];
  const least = Math.max(Math.abs(x[1]), Math.abs(y[1]), 1) * 1e-6;
  const pad = (/** @type {[number, number]} */ [low, top], /** @type {number} */ length) =>
    /** @type {[number, number]} */ ([low - length, top + length]);
  return { x: pad(x, Math.max(least, share * (wide || high))), y: pad(y, Math.max(least, share * (high || wide))) };
}

/** The narrower side widened until a unit is as long on both axes. @param {Window} window @param {number} shape @returns {Window} */
function shaped({ x, y }, shape) {
  if (shape === 0) return { x, y };
  const [wide, high] = [x[1] - x[0], y[1] - y[0]];
  return wide > high * shape ? { x, y: scaled(y, wide / shape / high) } : { x: scaled(x, (high * shape) / wide), y };
}

/** @param {[number, number]} range @param {number} factor @param {number} [fixed] which stays @returns {[number, number]} */
export function scaled([low, high], factor, fixed = low / 2 + high / 2) {
  return [fixed - (fixed - low) * factor, fixed + (high - fixed) * factor];
}

/** @param {[number, number]} range */
const width = ([low, high]) => high - low;

/** @param {Window} a @param {Window} b */
const isFar = (a, b) =>
  [width(a.x) / width(b.x), width(a.y) / width(b.y)].some((ratio) => !(ratio < far && ratio > 1 / far));

/** @param {Window} window @param {Window} needed */
const holds = (window, needed) =>
  [0, 1].every((side) => covers(side === 0 ? window.x : window.y, side === 0 ? needed.x : needed.y));

/** @param {[number, number]} range @param {[number, number]} part */
const covers = (range, part) => part[0] >= range[0] && part[1] <= range[1];

/** @param {Window} window @param {Window} wanted */
const isTight = (window, wanted) =>
  width(wanted.x) < tight * width(window.x) && width(wanted.y) < tight * width(window.y);
