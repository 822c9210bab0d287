/** The page's style sheet: one text, so that the content policy can name its hash. */
import { COLOR_VARIABLES } from "../charts/style.ts";

const light = `${COLOR_VARIABLES.map(([name, color]) => `--${name}:${color}`).join(";")};--warn:#8a5300;--good:#0b6a33`;
const dark = `${COLOR_VARIABLES.map(([name, , color]) => `--${name}:${color}`).join(";")};--warn:#f0b849;--good:#5fd08a`;

export const PAGE_STYLE = `
:root{color-scheme:light;${light}}
@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;${dark}}}
@media screen{:root[data-theme=dark]{color-scheme:dark;${dark}}}
*{box-sizing:border-box}
html{background:var(--paper);color:var(--fg);font:14px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;-webkit-text-size-adjust:100%}
body{max-width:1216px;margin:0 auto;padding:16px 28px 48px}
h1{font-size:13px;font-weight:600;margin:0;color:var(--muted)}
h2{font-size:18px;line-height:1.3;margin:40px 0 4px;padding-top:14px;border-top:1px solid var(--grid)}
h3{font-size:14px;margin:20px 0 4px}
p{margin:4px 0}
header{display:flex;flex-wrap:wrap;gap:2px 16px;align-items:baseline;justify-content:space-between}
header p{margin:0}
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
@media screen{figure>[role=img]{content-visibility:auto;contain-intrinsic-size:auto 320px}}
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
.text th.sentence{white-space:normal;width:38%;min-width:15em;font-weight:500}
code{font:12.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
dl{margin:6px 0;max-width:96ch}
dt{font-weight:600;margin-top:8px}
dd{margin:0}
.skip{position:absolute;left:-999px}
.skip:focus{left:8px;top:8px;z-index:9;padding:4px 10px;background:var(--paper)}
:focus-visible{outline:2px solid var(--better);outline-offset:1px}
main:focus,section:focus,figure:focus{outline:0}
.unseen{position:absolute;width:1px;height:1px;margin:0;padding:0;border:0;overflow:hidden;clip-path:inset(50%)}
[hidden]{display:none}
header{position:sticky;top:0;z-index:5;background:var(--paper);margin:0 -8px;padding:2px 8px}
section,figure{scroll-margin-top:44px}
.bar{display:flex;gap:0 12px;align-items:baseline;font-size:12.5px;color:var(--muted)}
button,select{font:inherit;color:inherit;background:none;border:0;padding:0;border-radius:3px;cursor:pointer}
select,.bar select option{background:var(--paper);color:var(--fg)}
button:hover,summary:hover,select:hover{color:var(--fg)}
button:disabled{cursor:default;opacity:.55}
.menu{position:relative;margin:0}
.menu summary{font-size:12.5px}
.menu.active summary{color:var(--alarm);font-weight:600}
.menu>:not(summary){position:absolute;right:0;top:calc(100% + 6px);width:max-content;max-width:min(560px,calc(100vw - 40px));max-height:80vh;overflow:auto;padding:10px 14px;background:var(--paper);color:var(--fg);border:1px solid var(--grid);border-radius:5px;box-shadow:0 4px 16px #0003}
.menu nav a{display:block;margin:0;padding:3px 0}
.filter [role=group]{display:flex;flex-wrap:wrap;gap:6px;margin:0 0 10px}
.filter [role=group] button{padding:2px 9px;border:1px solid var(--muted);border-radius:11px;overflow-wrap:anywhere;text-align:left}
.filter button[aria-pressed=true]{background:var(--fg);color:var(--paper);border-color:var(--fg)}
.tools{display:flex;flex-wrap:wrap;gap:2px 10px;float:right;margin:4px 0 0 18px;font-size:12px;color:var(--muted)}
.tools [aria-pressed=true]{color:var(--fg);font-weight:600}
.tools+*{clear:none}
h2,h3,figure{clear:both}
th button{text-align:inherit;font-weight:inherit;font-size:inherit}
th[aria-sort] button{display:block;margin-left:auto;position:relative}
th:first-child[aria-sort] button,.text th button,th.word button{margin-left:0}
th[aria-sort=ascending] button::before,th[aria-sort=descending] button::before{content:"";display:inline-block;margin-right:4px;border:4px solid transparent;border-bottom:6px solid var(--fg);border-top-width:0}
th[aria-sort=descending] button::before{border-bottom-width:0;border-top:6px solid var(--fg)}
th[aria-sort=ascending],th[aria-sort=descending]{color:var(--fg)}
svg .dimmed{opacity:.1}
.live{overflow:visible}
.live svg{display:block;max-width:100%;height:auto}
.tip{position:fixed;z-index:8;pointer-events:none;max-width:320px;padding:5px 9px;background:var(--paper);color:var(--fg);border:1px solid var(--muted);border-radius:4px;font-size:12px;line-height:1.4;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
.tip :first-child{font-weight:600}
.said{position:fixed;z-index:8;left:50%;bottom:16px;transform:translateX(-50%);margin:0;padding:6px 14px;background:var(--fg);color:var(--paper);border-radius:5px}
.said:empty{padding:0}
@media (max-width:820px){body{padding:14px}.bar{flex-wrap:wrap}.menu{position:static}.menu>:not(summary){left:8px;right:8px;top:100%;width:auto;max-width:none}}
@media print{body{max-width:none}.scroll,.wide{max-height:none;overflow:visible}header{position:static}.bar,.tools,.tip,.said,.skip,details>summary{display:none}details::details-content{content-visibility:visible;block-size:auto}table{font-size:10px}.scroll th,.scroll td{padding-left:9px;font-size:9.5px;white-space:normal}.scroll tbody th,.scroll code{white-space:normal;font-size:9px}tr,figcaption+div{break-inside:avoid}h2,h3,figcaption{break-after:avoid}}
`;
