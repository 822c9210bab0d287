/** The colours of the page: the system's, or those that the link says, for a file has no other memory that is sure. */
import type { Navigation } from "./navigation.ts";
import { THEMES } from "./page-state.ts";
import type { Theme } from "./page-state.ts";

export function makeThemed(navigation: Navigation): HTMLElement {
  const label = document.createElement("label");
  const select = document.createElement("select");
  for (const theme of THEMES) select.add(new Option(theme, theme));
  select.addEventListener("change", () => navigation.go({ theme: select.value as Theme }));
  label.append("theme ", select);
  navigation.follow(({ theme }) => {
    select.value = theme;
    if (theme === "auto") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = theme;
  });
  return label;
}
