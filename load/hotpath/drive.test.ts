import { expect, test } from "vitest";
import { drive, FILLS, isDriven, STAGES } from "./drive.ts";
import { FORMATS } from "./formats.ts";

const cells = FORMATS.flatMap((format) =>
  FILLS.filter((fill) => isDriven(format, fill)).flatMap((fill) => STAGES.map((stage) => [format.name, fill, stage, format] as const)),
);

test.each(cells)("%s in %s reads, as far as %s: every message is counted", (_name, fill, stage, format) => {
  // More than a read's worth, so that messages are cut.
  const { deliveries, nsPerDelivery } = drive({ format, fill, stage, messages: 300 });
  // Half of the reads, and with full ones not half of the messages.
  if (fill !== "full") expect(deliveries).toBe(30_000);
  else expect(Math.abs(deliveries - 30_000)).toBeLessThan(20_000);
  expect(nsPerDelivery).toBeGreaterThan(0);
});

const webSocket = FORMATS[0]!;

test("one message left out, and nothing was measured", () => {
  const leaky: typeof webSocket = {
    ...webSocket,
    carry: (messages, sequence) => (sequence === 7 ? Buffer.alloc(0) : webSocket.carry(messages, sequence)),
  };
  for (const stage of STAGES) expect(() => drive({ format: leaky, fill: "full", stage, messages: 10 })).toThrow("1900 of 2000");
});

test.each(["envelope", "receiver"] as const)("one message damaged, and %s does not count it", (stage) => {
  const damaging: typeof webSocket = {
    ...webSocket,
    carry: (messages, sequence) =>
      webSocket.carry(sequence === 7 ? messages.map((message) => `${message.slice(0, -1)}!`) : messages, sequence),
  };
  expect(() => drive({ format: damaging, fill: "full", stage, messages: 10 })).toThrow("1900 of 2000");
});
