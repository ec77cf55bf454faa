import { dtypeFromOnnx } from '../core/dtypes'
import { isReadableFloat } from './float-data'
import type { GraphEditor, Value } from './edit'
import { intAttribute, intsAttribute, type LazyTensor, type Node } from './model'

/** A constant of the model, with everything that reads it. */
export interface StoredTensor {
  /** The initializer, or the output of the Constant node. */
  readonly value: Value
  readonly tensor: LazyTensor
  /** Readers that use it as a weight, also behind Cast, Identity, Transpose and Reshape. */
  readonly roles: readonly WeightRole[]
  /** Operators of all other readers, sorted; 'output' where it leaves its body. */
  readonly otherReaders: readonly string[]
  /** It is itself an output of a body, so its name must stay. */
  readonly isBodyOutput: boolean
}

/** One operator that reads a tensor as its weight. */
export interface WeightRole {
  readonly node: Node
  readonly opType: string
  /** Axis of the *stored* tensor that belongs to independent outputs; null where there is none. */
  readonly axis: number | null
}

/** A value on the way from the store to a reader: its shape, and for each axis the stored axis it equals. */
interface View {
  readonly value: Value
  /** undefined: not known. */
  readonly shape: readonly number[] | undefined
  readonly axes: readonly (number | null)[]
}

/** All constants of the model in a stable order: initializers body by body, then Constant nodes. */
export function* storedTensors(editor: GraphEditor): Generator<StoredTensor> {
  for (const { value } of editor.initializers()) {
    const tensor = editor.constant(value)
    if (tensor) yield describeTensor(editor, value, tensor)
  }
  for (const node of editor.nodes()) {
    if (node.opType !== 'Constant') continue
    const value = editor.output(node, 0)
    const tensor = editor.constant(value)
    if (value && tensor) yield describeTensor(editor, value, { ...tensor, name: value.name })
  }
}

function describeTensor(editor: GraphEditor, value: Value, tensor: LazyTensor): StoredTensor {
  const roles: WeightRole[] = []
  const others = new Set<string>()
  const pending: View[] = [{ value, shape: tensor.shape, axes: tensor.shape.map((_, axis) => axis) }]
  for (let view = pending.pop(); view; view = pending.pop()) {
    for (const use of view.value.uses) {
      if (use.kind === 'output') {
        others.add('output')
        continue
      }
      const next = through(editor, use.node, use.index, view)
      const role = next.length > 0 ? undefined : roleOf(use.node, use.index, view)
      if (next.length > 0) pending.push(...next)
      else if (role) roles.push(role)
      else others.add(use.node.opType)
    }
  }
  return { value, tensor, roles, otherReaders: [...others].sort(), isBodyOutput: editor.isOutput(value) }
}

/**
 * The axis that most readers want to be quantized along (the first wins a tie); null = one scale for all. Where a
 * reshape hides it, rows of the stored matrix have scales of their own: any axis is right, and none is less precise.
 */
export function preferredAxis(roles: readonly WeightRole[], shape: readonly number[]): number | null {
  const votes = new Map<number, number>()
  for (const { axis } of roles) if (axis !== null) votes.set(axis, (votes.get(axis) ?? 0) + 1)
  let best: number | null = null
  for (const [axis, count] of votes) if (best === null || count > (votes.get(best) ?? 0)) best = axis
  return best ?? (shape.length >= 2 ? 0 : null)
}

/** What a node that only restores dtype or moves elements hands on; nothing for every other node. */
function through(editor: GraphEditor, node: Node, index: number, view: View): View[] {
  if (!isStandard(node) || (index > 0 && node.opType !== 'Concat')) return []
  const outputs = node.outputs.flatMap((_, i) => editor.output(node, i) ?? [])
  const handOn = (shape: View['shape'], axes: View['axes']) => outputs.map((value) => ({ value, shape, axes }))
  switch (node.opType) {
    case 'Identity':
      return handOn(view.shape, view.axes)
    case 'Cast':
      return isReadableFloat(dtypeFromOnnx(intAttribute(node, 'to') ?? 0)) ? handOn(view.shape, view.axes) : []
    case 'Slice':
    case 'Split':
      return handOn(undefined, view.axes)
    case 'Concat':
      // together with activations it is no weight any more
      return node.inputs.every((_, i) => isFixed(editor, editor.input(node, i))) ? handOn(undefined, view.axes) : []
    case 'Transpose': {
      const perm = intsAttribute(node, 'perm') ?? view.axes.map((_, i) => view.axes.length - 1 - i)
      const { shape } = view
      const moved = shape && perm.map((axis) => shape[axis] ?? 0)
      return handOn(
        moved,
        perm.map((axis) => view.axes[axis] ?? null),
      )
    }
    case 'Reshape':
    case 'Flatten':
    case 'Squeeze':
    case 'Unsqueeze':
      return outputs.map((value) => {
        const shape = staticShape(editor, value)
        return { value, shape, axes: shape ? matchAxes(view, shape) : [] }
      })
    default:
      return []
  }
}

/** Whether a value depends on constants only, through nodes that move elements. */
function isFixed(editor: GraphEditor, value: Value | undefined, depth = 16): boolean {
  if (!value || editor.constant(value)) return true
  const node = value.producer
  if (!node || depth === 0 || !isStandard(node) || !MOVES.has(node.opType)) return false
  return node.inputs.every((_, i) => isFixed(editor, editor.input(node, i), depth - 1))
}

const MOVES = new Set('Identity Cast Slice Split Concat Transpose Reshape Flatten Squeeze Unsqueeze'.split(' '))

function staticShape(editor: GraphEditor, value: Value): readonly number[] | undefined {
  const type = editor.typeOf(value)
  const shape = type?.kind === 'tensor' ? type.shape : undefined
  return shape?.every((dim) => typeof dim === 'number') ? (shape as readonly number[]) : undefined
}

/** An axis survives a reshape where as many elements lie outside of it as before and its size is the same. */
function matchAxes(view: View, shape: readonly number[]): (number | null)[] {
  const before = view.shape ?? []
  let outer = 1
  return shape.map((size) => {
    let beforeOuter = 1
    let found: number | null = null
    before.forEach((beforeSize, axis) => {
      if (beforeOuter === outer && beforeSize === size && size > 1) found ??= view.axes[axis] ?? null
      beforeOuter *= beforeSize
    })
    outer *= size
    return found
  })
}

const isStandard = (node: Node) => node.domain === '' || node.domain === 'ai.onnx'

/** How a node uses its input as a weight; undefined where it does not. Operator specifications: onnx.ai, Operators.md. */
function roleOf(node: Node, index: number, view: View): WeightRole | undefined {
  if (!isStandard(node)) return undefined
  const along = (axis: number | undefined): WeightRole => ({
    node,
    opType: node.opType,
    axis: axis === undefined ? null : (view.axes.at(axis) ?? null),
  })
  const rank = view.axes.length
  switch (node.opType) {
    case 'Conv':
      return index === 1 ? along(0) : undefined
    case 'ConvTranspose':
      // W is [Cin, Cout/group, …]. With groups one column serves one output channel of each group, so scales per
      // column would mix channels; rows belong to one group, and for depthwise weights a row is an output channel.
      return index === 1 ? along((intAttribute(node, 'group') ?? 1) > 1 ? 0 : 1) : undefined
    case 'Gemm':
      if (index === 1) return along(intAttribute(node, 'transB') ? 0 : 1)
      return index === 0 ? along(intAttribute(node, 'transA') ? 1 : 0) : undefined
    case 'MatMul':
      if (index === 1) return along(rank >= 2 ? rank - 1 : undefined)
      return along(rank >= 2 ? rank - 2 : undefined)
    case 'Gather':
      return index === 0 ? along(intAttribute(node, 'axis') ?? 0) : undefined
    case 'LSTM':
    case 'GRU':
    case 'RNN':
      return index === 1 || index === 2 ? along(1) : undefined
    default:
      return undefined
  }
}

/**
 * Takes weights off the list of inputs where most of the model's bytes stand there: the habit of old exporters, not a
 * wish to let callers override them. A few small ones among many unlisted are meant as inputs and stay.
 * @returns the note for the report; undefined when nothing was changed
 */
export function unlistWeights(editor: GraphEditor): string | undefined {
  const { graph, irVersion } = editor.model
  if (irVersion < 4) return undefined // every initializer has to be listed there
  const names = new Set(graph.inputs.map((info) => info.name))
  const count = [...graph.initializers.keys()].filter((name) => names.has(name)).length
  let balance = 0
  for (const { name, data } of graph.initializers.values())
    balance += names.has(name) ? data.sizeBytes : -data.sizeBytes
  if (count === 0 || balance <= 0) return undefined
  editor.unlistInitializerInputs(graph)
  return `${count} weights were also listed as inputs, as old exporters do; callers can no longer replace them in the result.`
}
