/**
 * Texts as numbers: every text that is met gets one, and equal texts the same, so that arrays of texts are compared and
 * moved like whole numbers. The numbers mean nothing outside this process. Texts are kept as long as it lives: they are
 * categories, of which there are few.
 */
import type { HostArray } from './host-array'

/** What is not set is 0: the empty text, as ONNX has it. */
const TEXTS: string[] = ['']
const NUMBERS = new Map([['', 0]])

export function numberOfText(text: string): number {
  let number = NUMBERS.get(text)
  if (number === undefined) {
    number = TEXTS.push(text) - 1
    NUMBERS.set(text, number)
  }
  return number
}

export const textOfNumber = (number: number): string => TEXTS[number] ?? ''

/** An array of texts, which the engine computes with. */
export const textArray = (shape: readonly number[], texts: readonly string[]): HostArray => ({
  ...{ dtype: 'string', shape, values: Int32Array.from(texts, numberOfText) },
})

export const textsOf = ({ values }: Pick<HostArray, 'values'>): string[] =>
  Array.from(values as Int32Array, textOfNumber)
