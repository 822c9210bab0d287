/** One `POST /publish` that stays open for a whole trial: publish lines in, the server's count out. */
import net from "node:net";
import type { PublishAnswer } from "../../servers/contract.ts";
import { createResponseParser } from "../wire/http1.ts";

/** How long the server may take to answer once the stream has ended. */
const ANSWER_TIMEOUT_MS = 10_000;

export interface PublishStream {
  /** Bytes written that the kernel has not taken. */
  readonly unsentBytes: number;
  /** Whole publish lines. */
  write(lines: Buffer): void;
  /** Ends the stream; resolves with the server's answer, rejects when the connection failed at any time since it was opened. */
  end(): Promise<PublishAnswer>;
}

/** Opens the stream; rejects when the control port cannot be reached. `broke` is told at once when it fails later. */
export function openPublishStream(
  control: { readonly host: string; readonly port: number },
  broke: (error: Error) => void,
): Promise<PublishStream> {
  const place = `control port ${control.host}:${control.port}`;
  return new Promise((opened, refused) => {
    let failure: Error | undefined;
    let answered: ((answer: PublishAnswer) => void) | undefined;
    let gaveUp: ((error: Error) => void) | undefined;
    let status = 0;
    let body = "";

    const socket = net.connect({ ...control, noDelay: true });
    let over = false;
    const fail = (message: string): void => {
      if (over) return;
      over = true;
      failure = new Error(`${place}: ${message}`);
      refused(failure);
      if (gaveUp === undefined) broke(failure);
      else gaveUp(failure);
      socket.destroy();
    };
    const response = createResponseParser({
      head: (head) => void (status = head.status),
      body: (bytes, start, end) => void (body += bytes.toString("utf8", start, end)),
      end() {
        if (status !== 200 || answered === undefined) {
          fail(`answered ${status} ${body.slice(0, 200)}`);
          return;
        }
        const answer = readAnswer(body);
        if (answer === undefined) {
          fail(`answered no {"published":…,"refused":…}: ${JSON.stringify(body.slice(0, 80))}`);
          return;
        }
        over = true;
        socket.destroy();
        answered(answer);
      },
    });
    socket.on("data", (bytes) => {
      try {
        response.feed(bytes, 0, bytes.length);
      } catch (error) {
        fail((error as Error).message);
      }
    });
    socket.on("error", (error) => fail(error.message));
    socket.on("close", () => fail("the publish stream was closed"));
    socket.once("connect", () => {
      socket.write(
        `POST /publish HTTP/1.1\r\nHost: ${control.host}:${control.port}\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n`,
      );
      opened({
        get unsentBytes() {
          return socket.writableLength;
        },
        write(lines) {
          socket.cork();
          socket.write(`${lines.length.toString(16)}\r\n`);
          socket.write(lines);
          socket.write("\r\n");
          socket.uncork();
        },
        end() {
          return new Promise((resolve, reject) => {
            if (failure !== undefined) {
              reject(failure);
              return;
            }
            const timer = setTimeout(() => fail(`no answer ${ANSWER_TIMEOUT_MS} ms after the publish stream ended`), ANSWER_TIMEOUT_MS);
            answered = (answer) => {
              clearTimeout(timer);
              resolve(answer);
            };
            gaveUp = (error) => {
              clearTimeout(timer);
              reject(error);
            };
            socket.write("0\r\n\r\n");
          });
        },
      });
    });
  });
}

/** The answer, or nothing where the text is none. */
function readAnswer(text: string): PublishAnswer | undefined {
  try {
    const answer = JSON.parse(text) as PublishAnswer;
    return Number.isSafeInteger(answer.published) && Number.isSafeInteger(answer.refused) ? answer : undefined;
  } catch {
    return undefined;
  }
}
