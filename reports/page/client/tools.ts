/** What can be done with each table and each figure: files, the clipboard, and a live chart. */
import { button } from "./button.ts";
import { copyText } from "./clipboard.ts";
import { pngFile, svgFile } from "./drawing-file.ts";
import { CAN_INFLATE, specificationOf } from "./embedded.ts";
import { explore } from "./explore.ts";
import { dimDrawings } from "./filter.ts";
import type { Navigation } from "./navigation.ts";
import { placeOf } from "./place-of.ts";
import { saveAs } from "./save-as.ts";
import { serverClass, serverNamed } from "./servers.ts";
import type { PageServer } from "./servers.ts";
import { say } from "./status.ts";
import { csvOf, markdownOf } from "./table-formats.ts";
import { gridOf } from "./table-grid.ts";
import type { LiveChart } from "./runtime.ts";

export function addTools(navigation: Navigation, servers: readonly PageServer[]): void {
  for (const figure of document.querySelectorAll<HTMLElement>("figure[id]")) {
    const table = figure.querySelector("table");
    const drawing = figure.querySelector<HTMLElement>("[role=img]");
    if (drawing === null) continue;
    const tools = [...(CAN_INFLATE ? [exploreButton(figure, drawing, navigation, servers)] : []), ...fileButtons(figure)];
    drawing.after(toolbar([...tools, ...(table === null ? [] : tableButtons(table, figure.id))], captionOf(figure)));
  }
  for (const [at, table] of [
    ...document.querySelectorAll<HTMLTableElement>("section > div > table, section > details > div > table"),
  ].entries()) {
    if (table.tHead === null) continue;
    const region = table.parentElement!;
    region.after(toolbar(tableButtons(table, `${placeOf(table)?.id ?? "table"}-${at + 1}`), region.ariaLabel));
  }
}

function captionOf(figure: HTMLElement): string {
  return figure.querySelector("figcaption")?.textContent ?? "";
}

function toolbar(tools: readonly HTMLElement[], of: string | null | undefined): HTMLElement {
  const bar = document.createElement("div");
  bar.className = "tools";
  bar.role = "group";
  bar.ariaLabel = `files and more: ${of ?? ""}`;
  bar.append(...tools);
  return bar;
}

function tableButtons(table: HTMLTableElement, name: string): HTMLElement[] {
  const rows = () => {
    const grid = gridOf(table);
    return { grid, count: `${grid.rows.length} ${grid.rows.length === 1 ? "row" : "rows"}` };
  };
  return [
    button("CSV", () => saveAs(`${name}.csv`, new Blob([csvOf(rows().grid)], { type: "text/csv" })), "the table as a file, as it is shown"),
    button(
      "copy",
      async () => {
        const { grid, count } = rows();
        say((await copyText(markdownOf(grid))) ? `copied ${count} as Markdown` : "the browser did not let the page copy");
      },
      "the table as Markdown into the clipboard, as it is shown",
    ),
  ];
}

function fileButtons(figure: HTMLElement): HTMLElement[] {
  const drawing = () => figure.querySelector<SVGSVGElement>("svg.marks")!;
  const attempt = (work: () => Promise<void>) => async () => {
    await work().catch((error: unknown) => say(`could not be saved: ${String(error)}`));
  };
  return [
    button("SVG", () => saveAs(`${figure.id}.svg`, svgFile(drawing())), "the drawing as a file"),
    button(
      "PNG",
      attempt(async () => saveAs(`${figure.id}.png`, await pngFile(drawing()))),
      "the drawing as an image",
    ),
    ...(CAN_INFLATE
      ? [
          button(
            "spec",
            attempt(async () => {
              const specification = await specificationOf(figure.id);
              if (specification === undefined) throw new Error("this page has no specification of it");
              saveAs(
                `${figure.id}.vl.json`,
                new Blob([`${JSON.stringify({ description: captionOf(figure), ...specification }, undefined, 2)}\n`], {
                  type: "application/json",
                }),
              );
            }),
            "the Vega-Lite specification, its data included",
          ),
        ]
      : []),
  ];
}

function exploreButton(figure: HTMLElement, drawing: HTMLElement, navigation: Navigation, servers: readonly PageServer[]): HTMLElement {
  let live: { readonly chart: LiveChart; readonly place: HTMLElement } | undefined;
  const classOf = (server: string): string | undefined => {
    const at = serverNamed(servers, server);
    return at === undefined || servers[at]!.name !== server ? undefined : serverClass(at);
  };
  const toggle: HTMLButtonElement = button(
    "explore",
    async () => {
      if (live !== undefined) {
        live.chart.remove();
        live.place.replaceWith(drawing);
        live = undefined;
      } else {
        toggle.disabled = true;
        const place = document.createElement("div");
        place.className = "live";
        drawing.replaceWith(place);
        try {
          live = { chart: await explore(figure.id, place, classOf), place };
          place.role = "application";
          place.ariaLabel = `${captionOf(figure)} Arrow keys go from point to point.`;
          dimDrawings(place, servers, navigation.state.shown);
          place.focus({ preventScroll: true });
        } catch (error) {
          place.replaceWith(drawing);
          say(`could not be brought to life: ${String(error)}`);
        }
        toggle.disabled = false;
      }
      toggle.ariaPressed = String(live !== undefined);
    },
    "a live chart, with the figures under the pointer",
  );
  toggle.ariaPressed = "false";
  return toggle;
}
