import { integersOf } from '../../core/host-array'
import * as a from '../attributes'
import { requireKind } from '../dtype-kinds'
import { elementCount } from '../../core/dtypes'
import { defineOperator, EXACT, notDifferentiable } from '../op'

const attributes = {
  max_gram_length: a.int(),
  max_skip_count: a.int(),
  min_gram_length: a.int(),
  mode: a.choice(['TF', 'IDF', 'TFIDF']),
  ngram_counts: a.ints(),
  ngram_indexes: a.ints(),
  pool_int64s: a.ints(),
  weights: a.optional(a.floats()),
}

/**
 * How often each n-gram of a pool occurs in a row, also with up to `max_skip_count` elements left out between two of it:
 * x [C] or [N, C] → [D] or [N, D], D = the largest of `ngram_indexes` + 1 (ONNX TfIdfVectorizer-9). Integers only.
 */
export const tfIdfVectorizer = defineOperator({
  name: 'TfIdfVectorizer',
  domain: '',
  attributes,
  inputs: [1, 1],
  infer(context) {
    requireKind(context, 0, 'integer')
    const width = Math.max(...context.attributes.ngram_indexes) + 1
    const x = context.shape(0)
    return [{ dtype: 'float32', shape: x && [...x.slice(0, -1), width] }]
  },
  reference(context, x) {
    const { mode, weights } = context.attributes
    const width = Math.max(...context.attributes.ngram_indexes) + 1
    const result = context.empty('float32', [...x!.shape.slice(0, -1), width])
    const slots = slotsOf(context.attributes)
    const length = x!.shape.at(-1) ?? 0
    const values = integersOf(x!)
    for (let row = 0; row * width < result.values.length; row++) {
      const counts = countGrams(values.slice(row * length, (row + 1) * length), slots, width, context.attributes)
      counts.forEach((count, slot) => {
        const weight = weights?.[slot] ?? 1
        result.values[row * width + slot] = { TF: count, IDF: count > 0 ? weight : 0, TFIDF: count * weight }[mode]
      })
    }
    return [result]
  },
  gradient: notDifferentiable('it counts'),
  lower(context) {
    const [input, output] = [context.input(0), context.output(0)]
    const { mode, max_gram_length: most, min_gram_length: least, max_skip_count: skips } = context.attributes
    const slots = new Array<number>(output.shape.at(-1)!).fill(1)
    const weights = slots.map((one, slot) => (mode === 'TF' ? one : (context.attributes.weights?.[slot] ?? one)))
    const sequences = [...slotsOf(context.attributes)]
      .map(([gram, slot]) => ({ slot, elements: gram.split(',').map(Number) }))
      .filter(({ elements }) => elements.length >= least && elements.length <= most)
    const rows = { rows: elementCount(input.shape.slice(0, -1)), length: input.shape.at(-1) ?? 0 }
    return [{ kernel: 'count', input, output, ...rows, sequences, skips, weights, isOnce: mode === 'IDF' }]
  },
  tolerance: EXACT,
})

type Values = Pick<a.Attributes<typeof attributes>, 'max_gram_length' | 'max_skip_count' | 'min_gram_length'>

/** Where each n-gram is counted, by its elements. */
function slotsOf({ ngram_counts, ngram_indexes, pool_int64s }: a.Attributes<typeof attributes>): Map<string, number> {
  const slots = new Map<string, number>()
  let gram = 0
  ngram_counts.forEach((start, i) => {
    const size = i + 1
    const end = ngram_counts[i + 1] ?? pool_int64s.length
    for (let at = start; at + size <= end; at += size) {
      slots.set(pool_int64s.slice(at, at + size).join(), ngram_indexes[gram++] as number)
    }
  })
  return slots
}

function countGrams(
  row: readonly number[],
  slots: ReadonlyMap<string, number>,
  width: number,
  values: Values,
): number[] {
  const counts = new Array<number>(width).fill(0)
  for (let size = values.min_gram_length; size <= values.max_gram_length; size++) {
    // one element alone has nothing to leave out
    const skips = size === 1 ? 0 : values.max_skip_count
    for (let step = 1; step <= skips + 1; step++) {
      for (let start = 0; start + (size - 1) * step < row.length; start++) {
        const gram = Array.from({ length: size }, (_, i) => row[start + i * step])
        const slot = slots.get(gram.join())
        if (slot !== undefined) counts[slot] = (counts[slot] as number) + 1
      }
    }
  }
  return counts
}
