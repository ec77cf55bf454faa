import type { ResampleCall } from '../../kernel-calls'
import type { Kernel } from '../dispatch'
import { isFloat32 } from './windows'

/** One axis by a table of indices and weights. */
export const resample: Kernel<ResampleCall> = {
  supports: ({ input, output }) => isFloat32(input, output),
  encode: ({ input, output, outer, size, newSize, inner, taps, indices, weights }) => [
    {
      shader: 'resample',
      storage: [
        { name: 'x', of: input },
        { name: 'indices', of: { table: Uint32Array.from(indices) } },
        { name: 'weights', of: { table: Float32Array.from(weights) } },
        { name: 'y', of: output },
      ],
      sizes: { size, new_size: newSize, inner, taps },
      grid: { invocations: outer * newSize * inner },
    },
  ],
}
