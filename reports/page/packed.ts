/** Many JSON documents that have much in common, as one: what stands in several places stands once, and rows are columns. */

/** Made by {@link pack}: a document each by name, in which `{ "$": n }` stands for `shared[n]`. */
export interface Packed {
  readonly shared: readonly unknown[];
  readonly documents: Readonly<Record<string, unknown>>;
}

/** What is shorter is no longer than what would stand for it. */
const LEAST_SHARED = 16;

interface Node {
  readonly value: unknown;
  readonly children: readonly number[];
  /** Characters of its JSON, or nearly. */
  readonly size: number;
  uses: number;
}

/**
 * Packs documents of plain JSON; equal parts are found whole, however deep. Numbers that are not integers keep six digits, which is more
 * than a drawing can show.
 */
export function pack(documents: Readonly<Record<string, unknown>>): Packed {
  const nodes: Node[] = [];
  const known = new Map<string, number>();
  const intern = (value: unknown): number => {
    const children = childrenOf(value).map(intern);
    const key = keyOf(value, children);
    const found = known.get(key);
    if (found !== undefined) return found;
    const size = key.length + children.reduce((sum, child) => sum + nodes[child]!.size, 0);
    // Only those in different places count: what stands in a part that is itself shared is there once.
    for (const child of children) nodes[child]!.uses++;
    nodes.push({ value, children, size, uses: 0 });
    known.set(key, nodes.length - 1);
    return nodes.length - 1;
  };
  const roots = Object.entries(documents).map(([name, document]) => [name, intern(columnar(document))] as const);

  const shared: unknown[] = [];
  const places = new Map<number, number>();
  const emit = (at: number): unknown => {
    const place = places.get(at);
    return place === undefined ? emitWhole(nodes[at]!) : { $: place };
  };
  const emitWhole = ({ value, children }: Node): unknown => {
    if (Array.isArray(value)) return children.map(emit);
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.keys(value).map((name, at) => [name, emit(children[at]!)]));
  };
  // Parts come before what they are parts of.
  for (const [at, node] of nodes.entries()) {
    if (node.uses < 2 || node.children.length === 0 || node.size < LEAST_SHARED) continue;
    shared.push(emitWhole(node));
    places.set(at, shared.length - 1);
  }
  return { shared, documents: Object.fromEntries(roots.map(([name, root]) => [name, emit(root)])) };
}

/** The document of this name as it was packed, its parts its own; undefined where there is none. */
export function unpack({ shared, documents }: Packed, name: string): unknown {
  return Object.hasOwn(documents, name) ? expand(documents[name], shared) : undefined;
}

function expand(value: unknown, shared: readonly unknown[]): unknown {
  if (Array.isArray(value)) return value.map((part) => expand(part, shared));
  if (!isObject(value)) return value;
  const { $: mark } = value;
  if (typeof mark === "number") return expand(shared[mark], shared);
  const parts = Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "$")
      .map(([key, part]) => [key, expand(part, shared)]),
  );
  const { k, c } = parts as unknown as Columns;
  if (mark === ROWS) return (c[0] ?? []).map((_, row) => Object.fromEntries(k.map((key, at) => [key, c[at]![row]])));
  return mark === OBJECT ? Object.fromEntries(k.map((key, at) => [key, c[at]])) : parts;
}

const ROWS = "rows";
const OBJECT = "object";

interface Columns {
  readonly k: readonly string[];
  readonly c: readonly (readonly unknown[])[];
}

/** Rows that all have the same keys become columns: what is said once of each is short, and columns are often the same where rows are not. */
function columnar(value: unknown): unknown {
  if (typeof value === "number") return rounded(value);
  if (Array.isArray(value)) {
    const keys = commonKeys(value);
    if (keys === undefined) return value.map(columnar);
    return { $: ROWS, k: keys, c: keys.map((key) => value.map((row: Record<string, unknown>) => columnar(row[key]))) };
  }
  if (!isObject(value)) return value;
  const parts = Object.fromEntries(Object.entries(value).flatMap(([key, part]) => (part === undefined ? [] : [[key, columnar(part)]])));
  // A key that would be taken for a mark stands beside its value.
  return Object.hasOwn(parts, "$") ? { $: OBJECT, k: Object.keys(parts), c: Object.values(parts) } : parts;
}

function commonKeys(rows: readonly unknown[]): readonly string[] | undefined {
  const [first] = rows;
  if (rows.length < 3 || !isObject(first)) return undefined;
  const keys = Object.keys(first);
  const same = (row: unknown) => isObject(row) && Object.keys(row).length === keys.length && keys.every((key) => row[key] !== undefined);
  return keys.length > 0 && !keys.includes("$") && rows.every(same) ? keys : undefined;
}

function rounded(value: number): number {
  return Number.isInteger(value) || Math.abs(value) >= 1e6 ? value : Number(value.toPrecision(6));
}

function childrenOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return isObject(value) ? Object.values(value) : [];
}

function keyOf(value: unknown, children: readonly number[]): string {
  if (Array.isArray(value)) return `[${children.join(",")}]`;
  if (isObject(value)) return `{${JSON.stringify(Object.keys(value))}${children.join(",")}}`;
  return JSON.stringify(value) ?? "null";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
