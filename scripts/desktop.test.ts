import { describe, expect, it } from "vitest";
import { whyNoDesktop } from "./desktop.ts";

describe("a desktop to open a report on", () => {
  it.each<[string, NodeJS.ProcessEnv, NodeJS.Platform]>([
    ["with X", { DISPLAY: ":0" }, "linux"],
    ["with Wayland", { WAYLAND_DISPLAY: "wayland-0", CI: "" }, "linux"],
    ["on macOS", {}, "darwin"],
    ["on Windows, also from its Linux", { WSL_DISTRO_NAME: "Debian" }, "linux"],
  ])("is there %s", (_name, env, platform) => {
    expect(whyNoDesktop(env, platform)).toBeUndefined();
  });

  it.each<[string, NodeJS.ProcessEnv, NodeJS.Platform, string]>([
    ["in CI", { CI: "true", DISPLAY: ":99" }, "linux", "this is CI"],
    ["over SSH", { SSH_CONNECTION: "10.0.0.1 1 10.0.0.2 22", DISPLAY: ":10" }, "linux", "you are here over SSH"],
    ["over SSH", { SSH_TTY: "/dev/ttys001" }, "darwin", "you are here over SSH"],
    ["on a server", { DISPLAY: "" }, "linux", "neither DISPLAY nor WAYLAND_DISPLAY"],
  ])("is not there %s", (_name, env, platform, reason) => {
    expect(whyNoDesktop(env, platform)).toContain(reason);
  });
});
