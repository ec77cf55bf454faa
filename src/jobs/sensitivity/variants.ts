import { ruleFor, type LayerKind } from '../../core/layer-rules'
import type { Layer } from '../../methods/method'
import type { Recipe } from '../recipe'
import { joinRules } from '../search/rules'

export type Step = Recipe['steps'][number]

/** The step with this layer quantized as it was, and all others in float. */
export function aloneStep(step: Step, layer: Layer): Step {
  return withLayers(step, `${ruleFor(layer.name, kindOf(layer))} *=float`)
}

/** The step with this layer in float, and all others as they were. */
export function restoredStep(step: Step, layer: Layer): Step {
  const own = step.options.layers
  return withLayers(step, joinRules(ruleFor(layer.name, 'float'), typeof own === 'string' ? own : ''))
}

function withLayers(step: Step, layers: string): Step {
  return { ...step, options: { ...step.options, layers } }
}

/** Of 'int8', 'int16', 'int4 weights'. */
function kindOf({ to }: Layer): LayerKind {
  const bits = /\d+/.exec(to)?.[0]
  return bits === '16' || bits === '4' ? bits : '8'
}
