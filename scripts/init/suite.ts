/** Where `init` puts a suite. */
export const SUITE_FILE = "pushbench.yaml";

/** A suite to begin with: it validates and runs as it stands, in some ten seconds a server, and says what else there is. */
export function starterSuite(name: string, servers: readonly string[], invocation: string): string {
  return `# A suite: which servers are loaded, with what, and what must hold.
#   ${invocation} validate ${SUITE_FILE}   checks it, and says how long it takes
#   ${invocation} run ${SUITE_FILE}        runs it, and leaves a report
# Editors complete it by its schema: ${invocation} schema suite > suite.schema.json, and as the first line here:
#   # yaml-language-server: $schema=./suite.schema.json
name: ${name}

# Names of \`${invocation} list\`. A server of your own, in any language, stands here with the command that starts it; its transport is that
# of a server in the list, and {topic} and {message} are filled in:
#   - name: mine
#     transport: sse
#     command: node my-server.js # it listens on the port that PORT says
#     url: http://127.0.0.1:0/events/{topic}
#     publish: { method: POST, url: "http://127.0.0.1:0/publish/{topic}", body: "{message}" }
servers:
${servers.map((server) => `  - ${server}\n`).join("")}
# Six trials or more of each cell give 95 % intervals.
trials: 1

# Of every scenario that does not say otherwise.
defaults:
  subscribers: 50
  payload: 128B
  warmup: 1s
  duration: 3s
  drain: 2s

scenarios:
  - name: broadcast
    # One topic, everybody. Others: topics, unicast, echo.
    pattern: broadcast
    rate: 50/s
    # One that fails ends the run with exit code 3.
    thresholds:
      - messages_lost == 0
      - messages_duplicated == 0
      - { check: delivery_latency_ms.p99 < 250, level: warn } # shown, and fails nothing
`;
}
