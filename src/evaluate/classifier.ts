import { UsageError } from '../core/errors'
import type { Labels } from '../formats/format'
import { GraphEditor, type Value } from '../graph/edit'
import type { Model } from '../graph/model'
import type { Tensor } from '../core/tensor'
import { findClassAxis, type ClassLayout } from './metrics'
import { isFloat } from './numbers'

/** How an output is read as decisions. */
export type Decisions =
  | {
      readonly kind: 'classes'
      readonly output: string
      readonly layout: (shape: readonly number[], samples: number) => ClassLayout | undefined
    }
  /** One number a decision, a probability or a logit: at 0.5 or 0. */
  | { readonly kind: 'binary'; readonly output: string }

const PASSES = new Set([
  'Identity',
  'Cast',
  'Squeeze',
  'Unsqueeze',
  'Reshape',
  'Flatten',
  'Transpose',
  'DequantizeLinear',
])
const LINEAR = new Set(['Gemm', 'MatMul', 'Add', 'Conv', 'GlobalAveragePool', 'FusedGemm', 'MatMulNBits'])

/**
 * The output that makes decisions, without labels. The rule, the first that fits:
 * 1. the first float output that ends in Softmax or LogSoftmax;
 * 2. the model's only output, when it is float, ends in a linear layer (Gemm, MatMul, Add, Conv, pooling) and is
 *    [n, C], [n, C, 1, 1] or, made by Gemm, MatMul or Add, [n, T, C].
 * Classes stand on the last axis, of [n, C, 1, 1] and [n, C, H, W] on the second; there are at least two.
 */
export function findDecisions(model: Model, outputs: ReadonlyMap<string, Tensor>): Decisions | undefined {
  const editor = new GraphEditor(model)
  for (const [output, { dtype, shape }] of outputs) {
    if (!isFloat(dtype) || shape.length < 2) continue
    const maker = makerOf(editor, editor.resolve(model.graph, output))
    const isSoftmax = maker?.opType === 'Softmax' || maker?.opType === 'LogSoftmax'
    const isOnly = outputs.size === 1 && maker !== undefined && LINEAR.has(maker.opType)
    const isFlat = shape.slice(2).every((size) => size === 1)
    const isSequence = shape.length === 3 && maker?.opType !== 'Conv'
    if (!isSoftmax && !(isOnly && (isFlat || isSequence))) continue
    const attribute = maker?.attributes.get('axis')
    const axis = isSoftmax && attribute?.type === 'int' ? Number(attribute.value) : undefined
    const layout = (found: readonly number[]) => defaultLayout(found, axis)
    if (layout(shape)) return { kind: 'classes', output, layout }
  }
  return undefined
}

/** The node that computes a value, past those that only hand it on. */
function makerOf(editor: GraphEditor, value: Value | undefined) {
  let node = value?.producer
  while (node && PASSES.has(node.opType)) node = editor.input(node, 0)?.producer
  return node
}

function defaultLayout(shape: readonly number[], softmaxAxis: number | undefined): ClassLayout | undefined {
  const isFlat = shape.length === 2 || shape.slice(2).every((size) => size === 1)
  const isMap = shape.length === 4 && softmaxAxis === 1
  const axis = isFlat || isMap ? 1 : shape.length - 1
  const classes = shape[axis] as number
  if (classes < 2) return undefined
  const product = (sizes: readonly number[]) => sizes.reduce((result, size) => result * size, 1)
  return { outer: product(shape.slice(0, axis)), classes, inner: product(shape.slice(axis + 1)) }
}

/**
 * The output that labels are about: one with a class axis beside the labels' shape and more classes than the largest
 * label; the one of `findDecisions` first. Else an output of one number a label, for labels 0 and 1.
 * @throws UsageError for a label that is no class of the outputs that have classes
 */
export function decisionsForLabels(
  labels: Labels,
  outputs: ReadonlyMap<string, Tensor>,
  samples: number,
  preferred: Decisions | undefined,
): Decisions | undefined {
  const largest = labels.values.reduce((max, label) => Math.max(max, label), -1)
  const names = [...outputs.keys()].sort((a, b) => Number(b === preferred?.output) - Number(a === preferred?.output))
  const tooSmall: { output: string; classes: number }[] = []
  for (const output of names) {
    const { dtype, shape } = outputs.get(output) as Tensor
    if (!isFloat(dtype)) continue
    const layout = (found: readonly number[], count: number) => findClassAxis(found, labels.shape, count)
    const classes = layout(shape, samples)?.classes
    if (classes !== undefined && classes > largest) return { kind: 'classes', output, layout }
    if (classes !== undefined) tooSmall.push({ output, classes })
  }
  const [first] = tooSmall
  if (first) throw outOfRange(largest, first.output === preferred?.output ? first : widest(tooSmall))
  if (largest > 1) return undefined
  const perSample = labels.shape.reduce((product, size) => product * size, 1)
  for (const output of names) {
    const { dtype, shape } = outputs.get(output) as Tensor
    const count = shape.reduce((product, size) => product * size, 1)
    if (isFloat(dtype) && count === samples * perSample) return { kind: 'binary', output }
  }
  return undefined
}

function widest<T extends { readonly classes: number }>(outputs: readonly T[]): T {
  return outputs.reduce((a, b) => (b.classes > a.classes ? b : a))
}

function outOfRange(label: number, { output, classes }: { output: string; classes: number }): UsageError {
  return new UsageError(
    `The data has the label ${label}, but output "${output}" has ${classes} classes, 0 to ${classes - 1}. Count classes ` +
      'from 0, write -1 for what is to be ignored, or leave the labels out.',
  )
}
