/** The menu by which servers are chosen: a chip for each transport family and each server. */
import { button } from "./button.ts";
import type { Navigation } from "./navigation.ts";
import { isShown, toggled } from "./servers.ts";
import type { PageServer } from "./servers.ts";

/** Nothing where there is one server only. */
export function filterMenu(navigation: Navigation, servers: readonly PageServer[]): HTMLElement[] {
  if (servers.length < 2) return [];
  const menu = document.createElement("details");
  menu.className = "menu filter";
  const summary = document.createElement("summary");
  const choices = document.createElement("div");
  const families = new Map(servers.map(({ family, familyLabel }) => [family, familyLabel]));
  const chips = [
    ...(families.size < 2 ? [] : [...families].map(([token, text]) => ({ token, text, group: "transport" }))),
    ...servers.map(({ name }) => ({ token: name, text: name, group: "server" })),
  ].map(({ token, text, group }) => ({
    token,
    group,
    chip: button(text, () => navigation.go({ shown: toggled(navigation.state.shown, token) })),
  }));
  for (const group of ["transport", "server"]) {
    const row = document.createElement("div");
    row.role = "group";
    row.ariaLabel = group;
    row.append(...chips.filter((one) => one.group === group).map(({ chip }) => chip));
    if (row.childElementCount > 0) choices.append(row);
  }
  const all = button("show all", () => navigation.go({ shown: [] }));
  choices.append(all);
  menu.append(summary, choices);
  navigation.follow(({ shown }) => {
    const count = servers.filter((server) => isShown(server, shown)).length;
    summary.textContent = shown.length === 0 ? "filter" : `filter: ${count} of ${servers.length} servers`;
    menu.classList.toggle("active", shown.length > 0);
    for (const { token, chip } of chips) chip.ariaPressed = String(shown.includes(token));
    all.disabled = shown.length === 0;
  });
  return [menu];
}
