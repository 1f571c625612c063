// Runs a reload again whenever it is asked to, at once and never twice at a time; a slow one is asked less often,
// so that a storm of events costs a fraction of the time and never a queue.

const AT_LEAST_MS = 300;
const SHARE = 3;

export class Refresher {
  #work;
  #atLeastMs;
  #asked = false;
  #busy = false;

  constructor(work, atLeastMs = AT_LEAST_MS) {
    this.#work = work;
    this.#atLeastMs = atLeastMs;
  }

  async ask() {
    this.#asked = true;
    if (this.#busy) return;
    this.#busy = true;
    while (this.#asked) {
      this.#asked = false;
      const began = performance.now();
      await this.#work().catch(() => {});
      const pause = Math.max(this.#atLeastMs, SHARE * (performance.now() - began));
      await new Promise((done) => setTimeout(done, pause));
    }
    this.#busy = false;
  }
}
