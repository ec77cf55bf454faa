import type { Alternative, SearchFacts } from '../../jobs/report'
import type { Metric, Way } from '../charts/pareto'
import { say } from '../text'

/** More buttons than this are a list that nobody reads; the chart and its table have all. */
const MOST_BUTTONS = 6

/** |noise|/|signal| of a ratio in decibels; 0 for identical outputs. */
export const noiseOf = (sqnrDb: number | null) => (sqnrDb === null ? 0 : 10 ** (-sqnrDb / 20))

/** What a search scored is its metric; without a search, how far the outputs are from the original's. */
export function lossOf(
  one: Pick<Alternative, 'drop' | 'sqnrDb'> | undefined,
  search: SearchFacts | undefined,
): { readonly metric: Metric; readonly loss: number } {
  if (search && search.metric !== 'sqnr') return { metric: search.metric, loss: one?.drop ?? 0 }
  return { metric: 'sqnr', loss: noiseOf(one?.sqnrDb ?? null) }
}

/** Whether it could be made: of a search, only those that are worth it have a recipe. */
export const isMade = ({ recipe, drop }: Alternative) => recipe !== undefined || drop !== undefined

/** Those that could be made, as points of the chart; the id is the place in the list. */
export function waysOf(alternatives: readonly Alternative[], search: SearchFacts | undefined): Way[] {
  return alternatives.flatMap((one, index) =>
    isMade(one) && (one.drop !== undefined || !search || search.metric === 'sqnr')
      ? {
          id: String(index),
          name: say(one.method),
          sizeBytes: one.sizeBytes,
          loss: lossOf(one, search).loss,
          isChosen: one.isChosen,
          isClosed: !one.recipe,
          ...(search && { isOnFront: one.isOnFront ?? false }),
        }
      : [],
  )
}

/** Those that have a button of their own: smaller than the original, and of many the best for their size. */
export function offered(alternatives: readonly Alternative[], originalBytes: number): Alternative[] {
  const others = alternatives.filter(
    ({ recipe, isChosen, sizeBytes }) => recipe && !isChosen && sizeBytes < originalBytes,
  )
  const rank = ({ isOnFront }: Alternative) => (isOnFront ? 0 : 1)
  return [...others].sort((a, b) => rank(a) - rank(b)).slice(0, MOST_BUTTONS)
}
