import type { EvaluationData } from '../evaluate/compare'
import { parseState } from '../evaluate/state-link'
import { openSamples } from '../formats/samples'
import { asFlag, FlagError, type Flags, type ParsedArgs } from './args'
import { nodeSampleFiles } from './files'
import { nodePictureDecoder } from './pictures'

/** The flags of every command that takes data. */
export const DATA_FLAGS: Flags = {
  test: {
    type: 'text',
    value: 'DATA',
    help: 'data to prove the result on: .npz, .npy, idx(.gz) or a folder of images',
  },
  preprocess: { type: 'text', value: 'SPEC', help: 'how images become inputs, e.g. imagenet or "resize=256 crop=224"' },
  state: { type: 'text', value: 'OUT=IN', many: true, help: 'output that feeds an input of the next sample' },
}

/** @throws FlagError, UsageError, FormatError */
export async function dataFromArgs(
  args: ParsedArgs,
  signal: AbortSignal,
): Promise<Extract<EvaluationData, { kind: 'samples' }> | undefined> {
  const path = args.text('test')
  const preprocess = args.text('preprocess')
  const state = args.texts('state').map((text) => asFlag(() => parseState(text)))
  if (path === undefined) {
    if (preprocess !== undefined || state.length > 0) {
      throw new FlagError('--preprocess and --state belong to data. Give it with --test DATA.')
    }
    return undefined
  }
  const samples = await openSamples(await nodeSampleFiles(path), { decoder: nodePictureDecoder, signal })
  return { kind: 'samples', samples, ...(preprocess && { preprocess }), ...(state.length > 0 && { state }) }
}
