export const live = {
  inspecting: (name: string) => `Looking inside ${name}.`,
  ready: (name: string, before: string, after: string) =>
    `${name} is ready: ${before}, about ${after} after shrinking.`,
  progress: (name: string, stage: string, percent: string) => `${name}: ${stage}, ${percent}.`,
  done: (name: string, before: string, after: string) => `${name} is done: ${before} became ${after}.`,
  kept: (name: string) => `${name} is done: the original was kept.`,
  failed: (name: string, title: string) => `${name}: ${title}.`,
  cancelled: (name: string) => `${name} was cancelled.`,
}
