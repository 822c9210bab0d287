/** The HTML report: one file that asks for nothing, can be read without its script, and shows every name as text. */
import { createHash } from "node:crypto";
import { renderToStaticMarkup } from "preact-render-to-string";
import type { Comparison } from "../comparison.ts";
import { counted } from "../figure-text.ts";
import { printableDocument } from "../formats/escape.ts";
import type { RunData } from "../run-data.ts";
import type { Summary } from "../summary.ts";
import { clientScripts } from "./client-scripts.ts";
import type { ClientScripts } from "./client-scripts.ts";
import { Embedded } from "./embedded.tsx";
import { pageData } from "./page-data.ts";
import type { PageData } from "./page-data.ts";
import { AdviceSection } from "./sections/advice.tsx";
import { CapacitySection } from "./sections/capacity.tsx";
import { CompareSection } from "./sections/compare.tsx";
import { CostSection } from "./sections/cost.tsx";
import { DataSection } from "./sections/data.tsx";
import { DeliverySection } from "./sections/delivery.tsx";
import { DistributionSection } from "./sections/distribution.tsx";
import { HeatmapSection } from "./sections/heatmap.tsx";
import { LatencySection } from "./sections/latency.tsx";
import { MethodSection } from "./sections/method.tsx";
import { ResourcesSection } from "./sections/resources.tsx";
import { ScaleSection } from "./sections/scale.tsx";
import { TimeSection } from "./sections/time.tsx";
import { TrendSection } from "./sections/trend.tsx";
import { TextbookSection } from "./sections/textbook.tsx";
import { TrustSection } from "./sections/trust.tsx";
import { VerdictSection } from "./sections/verdict.tsx";
import { PAGE_STYLE } from "./style.ts";

const SECTIONS = [
  CapacitySection,
  VerdictSection,
  CompareSection,
  AdviceSection,
  TextbookSection,
  TrustSection,
  LatencySection,
  DistributionSection,
  TimeSection,
  HeatmapSection,
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
  const [data, scripts] = await Promise.all([pageData(run, summary, comparison), clientScripts()]);
  return printableDocument(`<!doctype html>\n${renderToStaticMarkup(<Page data={data} scripts={scripts} />)}\n`);
}

interface PageProps {
  readonly data: PageData;
  readonly scripts: ClientScripts;
}

function Page({ data, scripts }: PageProps) {
  const { record } = data.run;
  // Each is a function of the data and no more, so that what it is called is known before it is written.
  const sections = SECTIONS.flatMap((section) => section(data) ?? []);
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={policy(scripts)} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>{`pushbench: ${record.suite.name}, ${record.startedAt.slice(0, 10)}`}</title>
        <link rel="icon" href="data:," />
        <style dangerouslySetInnerHTML={{ __html: PAGE_STYLE }} />
      </head>
      <body>
        <a class="skip" href="#main">
          skip to the answer
        </a>
        <header>
          <h1>pushbench · {record.suite.name}</h1>
          <p class="meta">
            {record.startedAt.slice(0, 16).replace("T", " ")} UTC · {counted(data.summary.trials.saved, "trial")} ·{" "}
            {counted(data.scenarios.length, "scenario")} · Node {record.environment.node} · {counted(record.environment.cores, "core")}
          </p>
          <div class="bar">
            <details class="menu">
              <summary>sections</summary>
              <nav aria-label="sections">
                {sections.map(({ props }) => (
                  <a href={`#${String(props.id)}`}>{props["aria-label"]}</a>
                ))}
              </nav>
            </details>
          </div>
        </header>
        <main id="main">{sections}</main>
        <Embedded servers={data.servers} drawings={Object.values(data.drawings).flat()} runtime={scripts.runtime} />
        <script dangerouslySetInnerHTML={{ __html: scripts.page }} />
      </body>
    </html>
  );
}

/** Nothing is loaded; style sheet and scripts are allowed by their hashes, images as far as the page makes them itself. */
function policy({ page, runtime }: ClientScripts): string {
  const scripts = [page, runtime].map(hashOf).join(" ");
  return `default-src 'none'; script-src ${scripts}; style-src ${hashOf(PAGE_STYLE)}; img-src data: blob:; base-uri 'none'; form-action 'none'`;
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
