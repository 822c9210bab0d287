/** Polls in a closed loop on autocannon: it asks as soon as it is answered, as fast as the server and it can. */
import type { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import autocannon from "autocannon";
import { createOpening } from "../client/opening.ts";
import type { OpenPolls } from "../client/poll-connection.ts";
import { countBytes, timeOpening, where } from "../client/socket.ts";
import type { ConnectionError } from "../transport.ts";
import { ProtocolError } from "../wire/protocol-error.ts";
import { describeLibraryError } from "./library-error.ts";
import { readPollText } from "./poll-text.ts";
import { originOf } from "./undici-connector.ts";

/** autocannon wants an end; no trial lasts so long: an hour of rest, of warm-up and of drain, a day of window. */
const LONGEST_S = 27 * 3600;

/** What autocannon would draw from its own histograms nobody asks for, and each of its connections would fill 2 MB with them. */
const NO_HISTOGRAM = { __custom: true, recordValue() {}, reset() {}, destroy() {} };
const NO_HISTOGRAMS = { latencies: NO_HISTOGRAM, requests: NO_HISTOGRAM, throughput: NO_HISTOGRAM };

/** autocannon's client of one connection, with what its types leave out. */
interface Client extends EventEmitter {
  readonly conn: Socket;
  destroy(): void;
}

/** One connection, opened with the first poll; what is asked within `answered` is what autocannon asks next. */
export const openAutocannonPolls: OpenPolls = ({ address, path }, events, reads) => {
  let query = "";
  let client: Client | undefined;
  let socket: Socket | undefined;
  const opening = createOpening();
  /** What the connection had carried when it was asked; 0 on a new one. */
  let bytesBefore = 0;
  let over = false;

  function fail(error: ConnectionError): void {
    if (over) return;
    over = true;
    client?.destroy();
    events.failed(error);
  }

  /** A kept connection that was closed before any of the answer came: autocannon opens another by itself, and asks again. */
  const isStale = (): boolean => bytesBefore > 0 && socket!.bytesRead === bytesBefore;

  /** Tells of the connection that the next request goes out on. */
  function onRequest(conn: Socket): void {
    if (over) return;
    if (conn !== socket) {
      if (socket !== undefined) {
        if (!isStale()) return fail({ kind: "closed", message: `${where(address)} closed the connection` });
        reads.traffic.reconnects++;
      }
      socket = conn;
      countBytes(conn, reads);
      timeOpening(conn, address.ca !== undefined, (times) => opening.asked(times));
    }
    bytesBefore = conn.bytesRead;
    reads.traffic.requests++;
  }

  function start(): void {
    const options = {
      url: `${originOf(address)}${path}`,
      connections: 1,
      duration: LONGEST_S,
      histograms: NO_HISTOGRAMS,
      skipAggregateResult: true,
      setupClient(own: autocannon.Client) {
        const created = own as EventEmitter as Client;
        client = created;
        created.on("request", () => onRequest(created.conn));
        created.on("connError", (error: Error) => {
          if (!isStale()) fail(describeLibraryError(error, address));
        });
        created.on("timeout", () => fail({ kind: "timeout", message: `${where(address)} did not answer` }));
      },
      requests: [
        {
          setupRequest: (request: autocannon.Request) => ({ ...request, path: `${path}?${query}` }),
          onResponse(status: number, body: string) {
            if (over) return;
            try {
              readPollText(path, status, body, events, reads);
            } catch (error) {
              if (!(error instanceof ProtocolError)) throw error;
              fail(describeLibraryError(error, address));
            }
          },
        },
      ],
    };
    autocannon(options, () => fail({ kind: "other", message: `autocannon ended by itself` }));
  }

  return {
    ask(next) {
      query = next;
      if (client === undefined) start();
    },
    openTimes: () => opening.times(),
    close() {
      over = true;
      client?.destroy();
    },
  };
};
