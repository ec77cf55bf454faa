/** A normalized model for one size of the batch, as lines over operands. */
import type { Machine } from '../../backends/machine'
import type { KernelCall, Operand } from '../../backends/kernel-calls'
import { elementCount, storageBytes, type KnownDType } from '../../core/dtypes'
import { ShapeError, UnsupportedError } from '../../core/errors'
import { emptyArray, type HostArray } from '../../core/host-array'
import { Random } from '../../core/random'
import { textsOf } from '../../core/texts'
import { isKnown } from '../../ops/shapes'
import { TypeWalk } from '../infer'
import { bindNode, titleOf, viewOf, type BoundNode } from '../node-context'
import type { Normalized } from '../normalize'
import { Constants } from '../plan/constants'
import { fuse } from '../plan/fuse'
import { lower, type CallOp, type Op } from '../plan/lower'
import { namesRead, orderNodes } from '../plan/order'
import type { Value } from '../plan/trace'
import { writeCall, type Line, type LineContext } from './lines'

export interface Program {
  readonly lines: readonly Line[]
  readonly constants: ReadonlyMap<number, HostArray>
  /** Floats of each operand that a line names. */
  readonly sizes: ReadonlyMap<number, number>
  /** Operands of the graph's inputs and outputs; undefined for an input that nothing reads. */
  readonly inputs: readonly (number | undefined)[]
  readonly outputs: readonly { readonly operand: number; readonly shape: readonly number[] }[]
}

/** Scratch operands are numbered from here on. */
const FIRST_SCRATCH = 1e6

const dummy: LineContext = {
  at: ({ id }, offset = 0) => ({ operand: id, offset }),
  scratch: () => ({ operand: -1, offset: 0 }),
}

/** Says what a module can compute; it opens nothing. */
const machine: Machine = {
  name: 'plan',
  placeAlignment: 64,
  bytesPerElement: () => 4,
  supports: (call: KernelCall) => writeCall(call, dummy) !== undefined,
  open: () => Promise.reject(new Error('a module is written, not opened')),
}

/** Texts are numbers in a module, in the order in which the program meets them. */
export type TextNumbers = Map<string, number>

/**
 * @param shapes of the inputs, by name
 * @param texts grows by those that are new
 * @throws UnsupportedError naming a node that modules cannot compute; ShapeError
 */
export async function programFor(
  normalized: Normalized,
  shapes: ReadonlyMap<string, readonly number[]>,
  texts: TextNumbers = new Map(),
): Promise<Program> {
  const { graph } = normalized.model
  const values = await valuesOf(normalized, shapes, texts)
  const nodes = liveNodes(normalized, values)
  const lowered = lower(nodes, values, { constants: new Constants(), machine, offer: () => undefined })
  refuseHosted(lowered.ops)
  const operandOf = (name: string): Operand => {
    const found = lowered.operands.get(name)
    if (!found)
      throw new UnsupportedError(`The output ${name} depends on no input; a JavaScript module has nothing to compute.`)
    return found
  }
  const outputs = graph.outputs.map(({ name }) => operandOf(name))
  const ops = fuse(lowered, { kept: new Set(outputs), supports: (call) => machine.supports(call) }) as readonly CallOp[]
  const writer = new LineWriter(ops)
  const constants = new Map([...lowered.constants].map(([operand, { array }]) => [operand.id, array]))
  return {
    ...{ lines: writer.lines, sizes: writer.sizes, constants },
    inputs: graph.inputs.map(({ name }) => {
      const operand = lowered.operands.get(name)
      return operand && writer.at(operand).operand
    }),
    outputs: outputs.map((operand) => ({ operand: writer.at(operand).operand, shape: operand.shape })),
  }
}

class LineWriter implements LineContext {
  readonly lines: Line[] = []
  readonly sizes = new Map<number, number>()
  readonly #roots = new Map<number, Operand>()
  #scratches = FIRST_SCRATCH

  constructor(ops: readonly CallOp[]) {
    for (const { call } of ops) {
      if (call.kernel === 'alias') this.#roots.set(call.output.id, this.#root(call.input))
      else this.lines.push(...(writeCall(call, this) ?? []))
    }
  }

  readonly at = (operand: Operand, offset = 0) => {
    const root = this.#root(operand)
    this.sizes.set(root.id, elementCount(root.shape))
    return { operand: root.id, offset }
  }

  readonly scratch = (count: number) => {
    const operand = this.#scratches++
    this.sizes.set(operand, count)
    return { operand, offset: 0 }
  }

  #root(operand: Operand): Operand {
    return this.#roots.get(operand.id) ?? operand
  }
}

function refuseHosted(ops: readonly Op[]): void {
  const hosted = ops.find((op) => op.type === 'host')
  if (!hosted) return
  const { node } = hosted.bounds[0] as BoundNode
  throw new UnsupportedError(
    `${titleOf(node)}: a JavaScript module cannot compute it. Download the ONNX file and run it with onnxruntime-web instead.`,
  )
}

/** Types of all values for these inputs, and what is known of them: weights, and what is folded from them for free. */
async function valuesOf(
  normalized: Normalized,
  shapes: ReadonlyMap<string, readonly number[]>,
  texts: TextNumbers,
): Promise<ReadonlyMap<string, Value>> {
  const { graph } = normalized.model
  const walk = new TypeWalk(normalized)
  const types = graph.inputs.map(({ name, type }) => {
    const shape = shapes.get(name)
    return shape && type?.kind === 'tensor' ? { dtype: type.dtype as Value['dtype'], shape } : undefined
  })
  walk.graph(graph, types)
  const problem = walk.problems[0]
  if (problem) throw new UnsupportedError(problem.message)
  const values = new Map<string, Value>()
  const constantOf = (name: string) => {
    const tensor = graph.initializers.get(name)
    const found = tensor && !shapes.has(name) ? normalized.loaded(tensor) : walk.constant(name)
    return found && numbered(found, texts)
  }
  for (const [name, { dtype, shape }] of walk.types) {
    if (isKnown(shape)) values.set(name, { name, dtype: slotType(dtype), shape, constant: constantOf(name) })
  }
  for (const node of graph.nodes) await fold(bindNode(node, normalized), values)
  return values
}

const slotType = (dtype: KnownDType): KnownDType => (dtype === 'string' ? 'int32' : dtype)

function numbered(array: HostArray, texts: TextNumbers): HostArray {
  if (array.dtype !== 'string') return array
  const numbers = textsOf(array).map((text) => {
    if (!texts.has(text)) texts.set(text, texts.size)
    return texts.get(text) as number
  })
  return { ...array, dtype: 'int32', values: Int32Array.from(numbers) }
}

/** Computes a node now where its result is no larger than what it is made of: weights stay in the type that they have. */
async function fold(bound: BoundNode, values: Map<string, Value>): Promise<void> {
  const { node, operator } = bound
  const inputs = node.inputs.map((name) => (name === '' ? undefined : values.get(name)?.constant))
  const outputs = node.outputs.map((name) => values.get(name))
  const areKnown = node.inputs.every((name, i) => name === '' || inputs[i])
  const isRandom = 'seed' in operator.attributes
  if (!areKnown || isRandom || outputs.every((output) => output?.constant)) return
  const grows = bytesOf(outputs) > Math.max(64, bytesOf(inputs))
  if (grows && node.inputs.length > 0) return
  const results = await operator.reference(
    {
      ...viewOf(bound, () => inputs.map((input) => input?.shape)),
      empty: emptyArray,
      random: new Random(0),
      run: () => Promise.reject(new UnsupportedError(`${titleOf(node)}: its sub-graphs are not computed.`)),
    },
    ...inputs,
  )
  node.outputs.forEach((name, i) => {
    const [known, constant] = [values.get(name), results[i]]
    if (known && constant) values.set(name, { ...known, constant })
  })
}

const bytesOf = (arrays: readonly (Pick<HostArray, 'dtype' | 'shape'> | undefined)[]): number =>
  arrays.reduce((sum, one) => sum + (one ? (storageBytes(one.dtype, elementCount(one.shape)) ?? 0) : 0), 0)

/** Nodes whose results an output needs and nobody knows yet. */
function liveNodes(normalized: Normalized, values: ReadonlyMap<string, Value>): BoundNode[] {
  const { graph } = normalized.model
  const needed = new Set(graph.outputs.map(({ name }) => name))
  const live: BoundNode[] = []
  for (const node of [...orderNodes(graph)].reverse()) {
    const isNeeded = node.outputs.some((name) => needed.has(name) && !values.get(name)?.constant)
    if (!isNeeded) continue
    for (const name of namesRead(node)) needed.add(name)
    const unknown = [...namesRead(node), ...node.outputs].find((name) => name !== '' && !values.has(name))
    if (unknown !== undefined) {
      throw new ShapeError(
        `${titleOf(node)}: the shape of ${unknown} depends on values, and a JavaScript module has fixed shapes. Use the ONNX file instead.`,
      )
    }
    live.push(bindNode(node, normalized))
  }
  return live.reverse()
}
