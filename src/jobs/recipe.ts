import * as v from 'valibot'
import { UsageError } from '../core/errors'
import { oneLine } from '../core/one-line'

/**
 * What was done, as plain JSON: enough to make the same bytes again. A saved recipe is resolved (explicit methods and
 * options). The page, the command line, links and the cache all speak it.
 */
const Scalar = v.union([v.string(), v.pipe(v.number(), v.finite()), v.boolean()])

const NAME = v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,64}$/))
const SHA256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))

const RangesSchema = v.strictObject({
  /** SHA-256 of the model that they were observed on. */
  model: v.optional(SHA256),
  machine: v.pipe(v.string(), v.maxLength(32)),
  samples: v.pipe(v.number(), v.integer(), v.minValue(0)),
  values: v.record(
    v.pipe(v.string(), v.maxLength(65_536)),
    v.tuple([v.pipe(v.number(), v.finite()), v.pipe(v.number(), v.finite())]),
  ),
})

export const RecipeSchema = v.strictObject({
  version: v.literal(1),
  /** Version of Plume that made it. */
  app: v.optional(v.pipe(v.string(), v.maxLength(32))),
  seed: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffffffff)),
  steps: v.pipe(
    v.array(
      v.strictObject({
        method: NAME,
        options: v.record(v.pipe(v.string(), v.regex(/^[a-zA-Z][a-zA-Z0-9]{0,63}$/)), Scalar),
        /** Ranges that calibration chose: with them the step replays without the data. */
        ranges: v.optional(RangesSchema),
      }),
    ),
    v.maxLength(32),
  ),
  data: v.optional(
    v.pipe(
      v.array(
        v.strictObject({
          role: v.picklist(['calibrate', 'test']),
          sha256: SHA256,
          samples: v.pipe(v.number(), v.integer(), v.minValue(0)),
          preprocess: v.optional(v.pipe(v.string(), v.maxLength(256))),
          /** Outputs that feed an input of the next sample, each `OUTPUT=INPUT`. */
          state: v.optional(v.pipe(v.array(v.pipe(v.string(), v.maxLength(256))), v.maxLength(64))),
        }),
      ),
      v.maxLength(8),
    ),
  ),
})

export type Recipe = v.InferOutput<typeof RecipeSchema>

export const EMPTY_RECIPE: Recipe = { version: 1, seed: 0, steps: [] }

/**
 * @param where the file or place the text came from, for messages
 * @throws UsageError naming the field, what was expected and what was found
 */
export function parseRecipe(text: string, where: string): Recipe {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    // the engine's sentence quotes the file, line breaks and all
    const why = oneLine((error as Error).message)
    throw new UsageError(`${where}: this is not JSON (${why}). Give a recipe saved by Plume.`)
  }
  const result = v.safeParse(RecipeSchema, json)
  if (result.success) return result.output
  const issue = result.issues[0]
  const path = issue.path?.map((item) => String(item.key)).join('.') ?? 'the recipe'
  const problem = oneLine(`${path}: expected ${issue.expected ?? issue.message}, found ${issue.received}`)
  throw new UsageError(`${where}: ${problem}. Give a recipe saved by Plume.`)
}

/** The one text form of a recipe: stable key order, so that equal recipes have equal text. A range takes one line. */
export function formatRecipe({ version, app, seed, steps, data }: Recipe): string {
  const text = JSON.stringify({ version, app, seed, steps, data }, null, 2)
  // only pairs of bare numbers: line breaks inside of texts are escaped
  return `${text.replace(/\[\n\s+(-?[\d.e+-]+),\n\s+(-?[\d.e+-]+)\n\s+\]/g, '[$1, $2]')}\n`
}
