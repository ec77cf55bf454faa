import type { KnownDType } from '../../core/dtypes'
import type { HostArray } from '../../core/host-array'
import type { Random } from '../../core/random'

/** What one sample holds of a field, without the batch axis. */
export interface FieldType {
  readonly dtype: KnownDType
  readonly shape: readonly number[]
}

/** Samples by number. Fields are named like the inputs and targets of the model: 'features', 'target'. */
export interface Dataset {
  readonly length: number
  readonly fields: ReadonlyMap<string, FieldType>
  /**
   * Writes samples one after the other into arrays of [indices.length, …shape].
   * @param random for augmentation: the same seed gives the same samples
   */
  read(indices: ArrayLike<number>, into: ReadonlyMap<string, HostArray>, random?: Random): void | Promise<void>
}

/** A batch is valid until the next one is asked for: arrays are used again. */
export interface Batch {
  readonly size: number
  readonly fields: ReadonlyMap<string, HostArray>
}
