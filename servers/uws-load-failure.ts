/**
 * Why uWebSockets.js does not load, in words. It is a native library, shipped as one binary for each platform and Node; on Linux those
 * for Node 20 need glibc 2.27, those for Node 22 and later 2.38. Its own error names the versions of Node it knows, whatever is wrong.
 * `glibc` is absent where the C library is another one.
 */
export function explainLoadFailure(error: unknown, node: string, glibc: string | undefined): string {
  const message = error instanceof Error ? error.message : String(error);
  const needed = /GLIBC_(\d+\.\d+)' not found/.exec(message)?.[1];
  if (needed !== undefined)
    return `its binary for Node ${node} needs glibc ${needed}, and this machine has ${glibc ?? "another C library"}`;
  if (/Cannot find (module|package) '[^']*\.node'/.test(message)) return `it ships no binary for Node ${node} on this platform`;
  if (/Cannot find (module|package) 'uWebSockets\.js'/.test(message)) return "it is not installed";
  if (glibc === undefined && /\.node|shared object|musl/.test(message))
    return "its binaries need glibc, and this machine has another C library";
  return message.split("\n").findLast((line) => line.trim() !== "") ?? "no reason given";
}
