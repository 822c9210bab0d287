/** Which should I take?: for the run's own workloads, in words, each with its figure. */
import { adviceOf, adviceText } from "../../advice.ts";
import type { Advice } from "../../advice.ts";
import type { PageData } from "../page-data.ts";
import { TextTable } from "../text-table.tsx";

export function AdviceSection({ run, scenarios }: PageData) {
  // The levels of a search are no workload of anybody's.
  if (run.capacity !== undefined) return null;
  const advice = scenarios.flatMap(({ scenario, cells }) => adviceOf(scenario, cells) ?? []);
  if (advice.length === 0) return null;
  return (
    <section id="advice" aria-label="Advice">
      <h2>Which should I take?</h2>
      <p class="note">
        Weighed are {advice[0]!.criteria.join(", ")}. A server is out where another is better in one of them and in none worse; figures
        within 3 % of each other, or with intervals that overlap, count as the same. Whether messages have to go up, or pass a proxy that
        knows no WebSocket, is for you to weigh.
      </p>
      {advice.map((each) => (
        <OneAdvice advice={each} several={scenarios.length > 1} />
      ))}
    </section>
  );
}

function OneAdvice({ advice, several }: { readonly advice: Advice; readonly several: boolean }) {
  const { scenario, front, dominated, left } = advice;
  return (
    <>
      {several && <h3>{scenario}</h3>}
      <p>{adviceText(advice)}.</p>
      <TextTable label={`servers weighed: ${scenario}`} columns={["server", "gives", "at the price of"]}>
        {front.map(({ server, gives, costs }) => (
          <tr>
            <th scope="row" class="name">
              {server}
            </th>
            <td>{gives.join(", ")}</td>
            <td>{costs.length === 0 ? "nothing: it is lowest in all of them" : costs.join(", ")}</td>
          </tr>
        ))}
        {dominated.map(({ server, by, how }) => (
          <tr>
            <th scope="row" class="name">
              {server}
            </th>
            <td>nothing that {by} does not give</td>
            <td>{how.join(", ")}</td>
          </tr>
        ))}
        {left.map(({ server, reason }) => (
          <tr>
            <th scope="row" class="name">
              {server}
            </th>
            <td colSpan={2}>not weighed: {reason}</td>
          </tr>
        ))}
      </TextTable>
    </>
  );
}
