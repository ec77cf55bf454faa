import type { DType } from '../../../core/dtypes'
import { asNumbers } from '../../../core/tensor'
import { loadTensor } from '../../../graph/constants'
import type { Value } from '../../../graph/edit'
import { stringAttribute, type Node } from '../../../graph/model'
import type { FormContext, IntegerForm } from './forms'
import { highestOf, isByte, lowestOf, type Dequantized, type Scaling } from './qdq'
import { addConstant } from './zero-point'

/** From which opset on an operator that only moves or compares elements takes bytes in onnxruntime. */
const SINCE: ReadonlyMap<string, number> = new Map([
  ['Reshape', 5],
  ['Transpose', 1],
  ['Flatten', 9],
  ['Squeeze', 1],
  ['Unsqueeze', 1],
  ['Identity', 1],
  ['Slice', 1],
  ['Gather', 1],
  ['Tile', 6],
  ['Expand', 8],
  ['MaxPool', 12],
  ['Resize', 10],
  ['Pad', 11],
  ['DepthToSpace', 11],
  ['SpaceToDepth', 1],
])

/** Its data is input 0, and it hands on values without changing them: bytes with the scaling of x give bytes of it. */
export async function passThrough(context: FormContext, x: Dequantized): Promise<IntegerForm | undefined> {
  const { editor, node, opset } = context
  const since = SINCE.get(node.opType)
  if (since === undefined || opset < since || x.axis !== null || !isByte(x.dtype)) return undefined
  if (node.opType === 'Resize' && (stringAttribute(node, 'mode') ?? 'nearest') !== 'nearest') return undefined
  const others = node.inputs.slice(1).map((_, i) => editor.input(node, i + 1) ?? null)
  const inputs: (Value | null)[] = [x.integers, ...others]
  if (node.opType === 'Pad' && (stringAttribute(node, 'mode') ?? 'constant') === 'constant') {
    const value = await paddingOf(context, x)
    if (!value) return undefined
    inputs[2] = value
    inputs[1] ??= null
  }
  return { opType: node.opType, domain: '', inputs, attributes: [...node.attributes.values()] }
}

/** What stands around the data: 0 as an integer, or the integer of the constant that is given. */
async function paddingOf({ editor, reader, node }: FormContext, x: Dequantized): Promise<Value | undefined> {
  const given = editor.input(node, 2)
  const tensor = editor.constant(given)
  if (given && !tensor) return undefined
  const value = tensor ? (asNumbers(await loadTensor(tensor))[0] ?? 0) : 0
  return scalar({ editor, reader }, `${node.outputs[0]}_padding`, x, reader.quantize(value, x))
}

/** Bounds of Relu and Clip as numbers; undefined: not known before it runs. */
async function boundsOf({ editor, node }: FormContext): Promise<readonly [number, number] | undefined> {
  if (node.opType === 'Relu') return [0, Infinity]
  const bounds = [-Infinity, Infinity]
  for (const [i, name] of ['min', 'max'].entries()) {
    const attribute = node.attributes.get(name)
    if (attribute?.type === 'float') bounds[i] = attribute.value
    const given = editor.input(node, i + 1)
    if (!given) continue
    const tensor = editor.constant(given)
    if (!tensor) return undefined
    bounds[i] = asNumbers(await loadTensor(tensor))[0] as number
  }
  return bounds as [number, number]
}

export const isBound = ({ opType, domain }: Node): boolean => domain === '' && (opType === 'Relu' || opType === 'Clip')

/**
 * Relu or Clip on integers of one scaling: rounding keeps order, so that quantize(clip(x)) = clip(quantize(x)).
 * @param integers what is clipped; null: the caller puts it there
 * @returns 'nothing' where the integers cannot leave the bounds; undefined where no integer operator does it
 */
export async function clipOf(
  context: FormContext,
  scaling: Scaling,
  integers: Value | null,
): Promise<IntegerForm | 'nothing' | undefined> {
  const bounds = await boundsOf(context)
  if (!bounds || !isByte(scaling.dtype)) return undefined
  const [low, high] = bounds.map((bound) => context.reader.quantize(bound, scaling)) as [number, number]
  const [isLow, isHigh] = [low > lowestOf(scaling.dtype), high < highestOf(scaling.dtype)]
  if (!isLow && !isHigh) return 'nothing'
  if (context.opset < 12) return undefined
  const name = context.node.outputs[0] as string
  const bound = (suffix: string, value: number) => scalar(context, `${name}_${suffix}`, scaling, value)
  const inputs = [integers, isLow ? bound('min', low) : null, ...(isHigh ? [bound('max', high)] : [])]
  return { opType: 'Clip', domain: '', inputs, attributes: [] }
}

function scalar(
  { editor }: Pick<FormContext, 'editor' | 'reader'>,
  name: string,
  { dtype }: { readonly dtype: DType },
  value: number,
): Value {
  return addConstant(editor, name, dtype, { shape: [], bytes: Uint8Array.of(value & 255) })
}
