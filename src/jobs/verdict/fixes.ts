import { ruleFor } from '../../core/layer-rules'
import { slowdown } from '../slowdown'
import type { Recipe } from '../recipe'
import type { Fix } from '../report'
import { joinRules } from '../search/rules'
import type { SensitivityReport } from '../sensitivity/report'
import type { VerdictFacts } from './verdict'

/** What a layer costs and brings when it stays in float. */
export interface LayerGain {
  readonly name: string
  readonly addedBytes: number
  /** Of accuracy or agreement, as a fraction; absent where it is not known. */
  readonly gain?: number
}

const MOST_LAYERS = 2

type Step = Recipe['steps'][number]

/** Recipes that would help, the most certain first. */
export function fixesFor(
  { recipe, quality, speed, alternatives = [] }: VerdictFacts,
  gains: readonly LayerGain[],
): Fix[] {
  const fixes: Fix[] = []
  const saturates = quality.providers.some(({ saturation, ok }) => !ok && (saturation?.saturated ?? 0) > 0)
  if (saturates) {
    const spared = changed(recipe, narrowWeights)
    if (spared) fixes.push({ text: 'Keep weights to 7 bits, whose sums do not overflow', recipe: spared })
  }
  const slow = slowdown(speed, alternatives)?.alternative
  if (slow?.recipe) fixes.push({ text: `Take ${slow.method} instead`, recipe: slow.recipe })
  for (const { name, addedBytes, gain } of gains.slice(0, MOST_LAYERS)) {
    const spared = changed(recipe, (step) => sparing(step, name))
    if (!spared) continue
    fixes.push({ text: `Keep ${name} in float`, recipe: spared, addedBytes, ...(gain !== undefined && { gain }) })
  }
  return fixes
}

/** @param change null for a step that it does not concern; the last that it does is changed */
function changed(recipe: Recipe, change: (step: Step) => Step | null): Recipe | null {
  for (let at = recipe.steps.length - 1; at >= 0; at--) {
    const step = change(recipe.steps[at] as Step)
    // the data that proved the one before is not part of what was asked for
    if (step) return { version: 1, seed: recipe.seed, steps: recipe.steps.with(at, step) }
  }
  return null
}

function narrowWeights({ method, options }: Step): Step | null {
  if (method === 'dynamic-int8' && options.reduceRange !== true) {
    return { method, options: { ...options, reduceRange: true } }
  }
  // a target of its own needs other ranges
  const isWide = method === 'static-int8' && options.target !== 'generic' && options.target !== 'ort-cpu'
  return isWide ? { method, options: { ...options, target: 'generic' } } : null
}

function sparing(step: Step, name: string): Step | null {
  if (step.method !== 'static-int8' && step.method !== 'dynamic-int8') return null
  const { ranges: _, ...rest } = step
  const own = step.options.layers
  const layers = joinRules(ruleFor(name, 'float'), typeof own === 'string' ? own : '')
  return { ...rest, options: { ...step.options, layers } }
}

/** Gains that a sensitivity analysis found, the largest first; none of layers that bring nothing. */
export function gainsOf({ layers, metric }: Pick<SensitivityReport, 'layers' | 'metric'>): LayerGain[] {
  const isShare = metric === 'accuracy' || metric === 'agreement'
  return layers
    .filter(({ restored }) => restored.gain > 0)
    .sort((a, b) => b.restored.gain - a.restored.gain)
    .map(({ name, addedBytes, restored }) => ({ name, addedBytes, ...(isShare && { gain: restored.gain }) }))
}
