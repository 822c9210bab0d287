import { isIP } from "node:net";

/** A private key and its self-signed certificate, PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Makes a certificate for `host` and every loopback name, good for a year; an elliptic key, for an RSA one takes twenty times longer. */
export async function createCertificate(host: string): Promise<Certificate> {
  // Loaded only where TLS is asked for: its 10 MB would stand in every server's memory figures.
  const { generate } = await import("selfsigned");
  const names = [...new Set(["localhost", "127.0.0.1", "::1", host])];
  const now = Date.now();
  const made = await generate([{ name: "commonName", value: "pushbench" }], {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256",
    notBeforeDate: new Date(now - DAY_MS),
    notAfterDate: new Date(now + 365 * DAY_MS),
    extensions: [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      {
        name: "subjectAltName",
        altNames: names.map((name) => (isIP(name) ? { type: 7, ip: name } : { type: 2, value: name })),
      },
    ],
  });
  return { key: made.private, cert: made.cert };
}
