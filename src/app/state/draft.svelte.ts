import { UsageError } from '../../core/errors'
import { resolveOptions, type OptionSchema } from '../../core/options'
import type { Recipe } from '../../jobs/recipe'
import type { MethodMeta } from '../../methods/method'
import { typedNumber, whole } from '../numbers'
import { methodText, saySpans, t, type Span } from '../text'

type Values = Readonly<Record<string, unknown>>

export interface DraftStep {
  readonly meta: MethodMeta
  readonly isOn: boolean
  /** As typed; checked against the schema by `errorOf` and `recipe`. */
  readonly options: Values
}

/** The options of a job while they are being edited. */
export class Draft {
  readonly #metas: readonly MethodMeta[]
  #isAuto = $state(true)
  #steps = $state.raw<readonly DraftStep[]>([])
  #seed = $state<unknown>(0)
  #preprocess = $state('')
  #problem = $state<string | null>(null)

  constructor(recipe: Recipe | 'auto', preprocess: string | undefined, metas: readonly MethodMeta[]) {
    this.#metas = metas
    this.#preprocess = preprocess ?? ''
    this.use(recipe)
  }

  /** Takes the methods and options of a recipe, e.g. of a preset, in the place of what was there. */
  use(recipe: Recipe | 'auto'): void {
    const given = recipe === 'auto' ? [] : recipe.steps
    const order = [...this.#metas].sort((a, b) => position(given, a.id) - position(given, b.id))
    this.#isAuto = recipe === 'auto'
    this.#seed = recipe === 'auto' ? 0 : recipe.seed
    this.#problem = null
    this.#steps = order.map((meta) => {
      const step = given.find(({ method }) => method === meta.id)
      return {
        meta,
        isOn: recipe === 'auto' ? FIRST_STEPS.includes(meta.id) : step !== undefined,
        options: { ...defaults(meta.options), ...step?.options },
      }
    })
  }

  get isAuto(): boolean {
    return this.#isAuto
  }
  get steps(): readonly DraftStep[] {
    return this.#steps
  }
  get seed(): unknown {
    return this.#seed
  }
  get preprocess(): string {
    return this.#preprocess
  }
  get problem(): string | null {
    return this.#problem
  }
  get seedError(): readonly Span[] | null {
    const seed = Number(this.#seed)
    const isValid = String(this.#seed).trim() !== '' && Number.isInteger(seed) && seed >= 0 && seed <= 0xffffffff
    return isValid ? null : [{ text: t.options.range(whole(0), whole(0xffffffff)), isEnglish: false }]
  }

  setAuto(isAuto: boolean): void {
    this.#isAuto = isAuto
    this.#problem = null
  }

  setSeed(seed: unknown): void {
    this.#seed = seed
  }

  setPreprocess(preprocess: string): void {
    this.#preprocess = preprocess.trim()
  }

  toggle(id: string): void {
    this.#change(id, (step) => ({ ...step, isOn: !step.isOn }))
  }

  setOption(id: string, name: string, value: unknown): void {
    this.#change(id, (step) => {
      const isNumber = step.meta.options[name]?.type === 'number'
      return { ...step, options: { ...step.options, [name]: isNumber ? typedNumber(String(value)) : value } }
    })
  }

  /** What is wrong with one option; null when it fits. */
  errorOf(id: string, name: string): readonly Span[] | null {
    const step = this.#steps.find(({ meta }) => meta.id === id)
    const spec = step?.meta.options[name]
    if (!step || !spec) return null
    const { label } = methodText(step.meta)
    const problem = problemOf(() => resolveOptions({ [name]: spec }, { [name]: step.options[name] }, label))
    return problem === null ? null : saySpans(problem)
  }

  /** The finished recipe, 'auto', or null with `problem` set. */
  recipe(): Recipe | 'auto' | null {
    if (this.#isAuto) return 'auto'
    const on = this.#steps.filter(({ isOn }) => isOn)
    if (on.length === 0) this.#problem = t.options.noStep
    else if (this.seedError !== null || on.some((step) => this.#isInvalid(step))) this.#problem = t.options.invalid
    else this.#problem = null
    if (this.#problem !== null) return null
    const steps = on.map(({ meta, options }) => ({
      method: meta.id,
      options: { ...resolveOptions(meta.options, options, meta.label) } as Recipe['steps'][number]['options'],
    }))
    return { version: 1, seed: Number(this.#seed), steps }
  }

  #isInvalid({ meta, options }: DraftStep): boolean {
    return problemOf(() => resolveOptions(meta.options, options, meta.label)) !== null
  }

  #change(id: string, change: (step: DraftStep) => DraftStep): void {
    this.#steps = this.#steps.map((step) => (step.meta.id === id ? change(step) : step))
    this.#problem = null
  }
}

/** What someone who opens the manual choice most likely wants. */
const FIRST_STEPS: readonly string[] = ['tidy', 'weights-int8']

/** Steps of a recipe come first, in its order. */
function position(steps: Recipe['steps'], id: string): number {
  const at = steps.findIndex(({ method }) => method === id)
  return at < 0 ? steps.length : at
}

function defaults(schema: OptionSchema): Values {
  return Object.fromEntries(Object.entries(schema).map(([name, spec]) => [name, spec.default]))
}

function problemOf(check: () => unknown): string | null {
  try {
    check()
    return null
  } catch (error) {
    if (error instanceof UsageError) return error.message
    throw error
  }
}
