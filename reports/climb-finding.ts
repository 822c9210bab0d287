/** What a climb shows, in sentences: who held the most, and who needs the least memory for a connection. */
import { cellsOf, heldWithoutLoss, subscribersOf } from "./climb.ts";
import type { Climb } from "./climb.ts";
import { figureText, plainNumber } from "./figure-text.ts";
import { listed } from "./listed.ts";

const MEMORY = "server_memory_per_connection_bytes";

/** Each without its full stop; those without data are left out. */
export function climbFindings(climb: Climb): string[] {
  return [...holding(climb), ...memory(climb)];
}

/** Counts stand whatever made the latencies of a cell doubtful: an invalid cell has held its connections all the same. */
function holding(climb: Climb): string[] {
  const { servers, levels } = climb;
  if (cellsOf(climb).every(({ metrics }) => metrics["connections_held"] === undefined)) return [];
  const tried = servers.filter(({ cells }) => cells.length > 0);
  const most = tried.map((server) => {
    const held = heldWithoutLoss(server);
    return { server: server.server, connections: held === undefined ? 0 : subscribersOf(held) };
  });
  const numbers = [...new Set(most.map(({ connections }) => connections))].toSorted((a, b) => b - a);
  const parts = numbers.map((connections, at) => {
    const names = listed(most.filter((other) => other.connections === connections).map(({ server }) => server));
    if (connections === 0) return `${names} ${at === 0 ? "held " : ""}fewer than ${plainNumber(levels[0]!)}`;
    const all = connections === levels.at(-1) ? ", the most that was asked for" : "";
    return at === 0 ? `${names} held ${plainNumber(connections)} connections without a loss${all}` : `${names} ${plainNumber(connections)}`;
  });
  return [parts.join("; ")];
}

/** By the highest valid cell of each server: over more connections a slope is surer. */
function memory({ servers }: Climb): string[] {
  const known = servers.flatMap(({ server, cells }) => {
    const cell = cells.findLast(({ validity, metrics }) => validity.valid && metrics[MEMORY] !== undefined);
    return cell === undefined ? [] : [{ server, connections: subscribersOf(cell), bytes: cell.metrics[MEMORY]! }];
  });
  const sorted = known.toSorted((a, b) => a.bytes.median - b.bytes.median);
  const [least] = sorted;
  if (least === undefined) return [];
  const most = sorted.at(-1)!;
  const alike = most.connections === least.connections;
  const text = ({ server, connections, bytes }: typeof least) =>
    `${figureText(bytes, 1024).value} KiB with ${server}${alike ? "" : ` (up to ${plainNumber(connections)})`}`;
  if (most === least) return [`A connection takes ${text(least)} of the server's memory`];
  return [`A connection takes ${text(least)}, the least of the server's memory, and ${text(most)}, the most`];
}
