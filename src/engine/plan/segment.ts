/** The nodes of a segment as a program: lowered, fused, with memory. */
import type { Machine, Program, Step } from '../../backends/machine'
import type { KnownDType } from '../../core/dtypes'
import { ShapeError } from '../../core/errors'
import type { HostArray } from '../../core/host-array'
import type { MaybeArray } from '../../ops/op'
import { titleOf, type BoundNode } from '../node-context'
import type { Constants } from './constants'
import { costOf, workOf, bytesOf, type Work } from './cost'
import { fuse } from './fuse'
import { indexRule } from './index-rules'
import { lower, opReads, opWrites, type HostOp, type Lowered, type Op } from './lower'
import type { Offer } from './demands'
import { assignMemory } from './memory'
import { namesRead } from './order'
import type { Fixed } from './plan-set'
import { REASONS } from './reasons'
import { withUpdates, type Updates } from './updates'
import type { Cut, Values } from './trace'

export interface Segment {
  readonly program: Program
  /** Names of the values that the program reads and gives, in its order. */
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** One per step of the program. */
  readonly facts: readonly StepFacts[]
  readonly unsharedBytes: number
  /** Those that it computes. */
  readonly nodes: readonly BoundNode[]
}

export interface StepFacts extends Work {
  readonly op: Op
}

export interface SegmentContext {
  readonly constants: Constants
  readonly machine: Machine
  readonly offer: Offer
  compute(bound: BoundNode, inputs: readonly MaybeArray[]): Promise<readonly MaybeArray[]>
  /** Of states, when the segment has run. */
  readonly updates?: Updates
}

export interface PlannedNodes {
  /** undefined where no node has a kernel: a program would only carry values to and fro. */
  readonly segment: Segment | undefined
  /** The nodes, where there is no segment. */
  readonly hosted: readonly Cut[]
  /** Values of this run that lowerings could not do without. */
  readonly fixed: Fixed
}

/**
 * @param nodes in order, all shapes known
 * @param wanted names of values that are read after the segment
 */
export function planSegment(
  nodes: readonly BoundNode[],
  values: Values,
  wanted: ReadonlySet<string>,
  context: SegmentContext,
): PlannedNodes {
  const { machine, updates = new Map<string, string>() } = context
  const live = liveNodes(nodes, new Set([...wanted, ...updates.values()]))
  const lowered = lower(live, values, context)
  const { fixed } = lowered
  if (!lowered.ops.some(({ type }) => type === 'call'))
    return { segment: undefined, hosted: hostedOf(live, lowered), fixed }
  const made = new Set(live.flatMap(({ node }) => node.outputs))
  const isInput = (name: string) => !made.has(name) && !values.get(name)?.constant && !values.get(name)?.state
  const operandOf = (name: string) => lowered.operandOf(name)
  const outputs = [...made].filter((name) => wanted.has(name))
  const updated = [...updates.values()]
  const kept = new Set([...outputs, ...updated].map(operandOf))
  const inputs = [...new Set([...live.flatMap(({ node }) => namesRead(node)), ...updated].filter(isInput))]
    // a value of which only the shape matters has no operand
    .filter((name) => lowered.operands.has(name))
  const fused = fuse(lowered, { kept, supports: (call) => machine.supports(call) })
  const ordered = withUpdates(fused, lowered, { updates, outputs: outputs.map(operandOf) })
  const { ops, writesFrom } = ordered
  const ends = { inputs: inputs.map(operandOf), outputs: ordered.outputs }
  const { constants, states } = lowered
  const memory = assignMemory({ ops, ...ends, constants, states, writesFrom, machine })
  const run = ops.filter((op) => !memory.elided.has(op))
  const facts = run.map((op) => ({ op, ...workOfOp(op) }))
  const steps = facts.map((fact) => stepOf(fact, values, context))
  const stepsBefore = ops.slice(0, writesFrom).filter((op) => !memory.elided.has(op)).length
  const program = {
    ...{ ...ends, steps, places: memory.places, arenaBytes: memory.bytes },
    ...(updates.size > 0 && { writesFrom: stepsBefore }),
  }
  const segment = { program, inputs, outputs, facts, unsharedBytes: memory.unsharedBytes, nodes: live }
  return { segment, hosted: [], fixed }
}

function hostedOf(live: readonly BoundNode[], { ops }: Lowered): readonly Cut[] {
  const reasons = new Map(ops.flatMap((op) => (op.type === 'host' ? [[op.bounds[0], op.why] as const] : [])))
  return live.map((bound) => ({ bound, why: reasons.get(bound) ?? REASONS.nothing }))
}

/** Those whose results somebody reads. */
function liveNodes(nodes: readonly BoundNode[], wanted: ReadonlySet<string>): readonly BoundNode[] {
  const needed = new Set(wanted)
  const live = nodes.toReversed().filter(({ node }) => {
    const isNeeded = node.outputs.some((name) => needed.has(name))
    if (isNeeded) for (const name of namesRead(node)) needed.add(name)
    return isNeeded
  })
  return live.reverse()
}

function workOfOp(op: Op): Work {
  if (op.type === 'call') return workOf(op.call)
  const bytes = [...opReads(op), ...opWrites(op)].reduce((sum, operand) => sum + bytesOf(operand), 0)
  return { flops: 0, bytes }
}

function stepOf({ op, ...work }: StepFacts, values: Values, context: SegmentContext): Step {
  const title = op.bounds.map(({ node }) => titleOf(node)).join(' + ')
  if (op.type === 'host') return hostStep(op, title, values, context)
  const bound = op.bounds[0] as BoundNode
  const ruleError = (rule: string) => {
    const shapes = bound.node.inputs.map((name) => `[${values.get(name)?.shape.join(', ') ?? ''}]`)
    return new ShapeError(`${title}: ${rule}. Its inputs have the shapes ${shapes.join(', ')}.`)
  }
  return {
    type: 'call',
    title,
    cost: costOf(work),
    call: op.call,
    indexError: (index, size) => ruleError(indexRule(op.call, index, size)),
    ruleError,
  }
}

/** The same numbers under another type that stands in the same slots. */
export const retyped = (array: HostArray, dtype: KnownDType | undefined): HostArray =>
  dtype === undefined || dtype === array.dtype ? array : { ...array, dtype }

/** The reference is slow and looks at every element some times. */
const HOST_COST_PER_BYTE = 8

function hostStep(op: HostOp, title: string, values: Values, { compute }: SegmentContext): Step {
  const { inputs, outputs, bounds } = op
  const bytes = [...opReads(op), ...opWrites(op)].reduce((sum, operand) => sum + bytesOf(operand), 0)
  return {
    ...{ type: 'host', title, inputs, outputs, cost: HOST_COST_PER_BYTE * bytes + 1 },
    // operands of widened types are float32 to the machine, and to the node what it declares
    async compute(arrays) {
      const typed = bounds[0].node.inputs.map((name, i) => arrays[i] && retyped(arrays[i], values.get(name)?.dtype))
      return (await compute(bounds[0], typed)).map((array, i) => array && retyped(array, outputs[i]?.dtype))
    },
  }
}
