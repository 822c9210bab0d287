/** What a CI job runs: a gate of two versions where the servers stand in this very folder, the suite and its thresholds elsewhere. */
import { SUITE_FILE } from "./suite.ts";

export const CI_SYSTEMS = ["github", "gitlab"] as const;
export type CiSystem = (typeof CI_SYSTEMS)[number];

export const CI_FILES: Readonly<Record<CiSystem, string>> = {
  github: ".github/workflows/pushbench.yml",
  gitlab: ".gitlab-ci.yml",
};

/** Whether the folder is a clone of pushbench, whose versions have the servers of \`pushbench list\` in them. */
export interface CiOptions {
  readonly isClone: boolean;
}

/** The file of a CI system; docs/ci.md tells what its verdicts mean. */
export function ciFile(system: CiSystem, options: CiOptions): string {
  return system === "github" ? github(options) : gitlab(options);
}

function github(options: CiOptions): string {
  const jobs = options.isClone ? gateLines('"$BASE"') : runLines();
  return `# Written by pushbench init; docs/ci.md tells what its verdicts mean.
name: pushbench
on: pull_request

permissions:
  contents: read

jobs:
  pushbench:
    runs-on: ubuntu-latest
    timeout-minutes: 45
    steps:
      - uses: actions/checkout@v4
        with:
          # The base has to be there to be compared with.
          fetch-depth: 0
      - uses: actions/setup-node@v4
        with:
          node-version: 20
      - run: npm ci
${options.isClone ? "" : NEEDS.map((line) => `      ${line}\n`).join("")}      - env:
          BASE: origin/\${{ github.base_ref }}
        run: |
${jobs.map((line) => `          ${line}\n`).join("")}      - if: always()
        uses: actions/upload-artifact@v4
        with:
          name: pushbench
          path: |
            results
            gate.md
            gate.xml
          if-no-files-found: ignore
`;
}

function gitlab(options: CiOptions): string {
  const jobs = options.isClone ? gateLines('"origin/$CI_MERGE_REQUEST_TARGET_BRANCH_NAME"') : runLines();
  return `# Written by pushbench init; docs/ci.md tells what its verdicts mean.
pushbench:
  image: node:20-bookworm
  timeout: 45 minutes
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  variables:
    # The base has to be there to be compared with.
    GIT_DEPTH: "0"
  script:
    - npm ci
${options.isClone ? "" : NEEDS.map((line) => `    ${line}\n`).join("")}    - |
${jobs.map((line) => `      ${line}\n`).join("")}  artifacts:
    when: always
    paths: [results, gate.md]
    reports:
      junit: gate.xml
`;
}

const NEEDS = [
  "# pushbench has to be among the devDependencies of this project, for npx to find it.",
  `# Once ${SUITE_FILE} has a server with a command of its own, hold two versions of it against each other instead:`,
  `# npx pushbench gate ${SUITE_FILE} --base <the target branch> --budget 30m --junit gate.xml --markdown gate.md`,
];

function gateLines(base: string): string[] {
  return [`npm run -s pushbench -- gate ${SUITE_FILE} --base ${base} --budget 30m --junit gate.xml --markdown gate.md --out results/ci`];
}

/** The run ends with 3 where a threshold failed; what it saved is judged once more, for the files, whichever way it ended. */
function runLines(): string[] {
  return [
    `code=0; npx --no-install pushbench run ${SUITE_FILE} --out results/ci || code=$?`,
    "npx --no-install pushbench gate results/ci --junit gate.xml --markdown gate.md || code=$?",
    "exit $code",
  ];
}
