import { UsageError } from '../../core/errors'
import { resolveOptions, type OptionSchema } from '../../core/options'
import type { Recipe } from '../../jobs/recipe'
import type { Budget } from '../../jobs/report'
import type { MethodMeta } from '../../methods/method'
import { typedNumber, whole } from '../numbers'
import { methodText, saySpans, t, type Span } from '../text'
import { NO_LOSS, type JobOptions } from './job.svelte'

type Values = Readonly<Record<string, unknown>>

export interface DraftStep {
  readonly meta: MethodMeta
  readonly isOn: boolean
  /** As typed; checked against the schema by `errorOf` and `recipe`. */
  readonly options: Values
}

/** Whose options are edited: a job, or all of them together. */
export interface OptionsTarget extends JobOptions {
  /** Unique on the page. */
  readonly id: string
  changeOptions(change: Partial<JobOptions>): void
}

interface Choice {
  readonly isAuto: boolean
  readonly steps: readonly DraftStep[]
  /** As typed. */
  readonly seed: unknown
  readonly preprocess: string
  readonly budget: Budget
  readonly maxTrials: number | null
}

/** The options of a job while they are being edited, with every change since then. */
export class Draft {
  readonly #metas: readonly MethodMeta[]
  #choice: Choice = $state.raw({ isAuto: true, steps: [], seed: 0, preprocess: '', budget: NO_LOSS, maxTrials: null })
  #past = $state.raw<readonly Choice[]>([])
  #future = $state.raw<readonly Choice[]>([])
  /** The field that changed last: what is typed into it in one go is one change. */
  #field = ''
  #problem = $state<string | null>(null)

  constructor({ recipe, data, budget, maxTrials }: Omit<JobOptions, 'calibrate'>, metas: readonly MethodMeta[]) {
    this.#metas = metas
    this.#choice = { ...this.#choice, preprocess: data?.preprocess ?? '', budget, maxTrials }
    this.use(recipe)
    this.#past = []
  }

  /** Takes the methods and options of a recipe, e.g. of a preset, in the place of what was there. */
  use(recipe: Recipe | 'auto'): void {
    const given = recipe === 'auto' ? [] : recipe.steps
    const order = [...this.#metas].sort((a, b) => position(given, a.id) - position(given, b.id))
    const steps = order.map((meta) => {
      const step = given.find(({ method }) => method === meta.id)
      return {
        meta,
        isOn: recipe === 'auto' ? FIRST_STEPS.includes(meta.id) : step !== undefined,
        options: { ...defaults(meta.options), ...step?.options },
      }
    })
    this.#set({ isAuto: recipe === 'auto', seed: recipe === 'auto' ? 0 : recipe.seed, steps })
  }

  get isAuto(): boolean {
    return this.#choice.isAuto
  }
  get steps(): readonly DraftStep[] {
    return this.#choice.steps
  }
  get seed(): unknown {
    return this.#choice.seed
  }
  get preprocess(): string {
    return this.#choice.preprocess
  }
  get budget(): Budget {
    return this.#choice.budget
  }
  get maxTrials(): number | null {
    return this.#choice.maxTrials
  }
  get problem(): string | null {
    return this.#problem
  }
  get seedError(): readonly Span[] | null {
    const seed = Number(this.seed)
    const isValid = String(this.seed).trim() !== '' && Number.isInteger(seed) && seed >= 0 && seed <= 0xffffffff
    return isValid ? null : [{ text: t.options.range(whole(0), whole(0xffffffff)), isEnglish: false }]
  }

  setAuto(isAuto: boolean): void {
    this.#set({ isAuto })
  }

  setSeed(seed: unknown): void {
    this.#set({ seed }, 'seed')
  }

  setAim(aim: Pick<JobOptions, 'budget' | 'maxTrials'>): void {
    this.#set(aim, 'aim')
  }

  setPreprocess(preprocess: string): void {
    this.#set({ preprocess: preprocess.trim() }, 'preprocess')
  }

  toggle(id: string): void {
    this.#change(id, (step) => ({ ...step, isOn: !step.isOn }))
  }

  setOption(id: string, name: string, value: unknown): void {
    const set = (step: DraftStep): DraftStep => {
      const isNumber = step.meta.options[name]?.type === 'number'
      return { ...step, options: { ...step.options, [name]: isNumber ? typedNumber(String(value)) : value } }
    }
    this.#change(id, set, `${id}.${name}`)
  }

  /** What is wrong with one option; null when it fits. */
  errorOf(id: string, name: string): readonly Span[] | null {
    const step = this.steps.find(({ meta }) => meta.id === id)
    const spec = step?.meta.options[name]
    if (!step || !spec) return null
    const { label } = methodText(step.meta)
    const problem = problemOf(() => resolveOptions({ [name]: spec }, { [name]: step.options[name] }, label))
    return problem === null ? null : saySpans(problem)
  }

  /** The finished recipe, 'auto', or null with `problem` set. */
  recipe(): Recipe | 'auto' | null {
    if (this.isAuto) return 'auto'
    const on = this.steps.filter(({ isOn }) => isOn)
    if (on.length === 0) this.#problem = t.options.noStep
    else if (this.seedError !== null || on.some((step) => this.#isInvalid(step))) this.#problem = t.options.invalid
    else this.#problem = null
    if (this.#problem !== null) return null
    const steps = on.map(({ meta, options }) => ({
      method: meta.id,
      options: { ...resolveOptions(meta.options, options, meta.label) } as Recipe['steps'][number]['options'],
    }))
    return { version: 1, seed: Number(this.seed), steps }
  }

  #isInvalid({ meta, options }: DraftStep): boolean {
    return problemOf(() => resolveOptions(meta.options, options, meta.label)) !== null
  }

  get canUndo(): boolean {
    return this.#past.length > 0
  }
  get canRedo(): boolean {
    return this.#future.length > 0
  }

  undo(): void {
    const before = this.#past.at(-1)
    if (!before) return
    this.#future = [...this.#future, this.#choice]
    this.#past = this.#past.slice(0, -1)
    this.#show(before)
  }

  redo(): void {
    const after = this.#future.at(-1)
    if (!after) return
    this.#past = [...this.#past, this.#choice]
    this.#future = this.#future.slice(0, -1)
    this.#show(after)
  }

  #show(choice: Choice): void {
    this.#choice = choice
    this.#field = ''
    this.#problem = null
  }

  #change(id: string, change: (step: DraftStep) => DraftStep, field?: string): void {
    this.#set({ steps: this.steps.map((step) => (step.meta.id === id ? change(step) : step)) }, field)
  }

  /** @param field the text field that was typed into */
  #set(change: Partial<Choice>, field = ''): void {
    if (field === '' || field !== this.#field) this.#past = [...this.#past, this.#choice]
    this.#future = []
    this.#show({ ...this.#choice, ...change })
    this.#field = field
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
