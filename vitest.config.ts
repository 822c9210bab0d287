import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{servers,load,reports,scripts}/**/*.test.{ts,tsx}"],
    exclude: ["**/node_modules/**", "dist/**", "results/**"],
    pool: "forks",
    // Much of the time is spent waiting for processes, not computing: as many as there are cores leave one idle, and a percentage gives no more.
    maxWorkers: Math.ceil(1.5 * availableParallelism()),
    // No file leaves anything behind in its process, and a process for each would cost half a second.
    isolate: false,
    setupFiles: ["./vitest.setup.ts"],
    globalSetup: ["./vitest.build.ts"],
    // Trials are measured here, and a hypervisor may take a third of the machine for seconds; what is wrong twice is wrong.
    retry: 1,
    // For what hangs, on a machine that others load too; how fast something is no test says.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
