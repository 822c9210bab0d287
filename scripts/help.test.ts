import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { examplesText } from "./examples.ts";
import { HELP } from "./help.ts";

const ROWS = [
  ["run quick", "every server, in under 3 minutes"],
  ['capacity all --vary rate --slo "delivery_latency_ms.p99 < 50 and messages_lost == 0"', "messages a second, on every transport"],
] as const;

/** The help of a command with long flags, for a terminal so wide. */
function help(width: number): string[] {
  const command = new Command("report")
    .description("Write summary.json, summary.md and report.html of a run anew, and print its table.")
    .argument("[directory]", "a folder under results/")
    .option("--charts <format-and-folder...>", "write the charts as files too: svg, or spec for Vega-Lite, and where")
    .configureHelp({ ...HELP, helpWidth: width });
  return command.helpInformation().split("\n");
}

describe("help", () => {
  it("has a flag and what it does side by side where there is room", () => {
    expect(help(120).join("\n")).toMatch(
      /^ {2}--charts <format-and-folder\.\.\.> {2}write the charts as files too: svg, or spec for Vega-Lite, and where$/m,
    );
  });

  it.each([80, 40])("fills no more than %d columns, and loses nothing", (width) => {
    const lines = help(width);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
    expect(lines.join(" ").replaceAll(/\s+/g, " ")).toContain("write the charts as files too: svg, or spec for Vega-Lite, and where");
  });

  it("has what an example does below it where both are too wide", () => {
    const lines = examplesText(ROWS, 80).split("\n");
    expect(lines).toContain("      every server, in under 3 minutes");
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  });

  it("breaks an example as a shell reads on", () => {
    const text = examplesText(ROWS, 40);
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(40);
    const typed = text.slice(text.indexOf("capacity"), text.indexOf("      messages a second")).replaceAll(/ \\\n\s*/g, " ");
    expect(typed.trim()).toBe(ROWS[1][0]);
  });
});
