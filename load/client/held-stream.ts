/** A request over HTTP/2 whose answer does not end, on a connection shared with others. */
import { checkAnswer } from "./held-response.ts";
import type { OpenHeldResponse } from "./held-response.ts";
import { createOpening } from "./opening.ts";
import type { OpenStream } from "./session-pool.ts";

/** Opens a stream for the request. */
export const openHeldStream =
  (openStream: OpenStream): OpenHeldResponse =>
  (request, events, reads) => {
    const { address, streams, path, headers, sendPath } = request;
    const { host, ...others } = headers;
    const opening = createOpening();

    const stream = openStream(
      address,
      streams,
      {
        headers: { ":path": path, ...(host === undefined ? {} : { ":authority": host }), ...others },
        asking: (times) => opening.asked(times),
        answered({ ":status": status, "content-type": type }) {
          checkAnswer(request, status, type);
          events.answered();
        },
        data: (bytes) => events.body(bytes, 0, bytes.length),
        failed: (error) => events.failed(error),
        sendPath,
      },
      reads,
    );
    return {
      openTimes: () => opening.times(),
      get up() {
        return stream.posts;
      },
      close: () => stream.close(),
    };
  };
