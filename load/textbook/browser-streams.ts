/** How many event streams a real browser opens to one origin, over HTTP/1.1 and over HTTP/2. */
import { startBrowser } from "../headless-browser.ts";
import type { HeadlessBrowser } from "../headless-browser.ts";
import type { Lab } from "./lab.ts";

const ASKED = 20;
/** No further one has opened for so long. */
const QUIET_MS = 1000;

/** Of `asked` streams of a page, those that opened: `http1` and `http2`. */
export async function browserStreams(lab: Lab): Promise<Readonly<Record<string, number>>> {
  const browser = await startBrowser();
  lab.atEnd(() => browser.close());
  return { asked: ASKED, http1: await opened(lab, browser, "sse-node", false), http2: await opened(lab, browser, "sse-http2-node", true) };
}

/** A browser speaks HTTP/2 over TLS alone. */
async function opened(lab: Lab, { browser }: HeadlessBrowser, name: string, tls: boolean): Promise<number> {
  const { address } = await lab.start(name, { tls });
  const origin = `http${tls ? "s" : ""}://${address.host}:${address.port}`;
  // The certificate is the server's own.
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  lab.atEnd(() => context.close());
  // A page of that origin, which the server has none of.
  await context.route(`${origin}/`, (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html>" }));
  const page = await context.newPage();
  await page.goto(`${origin}/`);
  const count = await page.evaluate<number>(`new Promise((resolve) => {
    let open = 0;
    let timer = setTimeout(() => resolve(open), ${QUIET_MS});
    for (let n = 0; n < ${ASKED}; n++) {
      new EventSource("/events?topic=news").addEventListener("open", () => {
        open++;
        clearTimeout(timer);
        timer = setTimeout(() => resolve(open), ${QUIET_MS});
      });
    }
  })`);
  await page.close();
  return count;
}
