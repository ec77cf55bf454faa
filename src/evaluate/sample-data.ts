import { UsageError } from '../core/errors'
import type { Samples } from '../formats/format'
import type { Model } from '../graph/model'
import type { Session } from '../runtime/runtime'
import type { PreparedData, StateLink } from './data'
import { arrayData } from './feeds'
import { refuseNonFinite } from './finite-rows'
import { pictureData } from './picture-data'
import { tableInputs } from './table-data'

export interface SampleDataOptions {
  readonly preprocess?: string
  readonly state?: readonly StateLink[]
  /** 1: run samples one by one. */
  readonly maxBatch?: number
  readonly signal?: AbortSignal
}

/** What is known of a model that samples are to become inputs of. */
export type SampledModel = Pick<Session, 'inputs'> & {
  readonly outputs: readonly { readonly name: string }[]
  /** Needed where a preset is to be chosen by the labels. */
  run?: Session['run']
}

/**
 * The user's samples as inputs of the model.
 * @param session the original, open
 * @throws UsageError where they do not fit, BadSamples for rows that are not finite; pictures say that when they are read
 */
export async function sampleData(
  samples: Samples,
  session: SampledModel,
  model: Model,
  options: SampleDataOptions,
): Promise<PreparedData> {
  const state = options.state ?? []
  checkState(state, session)
  if (samples.kind === 'table') return sampleData(tableInputs(samples, session.inputs, model), session, model, options)
  if (samples.kind === 'arrays') {
    if (options.preprocess !== undefined) {
      throw new UsageError(
        `${samples.name}: --preprocess is for pictures, but this data is numbers, which are taken as they are. Leave it out.`,
      )
    }
    const data = arrayData(samples, session, state, options.maxBatch)
    refuseNonFinite(samples, session.inputs, model)
    return data
  }
  if (state.length > 0)
    throw new UsageError(`${samples.name}: --state cannot be combined with pictures. Give arrays (.npz).`)
  return pictureData(samples, session, model, options)
}

function checkState(state: readonly StateLink[], { inputs, outputs }: SampledModel): void {
  const names = (values: readonly { name: string }[]) => values.map((value) => value.name).join(', ')
  for (const { output, input } of state) {
    if (!outputs.some(({ name }) => name === output)) {
      throw new UsageError(
        `--state ${output}=${input}: the model has no output "${output}". It has: ${names(outputs)}.`,
      )
    }
    if (!inputs.some(({ name }) => name === input)) {
      throw new UsageError(`--state ${output}=${input}: the model has no input "${input}". It has: ${names(inputs)}.`)
    }
  }
}
