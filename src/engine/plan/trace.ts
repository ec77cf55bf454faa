/** What of a graph can be planned before values are known: shapes of all nodes, values of some, and where to stop. */
import type { State } from '../../backends/machine'
import { elementCount, type KnownDType } from '../../core/dtypes'
import { ShapeError } from '../../core/errors'
import { emptyArray, isFloat, slotBytes, type HostArray } from '../../core/host-array'
import type { Turns } from '../../core/turns'
import { subGraphs } from '../../graph/model'
import type { MaybeArray, TensorType } from '../../ops/op'
import { isKnown } from '../../ops/shapes'
import { inferContext, titleOf, type BoundNode } from '../node-context'
import type { Constants } from './constants'
import { Demands, MOST_FIXED, type Offer } from './demands'
import { namesRead } from './order'
import type { Fixed } from './plan-set'
import { REASONS } from './reasons'

/** A value whose dtype and shape are known, and perhaps its elements. */
export interface Value {
  readonly name: string
  readonly dtype: KnownDType
  readonly shape: readonly number[]
  readonly constant: HostArray | undefined
  /** Where the machine keeps it from run to run: its elements are never known to a plan. */
  readonly state?: State
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
  /** Values of this run that became constants: the stage holds for them only. */
  readonly fixed: Fixed
}

export interface TraceContext {
  readonly constants: Constants
  /** Computes one node with its reference. */
  compute(bound: BoundNode, inputs: readonly MaybeArray[]): Promise<readonly MaybeArray[]>
  canHold(dtype: KnownDType): boolean
  /** The nodes of a branch of an If, the same ones every time, and its constants. */
  branch(bound: BoundNode, takesThen: boolean): Branch
  /** Values that are known before. */
  readonly offer: Offer
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
  const demands = new Demands(values, context.offer, async (bound) => {
    keep(bound, await fold(bound, inputsOf(bound, values), context), values)
  })
  const left = pending.toReversed()
  for (let bound = left.pop(); bound; bound = left.pop()) {
    await context.turns.take()
    if (!namesRead(bound.node).every((name) => values.has(name))) {
      rest.push(bound)
      continue
    }
    const branch = await branchOf(bound, values, demands, context)
    if (branch) {
      for (const value of branch.constants) values.set(value.name, value)
      left.push(...branch.nodes.toReversed())
      continue
    }
    const found = await look(bound, values, demands, context)
    if ('why' in found) {
      cuts.push(found)
      continue
    }
    keep(bound, found, values)
    if (found.results) folded.push(bound)
    else {
      nodes.push(bound)
      demands.add(bound)
    }
  }
  const first = rest[0]
  if (first && cuts.length === 0) {
    const missing = namesRead(first.node).find((name) => !values.has(name)) ?? ''
    throw new ShapeError(`${titleOf(first.node)}: its input ${missing} is made by no node before it.`)
  }
  const { fixed, computed } = demands
  const open = nodes.filter((bound) => !computed.has(bound))
  return { values, nodes: open, cuts, rest, folded: [...folded, ...computed], fixed }
}

const inputsOf = ({ node }: BoundNode, values: Values): readonly (Value | undefined)[] =>
  node.inputs.map((name) => (name === '' ? undefined : values.get(name)))

function keep({ node }: BoundNode, { types, results }: Planned, values: Map<string, Value>): void {
  node.outputs.forEach((name, i) => {
    const type = types[i]
    if (name !== '' && type) values.set(name, { name, ...type, constant: results?.[i] })
  })
}

/** Exporters write conditions that only depend on shapes or switches: such an If is no cut. */
async function branchOf(
  bound: BoundNode,
  values: Values,
  demands: Demands,
  context: TraceContext,
): Promise<Branch | undefined> {
  const { operator, node } = bound
  if (operator.name !== 'If' || operator.domain !== '') return undefined
  const name = node.inputs[0] ?? ''
  if (!values.get(name)?.constant) await demands.resolve([name])
  const condition = values.get(name)?.constant
  if (condition?.dtype !== 'bool' || condition.values.length !== 1) return undefined
  return context.branch(bound, condition.values[0] !== 0)
}

type Known = TensorType & { readonly shape: readonly number[] }
interface Planned {
  readonly types: readonly (Known | undefined)[]
  readonly results?: readonly MaybeArray[]
}

async function look(bound: BoundNode, values: Values, demands: Demands, context: TraceContext): Promise<Cut | Planned> {
  const { node } = bound
  if (subGraphs(node).length > 0) return { bound, why: REASONS.runsGraphs }
  const named = await typesOf(bound, values, demands)
  const inputs = inputsOf(bound, values)
  const areKnown = named.every((type, i) => node.outputs[i] === '' || (type !== undefined && isKnown(type.shape)))
  const types = named as readonly (Known | undefined)[]
  if (isFolded(bound, inputs, areKnown ? types : undefined, context)) return fold(bound, inputs, context)
  if (!areKnown) return { bound, why: REASONS.shapeDepends }
  const dtypes = [...inputs, ...named].flatMap((type) => (type ? [type.dtype] : []))
  const unholdable = dtypes.find((dtype) => !context.canHold(dtype))
  if (unholdable) return { bound, why: REASONS.noType(unholdable) }
  return { types }
}

/** Of the outputs that have names. What the rule asks for becomes known where it can. */
async function typesOf(
  bound: BoundNode,
  values: Values,
  demands: Demands,
): Promise<readonly (TensorType | undefined)[]> {
  const { node, operator } = bound
  for (;;) {
    const inputs = inputsOf(bound, values)
    const asked = new Set<string>()
    const types = operator.infer(
      inferContext(bound, {
        types: inputs,
        constant: (input) => {
          const value = inputs[input]
          if (value && !value.constant) asked.add(value.name)
          return value?.constant
        },
        dims: () => undefined,
        inferGraph: (graph) => graph.outputs.map(() => undefined),
      }),
    )
    if (asked.size > 0 && (await demands.resolve(asked))) continue
    return node.outputs.map((name, i) => (name === '' ? undefined : types[i]))
  }
}

/** @param outputs undefined where shapes are not known */
function isFolded(
  { operator }: BoundNode,
  inputs: readonly (Value | undefined)[],
  outputs: readonly (Known | undefined)[] | undefined,
  { constants }: TraceContext,
): boolean {
  if (READS_ONLY_SHAPE.has(operator.name) && operator.domain === '') return true
  if (!inputs.every((input) => !input || input.constant)) return false
  // values of one run: shape arithmetic is the host's, everything else the machine's
  if (inputs.some((input) => input?.constant && constants.isFixed(input.constant))) {
    return [...inputs, ...(outputs ?? [])].every((type) => !type || isShapeArithmetic(type as Known))
  }
  return !outputs || isSmall(inputs, outputs)
}

const isShapeArithmetic = ({ dtype, shape }: Known) => !isFloat(dtype) && elementCount(shape) <= MOST_FIXED

function isSmall(inputs: readonly (Value | undefined)[], outputs: readonly (Known | undefined)[]): boolean {
  const bytesOf = (types: readonly (Known | undefined)[]) =>
    types.reduce((sum, type) => sum + (type ? elementCount(type.shape) * (slotBytes(type.dtype) ?? 0) : 0), 0)
  return bytesOf(outputs) <= Math.max(FOLDED_BYTES, FOLDED_GROWTH * bytesOf(inputs))
}

async function fold(
  bound: BoundNode,
  inputs: readonly (Value | undefined)[],
  { constants, compute }: TraceContext,
): Promise<Planned> {
  // an input of which only the shape is known has no elements: only operators that read none get here with it
  const arrays = inputs.map((one) => one && (one.constant ?? { ...emptyArray(one.dtype, [0]), shape: one.shape }))
  const known = constants.folded(bound.node, arrays)
  const results = known ?? (await compute(bound, arrays))
  if (!known) constants.keepFolded(bound.node, arrays, results)
  if (arrays.some((array) => array && constants.isFixed(array))) {
    for (const result of results) if (result) constants.addFixed(result)
  }
  return { types: bound.node.outputs.map((_, i) => results[i]), results }
}
