/** A graph specialised for the shapes it is given: segments that are replayed, with interpreted nodes between them. */
import type { Constant, LoadedProgram, Machine, MachineSession } from '../../backends/machine'
import type { HostArray } from '../../core/host-array'
import type { Turns } from '../../core/turns'
import type { Graph } from '../../graph/model'
import type { MaybeArray } from '../../ops/op'
import type { BoundNode } from '../node-context'
import type { Constants } from './constants'
import type { Offer } from './demands'
import { capturedNames, namesRead } from './order'
import { PlanSet, type Fixed } from './plan-set'
import { planSegment, type Segment } from './segment'
import { checkUpdates, type Updates } from './updates'
import { trace, type Branch, type Cut, type Value, type Values } from './trace'

/** One segment and the nodes that are interpreted after it. What follows depends on the shapes that those find. */
export interface Stage {
  readonly segment: Segment | undefined
  readonly loaded: LoadedProgram | undefined
  /** Frees the program, and constants that no other stage holds. */
  free(): void
  isFree(): boolean
  /** In order: nodes without kernel where the stage has no segment, then the cuts. */
  readonly interpreted: readonly Cut[]
  readonly folded: readonly BoundNode[]
  readonly values: Values
  readonly rest: readonly BoundNode[]
  /** Values that are read after this stage. */
  readonly wanted: ReadonlySet<string>
  /** Values of a run that it was made for. */
  readonly fixed: Fixed
  /** States that the host reads before this stage: for its cuts, as outputs, or as new values of others. */
  readonly statesRead: readonly string[]
  /** Those that the host makes when this stage has run, since its program cannot. */
  readonly updates: Updates
  /** By the shapes of what the cuts made. */
  readonly next: PlanSet<Stage>
}

export interface StageContext {
  readonly constants: Constants
  readonly machine: Machine
  readonly session: MachineSession
  readonly turns: Turns
  readonly offer: Offer
  /** Of states, when all stages have run. */
  readonly updates?: Updates
  compute(bound: BoundNode, inputs: readonly MaybeArray[]): Promise<readonly MaybeArray[]>
  branch(bound: BoundNode, takesThen: boolean): Branch
}

const NO_UPDATES: Updates = new Map()

/**
 * @param pending nodes that have not run, in order
 * @throws ShapeError, UnsupportedError for nodes that do not fit; DeviceError where memory runs out
 */
export async function planStage(
  graph: Graph,
  known: Values,
  pending: readonly BoundNode[],
  context: StageContext,
): Promise<Stage> {
  const { machine } = context
  const offer: Offer = (name) => (known.has(name) ? context.offer(name) : undefined)
  const canHold = (dtype: Parameters<Machine['bytesPerElement']>[0]) => machine.bytesPerElement(dtype) !== undefined
  const { values, nodes, cuts, rest, folded, fixed } = await trace(known, pending, { ...context, offer, canHold })
  const isLast = rest.length === 0
  const updates = context.updates ?? NO_UPDATES
  const outputs = graph.outputs.map(({ name }) => name)
  const wanted = new Set([...outputs, ...updates.values()])
  for (const { node } of rest) for (const name of namesRead(node)) wanted.add(name)
  const wantedHere = new Set([...wanted, ...cuts.flatMap(({ bound }) => namesRead(bound.node))])
  // where cuts come behind it, a program cannot know the new values of all states
  const hasAll = isLast && cuts.length === 0
  if (hasAll) checkUpdates(graph.name, updates, values)
  const ends = hasAll ? { wanted: new Set(outputs), updates } : { wanted: wantedHere, updates: NO_UPDATES }
  const planned = planSegment(nodes, values, ends.wanted, { ...context, offer, updates: ends.updates })
  const byHost = isLast && !(hasAll && planned.segment) ? updates : NO_UPDATES
  const interpreted = [...planned.hosted, ...cuts]
  const read = [
    ...interpreted.flatMap(({ bound }) => namesRead(bound.node)),
    ...byHost.values(),
    ...(isLast ? outputs : []),
  ]
  const { segment } = planned
  // every array that a reader of this stage may take for a constant, in memory of the machine or not
  const arrays = [...values.values()].flatMap(({ constant }) => (constant ? [context.constants.of(constant)] : []))
  const placed = [...(segment?.program.places.values() ?? [])].flatMap((place) =>
    place.in === 'constant' ? [place.constant] : [],
  )
  const held = new Set<Constant>([...arrays, ...placed])
  const loaded = segment && (await context.session.load(segment.program))
  context.constants.hold(held)
  let isFree = false
  const free = () => {
    isFree = true
    loaded?.dispose()
    context.session.release(context.constants.letGo(held))
  }
  return {
    segment,
    loaded,
    free,
    isFree: () => isFree,
    interpreted,
    folded,
    values,
    rest,
    wanted,
    fixed: new Map([...fixed, ...planned.fixed]),
    statesRead: [...new Set(read)].filter((name) => values.get(name)?.state),
    updates: byHost,
    next: new PlanSet<Stage>(disposeStage),
  }
}

export function disposeStage(stage: Stage): void {
  stage.next.clear()
  stage.free()
}

/** Everything that is planned for one graph, main or sub. */
export class GraphPlans {
  readonly graph: Graph
  readonly nodes: readonly BoundNode[]
  /** Outer values that it uses. */
  readonly captured: readonly string[]
  readonly roots = new PlanSet<Stage>(disposeStage)

  constructor(graph: Graph, nodes: readonly BoundNode[]) {
    this.graph = graph
    this.nodes = nodes
    this.captured = capturedNames(graph)
  }
}

/** What plans are told apart by, beside the values that they were made for. */
export const keyOf = (values: readonly (Value | undefined)[], constants: Constants): string =>
  values
    .map((value) => {
      if (!value) return '-'
      if (value.constant) return `#${constants.of(value.constant).id}`
      return `${value.dtype}[${value.shape.join()}]`
    })
    .join(' ')

export const valueOf = (name: string, array: HostArray, isConstant: boolean): Value => ({
  name,
  dtype: array.dtype,
  shape: array.shape,
  constant: isConstant ? array : undefined,
})
