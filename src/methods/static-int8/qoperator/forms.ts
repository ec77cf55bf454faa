/** Which integer operator does what a float operator does between DequantizeLinear and QuantizeLinear. */
import type { GraphEditor, Value } from '../../../graph/edit'
import { attribute, floatAttribute, intAttribute, intsAttribute, type Attribute, type Node } from '../../../graph/model'
import { BiasReader } from './bias'
import { isByte, type Dequantized, type QdqReader, type Scaling } from './qdq'
import { zeroPointOf } from './zero-point'

/** What takes the place of a node. */
export interface IntegerForm {
  readonly opType: string
  readonly domain: '' | 'com.microsoft'
  readonly inputs: readonly (Value | null)[]
  readonly attributes: readonly Attribute[]
}

export interface FormContext {
  readonly editor: GraphEditor
  readonly reader: QdqReader
  readonly node: Node
  /** Version of ai.onnx in the model. */
  readonly opset: number
  /** undefined: the result stays float. */
  readonly output: Scaling | undefined
}

type Form = (context: FormContext) => IntegerForm | undefined | Promise<IntegerForm | undefined>

const MICROSOFT = 'com.microsoft'

/** One scale and 8 bits. */
function tensorWise(context: FormContext, index: number): Dequantized | undefined {
  const { editor, reader, node } = context
  const found = reader.dequantized(editor.input(node, index))
  return found && found.axis === null && isByte(found.dtype) ? found : undefined
}

/** A weight of 8 bits that goes with activations of `x`: products of int8 and uint8 have no kernel. */
function weightFor(context: FormContext, index: number, x: Scaling): Dequantized | undefined {
  const { editor, reader, node } = context
  const found = reader.dequantized(editor.input(node, index))
  return found && isByte(found.dtype) && (x.dtype === 'uint8' || found.dtype === 'int8') ? found : undefined
}

/** Integers, scale, zero point. */
const triple = ({ editor }: FormContext, x: Dequantized): Value[] => [x.integers, x.scale, zeroPointOf(editor, x)]
const pair = ({ editor }: FormContext, y: Scaling): Value[] => [y.scale, zeroPointOf(editor, y)]

function keep(node: Node, ...names: string[]): Attribute[] {
  return names.flatMap((name) => node.attributes.get(name) ?? [])
}

const conv: Form = async (context) => {
  const { node, output } = context
  const x = tensorWise(context, 0)
  const w = x && weightFor(context, 1, x)
  if (!w || !output || output.dtype !== x.dtype || (w.axis !== null && w.axis !== 0)) return undefined
  const bias = await new BiasReader(context).read(2, x, w)
  if (bias === undefined) return undefined
  return {
    opType: 'QLinearConv',
    domain: '',
    inputs: [...triple(context, x), ...triple(context, w), ...pair(context, output), ...(bias ? [bias] : [])],
    attributes: [...node.attributes.values()],
  }
}

/** One scale per column where the columns are the last of two axes. */
const isPerColumn = ({ editor }: FormContext, { axis, integers }: Dequantized, column: number): boolean =>
  axis === null || (axis === column && editor.constant(integers)?.shape.length === 2)

const matMul: Form = (context) => {
  const { output } = context
  const a = tensorWise(context, 0)
  const b = a && weightFor(context, 1, a)
  if (!b || !isPerColumn(context, b, 1) || (output && output.dtype !== a.dtype)) return undefined
  if (output) {
    const inputs = [...triple(context, a), ...triple(context, b), ...pair(context, output)]
    return { opType: 'QLinearMatMul', domain: '', inputs, attributes: [] }
  }
  const zeroPoints = [a, b].map((one) => zeroPointOf(context.editor, one))
  const inputs = [a.integers, b.integers, a.scale, b.scale, ...zeroPoints]
  return { opType: 'MatMulIntegerToFloat', domain: MICROSOFT, inputs, attributes: [] }
}

const gemm: Form = async (context) => {
  const { node, output } = context
  const a = tensorWise(context, 0)
  const b = a && weightFor(context, 1, a)
  const column = intAttribute(node, 'transB') ? 0 : 1
  if (!b || !isPerColumn(context, b, column) || (output && output.dtype !== a.dtype)) return undefined
  const [alpha, beta] = [floatAttribute(node, 'alpha') ?? 1, floatAttribute(node, 'beta') ?? 1]
  const bias = beta === 0 ? null : await new BiasReader(context).read(2, a, b, alpha / beta)
  if (bias === undefined) return undefined
  return {
    opType: 'QGemm',
    domain: MICROSOFT,
    inputs: [...triple(context, a), ...triple(context, b), bias, ...(output ? pair(context, output) : [])],
    attributes: keep(node, 'alpha', 'transA', 'transB'),
  }
}

const binary =
  (opType: string): Form =>
  (context) => {
    const { output } = context
    const [a, b] = [tensorWise(context, 0), tensorWise(context, 1)]
    if (!a || !b || !output || a.dtype !== output.dtype || b.dtype !== output.dtype) return undefined
    const inputs = [...triple(context, a), ...triple(context, b), ...pair(context, output)]
    return { opType, domain: MICROSOFT, inputs, attributes: [] }
  }

/** @returns undefined where the attributes say something that the integer operator does not know */
const unary =
  (opType: string, attributesOf: (context: FormContext) => readonly Attribute[] | undefined): Form =>
  (context) => {
    const { output } = context
    const x = tensorWise(context, 0)
    const attributes = attributesOf(context)
    if (!x || !output || !attributes || x.dtype !== output.dtype) return undefined
    return { opType, domain: MICROSOFT, inputs: [...triple(context, x), ...pair(context, output)], attributes }
  }

function averagePoolAttributes({ node }: FormContext): readonly Attribute[] | undefined {
  if (intsAttribute(node, 'dilations')?.some((dilation) => dilation !== 1)) return undefined
  return keep(node, 'auto_pad', 'ceil_mode', 'count_include_pad', 'kernel_shape', 'pads', 'strides')
}

function softmaxAttributes({ node, opset }: FormContext): readonly Attribute[] {
  const axis = intAttribute(node, 'axis') ?? (opset < 13 ? 1 : -1)
  return [attribute.int('axis', axis), attribute.int('opset', opset)]
}

const concat: Form = (context) => {
  const { node, output, reader } = context
  const inputs = node.inputs.map((_, index) => tensorWise(context, index))
  if (!output || !inputs.every((one) => one?.dtype === output.dtype)) return undefined
  const all = inputs as Dequantized[]
  const attributes = [...node.attributes.values()]
  if (all.every((one) => reader.isSame(one, output))) {
    return { opType: 'Concat', domain: '', inputs: all.map(({ integers }) => integers), attributes }
  }
  const given = all.flatMap((one) => triple(context, one))
  return { opType: 'QLinearConcat', domain: MICROSOFT, inputs: [...pair(context, output), ...given], attributes }
}

/** Operators that compute, by name. */
export const FORMS: ReadonlyMap<string, Form> = new Map([
  ['Conv', conv],
  ['MatMul', matMul],
  ['Gemm', gemm],
  ['Add', binary('QLinearAdd')],
  ['Mul', binary('QLinearMul')],
  ['Concat', concat],
  ['GlobalAveragePool', unary('QLinearGlobalAveragePool', () => [])],
  ['AveragePool', unary('QLinearAveragePool', averagePoolAttributes)],
  ['LeakyRelu', unary('QLinearLeakyRelu', ({ node }) => keep(node, 'alpha'))],
  ['Sigmoid', unary('QLinearSigmoid', () => [])],
  ['Softmax', unary('QLinearSoftmax', softmaxAttributes)],
  // with its own scales at both ends: nothing is left of what lies below zero
  ['Relu', unary('QLinearLeakyRelu', () => [attribute.float('alpha', 0)])],
])
