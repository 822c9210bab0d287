/** The script of the page: all that it adds to what can be read without it. */
import { button } from "./button.ts";
import { filterMenu } from "./chips.ts";
import { makeFilterable } from "./filter.ts";
import { makeMenus } from "./menu.ts";
import { navigation as startNavigation, showPlace } from "./navigation.ts";
import { makePrintable } from "./printing.ts";
import type { PageServer } from "./servers.ts";
import { makeSortable } from "./sort.ts";
import { makeThemed } from "./theme.ts";
import { addTools } from "./tools.ts";

const servers = JSON.parse(document.getElementById("servers")?.textContent ?? "[]") as readonly PageServer[];
const navigation = startNavigation();

document.querySelector("header .bar")?.append(
  ...filterMenu(navigation, servers),
  makeThemed(navigation),
  button("print", () => print()),
);
makeMenus();
makePrintable();
makeSortable(navigation);
addTools(navigation, servers);
makeFilterable(navigation, servers);
navigation.follow(({ place }, before) => {
  if (before === undefined) showPlace(place);
});
