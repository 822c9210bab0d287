/** What `init` asks on a terminal. */
import { cancel, intro, isCancel, multiselect, select, text } from "@clack/prompts";
import type { CatalogEntry } from "../../servers/catalog.ts";
import { printable } from "../../reports/formats/escape.ts";
import { CI_FILES, CI_SYSTEMS } from "./ci.ts";
import type { CiSystem } from "./ci.ts";
import { NAME_EXPECTED, isName } from "./name.ts";
import { SUITE_FILE } from "./suite.ts";

export interface Answers {
  readonly name: string;
  readonly servers: readonly string[];
  readonly ci: CiSystem | "none";
}

/** `undefined` where it was cancelled, which is said. */
export async function askForAnswers(defaults: Answers, catalog: readonly CatalogEntry[]): Promise<Answers | undefined> {
  intro(`pushbench init: a suite, ${SUITE_FILE}, and a CI job if you like`);
  const name = await text({
    message: "Name of the suite",
    defaultValue: defaults.name,
    placeholder: defaults.name,
    validate: (typed) => (typed === undefined || typed === "" || isName(typed) ? undefined : NAME_EXPECTED),
  });
  if (isCancel(name)) return nothing();
  const servers = await multiselect({
    message: "Servers to load",
    options: catalog.map((entry) => ({
      value: entry.name,
      label: entry.name,
      ...(entry.available ? { hint: entry.transport } : { hint: printable(entry.reason), disabled: true }),
    })),
    initialValues: [...defaults.servers],
  });
  if (isCancel(servers)) return nothing();
  const ci = await select<CiSystem | "none">({
    message: "A CI job",
    options: [
      { value: "none" as const, label: "none" },
      ...CI_SYSTEMS.map((system) => ({ value: system, label: system, hint: CI_FILES[system] })),
    ],
    initialValue: defaults.ci,
  });
  return isCancel(ci) ? nothing() : { name, servers, ci };
}

function nothing(): undefined {
  cancel("nothing was written");
}
