import { expect, test } from "vitest";
import { agreesToDeflate, deflateOffer } from "./permessage-deflate.ts";
import { ProtocolError } from "./protocol-error.ts";

const { "sec-websocket-extensions": OFFER } = deflateOffer(true);
const TAKEOVER = "server_no_context_takeover";

test.each([
  [OFFER],
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
  expect(deflateOffer(false)).toEqual({});
  expect(agreesToDeflate(undefined, false)).toBe(false);
  expect(() => agreesToDeflate(OFFER, false)).toThrow(ProtocolError);
});
