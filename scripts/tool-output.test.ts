import { describe, expect, it } from "vitest";
import { readAutocannon, readEvents, readH2load, readLsof, readSs, readTimes, readWrk } from "./tool-output.ts";

const WRK = `Running 1s test @ http://127.0.0.1:8080/
  1 threads and 2 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     4.57ms   13.80ms  89.40ms   91.81%
    Req/Sec    19.35k    14.50k   41.95k    60.00%
  19294 requests in 1.01s, 2.34MB read
Requests/sec:  19153.19
Transfer/sec:      2.32MB
`;

const H2LOAD = `Stopped all clients for thread #0

finished in 1.00s, 33262.00 req/s, 4.03MB/s
requests: 33262 total, 33264 started, 33262 done, 33262 succeeded, 0 failed, 0 errored, 0 timeout
status codes: 33262 2xx, 0 3xx, 0 4xx, 0 5xx
`;

describe("requests a second", () => {
  it("of wrk are those of its summary; answers that are not 2xx, and sockets that fail, are said", () => {
    expect(readWrk(WRK)).toBe(19153.19);
    expect(() => readWrk(`  Non-2xx or 3xx responses: 13019\n${WRK}`)).toThrow("Non-2xx or 3xx responses: 13019");
    expect(() => readWrk(`  Socket errors: connect 0, read 3, write 0, timeout 0\n${WRK}`)).toThrow("read 3");
    expect(() => readWrk("unable to connect")).toThrow("unable to connect");
  });

  it("of h2load are those of its summary, of good answers alone", () => {
    expect(readH2load(H2LOAD)).toBe(33262);
    expect(() => readH2load(H2LOAD.replace("33262 2xx, 0 3xx, 0 4xx, 0 5xx", "0 2xx, 0 3xx, 0 4xx, 38702 5xx"))).toThrow("38702 5xx");
    expect(() => readH2load(H2LOAD.replace("33262 2xx", "0 2xx"))).toThrow("nothing was answered");
  });

  it("of autocannon are its good answers over its time", () => {
    expect(readAutocannon(`{"2xx":9000,"non2xx":0,"errors":0,"duration":2.5}`)).toBe(3600);
    expect(() => readAutocannon(`{"2xx":0,"non2xx":9311,"errors":0,"duration":1}`)).toThrow("9311 answers");
  });
});

it("the kernel's counters are summed over all sockets; a counter that is not printed is 0, and what was sent again counts once", () => {
  const text =
    "ESTAB 0 0 127.0.0.1:8080 127.0.0.1:53424 bbr bytes_sent:127 bytes_retrans:27 bytes_acked:127 bytes_received:27 data_segs_out:1 data_segs_in:3\n" +
    "ESTAB 0 0 127.0.0.1:8080 127.0.0.1:53426 bbr bytes_sent:50 bytes_acked:51 segs_in:9 data_segs_out:2\n";
  expect(readSs(text)).toEqual({ bytesSent: 150, bytesReceived: 27, segmentsIn: 3 });
});

it("lsof's open descriptors are its numbered lines, not mapped files", () => {
  const text = `COMMAND   PID USER   FD      TYPE  DEVICE SIZE/OFF    NODE NAME
node    23809 root  cwd       DIR   254,0     4096 5308425 /srv
node    23809 root  mem       REG   254,0  1926232  339380 /usr/lib/x86_64-linux-gnu/libc.so.6
node    23809 root    0r      CHR     1,3      0t0       3 /dev/null
node    23809 root    1wW     REG   254,0     2248 2227653 /tmp/stdout
node    23809 root   19u     IPv4 2989981      0t0     TCP 127.0.0.1:8080 (LISTEN)
`;
  expect(readLsof(text)).toBe(3);
});

it("the messages that curl printed are read in order, without the hello and comments", () => {
  const text = `event: hello\nid: 0\ndata: {"next":1,"missed":0}\n\nid: 1\ndata: one\n\n:\n\nid: 2\ndata: two\n\n`;
  expect(readEvents(text)).toEqual(["one", "two"]);
});

it("reads the CPU time of a shell's children, whatever was printed before", () => {
  expect(readTimes("done\n0m0.00s 0m0.01s\n1m2.50s 0m0.25s\n")).toBeCloseTo(62.75, 9);
  expect(() => readTimes("done")).toThrow("no children's times");
});
