import type { Model } from '../../graph/model'
import { isMethodId } from '../../methods'
import type { Recipe } from '../recipe'
import type { TrialSpec } from './trial'

type Options = Recipe['steps'][number]['options']

/** What needs no ranges. Their names are those of the report. */
export function fixedSpecs(model: Model): TrialSpec[] {
  const specs: TrialSpec[] = [{ name: 'weights-int8', steps: [{ method: 'weights-int8', options: {} }] }]
  if (isMethodId('dynamic-int8') && hasProducts(model)) {
    specs.push({ name: 'dynamic-int8', steps: [{ method: 'dynamic-int8', options: {} }] })
  }
  specs.push({ name: 'float16', steps: [{ method: 'float16', options: {} }] }, { name: 'tidy', steps: [] })
  return specs
}

/** Operators that dynamic-int8 makes integers of. */
const PRODUCTS = new Set(['MatMul', 'Gemm', 'LSTM'])
/** Of the weights, what those operators must hold for a trial. */
const MIN_PRODUCT_SHARE = 0.1

function hasProducts({ graph }: Model): boolean {
  const sizeOf = (name: string) => graph.initializers.get(name)?.data.sizeBytes ?? 0
  const own = new Set(graph.nodes.filter(({ opType }) => PRODUCTS.has(opType)).flatMap(({ inputs }) => inputs))
  const total = [...graph.initializers.keys()].reduce((sum, name) => sum + sizeOf(name), 0)
  return [...own].reduce((sum, name) => sum + sizeOf(name), 0) > MIN_PRODUCT_SHARE * total
}

/** Every observer; of equals the first wins. The first one has histograms counted, which the others then find there. */
const OBSERVERS: readonly { readonly name: string; readonly options: Options }[] = [
  { name: 'mse', options: { observer: 'mse' } },
  { name: 'min-max', options: { observer: 'min-max' } },
  { name: 'percentile 99.99', options: { observer: 'percentile', percentile: 99.99 } },
  { name: 'entropy', options: { observer: 'entropy' } },
  { name: 'percentile 99.999', options: { observer: 'percentile', percentile: 99.999 } },
  { name: 'percentile 99.9', options: { observer: 'percentile', percentile: 99.9 } },
  { name: 'histogram', options: { observer: 'histogram' } },
  { name: 'moving-average', options: { observer: 'moving-average' } },
]

/**
 * static-int8 with every observer. The target is not searched: it says where the result will run, which no sample
 * tells, and the judge (onnxruntime in WebAssembly, which does not saturate) would always favour `ort-web`, whose
 * files are wrong on x86 without VNNI. `generic` is right everywhere.
 */
export function observerSpecs(): TrialSpec[] {
  if (!isMethodId('static-int8')) return []
  return OBSERVERS.map(({ name, options }) => ({
    name: `static-int8, ${name}`,
    steps: [{ method: 'static-int8', options: { target: 'generic', ...options } }],
  }))
}

/** The same static trial with other rules for its layers. */
export function withRules(base: TrialSpec, rules: string, name: string): TrialSpec {
  const steps = base.steps.map((step) =>
    step.method === 'static-int8' ? { ...step, options: { ...step.options, layers: rules } } : step,
  )
  return { name, steps }
}

/** The rules of a static trial. */
export function rulesOf({ steps }: TrialSpec): string {
  const layers = steps.find(({ method }) => method === 'static-int8')?.options.layers
  return typeof layers === 'string' ? layers : ''
}
