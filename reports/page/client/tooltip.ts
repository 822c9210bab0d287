/** Text beside a point; nothing in it is ever markup. */

export interface Tooltip {
  /** Beside a place of the window, in px; with no lines it is hidden. */
  show(lines: readonly string[], x: number, y: number): void;
  hide(): void;
  remove(): void;
}

const DISTANCE = 12;

export function makeTooltip(): Tooltip {
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.role = "status";
  tip.hidden = true;
  document.body.append(tip);
  const hide = () => {
    tip.hidden = true;
  };
  return {
    show(lines, x, y) {
      if (lines.length === 0) return hide();
      tip.replaceChildren(
        ...lines.map((text) => {
          const line = document.createElement("div");
          line.textContent = text;
          return line;
        }),
      );
      tip.hidden = false;
      const { width, height } = tip.getBoundingClientRect();
      const [right, bottom] = [document.documentElement.clientWidth, document.documentElement.clientHeight];
      tip.style.left = `${Math.max(0, x + DISTANCE + width > right ? x - DISTANCE - width : x + DISTANCE)}px`;
      tip.style.top = `${Math.max(0, Math.min(y - height / 2, bottom - height))}px`;
    },
    hide,
    remove: () => tip.remove(),
  };
}
