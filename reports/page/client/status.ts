/** What has just been done, for those who see it and those who hear it. */
let place: HTMLElement | undefined;
let hiding: ReturnType<typeof setTimeout> | undefined;

/** Shows a line for some seconds. */
export function say(text: string): void {
  if (place === undefined) {
    place = document.createElement("p");
    place.className = "said";
    place.role = "status";
    document.body.append(place);
  }
  place.textContent = text;
  clearTimeout(hiding);
  hiding = setTimeout(() => place?.replaceChildren(), 4_000);
}
