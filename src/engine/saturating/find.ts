/**
 * Which layers onnxruntime's processor provider computes on 8-bit integers, and how (1.31, x86).
 *
 * Pairs of int8 weights with uint8 activations saturate in QLinearConv, QGemm, QLinearMatMul, MatMulInteger and what its
 * optimizer makes of DequantizeLinear … QuantizeLinear around Conv, Gemm and MatMul; activations of int8 between
 * QuantizeLinear and DequantizeLinear become uint8 there. Exact are: depthwise convolutions, uint8 weights, int8
 * activations that come from outside, ConvInteger. scripts/references/pair-sums.py froze what was measured.
 */
import type { GraphEditor, Value } from '../../graph/edit'
import { floatAttribute, intAttribute, intsAttribute, stringAttribute, type Node } from '../../graph/model'
import { AUTO_PADS } from '../../ops/spatial'
import { readConstant, scalingOf, spread, type Known, type Scaling } from './constants'
import type { Geometry, IntegerLayer, Outcome } from './layer'
import { convRows, matrixRows, type WeightRows } from './weights'

/** A layer and where it stands in the graph. */
export interface FoundLayer {
  readonly layer: IntegerLayer
  /** The node whose output the layer computes; the others of the pattern are dropped with it. */
  readonly last: Node
  /** Activations, then their zero point and scale where the layer does not hold them. */
  readonly inputs: readonly (Value | null)[]
}

/** Integer tensor behind a DequantizeLinear. */
interface Dequantized {
  readonly integers: Value
  readonly scaling: Scaling
}

export const nameOf = (node: Node): string => node.name || (node.outputs[0] ?? '')

const isStandard = ({ domain }: Node) => domain === '' || domain === 'ai.onnx'
const isQdq = ({ domain }: Node) => isStandard({ domain } as Node) || domain === 'com.microsoft'

export class LayerFinder {
  readonly #editor: GraphEditor

  constructor(editor: GraphEditor) {
    this.#editor = editor
  }

  /** @returns undefined for a node that is no such layer, or has no constant weights */
  async find(node: Node): Promise<FoundLayer | undefined> {
    if (isStandard(node)) {
      if (node.opType === 'Conv') return this.#conv(node)
      if (node.opType === 'Gemm' || node.opType === 'MatMul') return this.#matrix(node)
    }
    return undefined
  }

  async #dequantized(value: Value | undefined): Promise<Dequantized | undefined> {
    const node = value?.producer
    if (!node || node.opType !== 'DequantizeLinear' || !isQdq(node)) return undefined
    const integers = this.#editor.input(node, 0)
    const scaling = await scalingOf(this.#editor, node)
    return integers && scaling && { integers, scaling }
  }

  /** Activations of one scale in 8 bits; int8 ones only where a node computes them. */
  async #activations(node: Node): Promise<Dequantized | undefined> {
    const found = await this.#dequantized(this.#editor.input(node, 0))
    if (found?.scaling.scale.length !== 1 || this.#editor.constant(found.integers)) return undefined
    const declared = this.#editor.typeOf(found.integers)
    const dtype = declared?.kind === 'tensor' ? declared.dtype : undefined
    if (!found.integers.producer) return dtype === 'uint8' ? found : undefined
    return dtype === undefined || dtype === 'uint8' || dtype === 'int8' ? found : undefined
  }

  /** int8 weights with their scales, one per output or one for all. */
  async #weights(node: Node): Promise<{ known: Known; scaling: Scaling } | undefined> {
    const found = await this.#dequantized(this.#editor.input(node, 1))
    const known = found && (await readConstant(this.#editor, found.integers))
    return known?.dtype === 'int8' ? { known, scaling: found!.scaling } : undefined
  }

  async #conv(node: Node): Promise<FoundLayer | undefined> {
    const x = await this.#activations(node)
    const w = x && (await this.#weights(node))
    const after = w && (await this.#quantizerAfter(node))
    if (!w || !after || after.addend) return undefined
    const group = intAttribute(node, 'group') ?? 1
    // one channel in and out of each group: a kernel of its own, which adds up exactly
    if (w.known.shape[1] === 1 && w.known.shape[0] === group) return undefined
    return this.#layer(node, { x, ...w, rows: convRows(w.known), geometry: geometryOf(node, w.known), after })
  }

  async #matrix(node: Node): Promise<FoundLayer | undefined> {
    const isGemm = node.opType === 'Gemm'
    const isPlain = (floatAttribute(node, 'alpha') ?? 1) === 1 && (floatAttribute(node, 'beta') ?? 1) === 1
    if (!isPlain || intAttribute(node, 'transA')) return undefined
    const x = await this.#activations(node)
    const w = x && (await this.#weights(node))
    if (w?.known.shape.length !== 2) return undefined
    const after = await this.#quantizerAfter(node)
    const rows = matrixRows(w.known, isGemm && intAttribute(node, 'transB') === 1)
    return this.#layer(node, { x: x!, ...w, rows, geometry: { kind: 'matmul' }, after })
  }

  async #layer(node: Node, parts: Parts): Promise<FoundLayer | undefined> {
    const { x, scaling, rows, geometry, after } = parts
    const { outputs } = rows
    const weightScale = spread(scaling.scale, outputs)
    const weightZero = spread(scaling.zeroPoint, outputs)
    if (!weightScale || !weightZero) return undefined
    const xScale = x.scaling.scale[0]!
    const biasAt = node.opType === 'MatMul' ? after?.addend : this.#editor.input(node, 2)
    const bias = biasAt && (await this.#bias(biasAt, { xScale, weightScale, mayBeFloat: after !== undefined }))
    if (biasAt && !bias) return undefined
    const outcome = outcomeOf(xScale, weightScale, after)
    const layer: IntegerLayer = {
      name: nameOf(node),
      geometry,
      outputs,
      weights: rows.rows,
      weightZero: Int16Array.from(weightZero),
      ...(bias && { bias }),
      zeroPoint: x.scaling.zeroPoint[0]!,
      isExact: false,
      outcome,
    }
    return { layer, last: after?.node ?? node, inputs: [x.integers] }
  }

  /** int32 of the scale that the sums have; float constants are rounded to it where a QuantizeLinear follows. */
  async #bias(
    value: Value,
    { xScale, weightScale, mayBeFloat }: { xScale: number; weightScale: Float64Array; mayBeFloat: boolean },
  ): Promise<Int32Array | undefined> {
    const count = weightScale.length
    const found = await this.#dequantized(value)
    if (found) {
      const known = await readConstant(this.#editor, found.integers)
      const integers = known?.dtype === 'int32' ? spread(known.values, count) : undefined
      return integers && Int32Array.from(integers)
    }
    const known = mayBeFloat ? await readConstant(this.#editor, value) : undefined
    const floats = known && spread(known.values, count)
    return floats && Int32Array.from(floats, (bias, o) => Math.round(bias / (xScale * weightScale[o]!)))
  }

  /**
   * The QuantizeLinear that alone reads the result, past an activation that it makes superfluous, and for products past
   * the addition of a constant.
   */
  async #quantizerAfter(node: Node): Promise<Quantizer | undefined> {
    let reader = this.#onlyReader(node)
    let addend: Value | undefined
    if (node.opType === 'MatMul' && reader?.opType === 'Add' && isStandard(reader)) {
      const other = [0, 1].map((i) => this.#editor.input(reader!, i)).find((value) => value?.producer !== node)
      if (other && (await readConstant(this.#editor, other))?.shape.length === 1) {
        addend = other
        reader = this.#onlyReader(reader)
      }
    }
    const activation = reader && (reader.opType === 'Relu' || reader.opType === 'Clip') ? reader : undefined
    if (activation) reader = this.#onlyReader(activation)
    if (!reader || reader.opType !== 'QuantizeLinear' || !isQdq(reader)) return undefined
    const scaling = await scalingOf(this.#editor, reader)
    const zero = await readConstant(this.#editor, this.#editor.input(reader, 2))
    const dtype = zero?.dtype ?? 'uint8'
    if (scaling?.scale.length !== 1 || (dtype !== 'uint8' && dtype !== 'int8')) return undefined
    const found = { node: reader, dtype, scale: scaling.scale[0]!, zeroPoint: scaling.zeroPoint[0]! } as const
    if (activation && !(await this.#isSuperfluous(activation, found))) return undefined
    return { ...found, ...(addend && { addend }) }
  }

  /** Whether the integers cannot say what the activation cuts off. */
  async #isSuperfluous(activation: Node, { dtype, scale, zeroPoint }: Omit<Quantizer, 'node'>): Promise<boolean> {
    const lowest = dtype === 'uint8' ? 0 : -128
    if (activation.opType === 'Relu') return zeroPoint === lowest
    const bound = async (index: number, name: string, otherwise: number) => {
      const value = this.#editor.input(activation, index)
      if (!value) return floatAttribute(activation, name) ?? otherwise
      return (await readConstant(this.#editor, value))?.values[0] ?? NaN
    }
    const [low, high] = [await bound(1, 'min', -Infinity), await bound(2, 'max', Infinity)]
    return low <= (lowest - zeroPoint) * scale && high >= (lowest + 255 - zeroPoint) * scale
  }

  #onlyReader(node: Node): Node | undefined {
    const value = this.#editor.output(node, 0)
    const [use, ...more] = value?.uses ?? []
    return use?.kind === 'input' && more.length === 0 ? use.node : undefined
  }
}

interface Quantizer {
  readonly node: Node
  readonly dtype: 'uint8' | 'int8'
  readonly scale: number
  readonly zeroPoint: number
  /** A bias that a product adds before. */
  readonly addend?: Value
}

interface Parts {
  readonly x: Dequantized
  readonly scaling: Scaling
  readonly rows: WeightRows
  readonly geometry: Geometry
  readonly after: Quantizer | undefined
}

/** All in float32, in onnxruntime's order. */
export function outcomeOf(
  xScale: number,
  weightScale: Float64Array,
  after: Omit<Quantizer, 'node'> | undefined,
): Outcome {
  if (!after) return { kind: 'float32', activationScale: xScale, weightScale: Float32Array.from(weightScale) }
  const multiplier = Float32Array.from(weightScale, (scale) => Math.fround(xScale * scale) / after.scale)
  return { kind: after.dtype, multiplier, zeroPoint: after.zeroPoint }
}

export function geometryOf(node: Node, { shape }: Known): Geometry {
  const autoPad = AUTO_PADS.find((known) => known === stringAttribute(node, 'auto_pad')) ?? 'NOTSET'
  return {
    kind: 'conv',
    kernel: shape.slice(2),
    strides: intsAttribute(node, 'strides'),
    dilations: intsAttribute(node, 'dilations'),
    pads: intsAttribute(node, 'pads'),
    autoPad,
    group: intAttribute(node, 'group') ?? 1,
  }
}
