import { FormatError, UnsupportedError } from '../../core/errors'
import { asNumbers, type Tensor } from '../../core/tensor'
import type { Labels } from '../format'

/**
 * An array of labels [count, …] as whole numbers.
 * @throws FormatError where a value is not a whole number that int32 holds
 */
export function labelsFrom(array: Tensor, where: string): Labels {
  if (array.shape.length === 0) {
    throw new FormatError('labels with one entry a sample were expected, found a single number', {
      file: where,
      hint: 'Save an array of shape (samples,).',
    })
  }
  if (array.dtype.startsWith('complex')) {
    throw new UnsupportedError(`${where}: labels are whole numbers, not ${array.dtype}. Save them as int64.`)
  }
  const numbers = asNumbers(array)
  const values = new Int32Array(numbers.length)
  for (let i = 0; i < numbers.length; i++) {
    const value = numbers[i] as number
    values[i] = value
    if (values[i] !== value) {
      throw new FormatError(`label ${i} is ${value}; a whole number from -2147483648 to 2147483647 was expected`, {
        file: where,
        hint: 'Save class indices, 0 for the first class.',
      })
    }
  }
  return { shape: array.shape.slice(1), values }
}
