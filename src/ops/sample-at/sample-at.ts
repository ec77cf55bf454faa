import { elementCount } from '../../core/dtypes'
import { numbersOf } from '../../core/host-array'
import { attribute } from '../../graph/model'
import { requireKind } from '../dtype-kinds'
import { PLUME } from '../gradient-parts'
import { defineOperator, differentiable, FLOAT32 } from '../op'
import { sampleAttributes, samplingOf } from '../sample-attributes'
import { tapsAt } from '../sampling'

/** Images read at positions in elements or in parts of them: x [N, C, …sizes], positions [N, …places, axes], the last axis first. */
export const sampleAt = defineOperator({
  name: 'SampleAt',
  domain: PLUME,
  attributes: sampleAttributes,
  inputs: [2, 2],
  infer(context) {
    requireKind(context, 0, 'float')
    const [x, positions] = [context.shape(0), context.shape(1)]
    const shape = x && positions ? [x[0] ?? null, x[1] ?? null, ...positions.slice(1, -1)] : undefined
    return [{ dtype: context.dtype(0), shape }]
  },
  reference(context, x, positions) {
    const [batch, channels, ...sizes] = x!.shape as [number, number, ...number[]]
    const places = positions!.shape.slice(1, -1)
    const result = context.empty(x!.dtype, [batch, channels, ...places])
    const [image, at] = [numbersOf(x!), numbersOf(positions!)]
    const [size, count, rank] = [elementCount(sizes), elementCount(places), sizes.length]
    const sampling = { ...samplingOf(context), isExact: positions!.values instanceof Float64Array }
    for (let entry = 0; entry < batch * count; entry++) {
      const [n, place] = [Math.floor(entry / count), entry % count]
      const position = sizes.map((_, axis) => at[entry * rank + rank - 1 - axis] as number)
      const [offsets, weights] = tapsAt(sampling, sizes, position)
      for (let c = n * channels; c < (n + 1) * channels; c++) {
        result.values[c * count + place] = offsets.reduce(
          (sum, offset, i) => sum + weights[i]! * (image[c * size + offset] as number),
          0,
        )
      }
    }
    return [result]
  },
  gradient: differentiable<typeof sampleAttributes>(({ write, attributes: own, input, gradient }) =>
    write.addMany(
      'SampleGradient',
      [input(0), input(1), gradient(0)],
      2,
      (['mode', 'padding_mode', 'unit'] as const).map((name) => attribute.string(name, own[name])),
      PLUME,
    ),
  ),
  lower(context) {
    const [input, positions, output] = [context.input(0), context.input(1), context.output(0)]
    const [images, channels, ...sizes] = input.shape as [number, number, ...number[]]
    if (input.dtype !== 'float32' || positions.dtype !== 'float32' || sizes.length > 3) return null
    const places = elementCount(positions.shape.slice(1, -1))
    return [
      { kernel: 'sample', ...samplingOf(context), ...{ input, positions, output, images, channels, sizes, places } },
    ]
  },
  tolerance: { ...FLOAT32, absolute: 1e-5, reason: 'positions in single precision' },
})
