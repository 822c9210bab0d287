import { expect, test } from "vitest";
import { createKnownHeads } from "./known-heads.ts";

/** Finds `text` behind stale bytes, or not. */
function finder() {
  const known = createKnownHeads<string>();
  const at = (text: string | Buffer): [Buffer, number, number] => {
    const bytes = Buffer.concat([Buffer.from("stale"), Buffer.from(text), Buffer.from("stale")]);
    return [bytes, 5, bytes.length - 5];
  };
  return {
    keep: (text: string | Buffer, name: string) => known.keep(...at(text), name),
    find: (text: string | Buffer) => known.find(...at(text)),
  };
}

const head = (length: number): string =>
  "HTTP/1.1 200 OK\r\nContent-Length: 123\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n".slice(-length);

test.each([8, 9, 15, 16, 17, 70, 77])("of %i bytes that were kept every one must be the same", (length) => {
  const { keep, find } = finder();
  const kept = Buffer.from(head(length));
  keep(kept, "kept");
  expect(find(kept)).toMatchObject({ head: "kept", length });
  expect(find(Buffer.concat([kept, Buffer.from("body")]))).toMatchObject({ head: "kept", length });
  expect(find(kept.subarray(0, -1))).toBeUndefined();
  for (let i = 0; i < length; i++) {
    for (let bit = 1; bit < 256; bit *= 2) {
      const other = Buffer.from(kept);
      other[i]! ^= bit;
      expect(find(other), `byte ${i} ^ ${bit}`).toBeUndefined();
    }
  }
});

test("the last four are known, each as what it was kept as", () => {
  const { keep, find } = finder();
  const heads = [1, 2, 3, 4, 5].map((i) => `HTTP/1.1 200 OK\r\nContent-Length: ${10 ** i}\r\n\r\n`);
  for (const [i, text] of heads.entries()) keep(text, `head ${i}`);
  expect(heads.map((text) => find(text)?.head)).toEqual([undefined, "head 1", "head 2", "head 3", "head 4"]);
});

test("bytes that as a double are equal to others are not taken for those", () => {
  const { keep, find } = finder();
  const zero = Buffer.from("12345678\0\0\0\0\0\0\0\0");
  const negative = Buffer.from(zero);
  negative[15] = 0x80;
  keep(zero, "zero");
  expect(find(negative)).toBeUndefined();
  keep(negative, "negative zero");
  expect(find(zero)).toBeUndefined();
});

test("a head that is longer than any is not kept", () => {
  const { keep, find } = finder();
  keep("x".repeat(3000), "long");
  expect(find("x".repeat(3000))).toBeUndefined();
});
