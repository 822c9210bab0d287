/** The page's style sheet: one text, so that the content policy can name its hash. */
import { COLOR_VARIABLES } from "../charts/style.ts";

const light = COLOR_VARIABLES.map(([name, color]) => `--${name}:${color}`).join(";");
const dark = COLOR_VARIABLES.map(([name, , color]) => `--${name}:${color}`).join(";");

export const PAGE_STYLE = `
:root{color-scheme:light dark;${light};--warn:#8a5300;--good:#0b6a33}
@media (prefers-color-scheme:dark){:root{${dark};--warn:#f0b849;--good:#5fd08a}}
*{box-sizing:border-box}
html{background:var(--paper);color:var(--fg);font:14px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;-webkit-text-size-adjust:100%}
body{max-width:1216px;margin:0 auto;padding:16px 28px 48px}
h1{font-size:13px;font-weight:600;margin:0;color:var(--muted)}
h2{font-size:18px;line-height:1.3;margin:40px 0 4px;padding-top:14px;border-top:1px solid var(--grid)}
h3{font-size:14px;margin:20px 0 4px}
p{margin:4px 0}
header{display:flex;flex-wrap:wrap;gap:2px 16px;align-items:baseline;justify-content:space-between}
header p{margin:0}
nav a{margin-left:14px}
a{color:inherit;text-decoration-color:var(--muted);text-underline-offset:2px}
.meta,.note,nav{color:var(--muted);font-size:12.5px}
.answer{font-size:19px;line-height:1.35;font-weight:600;margin:8px 0;max-width:96ch;text-wrap:pretty}
.answer .scenario{color:var(--muted);font-weight:400}
.notices{list-style:none;margin:8px 0;padding:7px 12px;background:var(--shade);border-left:3px solid var(--warn);font-size:13px}
.notices li{margin:2px 0}
.bad{color:var(--alarm)}.warn{color:var(--warn)}.good{color:var(--good)}.muted{color:var(--muted)}
.better{color:var(--better)}.worse{color:var(--worse)}
.bad,.warn,.good,.better,.worse{font-weight:600;white-space:nowrap}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{padding:4px 0 4px 18px;text-align:right;vertical-align:baseline}
th:first-child,td:first-child{padding-left:0;text-align:left}
th{font-weight:600;color:var(--muted);font-size:12px;vertical-align:bottom}
th .unit{display:block;font-weight:400}
tbody tr{border-top:1px solid var(--grid)}
tbody th{color:var(--fg);font-size:13px;vertical-align:baseline;overflow-wrap:anywhere;text-align:left}
.hero{width:100%;margin:6px 0}
.hero td small{display:block;font-size:11px;color:var(--muted);line-height:1.25;white-space:nowrap}
.hero td.best{font-weight:650}
.hero .invalid td,.hero .invalid th{color:var(--muted)}
.hero .group th{padding-top:12px;color:var(--muted);font-size:12px}
.icon{margin-right:4px;vertical-align:-1px}
.swatch{width:12px;height:12px;margin-right:7px;vertical-align:-1px}
figure{margin:14px 0 0}
figure svg.marks{display:block;max-width:100%;height:auto;overflow:visible}
figcaption{font-size:13.5px;margin:0 0 6px;font-weight:500}
.scroll{overflow:auto;max-height:360px}
.scroll tbody th,.scroll code,.text th{white-space:nowrap}
.scroll th:first-child{position:sticky;left:0;background:var(--paper)}
.wide{overflow-x:auto}
.phases tr+tr{border-top:0}
.phases tbody td:first-child{padding-left:18px}
.hero tbody th,td.name{white-space:nowrap}
td.word,th.word{text-align:left}
details{margin:4px 0 0}
details summary{cursor:pointer;color:var(--muted);font-size:12px;width:max-content;max-width:100%}
details table{font-size:12px;margin:6px 0}
.text td,.text th{text-align:left;padding-left:0;padding-right:24px;vertical-align:top}
.text td{overflow-wrap:break-word}
code{font:12.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
dl{margin:6px 0;max-width:96ch}
dt{font-weight:600;margin-top:8px}
dd{margin:0}
@media (max-width:820px){body{padding:14px}nav a{margin:0 12px 0 0}}
@media print{body{max-width:none}.scroll{max-height:none}nav{display:none}figure{break-inside:avoid}}
`;
