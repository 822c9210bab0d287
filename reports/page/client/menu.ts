/** Menus are <details> that one closes as any menu: by Escape, or by a click beside it. */
export function makeMenus(): void {
  const open = () => document.querySelectorAll<HTMLDetailsElement>("details.menu[open]");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  });
  document.addEventListener("click", (event) => {
    for (const menu of open()) {
      const beside = !(event.target instanceof Node && menu.contains(event.target));
      const followed = event.target instanceof Element && event.target.closest("a") !== null;
      if (beside || followed) menu.open = false;
    }
  });
}
