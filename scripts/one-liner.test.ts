import { describe, expect, it } from "vitest";
import { publishOneLiner, subscribeOneLiner, subscribersUrl } from "./one-liner.ts";

const ready = { transport: "sse", host: "127.0.0.1", port: 8080, controlPort: 9090, tls: false };

describe("the one-liners", () => {
  it.each([
    [ready, "curl -N 'http://127.0.0.1:8080/events?topic=news'"],
    [{ ...ready, tls: true }, "curl -k -N 'https://127.0.0.1:8080/events?topic=news'"],
    [{ ...ready, host: "0.0.0.0" }, "curl -N 'http://127.0.0.1:8080/events?topic=news'"],
    [{ ...ready, host: "::" }, "curl -N 'http://[::1]:8080/events?topic=news'"],
    [{ ...ready, transport: "http-stream" }, "curl -N 'http://127.0.0.1:8080/stream?topic=news'"],
    [{ ...ready, transport: "sse-http2" }, "curl --http2-prior-knowledge -N 'http://127.0.0.1:8080/events?topic=news'"],
    [{ ...ready, transport: "sse-http2", tls: true }, "curl -k --http2 -N 'https://127.0.0.1:8080/events?topic=news'"],
    [{ ...ready, transport: "http-stream-http2" }, "curl --http2-prior-knowledge -N 'http://127.0.0.1:8080/stream?topic=news'"],
    [{ ...ready, transport: "carrier-pigeon" }, undefined],
  ])("%j is listened to with %s", (address, command) => {
    expect(subscribeOneLiner(address)).toBe(command);
  });

  it.each([
    [{}, "http://127.0.0.1:8080"],
    [{ tls: true }, "https://127.0.0.1:8080"],
    [{ transport: "websocket" }, "ws://127.0.0.1:8080/ws"],
    [{ transport: "websocket", tls: true, host: "::" }, "wss://[::]:8080/ws"],
    [{ transport: "websocket-http2" }, "ws://127.0.0.1:8080/ws"],
  ])("are made for subscribers of %j at %s", (address, url) => {
    expect(subscribersUrl({ ...ready, ...address })).toBe(url);
  });

  it("trust a certificate that is made at start, on WebSocket too", () => {
    expect(subscribeOneLiner({ ...ready, transport: "websocket", tls: true })).toContain(
      '"wss://127.0.0.1:8080/ws?topic=news", { rejectUnauthorized: false }',
    );
  });

  it("ask for a WebSocket on HTTP/2, too", () => {
    const program = subscribeOneLiner({ ...ready, transport: "websocket-http2", tls: true });
    expect(program).toContain('connect("https://127.0.0.1:8080", { rejectUnauthorized: false })');
    expect(program).toContain('":protocol": "websocket", ":path": "/ws?topic=news"');
  });

  it("goes on with a long poll where the last answer ended", () => {
    expect(subscribeOneLiner({ ...ready, transport: "long-polling" })).toBe(
      'after=0; while answer=$(curl -sf "http://127.0.0.1:8080/long-poll?topic=news&after=$after"); do ' +
        `[ "$answer" ] && echo "$answer" && after=$(($(expr "$answer" : '{"next":\\([0-9]*\\)') - 1)); done`,
    );
  });

  it("publish on the control port", () => {
    expect(publishOneLiner({ ...ready, host: "::1" })).toBe("printf 'news\\thello\\n' | curl --data-binary @- http://[::1]:9090/publish");
  });
});
