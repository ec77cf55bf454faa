// Token sequences → .npz for `plume evaluate`:  node scripts/data/stories-npz.mjs eval_tokens.json -o stories.npz
//
// Each sequence begins with BOS. Position t sees tokens 0…t and is judged on token t+1, so a sequence of T tokens makes
// T − 1 inputs and T − 1 labels, all of which count: the mean NLL is over sequences × (T − 1) predictions.
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { isMain } from './main.mjs'
import { makeNpz } from './npz.mjs'

/** @param {string} json `{"tokens": [[…], …]}`, sequences of one length */
export function storiesNpz(json) {
  const sequences = JSON.parse(json)?.tokens
  const length = sequences?.[0]?.length
  const isValid =
    Array.isArray(sequences) &&
    length >= 2 &&
    sequences.every((s) => Array.isArray(s) && s.length === length && s.every((t) => Number.isSafeInteger(t) && t >= 0))
  if (!isValid) throw new Error('{"tokens": [[…], …]} with sequences of one length, at least 2, was expected')
  const shape = [sequences.length, length - 1]
  const part = (from, to) => BigInt64Array.from(sequences.flatMap((s) => s.slice(from, to)).map(BigInt))
  return makeNpz({
    tokens: { descr: '<i8', shape, values: part(0, length - 1) },
    labels: { descr: '<i8', shape, values: part(1, length) },
  })
}

if (isMain(import.meta.url)) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { output: { type: 'string', short: 'o' } },
  })
  if (positionals.length !== 1 || !values.output) {
    console.error('Usage: node scripts/data/stories-npz.mjs eval_tokens.json -o stories.npz')
    process.exit(2)
  }
  writeFileSync(values.output, storiesNpz(readFileSync(positionals[0], 'utf8')))
}
