/** What a link can say of the page: where it is, which servers are shown, how tables are sorted, in which colours. */

export interface Sorting {
  /** The column's key, see `columnKey`. */
  readonly column: string;
  readonly direction: "asc" | "desc";
}

export interface PageState {
  /** Id of a section or a figure; empty at the top. Sorting is of the tables in it. */
  readonly place: string;
  /** Names of servers and transport families; empty: all are shown. */
  readonly shown: readonly string[];
  readonly sorting?: Sorting;
  readonly theme: Theme;
}

export type Theme = "auto" | "light" | "dark";

/** In the order in which they are offered. */
export const THEMES: readonly Theme[] = ["auto", "light", "dark"];

export const INITIAL_STATE: PageState = { place: "", shown: [], theme: "auto" };

/** Of `#scale?t=websocket,sse&sort=p99:desc&theme=dark`; what it does not understand is as if it were not there. */
export function parseHash(hash: string): PageState {
  const [place = "", query = ""] = hash.replace(/^#/, "").split("?", 2);
  const fields = new Map(query.split("&").map((field) => (/^([^=]*)=?(.*)$/s.exec(field) ?? []).slice(1) as [string, string]));
  const shown = (fields.get("t") ?? "").split(",").map(decoded).filter(Boolean);
  const [, column = "", direction] = /^(.+):(asc|desc)$/.exec(fields.get("sort") ?? "") ?? [];
  const theme = THEMES.find((name) => name === fields.get("theme")) ?? "auto";
  return {
    place: decoded(place),
    shown: [...new Set(shown)],
    ...(decoded(column) === "" ? {} : { sorting: { column: decoded(column), direction: direction as Sorting["direction"] } }),
    theme,
  };
}

/** The hash that {@link parseHash} reads as this state, `#` included; what is as it is at first is left out. */
export function formatHash({ place, shown, sorting, theme }: PageState): string {
  const query = [
    ...(shown.length === 0 ? [] : [`t=${shown.map(encodeURIComponent).join(",")}`]),
    ...(sorting === undefined ? [] : [`sort=${encodeURIComponent(sorting.column)}:${sorting.direction}`]),
    ...(theme === "auto" ? [] : [`theme=${theme}`]),
  ].join("&");
  return `#${encodeURIComponent(place)}${query === "" ? "" : `?${query}`}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}
