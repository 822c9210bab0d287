/** Tools that nobody here wrote, asked what a request costs them. */
import type { Contest, Figures } from "../../load/generator-study.ts";
import { makeScenario } from "../../load/suite-file.ts";
import type { KnownServer } from "../../load/suite-file.ts";
import { startTarget } from "../../load/target.ts";
import { H2LOAD, isHere, runTimed, WRK } from "../tool.ts";
import { readH2load, readWrk } from "../tool-output.ts";

const SECONDS = 3;
/** As many as the subscribers beside them. */
const CONNECTIONS = 64;

const TOOLS = [
  { tool: WRK, args: ["-t1", `-c${CONNECTIONS}`, `-d${SECONDS}s`], read: readWrk },
  { tool: H2LOAD, args: ["--h1", "-t1", `-c${CONNECTIONS}`, `-D${SECONDS}`], read: readH2load },
] as const;

/** The names of those that are not on this machine. */
export const missingTools = (): string[] => TOOLS.flatMap(({ tool }) => (isHere(tool) ? [] : [`${tool.name} (${tool.install})`]));

/** Those that are, each on a fresh server. */
export function toolContestants(server: KnownServer & { readonly transport: string }): Contest["contestants"] {
  return TOOLS.filter(({ tool }) => isHere(tool)).map(({ tool, args, read }) => ({
    name: tool.name,
    async measure(signal): Promise<Figures> {
      const target = await startTarget(server.name, makeScenario(server, { name: "generator" }), () => {}, signal);
      try {
        const { host, port } = target.addresses[0]!;
        const { stdout, cpuSeconds } = await runTimed(tool.name, [...args, `http://${host}:${port}/poll?topic=generator&after=0`], signal);
        return { polls: (read(stdout) * SECONDS) / cpuSeconds };
      } finally {
        await target.stop();
      }
    },
  }));
}
