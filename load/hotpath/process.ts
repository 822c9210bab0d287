/**
 * One drive in a process of its own, as JSON: `process.js <format> <fill> <stage> <messages>`. In one process the formats and stages
 * would spoil each other's call sites, which in a worker have one target.
 */
import { drive } from "./drive.ts";
import type { Fill, Stage } from "./drive.ts";
import { FORMATS } from "./formats.ts";

const [name, fill, stage, messages] = process.argv.slice(2);
const format = FORMATS.find((each) => each.name === name)!;
process.stdout.write(JSON.stringify(drive({ format, fill: fill as Fill, stage: stage as Stage, messages: Number(messages) })));
