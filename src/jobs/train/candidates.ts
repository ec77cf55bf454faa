/** Which networks are tried where none was asked for. */
import { cnn, mlp } from '../../engine/train/networks'
import type { Model } from '../../graph/model'
import type { NetworkInput } from './source'

export interface Candidate {
  readonly kind: 'linear' | 'mlp' | 'cnn' | 'imported'
  /** Widths of hidden layers; of a CNN those of its convolutions, then of its hidden layer. */
  readonly layers: readonly number[]
  readonly network: (seed: number) => Model
  /** Names of weights that stay as they are; `*` stands for any text. */
  readonly frozen?: readonly string[]
}

export interface NetworkFor {
  readonly input: NetworkInput
  readonly outputs: number
  /** Training samples. */
  readonly samples: number
  readonly dropout?: number
}

/** @param layers undefined: several that suit the data, the simplest first */
export function candidatesFor(about: NetworkFor, layers: readonly number[] | undefined): Candidate[] {
  const { input } = about
  if (input.kind === 'picture') return [pictureCandidate(about, input, layers)]
  const widths = layers ? [layers] : suggestedLayers(input.size, about.outputs, about.samples)
  return widths.map((one) => rowCandidate(input.size, about, one))
}

function rowCandidate(inputs: number, { outputs, dropout }: NetworkFor, layers: readonly number[]): Candidate {
  const shape = { inputs, layers, outputs, ...(dropout !== undefined && { dropout }) }
  return { kind: layers.length === 0 ? 'linear' : 'mlp', layers, network: (seed) => mlp(shape, seed) }
}

/** At least so many samples for each weight of a hidden layer: wider ones only learn the samples by heart. */
const SAMPLES_PER_UNIT = 4

/**
 * A linear model, one hidden layer, two hidden layers: as wide as inputs and outputs ask for and as the samples allow.
 */
export function suggestedLayers(inputs: number, outputs: number, samples: number): (readonly number[])[] {
  const wanted = powerOfTwo(Math.max(16, Math.min(256, 2 * inputs + 2 * outputs)))
  const allowed = powerOfTwo(samples / SAMPLES_PER_UNIT)
  const width = Math.max(8, Math.min(wanted, allowed))
  return [[], [width], [width, Math.max(8, width / 2)]]
}

const powerOfTwo = (value: number) => 2 ** Math.round(Math.log2(Math.max(1, value)))

const CONVOLUTIONS = [16, 32]
const HIDDEN = 64
/** Below it a second pooling would leave nothing. */
const SMALLEST_SIDE = 4

function pictureCandidate(
  { outputs, dropout }: NetworkFor,
  { channels, height, width }: Extract<NetworkInput, { kind: 'picture' }>,
  layers: readonly number[] | undefined,
): Candidate {
  const hidden = layers?.at(-1) ?? HIDDEN
  const asked = layers ? layers.slice(0, -1) : CONVOLUTIONS
  const most = Math.max(0, Math.floor(Math.log2(Math.min(height, width) / SMALLEST_SIDE)) + 1)
  const widths = asked.slice(0, most)
  const shape = { channels, height, width, outputs, widths, hidden, ...(dropout !== undefined && { dropout }) }
  return { kind: 'cnn', layers: [...widths, hidden], network: (seed) => cnn(shape, seed) }
}
