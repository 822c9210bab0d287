/** What the process ends with; CONTRIBUTING.md explains each. */
export const EXIT = {
  done: 0,
  internal: 1,
  usage: 2,
  gateFailed: 3,
  inconclusive: 4,
  targetFailed: 5,
  interrupted: 130,
  terminated: 143,
} as const;
