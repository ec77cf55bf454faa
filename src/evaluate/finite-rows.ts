import { bitsOf, elementCount } from '../core/dtypes'
import type { Tensor } from '../core/tensor'
import { bodies, type Model } from '../graph/model'
import type { ValueSignature } from '../runtime/runtime'
import { BadSamples, type BadSample } from './bad-samples'
import type { ArraySamples } from './feeds'
import { isFloat, numbersOf } from './numbers'

/**
 * NaN and infinity stand for nothing in most data. They are meant where the model asks for them (missing values of trees,
 * IsNaN), and infinity where most samples hold it (masks).
 * @throws BadSamples
 */
export function refuseNonFinite(samples: ArraySamples, inputs: readonly ValueSignature[], model: Model): void {
  if (takesNonFinite(model)) return
  const bad = new Map<number, string>()
  for (const input of inputs) {
    const label = samples.arrays.has(input.name) ? input.name : ''
    const array = samples.arrays.get(label)
    if (!array || !isFloat(array.dtype) || array.shape.length === 0) continue
    for (const [index, why] of badRows(samples, array, label || '(no name)')) bad.set(index, bad.get(index) ?? why)
  }
  if (bad.size === 0) return
  const all = [...bad].map(([index, why]): BadSample => ({ index, why })).sort((a, b) => a.index - b.index)
  const [first] = all as [BadSample]
  throw new BadSamples(`Sample ${first.index} of ${samples.name}: ${first.why}`, async () => all)
}

function takesNonFinite(model: Model): boolean {
  for (const { nodes } of bodies(model)) {
    if (nodes.some(({ domain, opType }) => domain === 'ai.onnx.ml' || opType === 'IsNaN' || opType === 'IsInf'))
      return true
  }
  return false
}

function badRows({ count, rows }: ArraySamples, array: Tensor, name: string): [number, string][] {
  const found: { readonly index: number; readonly row: number; readonly value: number }[] = []
  for (let index = 0; index < count; index++) {
    const row = rows ? (rows[index] as number) : index
    const value = numbersOf(rowOf(array, row)).find((number) => !Number.isFinite(number))
    if (value !== undefined) found.push({ index, row, value })
  }
  const infinite = found.filter(({ value }) => !Number.isNaN(value))
  const areMeant = infinite.length > count / 2
  return found
    .filter(({ value }) => Number.isNaN(value) || !areMeant)
    .map(({ index, row, value }) => [
      index,
      Number.isNaN(value)
        ? `row ${row} of the array ${name} holds NaN.`
        : `row ${row} of the array ${name} holds an infinite number.`,
    ])
}

function rowOf({ dtype, shape, data }: Tensor, row: number): Tensor {
  const sample = shape.slice(1)
  const bytes = (elementCount(sample) * (bitsOf(dtype) as number)) / 8
  return { dtype, shape: sample, data: data.subarray(row * bytes, (row + 1) * bytes) }
}
