import type { Report } from '../report'
import { canReproduce } from './shared'
import type { Shared } from './schema'

/** One thing that is not as the link says. */
export interface Difference {
  readonly what: 'input.sha256' | 'input.sizeBytes' | 'output.sha256' | 'output.sizeBytes' | 'app' | 'recipe'
  readonly shared: string
  readonly found: string
}

/** What came of making a shared result again. */
export type Verdict =
  | { readonly kind: 'same-bytes'; readonly differences: readonly [] }
  /** Not the file that was shared. */
  | { readonly kind: 'other-input'; readonly differences: readonly Difference[] }
  | {
      readonly kind: 'other-bytes'
      readonly differences: readonly Difference[]
      /** The link left out a part of the recipe, so this was to be expected. */
      readonly isWithheld: boolean
    }
  /** The link carries a recipe only: there is nothing to compare with. */
  | { readonly kind: 'no-result'; readonly differences: readonly [] }

export function verifyShared(shared: Shared, report: Report): Verdict {
  const { result, recipe } = shared
  if (!result) return { kind: 'no-result', differences: [] }
  const compare = (pairs: readonly [Difference['what'], string | number, string | number][]): Difference[] =>
    pairs
      .filter(([, claimed, found]) => claimed !== found)
      .map(([what, claimed, found]) => ({ what, shared: String(claimed), found: String(found) }))
  const input = compare([
    ['input.sizeBytes', result.input.sizeBytes, report.input.sizeBytes],
    ['input.sha256', result.input.sha256, report.input.sha256],
  ])
  if (input.length > 0) return { kind: 'other-input', differences: input }
  if (result.output.sha256 === report.output.sha256 && result.output.sizeBytes === report.output.sizeBytes) {
    return { kind: 'same-bytes', differences: [] }
  }
  const differences = compare([
    ['output.sizeBytes', result.output.sizeBytes, report.output.sizeBytes],
    ['output.sha256', result.output.sha256, report.output.sha256],
    ['app', shared.app, report.app],
    ['recipe', stepsText(recipe), stepsText(report.recipe)],
  ])
  return { kind: 'other-bytes', differences, isWithheld: !canReproduce(shared) }
}

/** Whether a file can be the shared input, told by its size before it is hashed. */
export function mayBeSharedInput(shared: Shared, sizeBytes: number): boolean {
  return !shared.result || shared.result.input.sizeBytes === sizeBytes
}

function stepsText({ seed, steps }: Pick<Shared['recipe'], 'seed' | 'steps'>): string {
  const parts = steps.map(({ method, options }) => {
    const sorted = Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1))
    return `${method}:${sorted.map(([name, value]) => `${name}=${String(value)}`).join(',')}`
  })
  return `seed ${seed} ${parts.join(' ')}`
}

/** English, for the command line. */
export function describeVerdict(verdict: Verdict): string {
  const list = verdict.differences.map(({ what, shared, found }) => `${what} ${shared} in the link, ${found} here`)
  switch (verdict.kind) {
    case 'same-bytes':
      return 'Reproduced: same input, and the result is identical to the shared one, byte for byte.'
    case 'other-input':
      return `The input is not the file that was shared (${list.join('; ')}), so the figures of the link do not apply to it.`
    case 'other-bytes':
      return verdict.isWithheld
        ? 'The result differs from the shared one, as was to be expected: the link leaves out options that may name layers. Ask for a link with layer names.'
        : `The result differs from the shared one: ${list.join('; ')}.`
    case 'no-result':
      return 'The link carries a recipe without a result; there is nothing to compare with.'
  }
}
