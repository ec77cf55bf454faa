/** What of a program goes to the GPU in one submit. */
import type { CallStep, HostStep, Program } from '../machine'
import type { EncodedDispatch } from './encode'
import type { Pipeline } from './pipelines'

/** Work after which a submit ends, so that progress shows, an abort is seen and no driver thinks that the GPU hangs. */
const SUBMIT_COST = { software: 2 ** 28, hardware: 2 ** 35 }

export interface LoadedDispatch extends EncodedDispatch {
  readonly made: Pipeline
}

export interface LoadedCall {
  readonly step: CallStep
  readonly index: number
  readonly dispatches: readonly LoadedDispatch[]
}

/** What is submitted at once, or a step of the host. */
export type Group =
  | {
      readonly type: 'calls'
      readonly calls: readonly LoadedCall[]
      readonly cost: number
      /** A state may have been written before it. */
      readonly isFinal: boolean
    }
  | { readonly type: 'host'; readonly step: HostStep; readonly cost: number }

/** Calls that follow each other, as long as they do not cost too much; each step of the host alone. */
export function groupsOf(program: Program, calls: readonly LoadedCall[], isSoftware: boolean): readonly Group[] {
  const limit = isSoftware ? SUBMIT_COST.software : SUBMIT_COST.hardware
  const byIndex = new Map(calls.map((call) => [call.index, call]))
  const groups: Group[] = []
  let open: { type: 'calls'; calls: LoadedCall[]; cost: number; isFinal: boolean } | undefined
  const writesFrom = program.writesFrom ?? Infinity
  program.steps.forEach((step, index) => {
    if (step.type === 'host') {
      groups.push({ type: 'host', step, cost: step.cost })
      open = undefined
      return
    }
    if (!open || open.cost + step.cost > limit) {
      open = { type: 'calls', calls: [], cost: 0, isFinal: index > writesFrom }
      groups.push(open)
    }
    open.calls.push(byIndex.get(index) as LoadedCall)
    open.cost += step.cost
  })
  return groups
}
