/** Layers that stand in a graph as integer operators. */
import type { GraphEditor, Value } from '../../graph/edit'
import { floatAttribute, intAttribute, type Node } from '../../graph/model'
import { readConstant, spread, type Known } from './constants'
import { geometryOf, nameOf, outcomeOf, type FoundLayer } from './find'
import type { Geometry, IntegerLayer, Outcome } from './layer'
import { convRows, matrixRows, type WeightRows } from './weights'

/** Where an operator has its inputs. */
interface Places {
  readonly domain: '' | 'com.microsoft'
  readonly x: number
  readonly w: number
  readonly xScale?: number
  readonly xZero: number
  readonly wScale?: number
  readonly wZero: number
  readonly bias?: number
  readonly yScale?: number
  readonly yZero?: number
}

const LINEAR = { x: 0, xScale: 1, xZero: 2, w: 3, wScale: 4, wZero: 5, yScale: 6, yZero: 7 } as const

const OPERATORS: Readonly<Record<string, Places>> = {
  QLinearConv: { domain: '', ...LINEAR, bias: 8 },
  QLinearMatMul: { domain: '', ...LINEAR },
  QGemm: { domain: 'com.microsoft', ...LINEAR, bias: 6, yScale: 7, yZero: 8 },
  MatMulInteger: { domain: '', x: 0, w: 1, xZero: 2, wZero: 3 },
  MatMulIntegerToFloat: { domain: 'com.microsoft', x: 0, w: 1, xScale: 2, wScale: 3, xZero: 4, wZero: 5, bias: 6 },
}

export async function findIntegerLayer(editor: GraphEditor, node: Node): Promise<FoundLayer | undefined> {
  const places = Object.hasOwn(OPERATORS, node.opType) ? OPERATORS[node.opType] : undefined
  const domain = node.domain === 'ai.onnx' ? '' : node.domain
  // QLinearMatMul and others stand in both domains
  if (!places || (places.domain !== domain && domain !== 'com.microsoft')) return undefined
  const input = (place: number | undefined) => (place === undefined ? undefined : editor.input(node, place))
  const known = (place: number | undefined) => readConstant(editor, input(place))
  const weights = await known(places.w)
  const x = input(places.x)
  if (!weights || !x || (weights.dtype !== 'int8' && weights.dtype !== 'uint8')) return undefined
  const isConv = node.opType === 'QLinearConv'
  if (!isConv && weights.shape.length !== 2) return undefined
  if ((floatAttribute(node, 'alpha') ?? 1) !== 1 || intAttribute(node, 'transA')) return undefined
  const rows = isConv ? convRows(weights) : matrixRows(weights, intAttribute(node, 'transB') === 1)
  const xZero = await known(places.xZero)
  if (input(places.xZero) && !xZero && node.opType !== 'MatMulInteger' && node.opType !== 'MatMulIntegerToFloat')
    return undefined
  const weightZero = await zerosOf(editor, input(places.wZero), rows.outputs)
  const outcome = await outcomeFor(editor, node, places, rows)
  const bias = await known(places.bias)
  if (!weightZero || !outcome || (input(places.bias) && !bias)) return undefined
  const geometry: Geometry = isConv ? geometryOf(node, weights) : { kind: 'matmul' }
  const integers =
    outcome.kind !== 'float32' || bias?.dtype === 'int32' ? bias && spread(bias.values, rows.outputs) : undefined
  const floats = bias?.dtype === 'float32' ? spread(bias.values, rows.outputs) : undefined
  const layer: IntegerLayer = {
    name: nameOf(node),
    geometry,
    outputs: rows.outputs,
    weights: rows.rows,
    weightZero: Int16Array.from(weightZero),
    ...(integers && { bias: Int32Array.from(integers) }),
    ...(xZero && { zeroPoint: xZero.values[0]! }),
    isExact: weights.dtype === 'uint8' || isSigned(editor, x, xZero) || isDepthwise(geometry, weights),
    outcome: floats && outcome.kind === 'float32' ? { ...outcome, bias: Float32Array.from(floats) } : outcome,
  }
  const zero = xZero ? null : (input(places.xZero) ?? null)
  const scale =
    outcome.kind === 'float32' && outcome.activationScale === undefined ? (input(places.xScale) ?? null) : null
  return { layer, last: node, inputs: scale ? [x, zero, scale] : zero ? [x, zero] : [x] }
}

const isDepthwise = (geometry: Geometry, { shape }: Known) =>
  geometry.kind === 'conv' && shape[1] === 1 && shape[0] === geometry.group

function isSigned(editor: GraphEditor, x: Value, zero: Known | undefined): boolean {
  if (zero) return zero.dtype === 'int8'
  const type = editor.typeOf(x)
  return type?.kind === 'tensor' && type.dtype === 'int8'
}

async function zerosOf(
  editor: GraphEditor,
  value: Value | undefined,
  outputs: number,
): Promise<Float64Array | undefined> {
  if (!value) return new Float64Array(outputs)
  const known = await readConstant(editor, value)
  return known && spread(known.values, outputs)
}

async function outcomeFor(
  editor: GraphEditor,
  node: Node,
  places: Places,
  { outputs }: WeightRows,
): Promise<Outcome | undefined> {
  if (places.wScale === undefined) return { kind: 'int32' }
  const known = (place: number | undefined) =>
    place === undefined ? Promise.resolve(undefined) : readConstant(editor, editor.input(node, place))
  const scales = await known(places.wScale)
  const weightScale = scales && spread(scales.values, outputs)
  const xScale = (await known(places.xScale))?.values[0]
  if (!weightScale) return undefined
  if (places.yScale === undefined) {
    return {
      kind: 'float32',
      weightScale: Float32Array.from(weightScale),
      ...(xScale !== undefined && { activationScale: xScale }),
    }
  }
  if (xScale === undefined) return undefined
  if (!editor.input(node, places.yScale)) return outcomeOf(xScale, weightScale, undefined)
  const [scale, zero] = [await known(places.yScale), await known(places.yZero)]
  const dtype = zero?.dtype
  if (scale?.values.length !== 1 || (dtype !== 'uint8' && dtype !== 'int8')) return undefined
  return outcomeOf(xScale, weightScale, { dtype, scale: scale.values[0]!, zeroPoint: zero!.values[0]! })
}
