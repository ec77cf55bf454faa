import { methodMetas } from '../../methods'
import type { TensorChange } from '../../methods/method'
import { APP_VERSION } from '../ports'
import type { Recipe } from '../recipe'
import type { FileFacts, Report } from '../report'
import {
  arePlainRanges,
  isPlainText,
  MAX_LIST,
  MAX_OPTION_TEXT,
  MAX_TEXT,
  type Shared,
  type SharedLayer,
} from './schema'
import { strongestFirst } from './layers'
import type { StepRanges } from './wire-ranges'

export type { Shared, SharedFile, SharedLayer, SharedResult } from './schema'

/** What leaves with the link beyond hashes, sizes, numbers and the recipe. Names only on request: they tell secrets. */
export interface ShareChoices {
  /** The file name of the input. */
  readonly withName?: boolean
  /** Sizes, types and errors by layer, without names. Default: yes. */
  readonly withLayers?: boolean
  /** Names of layers, in the table and in the recipe's name patterns and carried state. */
  readonly withLayerNames?: boolean
  /** Class of device, e.g. 'WASM, 2 threads'; absent = not told. */
  readonly device?: string
}

/**
 * What a link of this report carries. Numbers are rounded to what is shown, so what a preview shows is what is sent.
 * The names of data sets are never part of it.
 */
export function sharedOf(report: Report, choices: ShareChoices = {}): Shared {
  const { withName = false, withLayers = true, withLayerNames = false, device } = choices
  const { input, output, quality, speed, tensors } = report
  const name = withName ? shareableText(input.name, MAX_TEXT) : ''
  return {
    ...sharedOfRecipe(report.recipe, { withLayerNames }),
    app: report.app,
    ...(name && { name }),
    ...(device && { device: shareableText(device, MAX_TEXT) }),
    result: {
      input: sharedFile(input),
      output: { ...sharedFile(output), isOriginal: output.isOriginal },
      quality: sharedQuality(quality),
      speed: speed.slice(0, 16).map(({ provider, beforeMs, afterMs }) => ({
        provider: shareableText(provider, 64),
        beforeMs: rounded(beforeMs, 4) ?? 0,
        afterMs: rounded(afterMs, 4) ?? 0,
      })),
      layers: withLayers ? sharedLayers(tensors, withLayerNames) : [],
      layersTotal: tensors.length,
    },
  }
}

/** A recipe alone, e.g. a preset. */
export function sharedOfRecipe(recipe: Recipe, choices: Pick<ShareChoices, 'withLayerNames'> = {}): Shared {
  const withheld: string[] = []
  const isKept = (value: unknown, isName: boolean, path: string, max: number): boolean => {
    if (typeof value !== 'string' || value === '') return true
    if ((!isName || choices.withLayerNames === true) && isPlainText(value, max)) return true
    withheld.push(path)
    return false
  }
  const keptRanges = (ranges: StepRanges | undefined, index: number) => {
    if (!ranges) return {}
    if (choices.withLayerNames === true && arePlainRanges(ranges)) return { ranges }
    withheld.push(`steps.${index}.ranges`)
    return {}
  }
  const steps = recipe.steps.map(({ method, options, ranges }, index) => ({
    method,
    options: Object.fromEntries(
      Object.entries(options).filter(([option, value]) =>
        isKept(value, isFreeText(method, option), `steps.${index}.options.${option}`, MAX_OPTION_TEXT),
      ),
    ),
    ...keptRanges(ranges, index),
  }))
  const data = recipe.data?.map(({ role, sha256, samples, preprocess, state }, index) => ({
    role,
    sha256,
    samples,
    ...(preprocess !== undefined && isKept(preprocess, false, `data.${index}.preprocess`, 256) && { preprocess }),
    // one sentence for all of them: which outputs feed which inputs are names of the model
    ...(state && isKept(state.join(' '), true, `data.${index}.state`, 256 * 64) && { state: [...state] }),
  }))
  const { app } = recipe
  return {
    version: 1,
    app: APP_VERSION,
    recipe: {
      version: 1,
      ...(app !== undefined && { app }),
      seed: recipe.seed,
      steps,
      ...(data && { data }),
    },
    withheld,
  }
}

/** Whether the same input gives the same bytes by this recipe: nothing that decides bytes was left out. */
export function canReproduce(shared: Shared): boolean {
  return !shared.withheld.some((path) => path.startsWith('steps.'))
}

/** Free text may hold names of layers; choices of a list, numbers and switches cannot. */
function isFreeText(method: string, option: string): boolean {
  const spec = methodMetas.find(({ id }) => id === method)?.options[option]
  return !spec || spec.type === 'text'
}

function sharedFile({ format, sizeBytes, gzipBytes, sha256 }: FileFacts) {
  return { format, sizeBytes, ...(gzipBytes !== undefined && { gzipBytes }), sha256 }
}

function sharedQuality(quality: Report['quality']): NonNullable<Shared['result']>['quality'] {
  const { data, samples, preprocess, sqnrDb, cosine, top1Agreement, task, providers } = quality
  return {
    data,
    samples,
    ...(preprocess && isPlainText(preprocess, 256) && { preprocess }),
    sqnrDb: rounded(sqnrDb, 4),
    cosine: rounded(cosine, 7),
    ...(top1Agreement !== undefined && { top1Agreement: rounded(top1Agreement, 6) ?? 0 }),
    ...(task && {
      task: {
        metric: task.metric,
        before: rounded(task.before, 5) ?? 0,
        after: rounded(task.after, 5) ?? 0,
        drop: rounded(task.drop, 5) ?? 0,
        ci95: [rounded(task.ci95[0], 4) ?? 0, rounded(task.ci95[1], 4) ?? 0] as [number, number],
      },
    }),
    providers: providers.slice(0, 16).map((provider) => ({
      name: shareableText(provider.name, 64),
      maxAbsError: rounded(provider.maxAbsError, 3),
      cosine: rounded(provider.cosine, 7),
      ok: provider.ok,
    })),
  }
}

function sharedLayers(tensors: readonly TensorChange[], withNames: boolean): SharedLayer[] {
  const layers = tensors.map((tensor) => {
    const name = withNames ? shareableText(tensor.name, MAX_TEXT) : ''
    return {
      ...(name && { name }),
      from: tensor.from,
      to: tensor.to,
      sizeBeforeBytes: tensor.sizeBeforeBytes,
      sizeAfterBytes: tensor.sizeAfterBytes,
      sqnrDb: rounded(tensor.sqnrDb, 3),
    }
  })
  if (layers.length <= MAX_LIST) return layers
  const kept = new Set(strongestFirst(layers).slice(0, MAX_LIST))
  return layers.filter((_, index) => kept.has(index))
}

/** Decimal digits that count; null where it is no finite number, which JSON cannot hold. */
function rounded(value: number | null, digits: number): number | null {
  return value === null || !Number.isFinite(value) ? null : Number(value.toPrecision(digits))
}

/** For display only: without hidden characters, cut at the end. */
function shareableText(text: string, maxLength: number): string {
  const shown = Array.from(text).filter((character) => isPlainText(character, 2))
  let cut = ''
  for (const character of shown) {
    if (cut.length + character.length > maxLength) break
    cut += character
  }
  return cut
}
