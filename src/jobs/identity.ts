import type { Recipe } from './recipe'
import type { AnswerIdentity } from './store/keys'

/** The data of a request: its hash, and how it is read. */
export interface IdentifiedData {
  readonly sha256: string
  readonly preprocess?: string | undefined
  readonly state?: readonly string[] | undefined
}

/** What identifies an answer, in the one form that page and worker both ask the store with. */
export function identityOf(inputSha256: string, data: IdentifiedData | null, recipe: Recipe | 'auto'): AnswerIdentity {
  if (!data) return { inputSha256, data: null, recipe }
  const { sha256, preprocess, state } = data
  return {
    inputSha256,
    data: { sha256, ...(preprocess && { preprocess }), ...(state && state.length > 0 && { state: [...state] }) },
    recipe,
  }
}
