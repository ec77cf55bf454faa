/** Which of several fitted networks is taken. */
export interface Comparable {
  /** Of each validation sample. */
  readonly losses: readonly number[]
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/**
 * The simplest one that is not clearly worse than the best: the mean difference of losses on the validation samples is at
 * most one standard error of it (the one-standard-error rule of Breiman et al., "Classification and Regression Trees",
 * 1984, chapter 3.4.3, for paired losses). A few validation samples cannot tell more.
 * @param fitted the simplest first
 */
export function chooseSimplest<T extends Comparable>(fitted: readonly T[]): T {
  const best = fitted.reduce((a, b) => (mean(b.losses) < mean(a.losses) ? b : a))
  return fitted.find((one) => one === best || isAsGood(one.losses, best.losses)) as T
}

function isAsGood(losses: readonly number[], best: readonly number[]): boolean {
  const differences = losses.map((loss, i) => loss - (best[i] as number))
  const average = mean(differences)
  const variance = mean(differences.map((difference) => (difference - average) ** 2))
  return average <= Math.sqrt(variance / Math.max(1, differences.length - 1))
}
