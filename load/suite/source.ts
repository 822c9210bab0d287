/** A suite's text as YAML, and where in it each value stands. */
import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, visit } from "yaml";
import type { Document, Node, Pair } from "yaml";
import type { TextProblem } from "../suite-error.ts";

export type Path = readonly (string | number)[];

/** A mistake, by its path in the data rather than by line and column. */
export interface Finding extends Pick<TextProblem, "message" | "expected" | "suggestion"> {
  readonly path: Path;
  /** The key is wrong, not the value. */
  readonly atKey?: boolean;
  /** The part of a text that is wrong. */
  readonly offset?: number;
  readonly length?: number;
}

export interface SuiteSource {
  /** Plain data; `undefined` when the YAML could not be read. */
  readonly data: unknown;
  readonly problems: readonly TextProblem[];
  /** The place of a finding: its node, or the nearest one that is written down. */
  locate(finding: Finding): TextProblem;
}

/** Parses YAML 1.2. Repeated keys are reported and the rest still read; after any other syntax error nothing else is to be trusted. */
export function readSource(text: string): SuiteSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
  const place = (start: number, length: number): Pick<TextProblem, "line" | "column" | "length"> => {
    const { line, col } = lines.linePos(start);
    return { line, column: col, length: Math.max(1, length) };
  };
  const problems = document.errors.map((error): TextProblem => {
    const [start, end] = error.pos;
    const message = error.code === "DUPLICATE_KEY" ? "this key stands here a second time" : error.message;
    return { ...place(start, end - start), message: `YAML: ${message}` };
  });
  visit(document, {
    Alias(_key, alias) {
      if (alias.resolve(document) !== undefined) return;
      const [start = 0, end = 0] = alias.range ?? [];
      problems.push({ ...place(start, end - start), message: `YAML: nothing above is anchored as &${alias.source}` });
    },
  });
  let data: unknown;
  if (problems.length === document.errors.length && document.errors.every((error) => error.code === "DUPLICATE_KEY")) {
    try {
      data = document.toJS();
    } catch (error) {
      // So many aliases of aliases that they would fill the memory.
      problems.push({ ...place(0, 1), message: `YAML: ${error instanceof Error ? error.message : String(error)}` });
    }
  }
  return {
    data,
    problems,
    locate({ path, atKey = false, offset = 0, length, ...said }) {
      const node = nodeAt(document, path, atKey);
      if (!node?.range) return { ...place(0, 1), ...said };
      const [start, end] = node.range;
      if (!isScalar(node)) return { ...place(start, firstLine(text.slice(start, end)).length), ...said };
      const quote = node.type === "QUOTE_DOUBLE" || node.type === "QUOTE_SINGLE" ? 1 : 0;
      const from = offset === 0 && length === undefined ? start : start + quote + offset;
      return { ...place(from, length ?? end - start), ...said };
    },
  };
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0]!.trimEnd();
}

/** The node at `path`, or of the last part of it that exists. */
function nodeAt(document: Document, path: Path, atKey: boolean): Node | undefined {
  let node = resolve(document.contents, document);
  for (const [depth, part] of path.entries()) {
    const last = depth === path.length - 1;
    if (isMap(node)) {
      const pair: Pair | undefined = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(part));
      if (!pair) return firstKey(node) ?? node;
      // A key without a value has no node to point at: the key serves.
      const empty = isScalar(pair.value) && pair.value.value === null && pair.value.source === "";
      if (last && (atKey || empty || !pair.value)) return pair.key as Node;
      node = resolve(pair.value as Node, document);
    } else if (isSeq(node)) {
      const item = node.items[Number(part)];
      if (item === undefined || isPair(item)) return node;
      node = resolve(item as Node, document);
    } else break;
  }
  return node;
}

function firstKey(node: Node): Node | undefined {
  return isMap(node) ? (node.items[0]?.key as Node | undefined) : undefined;
}

function resolve(node: Node | null, document: Document): Node | undefined {
  return (isAlias(node) ? node.resolve(document) : node) ?? undefined;
}
