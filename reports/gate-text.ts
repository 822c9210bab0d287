/** What a gate found, in words: the same in every output. */
import type { GateRecord, GateVersion } from "../load/gate-record.ts";
import { counted, plainNumber } from "./figure-text.ts";
import { VERDICTS } from "./gate-report.ts";
import type { Change, CountEvidence, GateCheck, GateReport, GateVerdict, RatioEvidence } from "./gate-report.ts";

/** A verdict is a mark and a word, never a colour alone. */
export const VERDICT_MARKS: Readonly<Record<GateVerdict, string>> = { pass: "✓", fail: "✗", inconclusive: "~", invalid: "!" };

/** `+12.3 %`; of less than one percent two digits behind the point. */
export function changeText(share: number): string {
  const percent = share * 100;
  const size = Math.abs(percent);
  const text = size < 1 ? size.toFixed(2) : size < 99.95 ? size.toFixed(1) : plainNumber(Math.round(size));
  return `${Number(text.replaceAll(",", "")) === 0 ? "" : percent < 0 ? "−" : "+"}${text} %`;
}

/** `+12.3 % [+10.1, +14.5]`, the bounds one-sided at 95 % each. */
export function intervalText({ estimate, low, high }: Change): string {
  const bound = (share: number): string => changeText(share).replace(" %", "");
  return `${changeText(estimate)} [${bound(low)}, ${bound(high)}]`;
}

/** δ and Δ as a person types them: `10 %`. */
export function shareText(share: number): string {
  return `${plainNumber(Number((share * 100).toPrecision(3)))} %`;
}

/** `p 0.012`, `p < 0.0001`. */
export function oddsText(p: number): string {
  return p < 0.0001 ? "p < 0.0001" : `p ${Number(p.toPrecision(2))}`;
}

/** `6.12 → 6.87 µs`. */
export function valuesText(base: number, head: number, unit: string): string {
  return `${plainNumber(base)} → ${plainNumber(head)}${unit === "" ? "" : ` ${unit}`}`;
}

/** What the rounds say of a ratio. */
export function ratioFinding(evidence: RatioEvidence, verdict: GateVerdict, unit = ""): string {
  const { change, better, delta, limit, base, head, rounds, detectable, roundsNeeded } = evidence;
  if (change === undefined || base === undefined || head === undefined) return "no change could be estimated";
  const worse = better === "higher" ? "less" : "more";
  const figures = `${intervalText(change)}, ${valuesText(base, head, unit)}`;
  switch (verdict) {
    case "fail":
      return `${figures}: surely more than ${shareText(delta)} ${worse}${ratioOdds(evidence)}`;
    case "pass":
      return `${figures}: surely no ${shareText(limit)} ${worse}`;
    case "inconclusive":
    case "invalid": {
      const seen = detectable === undefined ? "" : `; ${shareText(detectable)} ${worse} would have been seen`;
      const needs =
        detectable === undefined
          ? ""
          : roundsNeeded === undefined
            ? `; no number of rounds would tell ${shareText(limit)}`
            : roundsNeeded > rounds
              ? `; to tell ${shareText(limit)} takes ${counted(roundsNeeded, "round")}, and there are ${rounds}`
              : "";
      return `${figures}: neither surely more than ${shareText(delta)} ${worse} nor surely less than ${shareText(limit)}${ratioOdds(evidence)}${seen}${needs}`;
    }
  }
}

/** ` (p 0.012, Wilcoxon's 0.02)`, of a change no worse than δ. */
function ratioOdds({ p, pWilcoxon }: RatioEvidence): string {
  if (p === undefined) return "";
  return ` (${oddsText(p)}${pWilcoxon === undefined ? "" : `, Wilcoxon's ${oddsText(pWilcoxon).replace("p ", "")}`})`;
}

/** What all rounds together say of a count. */
export function countFinding({ base, head, baseExpected, headExpected, p }: CountEvidence, verdict: GateVerdict): string {
  const of = (count: number, expected: number): string => `${plainNumber(count)} of ${plainNumber(expected)}`;
  if (head === 0)
    return `none in ${counted(headExpected, "delivery").replace("deliverys", "deliveries")}${base === 0 ? "" : `, base has ${plainNumber(base)}`}`;
  const figures = `${of(head, headExpected)} deliveries, base ${of(base, baseExpected)}`;
  if (verdict === "fail") return `${figures}: more than chance would have it${p === undefined ? "" : ` (${oddsText(p)})`}`;
  return verdict === "pass" ? `${figures}: no more than base` : `${figures}: more than base, and it may be chance`;
}

/** `main (01cc79e2ab)`, `the working tree (9f3b2a1c0d+dirty)`. */
export function versionText({ asked, kind, commit }: GateVersion): string {
  const name = kind === "folder" && asked === "." ? "the working tree" : asked;
  if (commit === undefined) return name;
  const [hash = "", dirty] = commit.split("+");
  return `${name} (${hash.slice(0, 10)}${dirty === undefined ? "" : `+${dirty}`})`;
}

/** Both of them. */
export function comparedText({ versions }: GateRecord): { readonly base: string; readonly head: string } {
  return { base: versionText(versions.base), head: versionText(versions.head) };
}

/** The answer in one sentence, without its full stop. */
export function headline({ kind, verdict, checks, compared }: GateReport): string {
  const judged = checks.filter(({ advisory }) => advisory !== true);
  const numbers = VERDICTS.flatMap((each) => {
    const count = judged.filter((check) => check.verdict === each).length;
    return count === 0 ? [] : [`${plainNumber(count)} ${VERDICT_WORDS[each]}`];
  });
  const tally = judged.length === 0 ? "nothing was checked" : `of ${counted(judged.length, "check")} ${numbers.join(", ")}`;
  const subject = compared === undefined ? "thresholds" : `${compared.head} against ${compared.base}`;
  const accepted = judged.filter((check) => check.accepted !== undefined).length;
  const note = accepted === 0 ? "" : `, ${plainNumber(accepted)} of them accepted`;
  return `${KIND_VERDICTS[kind][verdict]}: ${subject}, ${tally}${note}`;
}

const VERDICT_WORDS: Readonly<Record<GateVerdict, string>> = {
  fail: "failed",
  invalid: "invalid",
  inconclusive: "inconclusive",
  pass: "passed",
};

const COMPARISON: Readonly<Record<GateVerdict, string>> = {
  fail: "got worse",
  invalid: "cannot be judged",
  inconclusive: "cannot be told",
  pass: "no worse",
};

const KIND_VERDICTS: Readonly<Record<GateReport["kind"], Readonly<Record<GateVerdict, string>>>> = {
  versions: COMPARISON,
  baseline: COMPARISON,
  threshold: { fail: "thresholds broken", invalid: "cannot be judged", inconclusive: "not all was judged", pass: "thresholds hold" },
};

/** `sse-node · broadcast · server_cpu_us_per_delivery`. */
export function checkName({ server, scenario, metric }: Pick<GateCheck, "server" | "scenario" | "metric">): string {
  return `${server} · ${scenario} · ${metric}`;
}

/** The finding with all that must be known beside it. */
export function fullFinding({ finding, notes }: GateCheck): string {
  return [finding, ...notes].join("; ");
}
