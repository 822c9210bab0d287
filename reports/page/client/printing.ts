/** On paper nothing can be opened: everything is, while it is printed. */
export function makePrintable(): void {
  let opened: HTMLDetailsElement[] = [];
  const open = () => {
    if (opened.length > 0) return;
    opened = [...document.querySelectorAll<HTMLDetailsElement>("details:not(.menu):not([open])")];
    for (const details of opened) details.open = true;
  };
  const close = () => {
    for (const details of opened) details.open = false;
    opened = [];
  };
  addEventListener("beforeprint", open);
  addEventListener("afterprint", close);
}
