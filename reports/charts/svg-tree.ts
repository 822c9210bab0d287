/** Markup as Vega writes it, as a tree and back; of XML no more than that. */

export interface SvgElement {
  readonly name: string;
  /** As they stand in the markup, still escaped. */
  readonly attributes: Map<string, string>;
  /** Text as it stands in the markup. */
  children: (SvgElement | string)[];
}

const TOKEN = /<(\/?)([a-zA-Z]+)((?: [^<>]*?)?)(\/?)>|[^<]+/g;
const ATTRIBUTE = / ([\w:-]+)="([^"]*)"/g;

/** The outermost element. Throws for markup that does not close what it opens, or has what is not understood: nothing is lost in silence. */
export function parseSvg(markup: string): SvgElement {
  const root: SvgElement = { name: "", attributes: new Map(), children: [] };
  const open = [root];
  let read = 0;
  for (const [text, closes, name, attributes = "", empty] of markup.matchAll(TOKEN)) {
    const around = open.at(-1)!;
    read += text.length;
    if (name === undefined) around.children.push(text);
    else if (closes === "/") {
      if (open.pop()!.name !== name) throw new Error(`the drawing closes ${name} where ${around.name} is open`);
    } else {
      const element: SvgElement = { name, attributes: new Map(), children: [] };
      let understood = 0;
      for (const [pair, attribute, value] of attributes.matchAll(ATTRIBUTE)) {
        element.attributes.set(attribute!, value!);
        understood += pair.length;
      }
      if (understood !== attributes.length) throw new Error(`the drawing has attributes that are not understood: ${text}`);
      around.children.push(element);
      if (empty !== "/") open.push(element);
    }
  }
  const [svg] = root.children;
  if (read !== markup.length || open.length !== 1 || svg === undefined || typeof svg === "string")
    throw new Error("the drawing is not one whole element");
  return svg;
}

/** The markup of it, without a blank that was not in it. */
export function formatSvg({ name, attributes, children }: SvgElement): string {
  const head = `<${name}${[...attributes].map(([attribute, value]) => ` ${attribute}="${value}"`).join("")}`;
  if (children.length === 0) return `${head}/>`;
  return `${head}>${children.map((child) => (typeof child === "string" ? child : formatSvg(child))).join("")}</${name}>`;
}

export function elementsIn({ children }: SvgElement): SvgElement[] {
  return children.filter((child) => typeof child !== "string");
}
