import { elementCount } from '../../core/dtypes'
import { numbersOf } from '../../core/host-array'
import { requireKind } from '../dtype-kinds'
import { PLUME } from '../gradient-parts'
import { defineOperator, FLOAT32, notDifferentiable, onHost } from '../op'
import { sampleAttributes, samplingOf } from '../sample-attributes'
import { slopesAt } from '../sampling'

/**
 * Gradients of what is read at positions with respect to the images and the positions: x [N, C, …sizes], positions
 * [N, …places, axes], dy [N, C, …places]. dx = Σ w · dy, and dp = Σ dy · x · ∂w/∂p (Jaderberg et al., arXiv 1506.02025v3,
 * equations 6 and 7).
 */
export const sampleGradient = defineOperator({
  name: 'SampleGradient',
  domain: PLUME,
  attributes: sampleAttributes,
  inputs: [3, 3],
  infer(context) {
    requireKind(context, 0, 'float')
    return [0, 1].map((input) => ({ dtype: context.dtype(input), shape: context.shape(input) }))
  },
  reference(context, x, positions, dy) {
    const [batch, channels, ...sizes] = x!.shape as [number, number, ...number[]]
    const [image, at, slope] = [numbersOf(x!), numbersOf(positions!), numbersOf(dy!)]
    const [dx, dp] = [new Float64Array(image.length), new Float64Array(at.length)]
    const [size, rank] = [elementCount(sizes), sizes.length]
    const count = elementCount(positions!.shape.slice(1, -1))
    const sampling = { ...samplingOf(context), isExact: positions!.values instanceof Float64Array }
    for (let entry = 0; entry < batch * count; entry++) {
      const [n, place] = [Math.floor(entry / count), entry % count]
      // positions name the last axis first
      const position = sizes.map((_, axis) => at[entry * rank + rank - 1 - axis] as number)
      const taps = slopesAt(sampling, sizes, position)
      for (let c = n * channels; c < (n + 1) * channels; c++) {
        const dOut = slope[c * count + place] as number
        for (const { offset, weight, slopes } of taps) {
          dx[c * size + offset]! += weight * dOut
          const along = dOut * (image[c * size + offset] as number)
          slopes.forEach((one, axis) => void (dp[entry * rank + rank - 1 - axis]! += one * along))
        }
      }
    }
    const results = [x!, positions!].map(({ dtype, shape }) => context.empty(dtype, shape))
    results[0]!.values.set(dx as never)
    results[1]!.values.set(dp as never)
    return results
  },
  gradient: notDifferentiable('second derivatives of sampled images are not built'),
  lower: onHost('each position gives to elements of its own'),
  tolerance: { ...FLOAT32, absolute: 1e-5 },
})
