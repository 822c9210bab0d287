/** Where a command of the system lies. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Slim images and unprivileged users often lack the folders of system commands in their path. */
const SYSTEM_FOLDERS = ["/usr/sbin", "/sbin"];

/** The file of the command of that name, in `path` or where system commands live; `undefined` where there is none. */
export function findCommand(name: string, path = process.env["PATH"] ?? ""): string | undefined {
  return [...path.split(delimiter).filter((folder) => folder !== ""), ...SYSTEM_FOLDERS]
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
