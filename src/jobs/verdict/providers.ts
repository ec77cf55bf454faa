import { disagreementText } from '../../evaluate/providers/disagreement'
import { MIN_COSINE, type ProviderResult, type Quality } from '../../evaluate/quality'
import type { Reason } from './verdict'

/** Fewer answers that are the original's are another model. */
const LOST = 0.8

/** Providers that give other results than the judge, the worst first. */
export function providerReasons({ providers }: Quality): Reason[] {
  const [judge] = providers
  const others = providers.filter((one) => one.versus && !one.ok)
  const reasons = [...others]
    .sort((a, b) => (a.top1Agreement ?? a.cosine) - (b.top1Agreement ?? b.cosine))
    .filter((one) => !judge || judge.ok || isWorse(one, judge))
    .map((one): Reason => ({ level: isLost(one) ? 'not-recommended' : 'check', text: disagreementText(one) }))
  if (!judge || judge.ok) return reasons
  const text =
    judge.cosine > 0
      ? `The outputs are not the original's any more: their cosine is ${judge.cosine.toFixed(3)}, and at least ${MIN_COSINE} is asked for.`
      : "The outputs are not the original's any more: values are missing or not finite."
  const keepsAnswers = judge.cosine > 0 && (judge.top1Agreement ?? 0) >= LOST
  return [{ level: keepsAnswers ? 'check' : 'not-recommended', text }, ...reasons]
}

const isLost = ({ top1Agreement }: ProviderResult) => top1Agreement !== undefined && top1Agreement < LOST
const isWorse = (one: ProviderResult, judge: ProviderResult) =>
  (one.top1Agreement ?? one.cosine) < (judge.top1Agreement ?? judge.cosine)
