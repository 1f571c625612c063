// One metric of one device over a day or a month: the mean as a line, least and most as a band around it.

/* global uPlot */

const ZONE = "Asia/Shanghai";
const HEIGHT = 300;
const REFRESH_MS = 60000;
const LINE = "#6cb0ff";
const BAND = "#6cb0ff33";
const DIM = "#9aa8b7";
const GRID = "#2a333f";
const WHOLE = [0, 100]; // three quarters full looks so, and a day's little is no fall

const chart = document.getElementById("chart");
const place = chart.querySelector(".plot");
const note = chart.querySelector(".chart-note");
let plot = null;
let asked = 0;

function chosen(name) {
  return chart.querySelector(`[data-${name}][aria-pressed=true]`).dataset;
}

async function show() {
  const turn = (asked += 1);
  const { metric, name, unit } = chosen("metric");
  const to = Number(document.body.dataset.now) + performance.now();
  const from = to - Number(chosen("span-ms").spanMs);
  const query = new URLSearchParams({ metric, from: Math.round(from), to: Math.round(to) });
  const series = await read(`/api/v1/devices/${chart.dataset.device}/telemetry?${query}`);
  if (turn !== asked) return;
  note.textContent = series === null ? chart.dataset.away : series.items.length === 0 ? chart.dataset.none : "";
  chart.dataset.points = series?.items.length ?? 0;
  plot?.destroy();
  plot = null;
  if (!series?.items.length) return;
  plot = new uPlot(options(name, unit, from, to), columns(series), place);
}

async function read(address) {
  try {
    const response = await fetch(address);
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

// Time, mean, least, most; a silence longer than three promises is a gap in the line.
function columns({ items, step_ms: step }) {
  const longest = 3 * Math.max(step, 1000 * Number(chart.dataset.everyS));
  const found = [[], [], [], []];
  let before = null;
  for (const { at, value, min, max } of items) {
    if (before !== null && at - before > longest) push(found, (before + at) / 2, null, null, null);
    push(found, at, value, min, max);
    before = at;
  }
  return found;
}

function push(found, at, ...values) {
  [at / 1000, ...values].forEach((value, n) => found[n].push(value));
}

function options(name, unit, from, to) {
  const axis = { stroke: DIM, grid: { stroke: GRID, width: 1 }, ticks: { stroke: GRID, width: 1 } };
  const said = (_, value) => (value === null || value === undefined ? "–" : `${Math.round(value * 10) / 10} ${unit}`);
  const hidden = { stroke: "transparent", points: { show: false }, value: said };
  return {
    width: place.clientWidth,
    height: HEIGHT,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), ZONE),
    scales: { x: { range: [from / 1000, to / 1000] }, y: { range: unit === "%" ? WHOLE : room } },
    axes: [
      { ...axis, values: clock },
      { ...axis, size: 84, values: (_, ticks) => ticks.map((tick) => `${tick} ${unit}`) },
    ],
    series: [
      { label: chart.dataset.time, value: "{MM}-{DD} {HH}:{mm}" },
      { label: name, stroke: LINE, width: 2, value: said, spanGaps: false },
      { label: chart.dataset.least, ...hidden },
      { label: chart.dataset.most, ...hidden },
    ],
    hooks: { ready: [({ scales }) => (chart.dataset.range = `${scales.y.min}…${scales.y.max} ${unit}`)] },
    bands: [{ series: [3, 2], fill: BAND }],
  };
}

// A little room above and below, so that a steady value is not a line at the edge.
function room(_, least, most) {
  const spare = Math.max((most - least) * 0.15, 1);
  return [Math.floor(least - spare), Math.ceil(most + spare)];
}

const two = (number) => String(number).padStart(2, "0");

function clock(self, ticks, _axis, _space, increment) {
  return ticks.map((tick) => {
    const at = self.axes && uPlot.tzDate(new Date(tick * 1000), ZONE);
    const day = `${two(at.getMonth() + 1)}-${two(at.getDate())}`;
    if (increment >= 86400) return day;
    const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
    return time === "00:00" ? day : time;
  });
}

chart.addEventListener("click", ({ target }) => {
  const button = target.closest("[aria-pressed]");
  if (!button) return;
  for (const other of button.parentElement.children) other.setAttribute("aria-pressed", String(other === button));
  show();
});
window.addEventListener("resize", () => plot?.setSize({ width: place.clientWidth, height: HEIGHT }));
setInterval(show, REFRESH_MS);
show();
