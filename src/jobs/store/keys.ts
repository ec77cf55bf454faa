import { startSha256 } from '../../core/hash'
import { APP_VERSION } from '../ports'
import type { Recipe } from '../recipe'
import type { Budget } from '../report'
import type { TrainSettings } from '../train/request'
import { resolveRecipe } from '../steps'

/** Data by its hash, and how it is read. */
export interface AskedData {
  readonly sha256: string
  readonly preprocess?: string
  readonly state?: readonly string[]
  /** Column of the labels, of a table. */
  readonly target?: string
  /** Only the samples that a training used for this. */
  readonly split?: { readonly part: string; readonly settings: TrainSettings }
}

/** What identifies an answer: the same identity has the same bytes. */
export interface AnswerIdentity {
  readonly inputSha256: string
  readonly data: AskedData | null
  readonly calibrate?: AskedData
  /** Of the automatic choice; absent: no measurable loss. */
  readonly budget?: Budget
  readonly maxTrials?: number
  /** `auto` is an identity of its own, together with the version of Plume. */
  readonly recipe: Recipe | 'auto'
}

/**
 * One hash for one answer, lower-case hexadecimal. Of an explicit recipe only what decides bytes counts (methods,
 * options with their defaults filled in, seed); which version of Plume wrote it and on which data it was proven do not.
 * @throws UsageError for an unknown method or option
 */
export async function answerKey({ recipe, ...asked }: AnswerIdentity): Promise<string> {
  const steps = recipe === 'auto' ? recipe : resolvedSteps(recipe)
  const hash = await startSha256()
  hash.update(new TextEncoder().encode(canonicalJson({ app: APP_VERSION, ...asked, steps })))
  return hash.digest()
}

function resolvedSteps(recipe: Recipe) {
  const { steps, seed } = resolveRecipe(recipe)
  return { steps, seed }
}

/** JSON with sorted keys and without absent fields, so that equal values have equal text. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null)
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`)
  return `{${fields.join(',')}}`
}
