import { expect, it } from "vitest";
import { slimTree } from "./slim-tree.ts";
import { formatSvg, parseSvg } from "./svg-tree.ts";

function slim(markup: string): string {
  const svg = parseSvg(markup);
  slimTree(svg);
  return formatSvg(svg);
}

it("leaves markup that has nothing to spare as it is, texts that look like markup included", () => {
  const markup = `<svg width="3"><g opacity="0.5"><text x="1">a &lt;g/&gt; &amp; "b" =</text><path d="M0,0A1,1"/><line x1="1" x2="2" y2="-3" xlink:href="#a"/></g></svg>`;
  expect(slim(markup)).toBe(markup);
});

it("says once for a group what all in it say, but not what works on a group as a whole", () => {
  expect(slim(`<svg><g><line stroke="red" opacity="0.2"/><line stroke="red" opacity="0.2"/></g></svg>`)).toBe(
    `<svg><g stroke="red"><line opacity="0.2"/><line opacity="0.2"/></g></svg>`,
  );
  const mixed = `<svg><g opacity="0.5"><line stroke="red"/><line/></g></svg>`;
  expect(slim(mixed)).toBe(mixed);
  const marks = `<svg><g class="mark-rule role-mark"><line stroke="red"/><line stroke="red"/></g></svg>`;
  expect(slim(marks)).toBe(marks);
});

it("has no groups that say nothing, places texts, and drops dashes without gaps", () => {
  expect(slim(`<svg><g><g><text transform="translate(4,-2.5)">a</text></g></g><g><line stroke-dasharray="1,0"/></g></svg>`)).toBe(
    `<svg><text x="4" y="-2.5">a</text><line/></svg>`,
  );
  const turned = `<svg><text transform="translate(4,2) rotate(-90)">a</text></svg>`;
  expect(slim(turned)).toBe(turned);
});

it("draws lines from point to point, to the same tenth of a pixel however many points there are", () => {
  expect(slim(`<svg><path d="M0,33.6L25.9,33.5L51.7,33.6Z"/></svg>`)).toBe(`<svg><path d="M0,33.6l25.9-.1 25.8,.1Z"/></svg>`);
  const points = Array.from({ length: 500 }, (_, i) => [Math.round(i * 7.77) / 10, Math.round(Math.sin(i) * 1000) / 10]);
  const d = /d="([^"]+)"/.exec(slim(`<svg><path d="M${points.map(([x, y]) => `${x},${y}`).join("L")}"/></svg>`))![1]!;
  let [x, y] = [0, 0];
  for (const [at, [dx, dy]] of [...d.matchAll(/(-?(?:\d+\.?\d*|\.\d+)),?(-?(?:\d+\.?\d*|\.\d+))/g)]
    .map(([, a, b]) => [Number(a), Number(b)])
    .entries()) {
    [x, y] = [x + dx!, y + dy!];
    expect(x).toBeCloseTo(points[at]![0]!, 6);
    expect(y).toBeCloseTo(points[at]![1]!, 6);
  }
});

it("clips what is clipped to the same shape by one and the same", () => {
  const clip = (id: string, width: number) => `<clipPath id="${id}"><rect width="${width}"/></clipPath>`;
  expect(
    slim(`<svg><defs>${clip("a", 5)}${clip("b", 5)}${clip("c", 6)}</defs><path clip-path="url(#b)"/><path clip-path="url(#c)"/></svg>`),
  ).toBe(`<svg><defs>${clip("a", 5)}${clip("c", 6)}</defs><path clip-path="url(#a)"/><path clip-path="url(#c)"/></svg>`);
});

it("refuses markup that is not whole or not understood", () => {
  expect(() => parseSvg("<svg width=3/>")).toThrow("attributes that are not understood: <svg width=3/>");
  expect(() => parseSvg(`<svg><line x="a>b"/></svg>`)).toThrow("not understood");
  expect(() => parseSvg("<svg><g></svg>")).toThrow("closes svg where g is open");
  expect(() => parseSvg("<svg>")).toThrow("not one whole element");
});
