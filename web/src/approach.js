// What a trainer's run approaches: the optimum, its curvature and the loss around it, computed when first asked for.

import { Analysis, checkPlane } from './analysis.js';
import { readProperties } from './properties.js';
import { checkSliceOptions, inSlices } from './slices.js';

/** @import { CheckedPlane, Curvature, Optimum, Plane, SurfaceValues } from './analysis.js' */
/** @import { SliceOptions } from './slices.js' */
/** @import { Trainer } from './trainer.js' */
/** @import { Trainer as Handle } from './wasm/linreg-simd.mjs' */
/** @import { Wasm } from './wasm_instance.js' */

/** The trainer documents what its users see of this. */
export class Approach {
  #trainer;
  #wasm;
  #call;
  #isSynthetic;
  #isAlive;
  /** @type {Analysis | undefined} */ #analysis;
  #analysing = 0;
  /** The last surface. @type {{ key: string, values: Float64Array } | undefined} */ #surface;

  /**
   * @param {Trainer} trainer
   * @param {object} owned what is the trainer's own
   * @param {Wasm} owned.wasm
   * @param {<T>(f: (handle: Handle) => T) => T} owned.call
   * @param {boolean} owned.isSynthetic
   * @param {() => boolean} owned.isAlive
   */
  constructor(trainer, { wasm, call, isSynthetic, isAlive }) {
    this.#trainer = trainer;
    this.#wasm = wasm;
    this.#call = call;
    this.#isSynthetic = isSynthetic;
    this.#isAlive = isAlive;
  }

  /** @returns {Optimum} */
  get optimum() {
    return this.#analysed().optimum(this.#trainer.options, this.#isSynthetic);
  }

  /** @returns {Curvature} */
  get curvature() {
    return this.#analysed().curvature(this.#trainer.options, this.#trainer.initial);
  }

  /** @param {Partial<Plane>} plane @returns {SurfaceValues} */
  lossSurface(plane) {
    const checked = this.#check(plane);
    const key = this.#surfaceKey(checked);
    if (this.#surface?.key !== key) {
      const surface = this.#beginSurface(checked);
      try {
        while (!surface.work());
        this.#surface = { key, values: surface.values() };
      } finally {
        surface.dispose();
      }
    }
    const { x, y, ranges } = checked;
    return { values: this.#surface.values.slice(), x, y, ranges };
  }

  /** @param {SliceOptions & { surface?: Partial<Plane> }} given */
  async analyse(given) {
    const { surface: plane, ...rest } = readProperties(given, ['onProgress', 'signal', 'surface']);
    const { onProgress, signal } = checkSliceOptions(rest);
    const checked = plane === undefined ? undefined : this.#check(plane);
    const analysis = this.#analysed();
    const share = checked ? 0.5 : 1;
    this.#analysing += 1;
    try {
      await inSlices(
        () => this.#call(() => analysis.work(this.#trainer.options)),
        () => analysis.progress(),
        { onProgress: onProgress && ((progress) => onProgress(progress * share)), signal },
      );
      void this.optimum;
      if (checked)
        await this.#analyseSurface(checked, {
          onProgress: onProgress && ((progress) => onProgress(share + progress * share)),
          signal,
        });
    } finally {
      this.#analysing -= 1;
      if (this.#analysing === 0 && this.#isAlive()) analysis.stop();
    }
  }

  /** Frees the memory. */
  dispose() {
    this.#analysis?.dispose();
    this.#analysis = undefined;
    this.#surface = undefined;
  }

  /** @param {CheckedPlane} plane @param {SliceOptions} options */
  async #analyseSurface(plane, options) {
    const key = this.#surfaceKey(plane);
    const surface = this.#beginSurface(plane);
    try {
      await inSlices(
        () => this.#call(() => surface.work()),
        () => surface.progress(),
        options,
      );
      this.#surface = { key, values: surface.values() };
    } finally {
      surface.dispose();
    }
  }

  /** @param {unknown} plane */
  #check(plane) {
    return checkPlane(
      plane,
      this.#call((handle) => handle.d()),
    );
  }

  /** What a surface depends on. @param {CheckedPlane} plane */
  #surfaceKey(plane) {
    const { loss, reduction, delta } = this.#trainer.options;
    const now = plane.at === 'now' && [...this.#trainer.weight, this.#trainer.bias];
    return JSON.stringify([plane, loss, reduction, delta, now]);
  }

  /** @param {CheckedPlane} plane */
  #beginSurface(plane) {
    const at = plane.at === 'now' ? { weight: this.#trainer.weight, bias: this.#trainer.bias } : this.optimum;
    return this.#analysed().surface(this.#trainer.options, plane, at);
  }

  #analysed() {
    return this.#call((handle) => {
      this.#analysis ??= this.#wasm.call(
        (module) => new Analysis(this.#wasm, module.analysis_of_trainer(handle), handle.names()),
      );
      return this.#analysis;
    });
  }
}
