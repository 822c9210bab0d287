import { X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import { createCertificate } from "./certificate.ts";

test.each(["127.0.0.1", "192.0.2.7", "bench.example"])(
  "a certificate for %s is good for it, for every loopback name, and for now",
  async (host) => {
    const { key, cert } = await createCertificate(host);
    const certificate = new X509Certificate(cert);
    for (const address of ["127.0.0.1", "::1", ...(host.startsWith("1") ? [host] : [])]) expect(certificate.checkIP(address)).toBeDefined();
    expect(certificate.checkHost("localhost")).toBe("localhost");
    if (!host.startsWith("1")) expect(certificate.checkHost(host)).toBe(host);
    expect(certificate.checkHost("elsewhere.example")).toBeUndefined();
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    const { createPrivateKey } = await import("node:crypto");
    expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true);
    expect(Date.parse(certificate.validFrom)).toBeLessThan(Date.now());
    expect(Date.parse(certificate.validTo)).toBeGreaterThan(Date.now() + 300 * 24 * 3600 * 1000);
  },
);
