import { expect, test } from "vitest";
import { explainLoadFailure } from "./uws-load-failure.ts";

const OWN_WORDS =
  "This version of uWS.js supports only Node.js versions 16, 18, 20, 21, 22, 24 and 25 on (glibc) Linux, macOS and Windows, on Tier 1 platforms.\n\n";

test.each<[what: string, message: string, node: string, glibc: string | undefined, reason: string]>([
  [
    "a C library that is too old",
    `${OWN_WORDS}Error: /lib/x86_64-linux-gnu/libc.so.6: version \`GLIBC_2.38' not found (required by /m/uws_linux_x64_127.node)`,
    "22.11.0",
    "2.36",
    "its binary for Node 22.11.0 needs glibc 2.38, and this machine has 2.36",
  ],
  [
    "a Node without a binary",
    `${OWN_WORDS}Error: Cannot find module './uws_linux_x64_111.node'\nRequire stack:\n- /m/uws.js`,
    "19.0.0",
    "2.36",
    "it ships no binary for Node 19.0.0 on this platform",
  ],
  ["an absent package", "Cannot find package 'uWebSockets.js' imported from /load/software.js", "20.20.2", "2.36", "it is not installed"],
  [
    "another C library",
    `${OWN_WORDS}Error: Error loading shared library ld-linux-x86-64.so.2: No such file (needed by /m/uws_linux_x64_115.node)`,
    "20.20.2",
    undefined,
    "its binaries need glibc, and this machine has another C library",
  ],
  ["anything else", `${OWN_WORDS}Error: wrong ELF class`, "20.20.2", "2.36", "Error: wrong ELF class"],
])("says in words that uWebSockets.js does not load for %s", (_, message, node, glibc, reason) => {
  expect(explainLoadFailure(new Error(message), node, glibc)).toBe(reason);
});
