import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{servers,load,reports,scripts}/**/*.test.{ts,tsx}"],
    exclude: ["**/node_modules/**", "dist/**", "results/**"],
    pool: "forks",
    globalSetup: ["./vitest.build.ts"],
    testTimeout: 10_000,
    hookTimeout: 30_000,
  },
});
