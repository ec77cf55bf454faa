/** May the result be used? Told in plain words, from what was measured alone. */
import { formatBytes } from '../../core/format-text'
import type { Quality, Speed } from '../../evaluate/quality'
import type { Recipe } from '../recipe'
import type { Alternative, Budget, Verdict } from '../report'
import { speedNotes } from '../report-notes'
import { fixesFor, type LayerGain } from './fixes'
import { lossReasons } from './loss'
import { providerReasons } from './providers'
import { sampleReasons } from './samples'

export interface VerdictFacts {
  readonly input: { readonly sizeBytes: number }
  readonly output: { readonly sizeBytes: number }
  /** The resolved recipe of the result. */
  readonly recipe: Recipe
  readonly quality: Quality
  readonly speed: readonly Speed[]
  readonly alternatives?: readonly Alternative[]
  readonly budget?: Budget
}

/** One reason, and how much it weighs. */
export interface Reason {
  readonly level: Verdict['level']
  readonly text: string
}

const RANK = { safe: 0, check: 1, 'not-recommended': 2 } as const

/**
 * Reasons in order of importance: not smaller, slower, right on one provider and wrong on another, a loss beyond chance,
 * a class that lost, outputs that differ, too few samples. The worst of them is the level; where there are none, it is
 * said what was found.
 * @param gains what layers in float would cost and bring, the best first
 */
export function verdictOf(facts: VerdictFacts, gains: readonly LayerGain[] = []): Verdict {
  const { quality, speed, alternatives = [] } = facts
  const reasons: Reason[] = [
    ...sizeReasons(facts),
    ...speedNotes(speed, alternatives).map(({ text }): Reason => ({ level: 'check', text })),
    ...providerReasons(quality),
    ...lossReasons(quality, facts.budget),
    ...sampleReasons(quality),
  ]
  const level = reasons.reduce<Verdict['level']>(
    (worst, one) => (RANK[one.level] > RANK[worst] ? one.level : worst),
    'safe',
  )
  const bad = reasons.filter((one) => one.level !== 'safe')
  // good news stand alone: beside bad ones they would only water them down
  const told = bad.length > 0 ? bad : reasons
  return {
    level,
    reasons: told.map(({ text }) => text),
    fixes: level === 'safe' ? [] : fixesFor(facts, isLossy(facts) ? gains : []),
  }
}

/** Whether the judge itself finds more lost than should be: then layers in float would help. */
export function isLossy({ quality, budget }: Pick<VerdictFacts, 'quality' | 'budget'>): boolean {
  const [judge] = quality.providers
  return judge?.ok === false || lossReasons(quality, budget).some(({ level }) => level !== 'safe')
}

function sizeReasons({ input, output }: VerdictFacts): Reason[] {
  if (output.sizeBytes < input.sizeBytes) return []
  const text = `Not smaller: ${formatBytes(output.sizeBytes)} instead of ${formatBytes(input.sizeBytes)}.`
  return [{ level: 'not-recommended', text }]
}
