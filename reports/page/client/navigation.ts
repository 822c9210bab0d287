/** The state of the page and its hash, which are always the same: a link to what is seen is the address. */
import { formatHash, parseHash } from "./page-state.ts";
import type { PageState } from "./page-state.ts";

export interface Navigation {
  readonly state: PageState;
  /** Changes the state; a step of its own in the browser's history. */
  go(changes: Changes): void;
  /** Hears of every change, and once of the state that the page was opened with. */
  follow(follower: (state: PageState, before: PageState | undefined) => void): void;
}

/** What stays as it is is left out; `sorting: undefined` takes the order back. */
export type Changes = { readonly [K in keyof PageState]?: PageState[K] | undefined };

export function navigation(): Navigation {
  let state = parseHash(location.hash);
  const followers: ((now: PageState, before: PageState | undefined) => void)[] = [];
  const become = (next: PageState): void => {
    const before = state;
    state = next;
    for (const follower of followers) follower(state, before);
  };
  const go = (changes: Changes): void => {
    const { sorting, ...rest } = { ...state, ...changes };
    const next = { ...rest, ...(sorting === undefined ? {} : { sorting }) } as PageState;
    if (formatHash(next) === formatHash(state)) return;
    history.pushState(undefined, "", formatHash(next));
    become(next);
  };
  // Back, forward, and an address that was typed.
  addEventListener("popstate", () => {
    const { place } = state;
    become(parseHash(location.hash));
    if (state.place !== place) showPlace(state.place);
  });
  // A plain link says where to, and nothing of what is shown.
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[href^='#']") : null;
    if (link === null || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const place = parseHash(link.hash).place;
    go({ place, sorting: undefined });
    showPlace(place, true);
  });
  return {
    get state() {
      return state;
    },
    go,
    follow(follower) {
      followers.push(follower);
      follower(state, undefined);
    },
  };
}

/** Brings a place into view, and the keyboard with it. */
export function showPlace(place: string, focus = false): void {
  const target = place === "" ? null : document.getElementById(place);
  if (target === null) return;
  for (let around = target.closest("details"); around !== null; around = around.parentElement?.closest("details") ?? null)
    around.open = true;
  scrollTo(target, FRAMES);
  if (!focus) return;
  target.tabIndex = -1;
  target.focus({ preventScroll: true });
}

/** Frames in which what is scrolled past may still find its height. */
const FRAMES = 8;

/** A drawing that was never in sight has a guessed height: what is above the target gets its own on the way there, and moves it. */
function scrollTo(target: HTMLElement, frames: number): void {
  target.scrollIntoView();
  if (frames > 0) requestAnimationFrame(() => scrollTo(target, frames - 1));
}
