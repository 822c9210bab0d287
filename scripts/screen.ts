/** Test support: what a terminal shows of what was written to it. */
import xterm from "@xterm/headless";

export interface Screen {
  /** `shown` is called once it is on the screen. */
  write(text: string, shown?: () => void): void;
  /** All that scrolled by and all that stands there, without blanks at its ends. */
  lines(): string[];
  /** Lines that are the rest of one that was wider than the screen. */
  wrappedLines(): string[];
  resize(columns: number, rows: number): void;
}

/** A terminal of so many columns and rows; `convertEol`: what is written did not come through a terminal's driver. */
export function createScreen(columns: number, rows: number, { convertEol = false } = {}): Screen {
  const terminal = new xterm.Terminal({ cols: columns, rows, scrollback: 2000, allowProposedApi: true, convertEol });
  const all = () => Array.from({ length: terminal.buffer.active.length }, (_, at) => terminal.buffer.active.getLine(at)!);
  return {
    write: (text, shown) => terminal.write(text, shown),
    lines() {
      const texts = all().map((line) => line.translateToString(true));
      return texts.slice(0, texts.findLastIndex((text) => text !== "") + 1);
    },
    wrappedLines: () =>
      all()
        .filter(({ isWrapped }) => isWrapped)
        .map((line) => line.translateToString(true)),
    resize: (width, height) => terminal.resize(width, height),
  };
}
