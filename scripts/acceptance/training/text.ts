/** Character models on tinyshakespeare: the same curve on the reference, on WASM and on WebGPU, and a loss that falls. */
import { readFileSync } from 'node:fs'
import type { Machine } from '../../../src/backends/machine'
import { hostArray, type HostArray } from '../../../src/core/host-array'
import { Random } from '../../../src/core/random'
import { crossEntropy } from '../../../src/engine/losses'
import { adam } from '../../../src/engine/optim'
import { trainingCurve, type Curve } from './curve'
import { BATCH, textNetwork, TIME, type TextNetwork } from './text-networks'

const RATE = 0.003

export interface TextCurves {
  readonly wasm: Curve
  readonly reference: Curve
  readonly webgpu?: Curve
}

export interface Machines {
  readonly wasm: Machine
  readonly webgpu?: Machine
}

interface Lengths {
  readonly wasm: number
  readonly webgpu: number
}

export async function textCurves(
  kind: TextNetwork,
  file: string,
  { wasm, webgpu }: Machines,
  steps: Lengths,
): Promise<TextCurves> {
  const { tokens, count } = tokensOf(readFileSync(file, 'utf8'))
  const curve = async (machine: Machine | 'reference', length: number) =>
    trainingCurve(await textNetwork(kind, count), batchesOf(tokens), {
      ...{ machine, loss: crossEntropy(), optimizer: adam(), rate: RATE, steps: length, clipNorm: 1 },
    })
  return {
    wasm: await curve(wasm, steps.wasm),
    reference: await curve('reference', steps.webgpu),
    ...(webgpu && { webgpu: await curve(webgpu, steps.webgpu) }),
  }
}

function tokensOf(text: string): { tokens: Uint8Array; count: number } {
  const letters = [...new Set(text)].sort()
  const numbers = new Map(letters.map((letter, i) => [letter, i]))
  return { tokens: Uint8Array.from(text, (letter) => numbers.get(letter) as number), count: letters.length }
}

/** Seeded places in the text; the target is the next character everywhere. */
function batchesOf(tokens: Uint8Array): (step: number) => ReadonlyMap<string, HostArray> {
  return (step) => {
    const random = new Random(step)
    const [given, wanted]: [number[], number[]] = [[], []]
    for (let i = 0; i < BATCH; i++) {
      const from = random.below(tokens.length - TIME - 1)
      given.push(...tokens.subarray(from, from + TIME))
      wanted.push(...tokens.subarray(from + 1, from + TIME + 1))
    }
    return new Map([
      ['tokens', hostArray('int64', [BATCH, TIME], given)],
      ['target', hostArray('int64', [BATCH * TIME], wanted)],
    ])
  }
}
