import type { GraphWriter, ValueName } from '../../ops/gradient'
import type { TensorType } from '../../ops/op'

/** Adds to a graph what training makes small. PyTorch's definitions (torch.nn, "Loss Functions"), reduction 'mean'. */
export interface Loss {
  /** As in messages and reports: 'cross-entropy'. */
  readonly name: string
  /** What it compares a prediction with, e.g. int64 [batch] classes for logits [batch, classes]. */
  target(prediction: TensorType): TensorType
  /** @returns a float32 scalar */
  build(write: GraphWriter, prediction: ValueName, target: ValueName): ValueName
}
