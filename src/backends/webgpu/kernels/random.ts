import { elementCount } from '../../../core/dtypes'
import type { RandomCall } from '../../kernel-calls'
import type { Kernel } from '../dispatch'

/** Uniform numbers from a key and counters. */
export const random: Kernel<RandomCall> = {
  supports: ({ output }) => output.dtype === 'float32',
  encode: ({ key, output, stream }) => [
    {
      shader: 'random',
      storage: [
        { name: 'key', of: key },
        { name: 'y', of: output },
      ],
      sizes: { stream: stream >>> 0 },
      grid: { invocations: elementCount(output.shape) },
    },
  ],
}
