/** Determinants of square matrices. */
import type { DeterminantCall } from '../../row-calls'
import type { Kernel } from '../dispatch'
import { isFloat, storage, temporary } from './lines'

export const determinant: Kernel<DeterminantCall> = {
  supports: ({ input, output }) => isFloat(input, output),
  encode: ({ input, output, count, size }) => [
    {
      shader: 'determinant',
      storage: [storage('x', input), storage('work', temporary('f32', count * size * size)), storage('y', output)],
      sizes: { size },
      grid: { invocations: count },
    },
  ],
}
