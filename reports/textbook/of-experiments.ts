/** What textbooks say that takes an experiment. */
import { plainNumber } from "../figure-text.ts";
import { fromExperiment, judged, open } from "./claim.ts";
import type { Claim } from "./claim.ts";

/** Bytes of a frame's head: 2 to 10, and 4 of a mask on what a client sends (RFC 6455, 5.2). */
const LEAST_HEAD = 2;
const MOST_HEAD = 14;

export const smallFrames: Claim = {
  says: "A WebSocket's frame adds 2 to 14 bytes to a message.",
  judge: fromExperiment("websocket-frames", ["down_100", "down_1000", "down_70000", "up_100", "up_1000", "up_70000"], (bytes) => {
    const down = [bytes.down_100, bytes.down_1000, bytes.down_70000];
    const up = [bytes.up_100, bytes.up_1000, bytes.up_70000];
    return judged(
      [...down, ...up].every((each) => each >= LEAST_HEAD && each <= MOST_HEAD),
      `${down.map(plainNumber).join(", ")} B on 100 B, 1,000 B and 70,000 B from the server; ${up.map(plainNumber).join(", ")} B from the client`,
    );
  }),
};

export const repeatedHeaders: Claim = {
  says: "Headers that each poll repeats cost more over HTTP/1.1 than over HTTP/2, which compresses them, and nothing on a WebSocket.",
  judge(evidence) {
    const [polls, frames] = [evidence.figures("poll-headers"), evidence.figures("websocket-frames")];
    if (polls === undefined) return open(evidence.reason("poll-headers"));
    if (frames === undefined) return open(evidence.reason("websocket-frames"));
    const [http1, http2, frame] = [polls["http1"], polls["http2"], frames["down_100"]];
    if (http1 === undefined || http2 === undefined || frame === undefined) return open("not all of it was measured");
    return judged(
      http2 < http1 && frame <= MOST_HEAD,
      `${whole(http1)} B a poll with a browser's headers over HTTP/1.1, ${whole(http2)} B over HTTP/2, ${whole(frame)} B a message on a WebSocket`,
    );
  },
};

export const missesNothing: Claim = {
  says: "An SSE client that comes back with Last-Event-ID misses nothing; one of a plain stream does.",
  judge: fromExperiment("coming-back", ["published_away", "missed_sse", "missed_stream"], ({ published_away, missed_sse, missed_stream }) =>
    judged(
      missed_sse === 0 && missed_stream > 0,
      `of ${plainNumber(published_away)} messages published meanwhile, SSE missed ${plainNumber(missed_sse)} and the stream ${plainNumber(missed_stream)}`,
    ),
  ),
};

export const handshakes: Claim = {
  says: "A new connection for each poll costs a handshake, and with TLS a dearer one.",
  judge: fromExperiment("connection-per-poll", ["kept", "fresh", "kept_tls", "fresh_tls"], ({ kept, fresh, kept_tls, fresh_tls }) =>
    judged(
      fresh > kept && fresh_tls - kept_tls > fresh - kept,
      `${plainNumber(fresh)} ms a poll against ${plainNumber(kept)} on a connection that is kept; with TLS ${plainNumber(fresh_tls)} against ${plainNumber(kept_tls)}`,
    ),
  ),
};

export const leavesWaiting: Claim = {
  says: "A new connection for each poll leaves a socket in TIME_WAIT behind.",
  judge: fromExperiment("connection-per-poll", ["polls", "waiting_kept", "waiting_fresh"], ({ polls, waiting_kept, waiting_fresh }) =>
    judged(
      // That of the connection that was kept is one, and others may come and go.
      waiting_fresh >= polls * 0.9 && waiting_kept <= polls * 0.1,
      `${plainNumber(waiting_fresh)} sockets in TIME_WAIT after ${plainNumber(polls)} polls, ${plainNumber(waiting_kept)} where the connection was kept`,
    ),
  ),
};

export const runsOut: Claim = {
  says: "Many open SSE connections exhaust a server's descriptors.",
  judge: fromExperiment(
    "descriptors-exhausted",
    ["limit", "asked", "held", "refused", "waiting", "served", "released", "admitted"],
    ({ limit, asked, held, refused, waiting, served, released, admitted }) => {
      const others = [
        ...(refused > 0 ? [`${plainNumber(refused)} were cut off`] : []),
        ...(waiting > 0 ? [`${plainNumber(waiting)} never answered`] : []),
      ];
      return judged(
        held < limit && refused + waiting > 0,
        `with ${plainNumber(limit)} descriptors sse-node held ${plainNumber(held)} of ${plainNumber(asked)} streams` +
          `${others.length > 0 ? `; ${others.join(" and ")}` : ""}; ${plainNumber(served)} of those it held went on, and ` +
          `${plainNumber(admitted)} of ${plainNumber(released)} newcomers got in once as many had left`,
      );
    },
  ),
};

export const oneMoreRoundTrip: Claim = {
  says: "WebSocket's upgrade costs one round trip more than SSE's request.",
  judge: fromExperiment("round-trips", ["sse", "websocket", "websocket_answer"], ({ sse, websocket, websocket_answer }) =>
    judged(
      Math.round(websocket) - Math.round(sse) === 1,
      `${trips(sse)} until the first event and ${trips(websocket)} until the first frame, behind TCP's own handshake: a server may speak right ` +
        `behind its 101; where the client speaks first, ${trips(websocket_answer)} until the answer`,
    ),
  ),
};

export const sixStreams: Claim = {
  says: "A browser opens six event streams to an origin over HTTP/1.1 at most, and many over HTTP/2.",
  judge: fromExperiment("browser-streams", ["asked", "http1", "http2"], ({ asked, http1, http2 }) =>
    judged(
      http1 === 6 && http2 > 6,
      `Chromium opened ${plainNumber(http1)} of ${plainNumber(asked)} over HTTP/1.1 and ${plainNumber(http2)} over HTTP/2`,
    ),
  ),
};

export const givenBack: Claim = {
  says: "A closed EventSource frees what it took of the server.",
  judge: fromExperiment(
    "closed-event-sources",
    ["sources", "subscriptions", "took_ms", "before", "open", "after"],
    ({ sources, subscriptions, took_ms, before, open: whileOpen, after }) =>
      judged(
        subscriptions === 0 && after <= before && whileOpen >= before + sources,
        `${plainNumber(before)} descriptors before, ${plainNumber(whileOpen)} with ${plainNumber(sources)} streams, ${plainNumber(after)} and ` +
          `${plainNumber(subscriptions)} subscriptions ${plainNumber(took_ms)} ms after they were closed`,
      ),
  ),
};

function whole(value: number): string {
  return plainNumber(Math.round(value));
}

function trips(value: number): string {
  return `${value.toFixed(1)} round trips`;
}
