import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** What each file of a small tree imports, and whether the linter has to refuse it. */
const forbidden: readonly (readonly [from: string, to: string])[] = [
  ["servers/a.ts", "load/suite.ts"],
  ["servers/b.ts", "reports/summary.ts"],
  ["servers/c.ts", "scripts/color.ts"],
  ["servers/reference/d.ts", "load/compiled.ts"],
  ["servers/conformance/e.ts", "load/suite.ts"],
  ["load/f.ts", "reports/summary.ts"],
  ["load/g.ts", "scripts/color.ts"],
  ["load/h.ts", "servers/hub.ts"],
  ["load/workers/i.ts", "servers/reference/sse-node.ts"],
  ["reports/j.ts", "scripts/color.ts"],
  ["reports/k.ts", "servers/contract.ts"],
  ["reports/l.ts", "load/run.ts"],
  ["reports/la.ts", "load/capacity.ts"],
  ["reports/lb.ts", "load/history.ts"],
  ["reports/lb.ts", "load/accepted-file.ts"],
  ["reports/page/m.tsx", "load/transports/sse.ts"],
  ["scripts/n.ts", "load/transports/sse.ts"],
  ["scripts/commands/o.ts", "servers/reference/sse-node.ts"],
  ["scripts/commands/p.ts", "reports/page/page.tsx"],
];
const allowed: readonly (readonly [from: string, to: string])[] = [
  ["servers/q.ts", "servers/hub.ts"],
  ["servers/conformance/r.ts", "load/compiled.ts"],
  ["load/s.ts", "servers/contract.ts"],
  ["load/workers/t.ts", "servers/catalog.ts"],
  ["load/workers/u.ts", "load/wire/http1.ts"],
  ["reports/v.ts", "load/measurement.ts"],
  ["reports/charts/va.ts", "load/capacity-record.ts"],
  ["reports/vb.ts", "load/history-record.ts"],
  ["reports/vd.ts", "load/accepted.ts"],
  ["reports/vc.ts", "load/threshold.ts"],
  ["reports/charts/w.ts", "load/suite.ts"],
  ["scripts/x.ts", "load/run.ts"],
  ["scripts/commands/y.ts", "servers/catalog.ts"],
  ["scripts/commands/z.ts", "reports/formats/terminal.ts"],
];

let folder: string;
let found: { file: string; rule: string }[];

/** Both ways of importing, so that neither goes unseen. */
function source(from: string, to: string): string {
  const target = "../".repeat(from.split("/").length - 1) + to;
  return `import { one } from "${target}";\nexport const two = one;\nexport const three = import("${target}");\n`;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pushbench-lint-"));
  const files = [...forbidden, ...allowed].map(([from, to]) => [from, source(from, to)] as const);
  const cycle = [
    ["load/cycle-one.ts", 'import { two } from "./cycle-two.ts";\nexport const one = () => two;\n'],
    ["load/cycle-two.ts", 'import { one } from "./cycle-one.ts";\nexport const two = () => one;\n'],
  ] as const;
  for (const [path, text] of [...files, ...cycle]) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  await copyFile(join(ROOT, ".oxlintrc.json"), join(folder, ".oxlintrc.json"));
  found = await lint(folder);
}, 30_000);

afterAll(() => rm(folder, { recursive: true }));

async function lint(cwd: string): Promise<typeof found> {
  const oxlint = join(dirname(createRequire(import.meta.url).resolve("oxlint/package.json")), "bin/oxlint");
  const output = await new Promise<string>((resolve) => {
    // Its exit code says that there are findings; what they are is in the output.
    execFile(process.execPath, [oxlint, "--format", "json", "."], { cwd }, (_error, stdout) => resolve(stdout));
  });
  const { diagnostics } = JSON.parse(output) as { diagnostics: { filename: string; code: string }[] };
  return diagnostics.map(({ filename, code }) => ({ file: filename, rule: code }));
}

function restrictedIn(file: string): number {
  return found.filter((finding) => finding.file === file && finding.rule === "eslint(no-restricted-imports)").length;
}

describe("the linter holds the import direction", () => {
  it.each(forbidden)("%s may not import %s", (from) => {
    expect(restrictedIn(from)).toBe(2);
  });

  it.each(allowed)("%s may import %s", (from) => {
    expect(restrictedIn(from)).toBe(0);
  });

  it("and finds a cycle", () => {
    expect(found.filter(({ rule }) => rule === "import(no-cycle)").map(({ file }) => file)).toContain("load/cycle-one.ts");
  });
});
