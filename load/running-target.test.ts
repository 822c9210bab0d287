import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { reachTarget } from "./running-target.ts";
import type { ForeignTarget } from "./suite.ts";

const { signal } = new AbortController();

/** A port that listens, and one where nobody does. */
async function ports(): Promise<{ readonly open: number; readonly closed: number }> {
  const [listening, gone] = [createServer().listen(0, "127.0.0.1"), createServer().listen(0, "127.0.0.1")];
  await Promise.all([once(listening, "listening"), once(gone, "listening")]);
  onTestFinished(() => void listening.close());
  const closed = (gone.address() as AddressInfo).port;
  gone.close();
  await once(gone, "close");
  return { open: (listening.address() as AddressInfo).port, closed };
}

const foreign = (url: string, publish: string, others: Partial<ForeignTarget> = {}): ForeignTarget => ({
  name: "mine",
  transport: "sse",
  url,
  publish: { url: publish, body: "{message}" },
  ...others,
});

test("a foreign target that is there is told what the suite says, its secrets filled in", async () => {
  const { open } = await ports();
  process.env["PUSHBENCH_TEST_TOKEN"] = "sesame";
  onTestFinished(() => void delete process.env["PUSHBENCH_TEST_TOKEN"]);
  const url = `http://127.0.0.1:${open}`;
  const target = await reachTarget(
    foreign(`${url}/{topic}/a%20b?c={topic}`, `${url}/?m={message}`, {
      headers: { Authorization: "Bearer {env:PUSHBENCH_TEST_TOKEN}", "X-Topic": "{topic}" },
      subscribe: "{topic}",
      pid: process.pid,
    }),
    signal,
  );
  expect(target).toMatchObject({
    addresses: [{ host: "127.0.0.1", port: open }],
    controls: [],
    pids: [process.pid],
    startedHere: false,
    foreign: {
      subscription: {
        path: "/{topic}/a%20b?c={topic}",
        headers: { authorization: "Bearer sesame", "x-topic": "{topic}" },
        frames: ["{topic}"],
        answers: {},
      },
      publish: { address: { host: "127.0.0.1", port: open }, method: "POST", path: "/?m={message}", headers: {}, body: "{message}" },
    },
  });
});

test("one that is not there is named by the field that says where it should be", async () => {
  const { open, closed } = await ports();
  const [here, nowhere] = [`http://127.0.0.1:${open}`, `http://127.0.0.1:${closed}`];
  await expect(reachTarget(foreign(nowhere, here), signal)).rejects.toThrow(
    `target "mine": ${nowhere} cannot be reached: connect ECONNREFUSED 127.0.0.1:${closed}; start it, or correct "url"`,
  );
  await expect(reachTarget(foreign(here, nowhere), signal)).rejects.toThrow('start it, or correct "publish.url"');
  await expect(reachTarget({ name: "mine", transport: "sse", url: here, control: nowhere }, signal)).rejects.toThrow(
    `its control port 127.0.0.1:${closed} cannot be reached`,
  );
});

test("waiting for one that does not answer ends with the trial", async () => {
  const { open } = await ports();
  // Takes the connection and says nothing, where a TLS handshake was due.
  const reaching = reachTarget(foreign(`https://127.0.0.1:${open}`, "http://127.0.0.1:1"), AbortSignal.timeout(50));
  await expect(reaching).rejects.toThrow(`target "mine": https://127.0.0.1:${open} cannot be reached`);
});

test.runIf(process.platform === "linux")("a process that does not run is said before anything is loaded", async () => {
  const { open } = await ports();
  const url = `http://127.0.0.1:${open}`;
  await expect(reachTarget(foreign(url, url, { pid: [process.pid, 0x7fff_fff0] }), signal)).rejects.toThrow(
    'target "mine": no process has the number 2147483632; correct "pid", or leave it out, and no figures of the server are taken',
  );
});
