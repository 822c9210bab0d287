/** Where on the page something stands: the figure, or else the section, that a link can name. */
export function placeOf(element: Element): HTMLElement | undefined {
  return element.closest<HTMLElement>("figure[id], section[id]") ?? undefined;
}
