import { expect, test } from "vitest";
import { agreesToDeflate, DEFLATE_OFFER } from "./permessage-deflate.ts";
import { ProtocolError } from "./protocol-error.ts";

const TAKEOVER = "server_no_context_takeover";

test.each([
  [DEFLATE_OFFER],
  [`permessage-deflate; ${TAKEOVER}`],
  [`permessage-deflate;client_no_context_takeover;${TAKEOVER}`],
  [`Permessage-Deflate; ${TAKEOVER}; server_max_window_bits=10`],
  [`permessage-deflate; ${TAKEOVER}; server_max_window_bits="15"`],
])("%j agrees to compression", (answer) => {
  expect(agreesToDeflate(answer, true)).toBe(true);
});

test.each([
  [undefined],
  [""],
  ["permessage-deflate"],
  ["permessage-deflate; client_no_context_takeover"],
  [`permessage-deflate; ${TAKEOVER}; client_max_window_bits=10`],
  [`permessage-deflate; ${TAKEOVER}; server_max_window_bits=16`],
  [`permessage-deflate; ${TAKEOVER}, permessage-deflate; ${TAKEOVER}`],
  ["x-webkit-deflate-frame"],
])("%j does not agree to what was offered", (answer) => {
  expect(() => agreesToDeflate(answer, true)).toThrow(ProtocolError);
  expect(() => agreesToDeflate(answer, true)).toThrow(/compression was (asked for|offered)/);
});

test("nothing is agreed to where nothing was offered", () => {
  expect(agreesToDeflate(undefined, false)).toBe(false);
  expect(() => agreesToDeflate(DEFLATE_OFFER, false)).toThrow(ProtocolError);
});
