import type { EvaluationData } from '../evaluate/compare'
import { parseState } from '../evaluate/state-link'
import { openSamples } from '../formats/samples'
import { parseBudget } from '../jobs/budget'
import type { CompressRequest } from '../jobs/request'
import { asFlag, FlagError, wholeNumber, type Flags, type ParsedArgs } from './args'
import { nodeSampleFiles } from './files'
import { nodePictureDecoder } from './pictures'

type Samples = Extract<EvaluationData, { kind: 'samples' }>

/** The flags of every command that takes data. */
export const DATA_FLAGS: Flags = {
  test: {
    type: 'text',
    value: 'DATA',
    help: 'data to prove the result on: .npz, .npy, .csv, idx(.gz) or a folder of images',
  },
  target: {
    type: 'text',
    value: 'COL',
    help: 'of a table: the column of the labels, by name or by its number from 0 on',
  },
  preprocess: { type: 'text', value: 'SPEC', help: 'how images become inputs, e.g. imagenet or "resize=256 crop=224"' },
  state: { type: 'text', value: 'OUT=IN', many: true, help: 'output that feeds an input of the next sample' },
}

/** The flags of commands that choose ranges on data. */
export const CALIBRATION_FLAGS: Flags = {
  calibrate: {
    type: 'text',
    value: 'DATA',
    help: 'data to choose the ranges of integers on (default: every fifth sample of --test)',
  },
  'calibration-memory': {
    type: 'text',
    value: 'MB',
    help: 'memory for calibration (default 512); the result does not depend on it',
  },
}

/** The flags of the automatic choice. */
export const SEARCH_FLAGS: Flags = {
  budget: {
    type: 'text',
    value: 'WHAT',
    help: 'what the automatic choice must keep: no-loss (default), drop=0.5% or size=2MB',
  },
  trials: { type: 'text', value: 'N', help: 'most models that the automatic choice makes and measures' },
}

/** @throws FlagError, UsageError, FormatError */
export async function dataFromArgs(
  args: ParsedArgs,
  signal: AbortSignal,
  flag: 'test' | 'calibrate' = 'test',
): Promise<Samples | undefined> {
  const path = args.text(flag)
  const [preprocess, target] = [args.text('preprocess'), args.text('target')]
  const state = args.texts('state').map((text) => asFlag(() => parseState(text)))
  if (path === undefined) {
    const hasData = (args.text('test') ?? args.text('calibrate')) !== undefined
    if (!hasData && (preprocess !== undefined || target !== undefined || state.length > 0)) {
      throw new FlagError('--target, --preprocess and --state belong to data. Give it with --test DATA.')
    }
    return undefined
  }
  const samples = await openSamples(await nodeSampleFiles(path), {
    ...{ decoder: nodePictureDecoder, signal },
    ...(target !== undefined && { target }),
  })
  return { kind: 'samples', samples, ...(preprocess && { preprocess }), ...(state.length > 0 && { state }) }
}

/** @throws FlagError */
export function calibrationMemory(args: ParsedArgs): Pick<CompressRequest, 'calibrationMemoryBytes'> {
  if (args.text('calibration-memory') === undefined) return {}
  return { calibrationMemoryBytes: atLeastOne(args, 'calibration-memory', 'MB') * 1e6 }
}

/**
 * What goes with the automatic choice alone; asked before the work starts.
 * @throws FlagError
 */
export function searchFromArgs(args: ParsedArgs, isAutomatic: boolean): Pick<CompressRequest, 'budget' | 'maxTrials'> {
  const [budget, trials] = [args.text('budget'), args.text('trials')]
  const stray = budget !== undefined ? 'budget' : trials !== undefined ? 'trials' : undefined
  if (stray && !isAutomatic) {
    throw new FlagError(`--${stray} is for the automatic choice; --method and --recipe say themselves what is done.`)
  }
  return {
    ...(budget !== undefined && { budget: asFlag(() => parseBudget(budget)) }),
    ...(trials !== undefined && { maxTrials: atLeastOne(args, 'trials') }),
  }
}

function atLeastOne(args: ParsedArgs, name: string, unit = ''): number {
  const value = wholeNumber(args, name, 1, 1_000_000)
  if (value >= 1) return value
  throw new FlagError(`--${name} takes a whole number from 1${unit && ` ${unit}`} on, not "${args.text(name)}".`)
}
