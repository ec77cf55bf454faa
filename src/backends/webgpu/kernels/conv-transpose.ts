/** Transposed convolutions: a product of matrices whose columns are added up, or one output after the other. */
import { elementCount } from '../../../core/dtypes'
import type { ConvTransposeCall, FoldCall, GemmCall, Operand } from '../../kernel-calls'
import type { DeviceFacts, Dispatch, Kernel, Temporary } from '../dispatch'
import { gemm } from './gemm'
import { imagesOf, piecesOf, type Piece } from './images'
import { biasStorage, finishSlot, fits, int, isFloat32, MOST_AXES, volumeOf, unwindSizes } from './windows'

/** Products of so few channels are not worth their memory. */
const FEW_CHANNELS = 4
/** Memory for the columns of a product. */
const MOST_COLUMNS_BYTES = 64 * 2 ** 20

export const convTranspose: Kernel<ConvTransposeCall> = {
  splits: true,
  supports({ input, weight, bias, output, axes, batch }, facts) {
    if (!isFloat32(input, weight, bias, output) || axes.length > MOST_AXES) return false
    return fits(facts, weight) && piecesOf(batch, [input, output], facts) !== undefined
  },
  encode(call, facts) {
    const { batch, input, output } = call
    const pieces = piecesOf(batch, [input, output], facts) as Piece[]
    const parts = pieces.length === 1 ? productParts(call, facts) : undefined
    return parts ? viaProducts(call, parts, facts) : pieces.map((piece) => plain(call, piece))
  },
}

function plain(call: ConvTransposeCall, piece: Piece): Dispatch {
  const { batch, groups, inPerGroup, outPerGroup, axes, input, weight, bias, output, activation } = call
  const { slots, sizes } = finishSlot(bias, activation)
  const outChannels = groups * outPerGroup
  return {
    shader: 'conv-transpose',
    storage: [
      imagesOf('x', input, batch, piece),
      { name: 'w', of: weight },
      ...biasStorage(bias),
      imagesOf('y', output, batch, piece),
    ],
    slots,
    sizes: {
      groups: int(groups),
      in_per_group: int(inPerGroup),
      out_per_group: int(outPerGroup),
      out_channels: int(outChannels),
      ...unwindSizes(axes),
      ...sizes,
    },
    grid: { invocations: (piece[1] - piece[0]) * outChannels * volumeOf(axes, 'output') },
  }
}

/**
 * How many groups of images one product computes.
 * @returns undefined where products do not pay or do not fit
 */
function productParts(call: ConvTransposeCall, facts: DeviceFacts): number | undefined {
  const { batch, groups, inPerGroup, outPerGroup, axes, input, weight } = call
  if (facts.tiles['convTranspose'] === 'plain' || input === weight) return undefined
  if (inPerGroup < FEW_CHANNELS || volumeOf(axes, 'input') < FEW_CHANNELS) return undefined
  const columns = outPerGroup * volumeOf(axes, 'kernel') * volumeOf(axes, 'input')
  const mostBytes = Math.min(MOST_COLUMNS_BYTES, facts.limits.maxStorageBufferBindingSize)
  const parts = Math.min(batch * groups, Math.floor(mostBytes / 4 / columns))
  return parts > 0 && gemm.supports(productOf(call, 0, parts), facts) ? parts : undefined
}

/** columns[part] = weights of its groupᵀ · image: [outPerGroup · taps, inPerGroup] · [inPerGroup, pixels]. */
function productOf(call: ConvTransposeCall, from: number, to: number): GemmCall {
  const { groups, inPerGroup: k, outPerGroup, axes } = call
  const n = volumeOf(axes, 'input')
  const m = outPerGroup * volumeOf(axes, 'kernel')
  const output: Operand = { id: -1, dtype: 'float32', shape: [to - from, m, n] }
  return {
    kernel: 'gemm',
    a: call.weight,
    b: call.input,
    output,
    ...{ m, n, k, transposeA: true, transposeB: false, alpha: 1 },
    batches: Array.from({ length: to - from }, (_, i) => ({ a: ((from + i) % groups) * k * m, b: (from + i) * k * n })),
  }
}

function viaProducts(call: ConvTransposeCall, parts: number, facts: DeviceFacts): readonly Dispatch[] {
  const { batch, groups, outPerGroup, axes, bias, output, activation } = call
  const columns: Temporary = {
    temporary: 'f32',
    count: parts * outPerGroup * volumeOf(axes, 'kernel') * volumeOf(axes, 'input'),
  }
  const { slots, sizes } = finishSlot(bias, activation, 'channel % u32(sizes.out_channels)')
  const dispatches: Dispatch[] = []
  for (let from = 0; from < batch * groups; from += parts) {
    const to = Math.min(batch * groups, from + parts)
    const product = productOf(call, from, to)
    dispatches.push(
      ...gemm.encode(product, facts).map((dispatch) => ({
        ...dispatch,
        storage: dispatch.storage.map((one) => (one.of === product.output ? { ...one, of: columns } : one)),
      })),
      {
        shader: 'fold',
        storage: [{ name: 'x', of: columns }, ...biasStorage(bias), { name: 'y', of: output }],
        slots,
        sizes: {
          first_plane: int(from * outPerGroup),
          out_channels: int(groups * outPerGroup),
          ...unwindSizes(axes),
          ...sizes,
        },
        grid: { invocations: (to - from) * outPerGroup * volumeOf(axes, 'output') },
      },
    )
  }
  return dispatches
}

export const fold: Kernel<FoldCall> = {
  supports: ({ input, output, axes }) =>
    axes.length <= MOST_AXES && input.dtype === output.dtype && ['float32', 'int32'].includes(input.dtype),
  encode: (call) => [
    {
      shader: 'fold',
      storage: [
        { name: 'x', of: call.input },
        { name: 'y', of: call.output },
      ],
      slots: { finish: 'fn finish(sum: y_element, channel: u32) -> y_element { return sum; }' },
      sizes: { first_plane: int(0), ...unwindSizes(call.axes) },
      grid: { invocations: elementCount(call.output.shape) },
    },
  ],
}
