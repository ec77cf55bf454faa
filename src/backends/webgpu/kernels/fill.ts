import { deviceLayout } from '../../../core/device-layout'
import { elementCount, type KnownDType } from '../../../core/dtypes'
import type { FillCall } from '../../kernel-calls'
import type { Kernel, Size } from '../dispatch'

/** One number everywhere. */
export const fill: Kernel<FillCall> = {
  supports: ({ output, value }) => sizeOf(output.dtype, value) !== undefined,
  encode: ({ output, value }) => [
    {
      shader: 'fill',
      storage: [{ name: 'y', of: output }],
      sizes: { value: sizeOf(output.dtype, value) as Size },
      grid: { invocations: elementCount(output.shape) },
    },
  ],
}

/** The word that stands for a number; undefined where there is none. */
function sizeOf(dtype: KnownDType, value: number): Size | undefined {
  const layout = deviceLayout(dtype)
  if (!layout) return undefined
  if (layout.scalar === 'f32') return { f32: value }
  if (layout.isBoolean) return value === 0 ? 0 : 1
  const [low, high] = layout.scalar === 'i32' ? [-(2 ** 31), 2 ** 31 - 1] : [0, 2 ** 32 - 1]
  if (!Number.isInteger(value) || value < low || value > high) return undefined
  return layout.scalar === 'i32' ? { i32: value } : value
}
