/**
 * Times candidates in turns, so that a disturbance of the machine hits all of them, and compares within a round.
 * @param {{ name: string, run: () => void }[]} candidates
 * @param {{ rounds: number }} options the first round warms up and is not counted
 * @returns {Map<string, number[]>} milliseconds per round
 */
export function roundRobin(candidates, { rounds }) {
  const times = new Map(candidates.map(({ name }) => [name, []]))
  for (let round = -1; round < rounds; round++) {
    for (const { name, run } of candidates) {
      const started = performance.now()
      run()
      const ms = performance.now() - started
      if (round >= 0) times.get(name).push(ms)
    }
  }
  return times
}

/** The same for candidates that are waited for. */
export async function roundRobinAsync(candidates, { rounds }) {
  const times = new Map(candidates.map(({ name }) => [name, []]))
  for (let round = -1; round < rounds; round++) {
    for (const { name, run } of candidates) {
      const started = performance.now()
      await run()
      const ms = performance.now() - started
      if (round >= 0) times.get(name).push(ms)
    }
  }
  return times
}

/** @param {number[]} values */
export function quantile(values, fraction) {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (sorted.length - 1) * fraction
  const low = sorted[Math.floor(at)]
  return low + (sorted[Math.ceil(at)] - low) * (at % 1)
}

export const median = (values) => quantile(values, 0.5)

/** Median and quartiles of base ÷ candidate, round by round: above 1, the candidate is faster than the base. */
export function speedAgainst(times, base, candidate) {
  const ratios = times.get(candidate).map((ms, round) => times.get(base)[round] / ms)
  return { median: median(ratios), low: quantile(ratios, 0.25), high: quantile(ratios, 0.75) }
}
