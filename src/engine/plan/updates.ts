/** New values of states: when they are computed, and how they get to where the states lie. */
import type { Operand } from '../../backends/kernel-calls'
import type { State } from '../../backends/machine'
import { ShapeError } from '../../core/errors'
import { bindNode, type BoundNode } from '../node-context'
import { operandDType, opReads, opWrites, wholeCopy, type Lowered, type Op } from './lower'
import type { Values } from './trace'

/** State → value that it has after a run. */
export type Updates = ReadonlyMap<string, string>

export interface WithUpdates {
  /** In order: what a run computes, then what may overwrite states. */
  readonly ops: readonly Op[]
  /** The place among them from which on states are written. */
  readonly writesFrom: number
  /** Those asked for; old contents of states are read from copies. */
  readonly outputs: readonly Operand[]
}

/**
 * All states change at once: whatever reads one reads what it was before the run. So element-wise operations whose results
 * only make new values of states come last, and then the copies to the states, most of which `memory.ts` makes unnecessary.
 */
export function withUpdates(
  ops: readonly Op[],
  lowered: Lowered,
  { updates, outputs }: { readonly updates: Updates; readonly outputs: readonly Operand[] },
): WithUpdates {
  const roots = new Map(
    ops.flatMap((op) =>
      op.type === 'call' && op.call.kernel === 'alias' ? [[op.call.output, op.call.input] as const] : [],
    ),
  )
  const stateOf = (operand: Operand): State | undefined => {
    let root = operand
    for (let next = roots.get(root); next; next = roots.get(root)) root = next
    return lowered.states.get(root)
  }
  const snapshots: Op[] = []
  const snapshot = (operand: Operand, bound: BoundNode): Operand => {
    const copy = lowered.make(operand.dtype, operand.shape)
    snapshots.push({ type: 'call', call: wholeCopy(operand, copy), bounds: [bound] })
    return copy
  }
  const copies: Op[] = []
  const written = new Set<State>()
  for (const [name, value] of updates) {
    const [state, made] = [lowered.operandOf(name), lowered.operandOf(value)]
    if (made === state) continue
    const bound = boundUpdate(name, value)
    const source = stateOf(made) ? snapshot(made, bound) : made
    copies.push({ type: 'call', call: wholeCopy(source, state), bounds: [bound] })
    written.add(lowered.states.get(state) as State)
  }
  const safe = outputs.map((operand) => {
    const state = stateOf(operand)
    return state && written.has(state) ? snapshot(operand, boundUpdate('output', 'output')) : operand
  })
  const late = lateOps(ops, new Set(copies.flatMap(opReads)))
  const early = ops.filter((op) => !late.has(op))
  const before = [...early, ...snapshots]
  return { ops: [...before, ...ops.filter((op) => late.has(op)), ...copies], writesFrom: before.length, outputs: safe }
}

/** Maps whose results nothing needs but new values of states. They never fail. */
function lateOps(ops: readonly Op[], updating: ReadonlySet<Operand>): ReadonlySet<Op> {
  const readers = new Map<Operand, Op[]>()
  for (const op of ops) {
    for (const operand of opReads(op)) readers.set(operand, [...(readers.get(operand) ?? []), op])
  }
  const late = new Set<Op>()
  for (const op of ops.toReversed()) {
    if (op.type !== 'call' || (op.call.kernel !== 'map' && op.call.kernel !== 'alias')) continue
    const isLate = opWrites(op).every((operand) => {
      const reading = readers.get(operand) ?? []
      return (updating.has(operand) || reading.length > 0) && reading.every((one) => late.has(one))
    })
    if (isLate) late.add(op)
  }
  return late
}

const boundUpdate = (name: string, value: string): BoundNode =>
  bindNode(
    { name, opType: 'Identity', domain: '', inputs: [value], outputs: [name], attributes: new Map() },
    {
      loaded: () => {
        throw new ShapeError(`An update of ${name} has no tensors.`)
      },
    },
  )

/** @throws ShapeError where a state would get another type or size */
export function checkUpdates(graph: string, updates: Updates, values: Values): void {
  for (const [name, value] of updates) {
    const [state, made] = [values.get(name), values.get(value)]
    if (!made) throw new ShapeError(`The graph "${graph}" makes no value ${value}, which the state ${name} is to have.`)
    if (
      !state ||
      (operandDType(state.dtype) === operandDType(made.dtype) && state.shape.join() === made.shape.join())
    ) {
      continue
    }
    const [wanted, found] = [state, made].map(({ dtype, shape }) => `${dtype}[${shape.join(', ')}]`)
    throw new ShapeError(
      `The state ${name} is ${wanted}, and its new value ${value} in the graph "${graph}" is ${found}.`,
    )
  }
}
