// The ring: one tone, looped while a call waits here, louder and faster the longer it waits.

const LEVELS = [
  { gain: 0, rate: 1 },
  { gain: 0.35, rate: 1 },
  { gain: 0.7, rate: 1.2 },
  { gain: 1, rate: 1.45 },
];

export class Ring {
  #context;
  #gain;
  #tone = null;
  #playing = null;
  #level = 0;

  constructor(address, onChange) {
    this.#context = new AudioContext();
    this.#gain = new GainNode(this.#context, { gain: 0 });
    this.#gain.connect(this.#context.destination);
    this.#context.addEventListener("statechange", onChange);
    this.#load(address).then(onChange);
  }

  // Whether a call that came now would be heard.
  get audible() {
    return this.#tone !== null && this.#context.state === "running";
  }

  // To be called in a click or key press: only then does a browser agree.
  unlock() {
    return this.#context.state === "running" ? Promise.resolve() : this.#context.resume();
  }

  set(level) {
    if (level === this.#level && (level === 0) === (this.#playing === null)) return;
    this.#level = level;
    if (level === 0) this.#stop();
    else this.#play(LEVELS[level]);
  }

  async #load(address) {
    const response = await fetch(address);
    this.#tone = await this.#context.decodeAudioData(await response.arrayBuffer());
    if (this.#level > 0) this.#play(LEVELS[this.#level]);
  }

  #play({ gain, rate }) {
    if (this.#tone === null) return;
    if (this.#playing === null) {
      this.#playing = new AudioBufferSourceNode(this.#context, { buffer: this.#tone, loop: true });
      this.#playing.connect(this.#gain);
      this.#playing.start();
    }
    this.#gain.gain.value = gain;
    this.#playing.playbackRate.value = rate;
  }

  #stop() {
    this.#gain.gain.value = 0;
    this.#playing?.stop();
    this.#playing = null;
  }
}
