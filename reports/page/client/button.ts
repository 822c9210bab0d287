/** A button that says what it does. */
export function button(text: string, onClick: () => void | Promise<void>, title?: string): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  if (title !== undefined) made.title = title;
  made.addEventListener("click", () => void onClick());
  return made;
}
