/** How undici connects: on a socket whose opening is timed and whose bytes are counted. */
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { buildConnector } from "undici";
import { countBytes, dial, where } from "../client/socket.ts";
import type { Address, OpenTimes, Reads } from "../transport.ts";
import { ProtocolError } from "../wire/protocol-error.ts";

export interface ConnectorEvents {
  dialling(socket: Socket): void;
  connected(times: Omit<OpenTimes, "upgradeMs">): void;
}

/** For the `connect` option; the protocol is by ALPN over TLS, and by prior knowledge over TCP. */
export function createConnector(
  address: Address,
  protocol: "http/1.1" | "h2",
  reads: Reads,
  events: ConnectorEvents,
): buildConnector.connector {
  return (_, tell) => {
    let told = false;
    const answer = (...outcome: Parameters<typeof tell>): void => {
      if (!told) tell(...outcome);
      told = true;
    };
    const socket = dial(address, { ALPNProtocols: [protocol] }, (times) => {
      events.connected(times);
      // This is where undici looks; its own connector for prior knowledge sets it as well.
      if (address.ca === undefined) Object.assign(socket, { alpnProtocol: protocol });
      if (protocol === "h2" && (socket as TLSSocket).alpnProtocol !== "h2") answer(new ProtocolError("the server did not choose h2"), null);
      else answer(null, socket);
    });
    countBytes(socket, reads);
    events.dialling(socket);
    socket.on("error", (error) => answer(error, null));
  };
}

/** What undici calls the server. */
export function originOf(address: Address): string {
  return `${address.ca === undefined ? "http" : "https"}://${where(address)}`;
}
