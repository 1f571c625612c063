// The live link: one EventSource, resumed behind the last event seen, and a probe that finds a link which is
// dead without having said so.

const RETRY_MS = 1000;
const SAY_DOWN_AFTER_MS = 2000;
const PROBE_EVERY_BEATS = 8;
const PROBE_WITHIN_MS = 4000;

export class Link {
  #source = null;
  #after;
  #desk = null;
  #beats = 0;
  #downSince = null;
  #retry = null;

  // `on`: event(type, data), open(), state("up" | "connecting" | "down"), duty(audible) as the hub counts us, ended().
  constructor({ types, after, csrf, audible, on }) {
    Object.assign(this, { types, csrf, audible, on });
    this.#after = after;
    window.addEventListener("offline", () => this.#lost());
    window.addEventListener("online", () => this.connect());
    this.connect();
  }

  connect() {
    clearTimeout(this.#retry);
    this.#source?.close();
    this.#desk = null;
    const query = new URLSearchParams({ desk: true, audible: this.audible(), after: this.#after });
    const source = new EventSource(`/api/v1/events?${query}`);
    this.#source = source;
    source.addEventListener("open", () => this.#up());
    source.addEventListener("error", () => source === this.#source && this.#lost());
    source.addEventListener("desk", (event) => this.#onDuty(JSON.parse(event.data).id));
    source.addEventListener("reset", (event) => this.#tell(event, () => this.on.open()));
    for (const type of this.types) {
      source.addEventListener(type, (event) => {
        this.#tell(event, () => this.on.event(type, JSON.parse(event.data)));
      });
    }
  }

  // Once a second.
  beat() {
    if (this.#downSince !== null && Date.now() - this.#downSince >= SAY_DOWN_AFTER_MS) this.on.state("down");
    this.#beats += 1;
    if (this.#beats % PROBE_EVERY_BEATS === 0 && this.#downSince === null) this.probe();
  }

  // Ask whether hub, session and stream are there, and say whether this desk may sound.
  async probe() {
    const desk = this.#desk;
    const response = await this.#ask(desk);
    if (response === null) this.#lost();
    else if (response.status === 401) this.on.ended();
    else if (response.ok && desk !== null) this.on.duty((await response.json()).audible);
    else if (response.status === 404 && desk !== null && desk === this.#desk) this.connect();
  }

  async #ask(desk) {
    const signal = AbortSignal.timeout(PROBE_WITHIN_MS);
    try {
      if (desk === null) return await fetch("/api/v1/session", { signal });
      return await fetch(`/api/v1/desks/${desk}`, {
        method: "POST",
        signal,
        headers: { "Content-Type": "application/json", "X-CSRF-Token": this.csrf },
        body: JSON.stringify({ audible: this.audible() }),
      });
    } catch {
      return null;
    }
  }

  #tell(event, then) {
    if (event.lastEventId) this.#after = event.lastEventId;
    then();
  }

  #onDuty(desk) {
    this.#desk = desk;
    this.probe();
  }

  #up() {
    this.#downSince = null;
    this.on.state("up");
    this.on.open();
  }

  #lost() {
    this.#source?.close();
    clearTimeout(this.#retry);
    if (this.#downSince === null) {
      this.#downSince = Date.now();
      this.on.state("connecting");
    }
    this.#retry = setTimeout(() => this.#again(), RETRY_MS);
  }

  async #again() {
    const response = await this.#ask(null);
    if (response === null) this.#lost();
    else if (response.status === 401) this.on.ended();
    else this.connect();
  }
}
