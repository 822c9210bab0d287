/** What the page carries for its scripts, as elements that no browser runs or shows. */
import { gzipSync } from "node:zlib";
import { printable } from "../formats/escape.ts";
import type { PageServer } from "./client/servers.ts";
import { pack } from "./packed.ts";
import type { PageDrawing } from "./page-data.ts";

interface EmbeddedProps {
  readonly servers: readonly PageServer[];
  readonly drawings: readonly PageDrawing[];
  /** The code of live charts. */
  readonly runtime: string;
}

export function Embedded({ servers, drawings, runtime }: EmbeddedProps) {
  const specifications = pack(Object.fromEntries(drawings.map(({ name, spec }) => [name, printableValue(spec)])));
  return (
    <>
      <script type="application/json" id="servers" dangerouslySetInnerHTML={{ __html: inlineJson(servers) }} />
      {drawings.length > 0 && (
        <>
          <script
            type="application/gzip;base64"
            id="specifications"
            dangerouslySetInnerHTML={{ __html: compressed(JSON.stringify(specifications)) }}
          />
          <script type="application/gzip;base64" id="runtime" dangerouslySetInnerHTML={{ __html: compressed(runtime) }} />
        </>
      )}
    </>
  );
}

/** With no `<` in it, which could end the element. */
function inlineJson(value: unknown): string {
  return JSON.stringify(printableValue(value)).replaceAll("<", String.raw`\u003c`);
}

function compressed(text: string): string {
  return gzipSync(text, { level: 9 }).toString("base64");
}

/** Names in it as the page writes them. */
function printableValue(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, part: unknown) => (typeof part === "string" ? printable(part) : part)) as unknown;
}
