export interface Tradeoff {
  readonly sizeBytes: number
  /** null = identical. */
  readonly sqnrDb: number | null
}

/** Whether another one is at least as small and as close, and better in one of the two. */
export function isDominated(one: Tradeoff, all: readonly Tradeoff[]): boolean {
  const close = ({ sqnrDb }: Tradeoff) => sqnrDb ?? Infinity
  return all.some(
    (other) =>
      other.sizeBytes <= one.sizeBytes &&
      close(other) >= close(one) &&
      (other.sizeBytes < one.sizeBytes || close(other) > close(one)),
  )
}
