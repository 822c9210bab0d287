import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Listens on a port of loopback that is free, and prints it. */
export function listen(server: Pick<Server, "listen" | "address">): void {
  server.listen(0, "127.0.0.1", () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
}
