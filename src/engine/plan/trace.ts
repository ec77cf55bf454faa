/** What of a graph can be planned before values are known: shapes of all nodes, values of some, and where to stop. */
import { elementCount, type KnownDType } from '../../core/dtypes'
import { ShapeError } from '../../core/errors'
import { emptyArray, slotBytes, type HostArray } from '../../core/host-array'
import type { Turns } from '../../core/turns'
import { subGraphs } from '../../graph/model'
import type { MaybeArray, TensorType } from '../../ops/op'
import { isKnown } from '../../ops/shapes'
import { inferContext, titleOf, type BoundNode } from '../node-context'
import type { Constants } from './constants'
import { namesRead } from './order'
import { REASONS } from './reasons'

/** A value whose dtype and shape are known, and perhaps its elements. */
export interface Value {
  readonly name: string
  readonly dtype: KnownDType
  readonly shape: readonly number[]
  readonly constant: HostArray | undefined
}

export type Values = ReadonlyMap<string, Value>

/** A node that is interpreted between segments, with the reason. */
export interface Cut {
  readonly bound: BoundNode
  readonly why: string
}

export interface Trace {
  /** Of everything that is known once this stage has run, but for the outputs of its cuts. */
  readonly values: Map<string, Value>
  /** Nodes whose shapes are all known, in order. */
  readonly nodes: readonly BoundNode[]
  readonly cuts: readonly Cut[]
  /** Nodes that need what the cuts make. */
  readonly rest: readonly BoundNode[]
  /** Nodes whose results are known already. */
  readonly folded: readonly BoundNode[]
}

export interface TraceContext {
  readonly constants: Constants
  /** Computes one node with its reference. */
  compute(bound: BoundNode, inputs: readonly MaybeArray[]): Promise<readonly MaybeArray[]>
  canHold(dtype: KnownDType): boolean
  /** The nodes of a branch of an If, the same ones every time, and its constants. */
  branch(bound: BoundNode, takesThen: boolean): Branch
  readonly turns: Turns
}

export interface Branch {
  readonly nodes: readonly BoundNode[]
  readonly constants: readonly Value[]
}

/** Operators that look at the shape of their input and never at its elements. */
const READS_ONLY_SHAPE = new Set(['Shape', 'Size'])
/** What is computed while planning is kept for ever, so it must not be much larger than what it is made from. */
const FOLDED_BYTES = 1 << 16
const FOLDED_GROWTH = 8

/**
 * @param known values that are there before, by name
 * @param pending nodes in an order in which every value is made before it is read
 */
export async function trace(known: Values, pending: readonly BoundNode[], context: TraceContext): Promise<Trace> {
  const values = new Map(known)
  const nodes: BoundNode[] = []
  const cuts: Cut[] = []
  const rest: BoundNode[] = []
  const folded: BoundNode[] = []
  const left = pending.toReversed()
  for (let bound = left.pop(); bound; bound = left.pop()) {
    await context.turns.take()
    if (!namesRead(bound.node).every((name) => values.has(name))) {
      rest.push(bound)
      continue
    }
    const inputs = bound.node.inputs.map((name) => (name === '' ? undefined : values.get(name)))
    const branch = branchOf(bound, inputs[0]?.constant, context)
    if (branch) {
      for (const value of branch.constants) values.set(value.name, value)
      left.push(...branch.nodes.toReversed())
      continue
    }
    const found = await look(bound, inputs, context)
    if ('why' in found) {
      cuts.push(found)
      continue
    }
    bound.node.outputs.forEach((name, i) => {
      const type = found.types[i]
      if (name !== '' && type) values.set(name, { name, ...type, constant: found.results?.[i] })
    })
    if (found.results) folded.push(bound)
    else nodes.push(bound)
  }
  const first = rest[0]
  if (first && cuts.length === 0) {
    const missing = namesRead(first.node).find((name) => !values.has(name)) ?? ''
    throw new ShapeError(`${titleOf(first.node)}: its input ${missing} is made by no node before it.`)
  }
  return { values, nodes, cuts, rest, folded }
}

/** Exporters write conditions that only depend on shapes: such an If is no cut. */
function branchOf(bound: BoundNode, condition: HostArray | undefined, context: TraceContext): Branch | undefined {
  const { operator } = bound
  const isIf = operator.name === 'If' && operator.domain === ''
  if (!isIf || condition?.dtype !== 'bool' || condition.values.length !== 1) return undefined
  return context.branch(bound, condition.values[0] !== 0)
}

type Known = TensorType & { readonly shape: readonly number[] }
type Found = Cut | { readonly types: readonly (Known | undefined)[]; readonly results?: readonly MaybeArray[] }

async function look(bound: BoundNode, inputs: readonly (Value | undefined)[], context: TraceContext): Promise<Found> {
  const { node, operator } = bound
  if (subGraphs(node).length > 0) return { bound, why: REASONS.runsGraphs }
  const types = operator.infer(
    inferContext(bound, {
      types: inputs,
      constant: (input) => inputs[input]?.constant,
      dims: () => undefined,
      inferGraph: (graph) => graph.outputs.map(() => undefined),
    }),
  )
  const named = node.outputs.map((name, i) => (name === '' ? undefined : types[i]))
  const areKnown = named.every((type, i) => node.outputs[i] === '' || (type !== undefined && isKnown(type.shape)))
  const isFree = READS_ONLY_SHAPE.has(operator.name) && operator.domain === ''
  const isConstant = inputs.every((input) => !input || input.constant) || isFree
  if (isConstant && (!areKnown || isFree || isSmall(inputs, named as readonly (Known | undefined)[]))) {
    return fold(bound, inputs, context)
  }
  if (!areKnown) return { bound, why: REASONS.shapeDepends }
  const dtypes = [...inputs, ...named].flatMap((type) => (type ? [type.dtype] : []))
  const unholdable = dtypes.find((dtype) => !context.canHold(dtype))
  if (unholdable) return { bound, why: REASONS.noType(unholdable) }
  return { types: named as readonly (Known | undefined)[] }
}

function isSmall(inputs: readonly (Value | undefined)[], outputs: readonly (Known | undefined)[]): boolean {
  const bytesOf = (types: readonly (Known | undefined)[]) =>
    types.reduce((sum, type) => sum + (type ? elementCount(type.shape) * (slotBytes(type.dtype) ?? 0) : 0), 0)
  return bytesOf(outputs) <= Math.max(FOLDED_BYTES, FOLDED_GROWTH * bytesOf(inputs))
}

async function fold(bound: BoundNode, inputs: readonly (Value | undefined)[], context: TraceContext): Promise<Found> {
  // an input of which only the shape is known has no elements: only operators that read none get here with it
  const arrays = inputs.map((one) => one && (one.constant ?? { ...emptyArray(one.dtype, [0]), shape: one.shape }))
  const known = context.constants.folded(bound.node, arrays)
  const results = known ?? (await context.compute(bound, arrays))
  if (!known) context.constants.keepFolded(bound.node, arrays, results)
  return { types: bound.node.outputs.map((_, i) => results[i]), results }
}
