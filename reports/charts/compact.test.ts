import { expect, test } from "vitest";
import { compact } from "./compact.ts";

const HEAD = `<svg xmlns="http://www.w3.org/2000/svg" class="marks">`;

test("a font that all texts share is said once, at the root", () => {
  const text = `<text font-family="serif" fill="red">a</text>`;
  expect(compact(`${HEAD}${text}${text}</svg>`)).toBe(
    `<svg font-family="serif" xmlns="http://www.w3.org/2000/svg" class="marks"><text fill="red">a</text><text fill="red">a</text></svg>`,
  );
});

test("where texts have several fonts each keeps its own", () => {
  const svg = `${HEAD}<text font-family="serif">a</text><text font-family="mono">b</text></svg>`;
  expect(compact(svg)).toBe(svg);
});

test.each([
  [`<path d="M0,1.2345L-7.744,124.18"/>`, `<path d="M0,1.2l-7.7,123"/>`],
  [`<text transform="translate(46.623810681369704,13)">p50</text>`, `<text x="46.6" y="13">p50</text>`],
  [`<path opacity="0.65" stroke-dasharray="1.25,2.75" d=""/>`, `<path opacity="0.65" stroke-dasharray="1.25,2.75" d=""/>`],
  [`<g><path class="background" d="M0,0h388v180h-388Z"/></g><rect/>`, `<rect/>`],
  [`<path class="background" d="M0,0h388v180h-388Z" fill="#fff"/>`, `<path class="background" d="M0,0h388v180h-388Z" fill="#fff"/>`],
  [`<rect opacity="1" stroke-width="1" width="3"/>`, `<rect width="3"/>`],
])("%s becomes %s", (svg, expected) => expect(compact(`${HEAD}${svg}</svg>`)).toBe(`${HEAD}${expected}</svg>`));

test("a name that looks like markup's attributes stays as it is", () => {
  const name = ` opacity="1" 1.2345 transform="translate(0,0)" font-family="serif" `;
  expect(compact(`${HEAD}<text fill="red">${name}</text></svg>`)).toContain(`>${name}<`);
});
