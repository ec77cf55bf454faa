/** Ranges that a recipe stores are those of one model and of one set of data. */
import type { Note } from '../core/progress'
import type { Recipe } from './recipe'
import type { CompressRequest } from './request'

/**
 * The request with the stored ranges that fit it: given other data to calibrate on, or another model and any data, ranges
 * are chosen anew; for another model without data they stay, with a warning. Same model and same data: they stay.
 * @param modelSha256 of the input
 */
export function withFittingRanges<T extends Pick<CompressRequest, 'recipe' | 'calibrate' | 'test'>>(
  request: T,
  modelSha256: string,
): { request: T; notes: Note[] } {
  const { recipe, calibrate, test } = request
  if (recipe === 'auto') return { request, notes: [] }
  const known = recipe.data?.find(({ role }) => role === 'calibrate')
  const isOtherData = known !== undefined && calibrate !== undefined && calibrate.samples.sha256 !== known.sha256
  const texts = new Set<string>()
  const notes: Note[] = []
  const steps = recipe.steps.map((step) => {
    const { ranges, ...bare } = step
    if (!ranges) return step
    const isOtherModel = ranges.model !== undefined && ranges.model !== modelSha256
    if (!isOtherModel && !isOtherData) return step
    const isAnew = isOtherData || test !== undefined || calibrate !== undefined
    const text = isAnew ? anewText(isOtherModel) : OTHER_MODEL
    if (!texts.has(text)) notes.push({ severity: isAnew ? 'info' : 'warning', text })
    texts.add(text)
    return isAnew ? bare : step
  })
  return { request: { ...request, recipe: { ...recipe, steps } }, notes }
}

const anewText = (isOtherModel: boolean): string =>
  isOtherModel
    ? 'The ranges of the recipe are those of another model: they were chosen anew on the data given.'
    : 'The ranges of the recipe come from other data: they were chosen anew on the data given.'

const OTHER_MODEL =
  'The ranges of the recipe are those of another model, and there is no data to choose new ones on: they may cut off what this model computes. Give data with --calibrate.'

/** The recipe with the model that its new ranges were observed on. @param asked what was run, with ranges of its own or none */
export function withModelOfRanges(recipe: Recipe, asked: Recipe | 'auto', modelSha256: string): Recipe {
  const steps = recipe.steps.map((step, index) => {
    const isStored = asked !== 'auto' && asked.steps[index]?.ranges !== undefined
    return step.ranges && !isStored ? { ...step, ranges: { ...step.ranges, model: modelSha256 } } : step
  })
  return { ...recipe, steps }
}
