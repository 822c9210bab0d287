import { expect, test } from "vitest";
import { WORKLOAD_DEFAULTS } from "./suite/scenarios.ts";
import { workloadSchema } from "./suite/schema.ts";
import { workloadFields } from "./workload-fields.ts";

test("every field has words, and a default that a suite may say and that means what is taken without it", () => {
  const fields = workloadFields();
  for (const { name, description } of fields) expect(description, name).not.toBe("");
  const said = Object.fromEntries(
    fields.flatMap(({ name, default: text }) => {
      if (text === undefined) return [];
      const isSwitch = text === "true" || text === "false";
      return [[name, isSwitch ? text === "true" : text]];
    }),
  );
  expect(workloadSchema.parse(said)).toEqual(WORKLOAD_DEFAULTS);
});
