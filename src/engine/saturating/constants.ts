import { asNumbers } from '../../core/tensor'
import type { DType } from '../../core/dtypes'
import { constantThrough, loadTensor, widenedConstant } from '../../graph/constants'
import type { GraphEditor, Value } from '../../graph/edit'
import { intAttribute, type Node } from '../../graph/model'

/** A constant of the graph, read. */
export interface Known {
  readonly dtype: DType
  readonly shape: readonly number[]
  readonly values: Float64Array
}

export async function readConstant(editor: GraphEditor, value: Value | undefined): Promise<Known | undefined> {
  const stored = constantThrough(editor, value)
  const tensor = stored && widenedConstant(stored)
  if (!tensor || tensor.dtype === 'string') return undefined
  return { dtype: tensor.dtype, shape: tensor.shape, values: asNumbers(await loadTensor(tensor)) }
}

/** What a DequantizeLinear or QuantizeLinear says of its integers. */
export interface Scaling {
  readonly scale: Float64Array
  readonly zeroPoint: Float64Array
  readonly axis: number
}

/** undefined: computed at run time, or in blocks. */
export async function scalingOf(editor: GraphEditor, node: Node): Promise<Scaling | undefined> {
  const scale = await readConstant(editor, editor.input(node, 1))
  const zero = editor.input(node, 2)
  const zeroPoint = zero && (await readConstant(editor, zero))
  if (!scale || scale.shape.length > 1 || (zero && !zeroPoint) || (intAttribute(node, 'block_size') ?? 0) !== 0)
    return undefined
  return {
    scale: scale.values,
    zeroPoint: zeroPoint?.values ?? new Float64Array(scale.values.length),
    axis: intAttribute(node, 'axis') ?? 1,
  }
}

/** One entry for each of `count`; undefined where they are of another number. */
export function spread(values: ArrayLike<number>, count: number): Float64Array | undefined {
  if (values.length === 1) return new Float64Array(count).fill(values[0]!)
  return values.length === count ? Float64Array.from(values) : undefined
}
