/** The page that follows a run: one document, without a request but for the events of its own server. */
import { createHash } from "node:crypto";

const STYLE = `
:root { color-scheme: light dark; --fg: light-dark(#1b1f24, #e6e9ed); --dim: light-dark(#59626d, #9aa4af); --line: light-dark(#d5d9de, #39414a); --bar: light-dark(#0a6e96, #4bb8e0); }
body { margin: 0 auto; max-width: 72rem; padding: 1.5rem 1rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--fg); background: light-dark(#fff, #14181d); }
h1 { margin: 0 0 .5rem; font-size: 1.25rem; }
progress { width: 100%; height: .75rem; accent-color: var(--bar); }
#now { font-variant-numeric: tabular-nums; min-height: 3rem; }
#spark { color: var(--bar); font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--dim); padding: .25rem 0; }
th, td { text-align: left; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
.number { text-align: right; white-space: nowrap; }
.why { overflow-wrap: anywhere; }
code { overflow-wrap: anywhere; }
`;

/** Everything that comes from a run is set as text, never as markup. */
const SCRIPT = `
"use strict";
const BARS = "▁▂▃▄▅▆▇█";
const element = (id) => document.getElementById(id);
const say = (id, text) => { element(id).textContent = text; };
const number = (value, digits = 0) => value === undefined ? "–" : value.toLocaleString("en", { maximumFractionDigits: digits });
const clock = (ms) => {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const two = (value) => String(value).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? minutes + ":" + two(seconds % 60) : Math.floor(minutes / 60) + ":" + two(minutes % 60) + ":" + two(seconds % 60);
};
const spark = (values) => {
  const top = Math.max(0, ...values);
  return values.map((value) => BARS[top > 0 ? Math.round(value / top * 7) : 0]).join("");
};
const trialText = ({ server, scenario, phase, connected, rates, p99Ms, generatorElu }) => [
  server + " · " + scenario + ": " + phase,
  ...(rates.length === 0
    ? [number(connected) + " connected"]
    : [number(rates.at(-1)) + " deliveries/s", ...(p99Ms === undefined ? [] : ["p99 " + number(p99Ms, 2) + " ms"]), "generator " + Math.round(generatorElu * 100) + " %"]),
].join(", ");
const source = new EventSource("events");
source.addEventListener("open", () => say("state", "running"));
source.addEventListener("error", () => say("state", "not connected: the run was stopped, or has ended"));
source.addEventListener("progress", (event) => {
  const { done, planned, share, elapsedMs, leftMs, current } = JSON.parse(event.data);
  element("bar").value = share;
  say("where", done + " of " + planned + " trials, " + clock(elapsedMs) + " elapsed, about " + clock(leftMs) + " left");
  say("trial", current === undefined ? "" : trialText(current));
  say("spark", current === undefined ? "" : spark(current.rates));
});
source.addEventListener("trial", (event) => {
  const { index, server, transport, scenario, repetition, mark, word, why, tookMs, rate, p99Ms, lost } = JSON.parse(event.data);
  const row = element("rows").insertRow();
  const cell = (text, name = "") => { const made = row.insertCell(); made.textContent = text; made.className = name; };
  cell(mark + " " + word);
  for (const text of [String(index), server, transport, scenario, String(repetition)]) cell(text);
  for (const text of [number(rate), number(p99Ms, 2), number(lost), clock(tookMs)]) cell(text, "number");
  cell(why, "why");
  element("ended").hidden = false;
});
source.addEventListener("end", (event) => {
  source.close();
  const { status, report, next } = JSON.parse(event.data);
  say("state", status);
  say("trial", "");
  say("spark", "");
  say("report", report);
  say("next", next);
  element("end").hidden = false;
});
`;

const HEAD = ["", "trial", "server", "transport", "scenario", "repetition", "deliveries/s", "p99, ms", "lost", "took", "why"];

/** The page, the same for every run. */
export const LIVE_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>pushbench, live</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>pushbench: <span id="state" role="status">connecting</span></h1>
<noscript><p>This page needs JavaScript to follow the run; the terminal shows the same.</p></noscript>
<progress id="bar" max="1" value="0" aria-label="Share of the run's time"></progress>
<p id="where"></p>
<div id="now"><div id="trial"></div><div id="spark" aria-hidden="true"></div></div>
<section id="end" hidden>
<p>Report: <code id="report"></code></p>
<p>Next: <code id="next"></code></p>
</section>
<div class="scroll" id="ended" tabindex="0" role="region" aria-label="Trials that have ended" hidden>
<table>
<caption>Trials that have ended</caption>
<thead><tr>${HEAD.map((title) => (title === "" ? "<td></td>" : `<th scope="col">${title}</th>`)).join("")}</tr></thead>
<tbody id="rows"></tbody>
</table>
</div>
</main>
<script>${SCRIPT}</script>
</body>
</html>
`;

/** Nothing but this style, this script, and events of the page's own server. */
export const LIVE_POLICY = [
  "default-src 'none'",
  "connect-src 'self'",
  "img-src data:",
  `style-src 'sha256-${hashOf(STYLE)}'`,
  `script-src 'sha256-${hashOf(SCRIPT)}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}
