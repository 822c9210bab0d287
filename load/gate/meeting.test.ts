import { expect, test } from "vitest";
import { createMeeting } from "./meeting.ts";

test("who comes first waits for the other, and both hear the same moment", async () => {
  const meeting = createMeeting(2);
  let heard = false;
  const first = meeting.arrive().then((atNs) => ((heard = true), atNs));
  await new Promise((resolve) => setImmediate(resolve));
  expect(heard).toBe(false);
  expect(await meeting.arrive()).toBe(await first);
});

test("nobody waits for one who will not come", async () => {
  const meeting = createMeeting(2);
  const first = meeting.arrive();
  meeting.giveUp();
  expect(await first).toBeGreaterThan(0);
});
