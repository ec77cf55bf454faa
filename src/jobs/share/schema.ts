import * as v from 'valibot'
import { RecipeSchema } from '../recipe'
import { MAX_RANGES, type StepRanges } from './wire-ranges'

/** What a share link carries. Everything in it is somebody's claim: it is believed field by field, and verified. */

/** Longest text and longest list in a link; option texts (name patterns) have the limit of the methods' schemas. */
export const MAX_TEXT = 128
export const MAX_LIST = 2000
export const MAX_OPTION_TEXT = 4096
const MAX_RANGE_NAME = 256

/** Characters that a screen obeys instead of showing: controls, halves of surrogate pairs, marks of direction, tags. */
const HIDDEN = /[\p{Cc}\p{Cs}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/u

export function isPlainText(text: string, maxLength: number): boolean {
  return text.length <= maxLength && !HIDDEN.test(text)
}

const text = (max: number) =>
  v.pipe(
    v.string(),
    v.check((value) => isPlainText(value, max), `plain text of at most ${max} characters`),
  )
const finite = v.pipe(v.number(), v.finite(), v.minValue(-1e15), v.maxValue(1e15))
const amount = v.pipe(finite, v.minValue(0))
const whole = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER))
const fraction = v.pipe(finite, v.minValue(0), v.maxValue(1))
const cosine = v.nullable(v.pipe(finite, v.minValue(-1.001), v.maxValue(1.001)))
/** null = identical (infinite). */
const db = v.nullable(v.pipe(finite, v.minValue(-1000), v.maxValue(1000)))
const id = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9._-]{0,31}$/i))
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))

const FileSchema = v.strictObject({
  format: id,
  sizeBytes: whole,
  gzipBytes: v.optional(whole),
  sha256,
})

const QualitySchema = v.strictObject({
  data: v.picklist(['user', 'synthetic', 'weights-only']),
  samples: whole,
  preprocess: v.optional(text(256)),
  sqnrDb: db,
  cosine,
  top1Agreement: v.optional(fraction),
  task: v.optional(
    v.strictObject({
      metric: v.picklist(['accuracy', 'nll']),
      before: finite,
      after: finite,
      drop: finite,
      ci95: v.strictTuple([finite, finite]),
    }),
  ),
  /** null where the error or the cosine is no finite number. */
  providers: v.pipe(
    v.array(v.strictObject({ name: text(64), maxAbsError: v.nullable(amount), cosine, ok: v.boolean() })),
    v.maxLength(16),
  ),
})

const LayerSchema = v.strictObject({
  /** Only where the sender asked for names. */
  name: v.optional(text(MAX_TEXT)),
  from: id,
  /** dtype, with '/removed' or '/shared' where the tensor went away. */
  to: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,32}(\/[a-z0-9-]{1,32})?$/)),
  sizeBeforeBytes: whole,
  sizeAfterBytes: whole,
  sqnrDb: db,
})

const ResultSchema = v.strictObject({
  input: FileSchema,
  output: v.strictObject({ ...FileSchema.entries, isOriginal: v.boolean() }),
  quality: QualitySchema,
  speed: v.pipe(v.array(v.strictObject({ provider: text(64), beforeMs: amount, afterMs: amount })), v.maxLength(16)),
  /** In the order of the report; those of the smallest effect may be left out. */
  layers: v.pipe(v.array(LayerSchema), v.maxLength(MAX_LIST)),
  /** How many layers the report had. */
  layersTotal: whole,
})

/** Whether a link can hold them. */
export function arePlainRanges({ machine, values }: StepRanges): boolean {
  const names = Object.keys(values)
  return names.length <= MAX_RANGES && [machine, ...names].every((name) => isPlainText(name, MAX_RANGE_NAME))
}

const SharedRecipeSchema = v.pipe(
  RecipeSchema,
  v.check(
    (recipe) =>
      recipe.steps.every(({ options }) =>
        Object.values(options).every((value) => typeof value !== 'string' || isPlainText(value, MAX_OPTION_TEXT)),
      ) &&
      (recipe.data ?? []).every(({ preprocess = '', state = [] }) =>
        [preprocess, ...state].every((value) => isPlainText(value, 256)),
      ) &&
      recipe.steps.every(({ ranges }) => !ranges || arePlainRanges(ranges)) &&
      isPlainText(recipe.app ?? '', 32),
    'plain text in the recipe',
  ),
)

/** Where in the recipe something was left out. */
const WithheldSchema = v.pipe(
  v.string(),
  v.regex(/^(steps\.\d{1,2}\.(options\.[a-zA-Z0-9]{1,64}|ranges)|data\.\d\.(state|preprocess))$/),
)

export const SharedSchema = v.strictObject({
  version: v.literal(1),
  /** Version of Plume that made it. */
  app: text(32),
  recipe: SharedRecipeSchema,
  /**
   * What the recipe lacks, because it may hold names of layers: paths in the recipe, e.g. 'steps.1.options.exclude'.
   * Where an option or the ranges of a step are among them, the bytes cannot be made again from this link.
   */
  withheld: v.pipe(v.array(WithheldSchema), v.maxLength(512)),
  /** File name of the input, only where the sender asked for it. */
  name: v.optional(text(MAX_TEXT)),
  /** What it ran on, e.g. 'WASM, 2 threads'. */
  device: v.optional(text(MAX_TEXT)),
  /** What came of the recipe; absent where only a recipe is shared. */
  result: v.optional(ResultSchema),
})

export type Shared = v.InferOutput<typeof SharedSchema>
export type SharedResult = NonNullable<Shared['result']>
export type SharedLayer = SharedResult['layers'][number]
export type SharedFile = SharedResult['input']
