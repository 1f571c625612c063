// The live stream of a page that is no desk. The browser resumes it by itself; when it gives up we begin anew.

const RETRY_MS = 2000;
const SAY_DOWN_AFTER_MS = 3000;

// `on`: begun() at each new stream, event(type, data), missed() when some are gone, state("up" | "connecting" |
// "down"), ended() when the session is over.
export function follow(types, on) {
  let downTimer = 0;
  connect();

  function connect() {
    const source = new EventSource("/api/v1/events");
    source.addEventListener("open", () => {
      clearTimeout(downTimer);
      downTimer = 0;
      on.state("up");
      on.begun();
    });
    source.addEventListener("error", () => lost(source));
    source.addEventListener("reset", () => on.missed());
    for (const type of types) {
      source.addEventListener(type, (event) => on.event(type, JSON.parse(event.data)));
    }
  }

  function lost(source) {
    if (downTimer === 0) {
      on.state("connecting");
      downTimer = setTimeout(() => on.state("down"), SAY_DOWN_AFTER_MS);
    }
    if (source.readyState === EventSource.CLOSED) setTimeout(again, RETRY_MS);
  }

  async function again() {
    const response = await fetch("/api/v1/session").catch(() => null);
    if (response?.status === 401) on.ended();
    else connect();
  }
}
