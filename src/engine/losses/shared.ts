import { ShapeError, UsageError } from '../../core/errors'
import { hostArray } from '../../core/host-array'
import { attribute, type Dim } from '../../graph/model'
import type { GraphWriter, ValueName } from '../../ops/gradient'
import type { TensorType } from '../../ops/op'

/** A float scalar as the float32 that a loss gives. */
export function asFloat32(write: GraphWriter, value: ValueName): ValueName {
  return write.type(value).dtype === 'float32' ? value : write.add('Cast', [value], [attribute.int('to', 1)])
}

/** A target that is compared element by element. */
export const sameAs = ({ dtype, shape }: TensorType): TensorType => ({ dtype, shape })

/** Class numbers [batch, …] for scores [batch, classes, …]. @throws ShapeError for scores without class axis */
export function classesOf({ shape }: TensorType, loss: string): TensorType {
  return { dtype: 'int64', shape: shape && scoresShape(shape, loss).filter((_, axis) => axis !== 1) }
}

/** How many classes scores [batch, classes, …] tell apart. @throws ShapeError */
export function classCount(write: GraphWriter, scores: ValueName, loss: string): number {
  const { shape } = write.type(scores)
  const count = shape && scoresShape(shape, loss)[1]
  if (typeof count !== 'number') throw new ShapeError(`${loss}: the number of classes of ${scores} is not known.`)
  return count
}

function scoresShape(shape: readonly Dim[], loss: string): readonly Dim[] {
  if (shape.length >= 2) return shape
  throw new ShapeError(
    `${loss}: the prediction should be [batch, classes, …] and is [${shape.map((dim) => dim ?? '?').join(', ')}].`,
  )
}

/** Weights of classes as a constant [classes] of the scores' type. @throws ShapeError where their number differs */
export function weightsOf(
  write: GraphWriter,
  weights: readonly number[] | undefined,
  { scores, loss }: { readonly scores: ValueName; readonly loss: string },
): ValueName | undefined {
  if (!weights) return undefined
  const count = classCount(write, scores, loss)
  if (weights.length !== count) {
    throw new ShapeError(`${loss}: ${weights.length} class weights are given for ${count} classes.`)
  }
  return write.constant(hostArray(write.type(scores).dtype, [count], weights))
}

/** @throws UsageError for a number outside [low, high] */
export function checkRange(what: string, value: number, [low, high]: readonly [number, number]): void {
  if (value >= low && value <= high) return
  throw new UsageError(`${what} should lie in [${low}, ${high}] and is ${value}.`)
}
