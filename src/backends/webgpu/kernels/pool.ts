/** Poolings: the largest element and where it stands, means and norms of windows. */
import { deviceLayout } from '../../../core/device-layout'
import type { KnownDType } from '../../../core/dtypes'
import type { ArgPoolCall, MaxPoolGradientCall, PoolCall } from '../../kernel-calls'
import type { Dispatch, Kernel } from '../dispatch'
import { int, isFloat32, MOST_AXES, threeAxes, volumeOf, windowSizes } from './windows'

/** Of integers: what a window with nothing inside gives. */
function lowestOf(dtype: KnownDType): Record<string, { i32: number } | number | boolean> {
  const { scalar, bits } = deviceLayout(dtype) ?? { scalar: 'f32', bits: 32 }
  if (scalar !== 'i32') return { LOWEST: 0, IS_FLOAT: scalar === 'f32' }
  // WGSL has no literal for the lowest number of 32 bits
  return { LOWEST: { i32: Math.max(-(2 ** (bits - 1)), 1 - 2 ** 31) }, IS_FLOAT: false }
}

export const pool: Kernel<PoolCall> = {
  supports: ({ input, output, axes, type }) =>
    axes.length <= MOST_AXES && input.dtype === output.dtype && (type === 'max' || isFloat32(input)),
  encode: (call) => [call.type === 'max' ? largest(call) : sums(call)],
}

const outputCount = ({ planes, axes }: PoolCall | ArgPoolCall): number => planes * volumeOf(axes, 'output')

const largest = (call: PoolCall): Dispatch => ({
  shader: 'pool-max',
  storage: [
    { name: 'x', of: call.input },
    { name: 'y', of: call.output },
  ],
  sizes: windowSizes(call.axes),
  constants: lowestOf(call.input.dtype),
  grid: { invocations: outputCount(call) },
})

function sums(call: PoolCall): Dispatch {
  const { input, output, axes, padEnds, countsPadding, type, norm = 2 } = call
  const ends = threeAxes(axes).map((_, i) => padEnds[i - MOST_AXES + axes.length] ?? 0)
  return {
    shader: 'pool-sum',
    storage: [
      { name: 'x', of: input },
      { name: 'y', of: output },
    ],
    sizes: {
      ...windowSizes(axes),
      ...{ end_d: int(ends[0]!), end_h: int(ends[1]!), end_w: int(ends[2]!) },
      counts_padding: int(Number(countsPadding)),
    },
    constants: { NORM: type === 'norm' ? norm : 0 },
    grid: { invocations: outputCount(call) },
  }
}

export const argPool: Kernel<ArgPoolCall> = {
  supports: ({ axes }) => axes.length <= MOST_AXES,
  encode: (call) => [
    {
      shader: 'pool-place',
      storage: [
        { name: 'x', of: call.input },
        { name: 'y', of: call.output },
      ],
      sizes: { ...windowSizes(call.axes), by_columns: int(Number(call.byColumns)) },
      constants: { IS_FLOAT: deviceLayout(call.input.dtype)?.scalar === 'f32' },
      grid: { invocations: outputCount(call) },
    },
  ],
}

export const maxPoolGradient: Kernel<MaxPoolGradientCall> = {
  supports: ({ input, gradient, output, axes }) => axes.length <= MOST_AXES && isFloat32(input, gradient, output),
  encode: ({ input, gradient, output, axes, planes }) => [
    {
      shader: 'pool-max-gradient',
      storage: [
        { name: 'x', of: input },
        { name: 'dy', of: gradient },
        { name: 'y', of: output },
      ],
      sizes: windowSizes(axes),
      grid: { invocations: planes * volumeOf(axes, 'input') },
    },
  ],
}
