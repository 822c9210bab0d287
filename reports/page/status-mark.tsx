/** Status as an icon and a word; the icon is drawn, for not every font has one. */

export type Status = "pass" | "fail" | "invalid" | "warning";

const ICONS: Readonly<Record<Status, readonly [tone: string, path: string]>> = {
  pass: ["good", "M1.5 6.5 4.5 9.5 10.5 2.5"],
  fail: ["bad", "M2 2 10 10M10 2 2 10"],
  invalid: ["bad", "M2 2 10 10M10 2 2 10"],
  warning: ["warn", "M6 1V7.2M6 9.4V11"],
};

export function StatusMark({ status, word = status }: { readonly status: Status; readonly word?: string }) {
  const [tone, path] = ICONS[status];
  return (
    <span class={tone}>
      <svg class="icon" width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
        <path d={path} fill="none" stroke="currentColor" stroke-width="2" />
      </svg>
      {word}
    </span>
  );
}
