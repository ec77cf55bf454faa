import type { Recipe } from './recipe'
import type { Budget } from './report'
import type { AnswerIdentity, AskedData } from './store/keys'

/** The data of a request: its hash, and how it is read. */
export interface IdentifiedData {
  readonly sha256: string
  readonly preprocess?: string | undefined
  readonly state?: readonly string[] | undefined
  readonly target?: string | undefined
  readonly split?: AskedData['split'] | undefined
}

/** What else was asked for. */
export interface Asked {
  /** Data to choose ranges on, where it is apart from the data of the test. */
  readonly calibrate?: IdentifiedData | null
  readonly budget?: Budget | undefined
  readonly maxTrials?: number | undefined
}

/** What identifies an answer, in the one form that page and worker both ask the store with. */
export function identityOf(
  inputSha256: string,
  data: IdentifiedData | null,
  recipe: Recipe | 'auto',
  { calibrate, budget, maxTrials }: Asked = {},
): AnswerIdentity {
  // a recipe of explicit steps has nothing to choose
  const isSearch = recipe === 'auto'
  return {
    inputSha256,
    data: data && plainData(data),
    ...(calibrate && { calibrate: plainData(calibrate) }),
    ...(isSearch && budget && budget.kind !== 'no-loss' && { budget }),
    ...(isSearch && maxTrials !== undefined && { maxTrials }),
    recipe,
  }
}

function plainData({ sha256, preprocess, state, target, split }: IdentifiedData): AskedData {
  return {
    sha256,
    ...(preprocess && { preprocess }),
    ...(state && state.length > 0 && { state: [...state] }),
    ...(target !== undefined && { target }),
    ...(split && { split }),
  }
}
