import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{servers,load,reports,scripts}/**/*.test.{ts,tsx}"],
    exclude: ["**/node_modules/**", "dist/**", "results/**"],
    pool: "forks",
    // Much of the time is spent waiting for processes, not computing; the default leaves a core idle.
    maxWorkers: "200%",
    // No file leaves anything behind in its process, and a process for each would cost half a second.
    isolate: false,
    globalSetup: ["./vitest.build.ts"],
    testTimeout: 10_000,
    hookTimeout: 30_000,
  },
});
