/** Why nobody sits before a browser here; `undefined` where somebody may. */
export function whyNoDesktop(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string | undefined {
  const isSet = (name: string): boolean => (env[name] ?? "") !== "";
  if (isSet("CI") && env["CI"] !== "false") return "this is CI";
  if (isSet("SSH_CONNECTION") || isSet("SSH_TTY")) return "you are here over SSH";
  if (platform === "darwin" || platform === "win32" || isSet("WSL_DISTRO_NAME")) return undefined;
  return isSet("DISPLAY") || isSet("WAYLAND_DISPLAY") ? undefined : "there is no desktop, neither DISPLAY nor WAYLAND_DISPLAY is set";
}
