import { ShapeError } from '../../core/errors'
import type { Loss } from '../losses/loss'
import type { AnyTensor, Tensor } from '../tensor/tensor'
import { wrap } from '../tensor/tensor-object'
import { ValueWriter } from './value-writer'

/**
 * What a loss makes of a prediction: a scalar, to call `backward` on.
 * @throws ShapeError for a target of another type or shape than the loss compares with
 */
export function lossOf(loss: Loss, prediction: AnyTensor, target: AnyTensor): Tensor<[]> {
  const expected = loss.target(prediction.value.type)
  const { dtype, shape } = target
  const fits =
    dtype === expected.dtype &&
    shape.length === expected.shape?.length &&
    shape.every(
      (size, axis) =>
        typeof size !== 'number' || typeof expected.shape?.[axis] !== 'number' || size === expected.shape[axis],
    )
  if (!fits) {
    throw new ShapeError(
      `${loss.name} compares with ${expected.dtype}[${String(expected.shape)}], and the target is ${dtype}[${shape.join(',')}].`,
    )
  }
  const writer = new ValueWriter()
  return wrap(writer.value(loss.build(writer, writer.name(prediction.value), writer.name(target.value))))
}
