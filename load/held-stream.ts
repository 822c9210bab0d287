/** A request over HTTP/2 whose answer does not end, on a connection shared with others. */
import { checkAnswer } from "./held-response.ts";
import type { OpenHeldResponse } from "./held-response.ts";
import type { OpenStream } from "./session-pool.ts";
import type { OpenTimes } from "./transport.ts";

/** Opens a stream for the request. */
export const openHeldStream =
  (openStream: OpenStream): OpenHeldResponse =>
  (request, { answered, body, failed }, reads) => {
    const { address, streams, path, headers } = request;
    const { host, ...others } = headers;
    let opening: Omit<OpenTimes, "upgradeMs"> = { tcpMs: 0 };
    let askedAt = 0;

    const { close } = openStream(
      address,
      streams,
      {
        headers: { ":path": path, ...(host === undefined ? {} : { ":authority": host }), ...others },
        asking(times) {
          opening = times;
          askedAt = performance.now();
        },
        answered({ ":status": status, "content-type": type }) {
          checkAnswer(request, status, type);
          answered();
        },
        data: (bytes) => body(bytes, 0, bytes.length),
        failed,
      },
      reads,
    );
    return { openTimes: () => ({ ...opening, upgradeMs: performance.now() - askedAt }), close };
  };
