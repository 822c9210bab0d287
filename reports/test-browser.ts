/** The browser of the page's tests, for those that test another page. */
export { startBrowser } from "./page/browser.ts";
