/** What is wrong with a target that does not speak the contract: how it is subscribed to, and how a message is published. */
import { ENVIRONMENT, placesIn } from "../template.ts";
import type { Scenario } from "../suite.ts";
import { asRecord } from "./as-written.ts";
import type { Finding, Path } from "./source.ts";

const OWN_FIELDS = ["headers", "subscribe", "answer", "publish", "command"] as const;
const PLACEHOLDERS = { topic: "{topic}", message: "{message}", environment: "{env:NAME}" } as const;
/** What the protocol itself says, or what would make an answer unreadable. */
const RESERVED =
  /^(connection|upgrade|keep-alive|te|trailer|expect|content-length|transfer-encoding|accept-encoding|sec-websocket-(key|version|extensions))$/i;

/** Takes the target as written, so that its mistakes show beside those of the schema. */
export function checkForeign(target: Record<string, unknown>, path: Path): Finding[] {
  const wrongScheme = checkScheme(target, [...path, "url"]);
  const given = OWN_FIELDS.filter((field) => target[field] !== undefined);
  if (target["control"] !== undefined) {
    const others = given.map((field) => ({
      path: [...path, field],
      atKey: true,
      message: `${field} and control exclude each other`,
      expected: "control, for a server that speaks pushbench's contract, or the others, for any other server",
    }));
    return [...wrongScheme, ...others, ...checkPorts(target, path)];
  }
  if (target["publish"] === undefined) {
    return [
      ...wrongScheme,
      {
        path,
        message: "neither publish nor control is there",
        expected: "publish, the request that sends one message, or control, for a server that speaks pushbench's contract",
      },
    ];
  }
  return [
    ...wrongScheme,
    ...checkPorts(target, path),
    ...checkSubscribing(target, path),
    ...checkPublishing(asRecord(target["publish"]), [...path, "publish"]),
  ];
}

/** Port 0 stands for one that is chosen as the command is started, and for nothing else. */
function checkPorts({ command, pid, url, control, publish }: Record<string, unknown>, path: Path): Finding[] {
  const chosen = command === undefined;
  const addresses: readonly (readonly [unknown, Path])[] = [
    [url, [...path, "url"]],
    [control, [...path, "control"]],
    [asRecord(publish)["url"], [...path, "publish", "url"]],
  ];
  const ports = addresses.flatMap(([address, own]): Finding[] => {
    if (typeof address !== "string" || !URL.canParse(address)) return [];
    const isOpen = new URL(address).port === "0";
    if (chosen && isOpen)
      return [{ path: own, message: "nothing listens on port 0", expected: "the server's port, or a command that starts it" }];
    if (chosen || isOpen) return [];
    return [
      {
        path: own,
        message: "a server that is started by its command listens on a port that is chosen then",
        expected: "port 0, which stands for it",
      },
    ];
  });
  if (chosen || pid === undefined) return ports;
  return [
    ...ports,
    {
      path: [...path, "pid"],
      atKey: true,
      message: "pid and command exclude each other",
      expected: "command alone: what it starts is sampled",
    },
  ];
}

function checkSubscribing(target: Record<string, unknown>, path: Path): Finding[] {
  const transport = String(target["transport"]);
  const isWebSocket = transport.startsWith("websocket");
  const frames = target["subscribe"];
  return [
    ...(transport.endsWith("polling")
      ? [
          {
            path: [...path, "transport"],
            message: `a server that does not speak the contract cannot be loaded by ${transport}: nothing says which messages a poll has had`,
            expected: "a transport that pushes: sse, http-stream or websocket, or one of them over HTTP/2",
          },
        ]
      : []),
    ...(isWebSocket
      ? []
      : (["subscribe", "answer"] as const)
          .filter((field) => target[field] !== undefined)
          .map((field) => ({
            path: [...path, field],
            atKey: true,
            message: `transport ${transport} sends no frames`,
            expected: `no ${field}, or transport websocket`,
          }))),
    ...checkUrl(target["url"], [...path, "url"], [PLACEHOLDERS.topic]),
    ...checkHeaders(target["headers"], [...path, "headers"], [PLACEHOLDERS.topic, PLACEHOLDERS.environment]),
    ...(Array.isArray(frames)
      ? frames.flatMap((frame, at) => checkPlaces(frame, [...path, "subscribe", at], [PLACEHOLDERS.topic]))
      : checkPlaces(frames, [...path, "subscribe"], [PLACEHOLDERS.topic])),
  ];
}

function checkPublishing(publish: Record<string, unknown>, path: Path): Finding[] {
  const { url, body, headers } = publish;
  const carried = [url, body].some((text) => typeof text === "string" && placesIn(text).some(({ name }) => name === "message"));
  return [
    ...checkUrl(url, [...path, "url"], [PLACEHOLDERS.topic, PLACEHOLDERS.message]),
    ...checkHeaders(headers, [...path, "headers"], [PLACEHOLDERS.topic, PLACEHOLDERS.environment]),
    ...checkPlaces(body, [...path, "body"], [PLACEHOLDERS.topic, PLACEHOLDERS.message]),
    ...(carried || typeof url !== "string"
      ? []
      : [
          {
            path: body === undefined ? path : [...path, "body"],
            message: "the message is not in what is published",
            expected: "{message} in body or in url",
          },
        ]),
  ];
}

/** Targets that nobody knows how to send to as a subscriber, where a scenario has them echo. */
export function checkEcho(servers: unknown, scenarios: readonly Pick<Scenario, "name" | "pattern">[]): Finding[] {
  const echo = scenarios.find(({ pattern }) => pattern === "echo");
  return echo === undefined
    ? []
    : withoutControl(servers, {
        message: `scenario "${echo.name}" is an echo, and this target does not say how its subscribers send`,
        expected: "a target that speaks pushbench's contract, with control, or another pattern",
      });
}

/** Targets that nobody knows how to ask for what a subscriber missed, where a scenario has it do so. */
export function checkResume(servers: unknown, scenarios: readonly Pick<Scenario, "name" | "reconnect">[]): Finding[] {
  const resuming = scenarios.find(({ reconnect }) => reconnect === "resume");
  return resuming === undefined
    ? []
    : withoutControl(servers, {
        message: `scenario "${resuming.name}" has reconnect: resume, and this target does not say how to ask for what was missed`,
        expected: "a target that speaks pushbench's contract, with control, or reconnect: fresh",
      });
}

/** The same finding for each target that does not speak the contract. */
function withoutControl(servers: unknown, finding: Pick<Finding, "message" | "expected">): Finding[] {
  if (!Array.isArray(servers)) return [];
  return servers.flatMap((entry: unknown, at): Finding[] =>
    typeof entry === "string" || asRecord(entry)["control"] !== undefined ? [] : [{ path: ["servers", at], ...finding }],
  );
}

/** Targets that cannot tell apart the topics which a scenario has. */
export function checkTopics(servers: unknown, scenarios: readonly { readonly name: string; readonly topics: number }[]): Finding[] {
  const several = scenarios.find(({ topics }) => topics > 1);
  if (several === undefined || !Array.isArray(servers)) return [];
  return servers.flatMap((entry: unknown, at): Finding[] => {
    const target = asRecord(entry);
    const publish = asRecord(target["publish"]);
    if (target["control"] !== undefined || target["publish"] === undefined) return [];
    const lacking = (field: string, texts: readonly unknown[], consequence: string): Finding[] =>
      namesTopic(texts)
        ? []
        : [
            {
              path: ["servers", at, field],
              message: `scenario "${several.name}" has ${several.topics} topics, and no {topic} stands here: ${consequence}`,
              expected: `{topic} in ${field === "url" ? "url, headers or subscribe" : "publish"}, or scenarios with one topic`,
            },
          ];
    return [
      ...lacking("url", [target["url"], target["headers"], target["subscribe"]], "every subscriber would get all of them"),
      ...lacking("publish", [publish["url"], publish["headers"], publish["body"]], "every message would go to the same one"),
    ];
  });
}

function namesTopic(texts: readonly unknown[]): boolean {
  return texts.some((text) =>
    typeof text === "string"
      ? placesIn(text).some(({ name }) => name === "topic")
      : typeof text === "object" && text !== null && namesTopic(Object.values(text)),
  );
}

function checkUrl(url: unknown, path: Path, allowed: readonly string[]): Finding[] {
  if (typeof url !== "string" || !URL.canParse(url)) return [];
  const { username, password, hash } = new URL(url);
  return [
    ...(username + password === ""
      ? []
      : [{ path, message: "an address with a user name or a password", expected: "an Authorization header, its secret as {env:NAME}" }]),
    ...(hash === "" ? [] : [{ path, message: `"${hash}" would not be sent: no server is told what follows a #`, expected: "no #" }]),
    ...checkPlaces(url, path, allowed),
  ];
}

function checkHeaders(headers: unknown, path: Path, allowed: readonly string[]): Finding[] {
  return Object.entries(asRecord(headers)).flatMap(([name, value]): Finding[] => {
    const own: Path = [...path, name];
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name))
      return [{ path: own, atKey: true, message: `"${name}" is no name of a header`, expected: "letters, digits and dashes" }];
    if (RESERVED.test(name))
      return [{ path: own, atKey: true, message: `header ${name} is pushbench's own to set`, expected: "headers of the application" }];
    if (typeof value !== "string") return [];
    if (!/^[\t -~]*$/.test(value)) return [{ path: own, message: "a header value holds printable ASCII, on one line" }];
    return [...checkPlaces(value, own, allowed), ...checkEnvironment(value, own)];
  });
}

function checkEnvironment(value: string, path: Path): Finding[] {
  return placesIn(value).flatMap(({ name, at, length }): Finding[] => {
    if (!name.startsWith(ENVIRONMENT)) return [];
    const variable = name.slice(ENVIRONMENT.length);
    const found = process.env[variable];
    if (found === undefined)
      return [
        { path, offset: at, length, message: `${variable} is not set in the environment`, expected: `export ${variable}=… before the run` },
      ];
    return /^[\t -~]*$/.test(found)
      ? []
      : [{ path, offset: at, length, message: `${variable} holds more than one line of printable ASCII` }];
  });
}

function checkPlaces(text: unknown, path: Path, allowed: readonly string[]): Finding[] {
  if (typeof text !== "string") return [];
  return placesIn(text).flatMap(({ name, at, length }): Finding[] => {
    const place = name.startsWith(ENVIRONMENT) ? PLACEHOLDERS.environment : `{${name}}`;
    if (allowed.includes(place)) return [];
    return [
      {
        path,
        offset: at,
        length,
        message: `nothing is known to fill {${name}} with`,
        expected: `${allowed.join(" or ")} here, or a blank behind the brace`,
      },
    ];
  });
}

/** A WebSocket of a server that speaks the contract may be given by the address of its HTTP server. */
function checkScheme({ transport, url, control }: Record<string, unknown>, path: Path): Finding[] {
  if (typeof url !== "string" || !/^(https?|wss?):/.test(url)) return [];
  const isWebSocket = String(transport).startsWith("websocket");
  if (url.startsWith("ws") === isWebSocket || (isWebSocket && control !== undefined)) return [];
  const expected = isWebSocket ? "a ws: or wss: address" : "an http: or https: address";
  return [{ path, message: `transport ${String(transport)} does not go to ${url.split("://", 1)[0]}:`, expected }];
}
