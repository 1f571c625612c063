// The list of broadcasts, or one of them: what is shown is fetched again whenever something has happened to it.

import { refresh, watchPage } from "./fragments.js";
import { follow } from "./live.js";
import { Refresher } from "./refresher.js";

const page = document.body;
const { into, about } = page.dataset;
const AT_LEAST_MS = 1000; // a county-wide run brings a thousand receipts, and calls go first
const shown = new Refresher(() => refresh(page.dataset.refresh, into), AT_LEAST_MS);

const refused = new Refresher(() => refresh("/broadcasts/refusals", "#refusals"), AT_LEAST_MS);
const refusals = (page.dataset.refused ?? "").split(" ").filter(Boolean);

follow([...page.dataset.eventTypes.split(" "), ...refusals], {
  begun: () => shown.ask(),
  event: (type, data) => {
    if (refusals.includes(type)) refused.ask();
    else if (!about || data.id === about) shown.ask();
  },
  missed: () => shown.ask(),
  state: (state) => {
    page.dataset.link = state;
  },
  ended: () => location.assign("/sign-in?ended=1"),
});
const again = () => shown.ask();
watchPage({
  changed: () => {},
  acted: again,
  refused: again,
  held: () => {
    again();
    if (refusals.length > 0) refused.ask();
  },
});
