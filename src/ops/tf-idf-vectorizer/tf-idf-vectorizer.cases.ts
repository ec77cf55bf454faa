import { f32, i32, i64, type OperatorCase } from '../../testing/operator-cases'

const POOL = {
  max_gram_length: 2,
  min_gram_length: 1,
  max_skip_count: 0,
  mode: 'TF',
  ngram_counts: [0, 4],
  ngram_indexes: [0, 1, 2, 3, 4, 5, 6],
  pool_int64s: [2, 3, 5, 4, 5, 6, 7, 8, 6, 7],
}
const row = i32([12], [1, 1, 3, 3, 3, 7, 8, 6, 7, 5, 6, 8])
const rows = i64([2, 6], [1, 1, 3, 3, 3, 7, 8, 6, 7, 5, 6, 8])

export const cases: readonly OperatorCase[] = [
  { name: 'one row', operator: 'TfIdfVectorizer', attributes: POOL, inputs: [row] },
  {
    name: 'elements left out',
    operator: 'TfIdfVectorizer',
    attributes: { ...POOL, max_skip_count: 5 },
    inputs: [rows],
  },
  {
    name: 'pairs only',
    operator: 'TfIdfVectorizer',
    attributes: { ...POOL, min_gram_length: 2, max_skip_count: 1 },
    inputs: [row],
  },
  {
    name: 'weighted',
    operator: 'TfIdfVectorizer',
    attributes: { ...POOL, mode: 'TFIDF', weights: { floats: [0.5, 1, 2, 3, 0.25, 4, 7] } },
    inputs: [rows],
  },
  {
    name: 'weights of what occurs',
    operator: 'TfIdfVectorizer',
    attributes: { ...POOL, mode: 'IDF', weights: { floats: [0.5, 1, 2, 3, 0.25, 4, 7] } },
    inputs: [row],
  },
  {
    name: 'floats',
    operator: 'TfIdfVectorizer',
    attributes: POOL,
    inputs: [f32([1], [1])],
    error: { name: 'UnsupportedError', message: 'TfIdfVectorizer "tested"' },
  },
]
