/** The HTML report: one file that asks for nothing, runs nothing, and shows every name as text. */
import { createHash } from "node:crypto";
import { renderToStaticMarkup } from "preact-render-to-string";
import type { Comparison } from "../comparison.ts";
import { counted } from "../figure-text.ts";
import { printableDocument } from "../formats/escape.ts";
import type { RunData } from "../run-data.ts";
import type { Summary } from "../summary.ts";
import { pageData } from "./page-data.ts";
import type { PageData } from "./page-data.ts";
import { AdviceSection } from "./sections/advice.tsx";
import { CapacitySection } from "./sections/capacity.tsx";
import { CompareSection } from "./sections/compare.tsx";
import { CostSection } from "./sections/cost.tsx";
import { DataSection } from "./sections/data.tsx";
import { DeliverySection } from "./sections/delivery.tsx";
import { LatencySection } from "./sections/latency.tsx";
import { MethodSection } from "./sections/method.tsx";
import { ResourcesSection } from "./sections/resources.tsx";
import { ScaleSection } from "./sections/scale.tsx";
import { TimeSection } from "./sections/time.tsx";
import { TrendSection } from "./sections/trend.tsx";
import { TrustSection } from "./sections/trust.tsx";
import { VerdictSection } from "./sections/verdict.tsx";
import { PAGE_STYLE } from "./style.ts";

const SECTIONS = [
  CapacitySection,
  VerdictSection,
  CompareSection,
  AdviceSection,
  TrustSection,
  LatencySection,
  TimeSection,
  CostSection,
  ScaleSection,
  ResourcesSection,
  DeliverySection,
  TrendSection,
  DataSection,
  MethodSection,
];

/** The whole document, with what changed where the run was compared with another. Sections without data are not in it. */
export async function renderPage(run: RunData, summary: Summary, comparison?: Comparison): Promise<string> {
  const data = await pageData(run, summary, comparison);
  return printableDocument(`<!doctype html>\n${renderToStaticMarkup(<Page {...data} />)}\n`);
}

function Page(data: PageData) {
  const { record } = data.run;
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={policy()} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>{`pushbench: ${record.suite.name}, ${record.startedAt.slice(0, 10)}`}</title>
        <link rel="icon" href="data:," />
        <style dangerouslySetInnerHTML={{ __html: PAGE_STYLE }} />
      </head>
      <body>
        <header>
          <h1>pushbench · {record.suite.name}</h1>
          <p class="meta">
            {record.startedAt.slice(0, 16).replace("T", " ")} UTC · {counted(data.summary.trials.saved, "trial")} ·{" "}
            {counted(data.scenarios.length, "scenario")} · Node {record.environment.node} · {counted(record.environment.cores, "core")}
          </p>
        </header>
        <main>
          {SECTIONS.map((Section) => (
            <Section {...data} />
          ))}
        </main>
      </body>
    </html>
  );
}

/** Nothing is loaded or run; the one style sheet is allowed by its hash. */
function policy(): string {
  const hash = createHash("sha256").update(PAGE_STYLE).digest("base64");
  return `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'`;
}
