/** First weights, by PyTorch's defaults (torch.nn.init), from the seed of `manualSeed`. */
import { emptyArray, hostArray, type HostArray } from '../../core/host-array'
import { elementCount } from '../../core/dtypes'
import { currentRandom } from '../tensor/create'

export const filled = (shape: readonly number[], value: number): HostArray =>
  hostArray('float32', shape, new Float32Array(elementCount(shape)).fill(value))

/** From −bound to bound. */
export function uniform(shape: readonly number[], bound: number): HostArray {
  const array = emptyArray('float32', shape)
  const random = currentRandom()
  for (let i = 0; i < array.values.length; i++) array.values[i] = (2 * random.uniform() - 1) * bound
  return array
}

export function normal(shape: readonly number[]): HostArray {
  const array = emptyArray('float32', shape)
  const random = currentRandom()
  for (let i = 0; i < array.values.length; i++) array.values[i] = random.normal()
  return array
}

/** U(±√(6 / (fan in + fan out))) (Glorot & Bengio, AISTATS 2010, eq. 16). */
export const xavier = (shape: readonly [number, number]): HostArray =>
  uniform(shape, Math.sqrt(6 / (shape[0] + shape[1])))
