/** Tables for tests, the same in every run. */

/** Uniform in 0..1 (Park and Miller, "Random number generators: good ones are hard to find", 1988). */
function uniform(seed: number): () => number {
  let state = seed
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
}

/** About normal: the sum of twelve uniform numbers has variance 1. */
const normal = (next: () => number) => Array.from({ length: 12 }, next).reduce((sum, one) => sum + one, -6)

/** An identifier, a class of two, and `features` numbers of different ranges that tell the class, some of them a little. */
export function twoClasses({ rows, features, seed = 7 }: { rows: number; features: number; seed?: number }): string {
  const next = uniform(seed)
  const header = ['id', 'kind', ...Array.from({ length: features }, (_, i) => `f${i}`)]
  const lines = Array.from({ length: rows }, (_, row) => {
    const isRare = next() < 0.37
    const values = Array.from({ length: features }, (_, i) => {
      const shift = isRare ? 1.6 / (1 + i / 3) : 0
      return ((normal(next) + shift) * 10 ** ((i % 4) - 1) + i).toPrecision(5)
    })
    return [String(700_000 + row * 37), isRare ? 'M' : 'B', ...values]
  })
  return [header, ...lines].map((cells) => cells.join(',')).join('\n')
}
