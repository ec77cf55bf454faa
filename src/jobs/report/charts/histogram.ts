import type { TensorRange } from '../../sensitivity/report'
import { at } from './axis'

const WIDTH = 160
const HEIGHT = 36

/**
 * How the values of a tensor lie, and what of them the chosen range covers: bins outside of it are cut off. Heights are
 * roots of the counts, since the tails would not be seen otherwise.
 */
export function histogramChart({ histogram, min, max }: TensorRange): string | null {
  if (!histogram || histogram.counts.length === 0 || !(histogram.width > 0)) return null
  const { counts, low, width } = histogram
  const most = Math.max(...counts)
  if (!(most > 0)) return null
  const step = WIDTH / counts.length
  const bars = counts.map((count, i) => {
    if (count === 0) return ['', ''] as const
    const height = Math.max(0.7, HEIGHT * Math.sqrt(count / most))
    const middle = low + (i + 0.5) * width
    const bar = `M${at(i * step)} ${HEIGHT}v${at(-height)}h${at(step)}v${at(height)}z`
    return middle < min || middle > max ? (['', bar] as const) : ([bar, ''] as const)
  })
  const [inside, outside] = [0, 1].map((side) => bars.map((bar) => bar[side as 0 | 1]).join(''))
  return (
    `<svg class="histogram" aria-hidden="true" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none">` +
    `<path class="inside" d="${inside}"/><path class="outside" d="${outside}"/></svg>`
  )
}
