import type { HostArray } from '../../core/host-array'
import type { GraphWriter, ValueName } from '../../ops/gradient'

/**
 * One rule of update, PyTorch's definition (torch.optim). It adds a few element-wise nodes per parameter, which the planner
 * fuses. Whatever depends on the number of the step alone is computed on the host in double precision, and fed.
 */
export interface Optimizer {
  /** 'adamw' */
  readonly name: string
  /** Names of what `scalars` gives. */
  readonly scalarNames: readonly string[]
  /** @param step from 1 on; @param rate the learning rate of this step, from the schedule */
  scalars(step: number, rate: number): readonly number[]
  /** What it remembers for one parameter, by a suffix ('exp_avg'), with the first contents. */
  states(shape: readonly number[]): ReadonlyMap<string, HostArray>
  update(write: GraphWriter, given: UpdateInputs): UpdateResult
}

export interface UpdateInputs {
  readonly parameter: ValueName
  readonly gradient: ValueName
  /** Scalars, float32 []. */
  readonly scalars: ReadonlyMap<string, ValueName>
  readonly states: ReadonlyMap<string, ValueName>
  /** Of the parameter's group; 0: none. */
  readonly weightDecay: number
  /** Of the parameter's group; multiplies the rate. */
  readonly rateScale: number
}

export interface UpdateResult {
  readonly parameter: ValueName
  readonly states: ReadonlyMap<string, ValueName>
}

/** Learning rate of each step, from 0 on; a pure function, so that training resumes anywhere. */
export interface Schedule {
  readonly name: string
  rate(step: number, about: ScheduleContext): number
}

export interface ScheduleContext {
  /** The rate that was asked for. */
  readonly base: number
  readonly totalSteps: number
  readonly stepsPerEpoch: number
  /** Validation losses of the epochs that are over. */
  readonly validation: readonly number[]
}
