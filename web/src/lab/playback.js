// Time slices on the main thread. While the page is seen, a slice runs in every animation frame. Hidden tabs and
// off-screen frames get no animation frames, so there timers and messages drive the slices, and a run still ends.

const patience = 250; // milliseconds without an animation frame after which nobody is taken to be watching

export class Playback {
  #slice;
  #running = false;
  #last = 0;
  #frame = 0;
  #timer = 0;
  #turn = 0;
  #channel = new MessageChannel();

  /** @param {(milliseconds: number) => 'frame' | 'now' | 'stop'} slice
   *  does a bounded amount of work, given the time since the one before. 'now' asks for the next as soon as possible
   *  where no animation frame sets the pace. */
  constructor(slice) {
    this.#slice = slice;
    this.#channel.port1.onmessage = ({ data }) => {
      if (data === this.#turn) this.#advance(true);
    };
  }

  get running() {
    return this.#running;
  }

  start() {
    if (this.#running) return;
    this.#running = true;
    this.#last = performance.now();
    this.#wait();
  }

  stop() {
    this.#running = false;
    this.#cancel();
  }

  /** For good: frees the message channel. */
  dispose() {
    this.stop();
    this.#channel.port1.close();
  }

  #cancel() {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    this.#turn += 1;
  }

  #wait() {
    this.#frame = requestAnimationFrame(() => this.#advance(false));
    this.#timer = setTimeout(() => this.#advance(true), document.hidden ? 50 : patience);
  }

  /** @param {boolean} unseen */
  #advance(unseen) {
    this.#cancel();
    const now = performance.now();
    const next = this.#slice(now - this.#last);
    this.#last = now;
    if (next === 'stop') this.#running = false;
    // The slice may itself have stopped the playback.
    if (!this.#running) return;
    this.#wait();
    if (unseen && next === 'now') this.#channel.port2.postMessage(this.#turn);
  }
}
