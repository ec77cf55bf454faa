import { seeded } from './random.mjs'

export const CLASSES = ['healthy', 'abnormal']
const ROWS = 320
/** Share of the rarer class, abnormal. */
const ABNORMAL = 0.37

/**
 * What is measured of the nuclei in one made-up sample of tissue: its mean in healthy tissue, how much samples differ, how
 * far abnormal ones are away (in 1.8 of that), how much size and roughness have a share in it, and decimals.
 */
const MEASURES = [
  { name: 'diameter', mean: 14, spread: 2.4, shift: 1.5, size: 0.9, rough: 0.1, decimals: 2 },
  { name: 'outline', mean: 46, spread: 8, shift: 1.5, size: 0.85, rough: 0.3, decimals: 1 },
  { name: 'area', mean: 158, spread: 55, shift: 1.4, size: 0.9, rough: 0.05, decimals: 0 },
  { name: 'roundness', mean: 0.86, spread: 0.05, shift: -1, size: -0.1, rough: -0.7, decimals: 3 },
  { name: 'roughness', mean: 0.12, spread: 0.035, shift: 1.1, size: 0, rough: 0.85, decimals: 3 },
  { name: 'hollows', mean: 1.6, spread: 0.6, shift: 1.3, size: 0.3, rough: 0.75, decimals: 2 },
  { name: 'contrast', mean: 38, spread: 7, shift: 0.6, size: 0.15, rough: 0.1, decimals: 1 },
  { name: 'brightness', mean: 121, spread: 16, shift: -0.4, size: 0, rough: 0, decimals: 0 },
  { name: 'grain', mean: 5.1, spread: 1.3, shift: 0.5, size: 0, rough: 0.2, decimals: 2 },
  { name: 'symmetry', mean: 0.18, spread: 0.027, shift: 0.5, size: -0.1, rough: 0.4, decimals: 3 },
]
/** Of the nuclei of one sample: mean, standard deviation, mean of the three most abnormal. */
const SUMMARIES = [
  { name: 'mean', from: 0, share: 1, noise: 0.25 },
  { name: 'sd', from: 0, share: 0.12, noise: 0.05 },
  { name: 'worst', from: 1.2, share: 1.1, noise: 0.4 },
]

/** Nearly normal, from sums alone (see random.mjs). */
function normal(random) {
  let sum = -6
  for (let i = 0; i < 12; i++) sum += random.uniform()
  return sum
}

/** A table of made-up measurements with an id, 30 numbers and a class, as CSV. */
export function makeCells(seed) {
  const random = seeded(seed)
  const names = SUMMARIES.flatMap((summary) => MEASURES.map(({ name }) => `${name}_${summary.name}`))
  const lines = [['sample', 'diagnosis', ...names].join(',')]
  for (let row = 0; row < ROWS; row++) {
    const isAbnormal = random.uniform() < ABNORMAL
    const factors = { size: normal(random), rough: normal(random) }
    const cells = SUMMARIES.flatMap((summary) =>
      MEASURES.map((measure) => draw(measure, summary, { isAbnormal, factors, random })),
    )
    const id = 100_000 + row * 137 + random.below(100)
    lines.push([id, CLASSES[Number(isAbnormal)], ...cells].join(','))
  }
  return `${lines.join('\n')}\n`
}

function draw({ mean, spread, shift, size, rough, decimals }, summary, { isAbnormal, factors, random }) {
  const own = Math.sqrt(Math.max(0.1, 1 - size * size - rough * rough))
  const place =
    size * factors.size + rough * factors.rough + own * normal(random) * 0.7 + (isAbnormal ? 1.8 * shift : 0)
  const centre = summary.share === 1 ? mean : mean * summary.share + summary.from * spread * Math.sign(shift)
  const value =
    centre + place * spread * (summary.share < 1 ? summary.share : 1) + normal(random) * spread * summary.noise
  return Math.max(0, value).toFixed(summary.share < 1 ? decimals + 1 : decimals)
}
