// Presses that reached the hub but not its database: shown from the live event alone, until they are recorded.

export class Unrecorded {
  #place = document.getElementById("unrecorded");
  #template = document.getElementById("unrecorded-row");
  #places = JSON.parse(document.body.dataset.places);
  #seen = new Set();

  show({ device, resident_name: who, area, press }) {
    const key = keyOf(press);
    if (this.#find(key)) return;
    const row = this.#template.content.firstElementChild.cloneNode(true);
    row.dataset.key = key;
    this.#fill(row, { who: who ?? device, place: this.#places[area] ?? area, device });
    row.querySelector(".timer").dataset.since = press.received_at;
    row.querySelector("[data-seen]").addEventListener("click", () => this.#markSeen(key, row));
    if (this.#seen.has(key)) this.#markSeen(key, row);
    this.#place.append(row);
  }

  recorded({ press }) {
    if (press) this.#find(keyOf(press))?.remove();
  }

  // The stream begins again and tells anew what is still not recorded.
  clear() {
    this.#place.replaceChildren();
  }

  #find(key) {
    return [...this.#place.children].find((row) => row.dataset.key === key);
  }

  #fill(row, words) {
    for (const [name, word] of Object.entries(words)) {
      row.querySelector(`[data-fill="${name}"]`).textContent = word;
    }
  }

  #markSeen(key, row) {
    this.#seen.add(key);
    row.removeAttribute("data-rings");
    row.classList.add("is-seen");
    row.querySelector("[data-seen]")?.remove();
  }
}

// As hub/ring.py counts copies; bytes that nobody could read may be recorded under their name and a suffix.
function keyOf({ device, id, kind, decoded }) {
  return `${device}/${decoded === false ? id.slice(0, 34) : id}/${kind}`;
}
