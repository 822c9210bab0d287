import { describe, expect, it } from "vitest";
import { validateXML } from "xmllint-wasm/index-node.js";
import { doubtful, fixtureGate, hostileGate, where, withLedger } from "../fixture-gate.ts";
import { fixtureReport, fixtureScenario } from "../fixture.ts";
import { judgeGate } from "../gate.ts";
import { judgeSavedThresholds } from "../gate-threshold.ts";
import { formatJunit } from "./junit.ts";

/** What Jenkins, GitLab and their like agree on, in the narrowest form: no attribute and no element beyond what the strictest of them takes. */
const SCHEMA = `<?xml version="1.0"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:simpleType name="seconds"><xs:restriction base="xs:string"><xs:pattern value="[0-9]{1,3}(,[0-9]{3})*(\\.[0-9]+)?"/></xs:restriction></xs:simpleType>
  <xs:complexType name="outcome"><xs:simpleContent><xs:extension base="xs:string">
    <xs:attribute name="message" type="xs:string"/><xs:attribute name="type" type="xs:string"/>
  </xs:extension></xs:simpleContent></xs:complexType>
  <xs:attributeGroup name="totals">
    <xs:attribute name="name" type="xs:string" use="required"/>
    <xs:attribute name="tests" type="xs:nonNegativeInteger" use="required"/>
    <xs:attribute name="failures" type="xs:nonNegativeInteger" use="required"/>
    <xs:attribute name="errors" type="xs:nonNegativeInteger" use="required"/>
    <xs:attribute name="time" type="seconds"/>
  </xs:attributeGroup>
  <xs:element name="testsuites"><xs:complexType>
    <xs:sequence>
      <xs:element name="testsuite" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
        <xs:sequence>
          <xs:element name="testcase" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
            <xs:choice minOccurs="0">
              <xs:element name="failure" type="outcome"/>
              <xs:element name="error" type="outcome"/>
              <xs:element name="skipped" type="outcome"/>
              <xs:element name="system-out" type="xs:string"/>
            </xs:choice>
            <xs:attribute name="classname" type="xs:string" use="required"/>
            <xs:attribute name="name" type="xs:string" use="required"/>
            <xs:attribute name="time" type="seconds"/>
          </xs:complexType></xs:element>
        </xs:sequence>
        <xs:attributeGroup ref="totals"/>
        <xs:attribute name="skipped" type="xs:nonNegativeInteger"/>
      </xs:complexType></xs:element>
    </xs:sequence>
    <xs:attributeGroup ref="totals"/>
  </xs:complexType></xs:element>
</xs:schema>`;

async function problemsOf(xml: string): Promise<string[]> {
  const { errors } = await validateXML({ xml: [{ fileName: "gate.xml", contents: xml }], schema: [SCHEMA] });
  return errors.map(({ message }) => message);
}

const count = (xml: string, element: string): number => xml.split(`<${element} `).length - 1;

const mixed = judgeGate(
  fixtureGate({
    servers: ["sse-node", "websocket-ws"],
    confirmation: true,
    alter: (round) =>
      where(
        ({ server, round: n }) => server === "sse-node" && n <= 6,
        doubtful("host_steal"),
      )(
        where(
          ({ server }) => server === "websocket-ws",
          withLedger("head", { lost: 6 }),
        )(where(({ server, round: n }) => server === "sse-node" && n === 1, withLedger("head", { duplicated: 1 }))(round)),
      ),
  }),
  [],
  "2026-03-01",
);

describe("a gate as JUnit", () => {
  it("has a test case a check: failures, errors for what is invalid, what is inconclusive skipped", async () => {
    const xml = formatJunit(mixed);
    expect(await problemsOf(xml)).toEqual([]);
    const of = (verdict: string): number => mixed.checks.filter((check) => check.verdict === verdict).length;
    expect([of("fail"), of("invalid"), of("inconclusive")]).toEqual([1, 2, 1]);
    expect(["failure", "error", "skipped", "testcase"].map((element) => count(xml, element))).toEqual([1, 2, 1, mixed.checks.length]);
    expect(xml).toContain(`tests="${mixed.checks.length}" failures="1" errors="2" time="0">`);
    expect(xml).toContain('<testsuite name="websocket-ws · broadcast" tests="13" failures="1" errors="0" time="0" skipped="0">');
  });

  it("is refused by the schema where it is not what it should be", async () => {
    expect(await problemsOf(formatJunit(mixed).replace(' classname="sse-node · broadcast"', ""))).not.toEqual([]);
    expect(await problemsOf(formatJunit(mixed).replace("</testsuites>", ""))).not.toEqual([]);
  });

  it("is well-formed whatever its names are", async () => {
    const xml = formatJunit(judgeGate(hostileGate(), [], "2026-03-01"));
    expect(await problemsOf(xml)).toEqual([]);
    expect(xml).not.toContain("<img");
  });

  it("is not green where the gate is not: what belongs to no check is a case of its own", async () => {
    const gate = fixtureGate();
    const xml = formatJunit(
      judgeGate({ ...gate, record: { ...gate.record, status: "failed", stopped: "base does not build" } }, [], "2026-03-01"),
    );
    expect(await problemsOf(xml)).toEqual([]);
    expect(xml).toContain('<error message="the gate failed: base does not build"');
  });

  it("does not fail for a threshold that only warns", async () => {
    const thresholds = [{ metric: "delivery_latency_ms.p99", operator: "<", limit: 0.001, level: "warn" }] as const;
    const xml = formatJunit(judgeSavedThresholds(fixtureReport({ scenarios: [fixtureScenario({ thresholds })] }).summary));
    expect(await problemsOf(xml)).toEqual([]);
    expect(count(xml, "failure")).toBe(0);
    expect(xml).toContain("does not hold");
  });
});
