export { adagrad, type AdagradOptions } from './adagrad'
export { adam, adamw, type AdamOptions } from './adam'
export { emaDecay, movingAverage } from './average'
export { clipByNorm, clipByValue, globalNorm, type Clipped } from './clip'
export type { Optimizer, Schedule, ScheduleContext, UpdateInputs, UpdateResult } from './optimizer'
export { rmsprop, type RmspropOptions } from './rmsprop'
export {
  constant,
  cosine,
  oneCycle,
  plateau,
  stepwise,
  warmUp,
  type CosineOptions,
  type OneCycleOptions,
  type PlateauOptions,
  type StepOptions,
  type Tick,
  type WarmUpOptions,
} from './schedules'
export { sgd, type SgdOptions } from './sgd'
export { groupSettings, type GroupSettings, type ParameterGroup } from './groups'
