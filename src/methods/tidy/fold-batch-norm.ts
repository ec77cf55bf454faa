import { elementCount } from '../../core/dtypes'
import { asNumbers } from '../../core/tensor'
import { allowFreeInitializers, encodeNumbers, loadTensor } from '../../graph/constants'
import type { GraphEditor, Value } from '../../graph/edit'
import {
  attribute,
  floatAttribute,
  intAttribute,
  tensorFromBytes,
  type LazyTensor,
  type Node,
  type TensorData,
} from '../../graph/model'
import { count, isStandard, opsetOf, recordChange, type Tidy } from './rewrite'

/** A channel that BatchNorm multiplies by more than this had next to no variance: folding would magnify rounding. */
const MAX_SCALE = 1e6

/** BatchNormalization at inference as y = x · scale + shift per channel, in doubles. */
interface Affine {
  readonly scale: Float64Array
  readonly shift: Float64Array
}

/**
 * Works BatchNormalization into the weights of the Conv, ConvTranspose or Gemm before it:
 * W' = W · γ/√(σ²+ε) per output channel, b' = (b − μ) · γ/√(σ²+ε) + β, in doubles, rounded to float32 once.
 */
export async function foldBatchNorm(tidy: Tidy): Promise<number> {
  const { editor } = tidy
  let folded = 0
  for (const norm of editor.nodes()) {
    if (!isStandard(norm, 'BatchNormalization') || !isInference(editor, norm)) continue
    const affine = await affineOf(editor, norm)
    const before = editor.input(norm, 0)
    if (!affine || before?.producer === undefined || before.uses.size !== 1) continue
    if (!(await foldInto(tidy, before.producer, norm, affine))) continue
    folded++
  }
  count(tidy, 'BatchNormalization nodes folded into weights', folded)
  return folded
}

function isInference(editor: GraphEditor, norm: Node): boolean {
  const opset = opsetOf(editor, editor.bodyOf(norm))
  const isPerChannel = (intAttribute(norm, 'spatial') ?? 1) === 1
  const hasReference = [...norm.attributes.values()].some((one) => one.refName)
  // Below opset 14 the running statistics as further outputs mean training.
  const isTraining = intAttribute(norm, 'training_mode') === 1 || norm.outputs.slice(1).some((name) => name !== '')
  return opset >= 7 && isPerChannel && !hasReference && !isTraining
}

async function affineOf(editor: GraphEditor, norm: Node): Promise<Affine | undefined> {
  const parts: Float64Array[] = []
  for (let index = 1; index <= 4; index++) {
    const tensor = editor.constant(editor.input(norm, index))
    if (tensor?.dtype !== 'float32' || tensor.shape.length !== 1) return undefined
    parts.push(asNumbers(await loadTensor(tensor)))
  }
  const [gamma, beta, mean, variance] = parts as [Float64Array, Float64Array, Float64Array, Float64Array]
  if (parts.some((part) => part.length !== gamma.length)) return undefined
  const epsilon = floatAttribute(norm, 'epsilon') ?? Math.fround(1e-5)
  const scale = gamma.map((g, c) => g / Math.sqrt((variance[c] as number) + epsilon))
  if (!scale.every((s) => Math.abs(s) <= MAX_SCALE)) return undefined
  return { scale, shift: beta.map((b, c) => b - (mean[c] as number) * (scale[c] as number)) }
}

async function foldInto(tidy: Tidy, node: Node, norm: Node, affine: Affine): Promise<boolean> {
  const { editor } = tidy
  const weight = editor.input(node, 1)
  const tensor = editor.constant(weight)
  const channelOf = tensor && channelIndex(node, tensor, affine.scale.length)
  // Weights that something else reads would have to be copied, which costs more than the BatchNorm.
  if (!weight || !channelOf || tensor.dtype !== 'float32' || weight.uses.size !== 1) return false
  if (editor.bodyOf(node).kind !== 'graph' || editor.bodyOf(node) !== editor.bodyOf(norm)) return false
  const bias = await foldedBias(editor, node, affine)
  if (!bias) return false
  const parameters = [1, 2, 3, 4].map((index) => editor.input(norm, index))
  const checkpoint = editor.checkpoint()
  if (!editor.bypass(norm)) return false
  if (editor.model.irVersion < 4 && allowFreeInitializers(editor)) count(tidy, 'lift to IR version 4')
  const scaled = scaledData(tensor, affine.scale, channelOf)
  editor.replaceConstant(weight, { name: tensor.name, dtype: 'float32', shape: tensor.shape, data: scaled })
  if (!storeBias(editor, node, weight, bias)) {
    editor.undo(checkpoint)
    return false
  }
  for (const parameter of parameters) {
    const one = editor.constant(parameter)
    if (one && parameter?.uses.size === 0) recordChange(tidy, { ...one, name: parameter.name }, 'float32/removed', 0)
  }
  return true
}

/** Output channel of a weight by its flat index; undefined where the operator or its shape does not fit. */
function channelIndex(node: Node, weight: LazyTensor, channels: number): ((flat: number) => number) | undefined {
  if ([...node.attributes.values()].some((one) => one.refName)) return undefined
  const [first = 0, second = 0, ...kernel] = weight.shape
  const inner = elementCount(kernel)
  if (isStandard(node, 'Conv')) {
    const each = second * inner
    return first === channels ? (flat) => Math.floor(flat / each) : undefined
  }
  if (isStandard(node, 'ConvTranspose')) {
    // [C, M/group, …]: input channels of one group make output channels of that group
    const groups = intAttribute(node, 'group') ?? 1
    const perGroup = first / groups
    if (second * groups !== channels || !Number.isInteger(perGroup)) return undefined
    return (flat) => {
      const input = Math.floor(flat / (second * inner))
      return Math.floor(input / perGroup) * second + (Math.floor(flat / inner) % second)
    }
  }
  if (!isStandard(node, 'Gemm') || kernel.length > 0) return undefined
  if (intAttribute(node, 'transB') === 1) return first === channels ? (flat) => Math.floor(flat / second) : undefined
  return second === channels ? (flat) => flat % second : undefined
}

/** Weights times their channel's scale, computed when they are read. */
function scaledData(weight: LazyTensor, scale: Float64Array, channelOf: (flat: number) => number): TensorData {
  return {
    sizeBytes: weight.data.sizeBytes,
    async read(offset, length) {
      const first = Math.floor(offset / 4)
      const count = Math.ceil((offset + length) / 4) - first
      const data = await weight.data.read(first * 4, count * 4)
      const values = asNumbers({ dtype: 'float32', shape: [count], data })
      const bytes = encodeNumbers(
        'float32',
        values.map((value, index) => value * (scale[channelOf(first + index)] as number)),
      )
      return bytes.slice(offset - first * 4, offset - first * 4 + length)
    },
  }
}

/** The new bias in doubles; undefined where the old one is not a constant for each channel. */
async function foldedBias(
  editor: GraphEditor,
  node: Node,
  { scale, shift }: Affine,
): Promise<Float64Array | undefined> {
  if (!node.inputs[2]) return shift
  const tensor = editor.constant(editor.input(node, 2))
  if (tensor?.dtype !== 'float32') return undefined
  const channels = scale.length
  const isPerChannel = tensor.shape.at(-1) === channels && elementCount(tensor.shape) === channels
  if (!isPerChannel && elementCount(tensor.shape) !== 1) return undefined
  const old = asNumbers(await loadTensor(tensor))
  const factor = node.opType === 'Gemm' ? (floatAttribute(node, 'beta') ?? 1) : 1
  return shift.map((value, c) => (old[isPerChannel ? c : 0] as number) * factor * (scale[c] as number) + value)
}

function storeBias(editor: GraphEditor, node: Node, weight: Value, bias: Float64Array): boolean {
  const body = editor.bodyOf(node)
  if (body.kind !== 'graph') return false
  if (node.opType === 'Gemm' && node.attributes.has('beta')) editor.setAttribute(node, attribute.float('beta', 1))
  const bytes = encodeNumbers('float32', bias)
  const old = editor.input(node, 2)
  if (old && editor.constant(old)?.shape.join() === `${bias.length}` && old.uses.size === 1) {
    editor.replaceConstant(old, tensorFromBytes(old.name, 'float32', [bias.length], bytes))
    return true
  }
  const added = editor.addInitializer(body, tensorFromBytes(`${weight.name}_bias`, 'float32', [bias.length], bytes))
  editor.setInput(node, 2, added)
  return true
}
