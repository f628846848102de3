// The loss as a sound, for those who listen rather than look: a quiet tone that falls as the loss falls. Off until the
// reader turns it on; nothing of Web Audio is made before that.

import { h, setText } from './dom.js';

/** @import { Translate } from '../i18n/index.js' */
/** @import { Lab } from './lab.js' */

const highest = 1760; // Hz
const octave = 2; // powers of ten of the loss in an octave
const lowest = 55;
const loudness = 0.05;
const length = 0.12; // seconds that a tone takes to fade

export class Sound {
  #lab;
  #t;
  /** @type {Tone | undefined} */ #tone;
  #step = 0;
  #button;
  #told = h('span', { class: 'notice', role: 'status' });

  /** @param {Lab} lab @param {Translate} t @param {AbortSignal} signal */
  constructor(lab, t, signal) {
    this.#lab = lab;
    this.#t = t;
    this.#button = h(
      'button',
      { type: 'button', class: 'quiet', 'data-part': 'sound', 'aria-pressed': 'false' },
      t('sound.button'),
    );
    this.#button.title = t('sound.meaning');
    this.#button.id = 'sound-button';
    this.#button.addEventListener('click', () => (lab.sounds ? this.#turnOff() : this.#turnOn()));
    lab.watch('progress', () => this.#play(), signal);
    signal.addEventListener('abort', () => this.#end());
    // The panel may be made anew, in another language, while it sounds.
    if (lab.sounds) this.#turnOn();
    this.element = h('span', {}, this.#button, this.#told);
  }

  #turnOn() {
    this.#tone = startTone();
    this.#show(this.#tone !== undefined);
    setText(this.#told, this.#tone ? '' : this.#t('sound.unavailable'));
  }

  #turnOff() {
    this.#end();
    this.#show(false);
  }

  #end() {
    void this.#tone?.context.close();
    this.#tone = undefined;
  }

  /** @param {boolean} on */
  #show(on) {
    this.#lab.sounds = on;
    this.#button.setAttribute('aria-pressed', String(on));
  }

  /** One short tone for the step that was reached. */
  #play() {
    const { step, trainer } = this.#lab;
    if (!this.#tone || !trainer || step === this.#step) return;
    this.#step = step;
    const batch = trainer.firstRows(0);
    if (!batch || trainer.phase === 'draw') return; // nothing was lost yet
    this.#button.dataset['pitch'] = String(Math.round(sound(this.#tone, batch.loss)));
  }
}

/** One short tone for a loss. @param {Tone} tone @param {number} loss @returns {number} its pitch in Hz */
export function sound({ context, oscillator, gain }, loss) {
  const { currentTime } = context;
  const pitch = pitchOf(loss);
  oscillator.frequency.setTargetAtTime(pitch, currentTime, 0.01);
  gain.gain.setTargetAtTime(loudness, currentTime, 0.005);
  gain.gain.setTargetAtTime(0, currentTime + length / 2, length / 4);
  return pitch;
}

/** @typedef {NonNullable<ReturnType<typeof startTone>>} Tone */

/** A tone, silent as yet; undefined where the browser has no sound, or no more of it. */
export function startTone() {
  try {
    const context = new AudioContext();
    const [oscillator, gain] = [context.createOscillator(), context.createGain()];
    oscillator.type = 'triangle';
    gain.gain.value = 0;
    oscillator.connect(gain).connect(context.destination);
    oscillator.start();
    return { context, oscillator, gain };
  } catch {
    return undefined;
  }
}

/** The pitch of a loss: 100 is the highest, and two powers of ten are an octave. @param {number} loss @returns {number} Hz */
export function pitchOf(loss) {
  if (!(loss > 0)) return lowest;
  return Math.max(lowest, Math.min(highest, highest * 2 ** ((Math.log10(loss) - 2) / octave)));
}
