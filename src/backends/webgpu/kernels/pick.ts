/** One element of each line, by its label. */
import type { PickCall } from '../../row-calls'
import type { Kernel } from '../dispatch'
import { isFloat, storage } from './lines'

export const pick: Kernel<PickCall> = {
  supports: ({ input, output, indices }) => isFloat(input, output) && ['int32', 'int64'].includes(indices.dtype),
  encode({ input, indices, output, outer, size, inner, strides, ignored }) {
    // no label that the device can hold is another one
    const hasIgnored = ignored !== undefined && ignored === (ignored | 0)
    return [
      {
        shader: 'pick',
        storage: [storage('x', input), storage('indices', indices), storage('y', output)],
        sizes: {
          size,
          inner,
          ignored: { i32: hasIgnored ? ignored : 0 },
          outer_stride: strides.outer,
          size_stride: strides.size,
          inner_stride: strides.inner,
        },
        constants: { HAS_IGNORED: hasIgnored },
        grid: { invocations: outer * inner },
      },
    ]
  },
}
