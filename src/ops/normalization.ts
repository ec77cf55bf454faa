/** What normalizations share: moments of runs of elements, in double precision. */
export interface Moments {
  readonly mean: number
  /** Of the whole, not of a sample. */
  readonly variance: number
}

/** Of `count` elements from `start` on, `step` apart. */
export function momentsOf(values: ArrayLike<number>, start: number, count: number, step = 1): Moments {
  let sum = 0
  for (let i = 0; i < count; i++) sum += values[start + i * step] as number
  const mean = sum / count
  let squares = 0
  for (let i = 0; i < count; i++) squares += ((values[start + i * step] as number) - mean) ** 2
  return { mean, variance: squares / count }
}

/** The mean of the squares. */
export function meanSquare(values: ArrayLike<number>, start: number, count: number): number {
  let sum = 0
  for (let i = 0; i < count; i++) sum += (values[start + i] as number) ** 2
  return sum / count
}
