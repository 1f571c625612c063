// The live link: one EventSource, resumed behind the last event seen, and a probe that finds a link which is
// dead without having said so.

const RETRY_MS = 1000;
const SAY_DOWN_AFTER_MS = 2000;
const PROBE_EVERY_BEATS = 6;
const PROBE_WITHIN_MS = 3000;
const ASKED_WITHIN_MS = 20000; // the hub asks each desk every 8 s, over the stream

export class Link {
  #source = null;
  #after;
  #desk = null;
  #askedAt = 0;
  #beats = 0;
  #downSince = null;
  #retry = null;

  // `on`: begun(), event(type, data), missed(), state("up" | "connecting" | "down"), duty(audible) as the hub
  // counts us, ended().
  constructor({ types, after, csrf, audible, on }) {
    Object.assign(this, { types, csrf, audible, on });
    this.#after = after;
    window.addEventListener("offline", () => this.#lost({ silently: true }));
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
    source.addEventListener("reset", (event) => this.#tell(event, () => this.on.missed()));
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
    const silent = this.#desk !== null && Date.now() - this.#askedAt > ASKED_WITHIN_MS;
    if (silent) this.#lost({ silently: true }); // open, and nothing comes through
    else if (this.#beats % PROBE_EVERY_BEATS === 0 && this.#downSince === null) this.probe();
  }

  // Ask whether hub, session and stream are there, and say that this desk is, and whether it may sound: a page
  // that hangs cannot, and is dark to the hub. A hub that lives while its database does not is no reason to
  // leave the stream.
  async probe() {
    const desk = this.#desk;
    const response = await (desk === null ? this.#ask("/api/v1/session") : this.#report(desk));
    if (response === null) {
      if ((await this.#ask("/healthz")) === null) this.#lost({ silently: true });
    } else if (response.status === 401) this.on.ended();
    else if (response.ok && desk !== null) this.on.duty((await response.json()).audible);
    else if (response.status === 404 && desk !== null && desk === this.#desk) this.connect();
  }

  #report(desk) {
    return this.#ask(`/api/v1/desks/${desk}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": this.csrf },
      body: JSON.stringify({ audible: this.audible() }),
    });
  }

  async #ask(address, options = {}) {
    try {
      return await fetch(address, { ...options, signal: AbortSignal.timeout(PROBE_WITHIN_MS) });
    } catch {
      return null;
    }
  }

  #tell(event, then) {
    if (event.lastEventId) this.#after = event.lastEventId;
    then();
  }

  #onDuty(desk) {
    this.#askedAt = Date.now();
    this.#desk = desk;
    this.probe();
  }

  #up() {
    this.#downSince = null;
    this.on.state("up");
    this.on.begun();
  }

  // `silently`: the link was dead for as long as a probe takes, so there is no grace left.
  #lost({ silently = false } = {}) {
    this.#source?.close();
    clearTimeout(this.#retry);
    if (this.#downSince === null) {
      this.#downSince = Date.now() - (silently ? SAY_DOWN_AFTER_MS : 0);
      this.on.state(silently ? "down" : "connecting");
    }
    this.#retry = setTimeout(() => this.#again(), RETRY_MS);
  }

  async #again() {
    const response = await this.#ask("/api/v1/session");
    if (response?.status === 401) this.on.ended();
    else this.connect();
  }
}
