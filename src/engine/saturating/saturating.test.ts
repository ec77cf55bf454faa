import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import pairSumsUrl from '../../../build/wasm/pair-sums.wasm?url'
import { createWasmPairSums } from '../../backends/wasm/pair-sums'
import { memorySource, singleFile } from '../../core/bytes'
import { fromTensor, toTensor } from '../../core/host-array'
import type { KnownDType } from '../../core/dtypes'
import { tensor, type Tensor } from '../../core/tensor'
import { readModel } from '../../formats/onnx/read-model'
import { wasmLevels } from '../../testing/wasm-machines'
import { openSaturating, simulateSaturation } from './open'
import frozen from './saturating.frozen.json'

const simd = await createWasmPairSums(new Uint8Array(await readFile(new URL(pairSumsUrl))))
const machine = await wasmLevels[0]!.make()

interface Frozen {
  readonly dtype: string
  readonly shape: readonly number[]
  readonly data: string
}

const bytesOf = (text: string) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
const read = ({ dtype, shape, data }: Frozen): Tensor => tensor(dtype as KnownDType, shape, bytesOf(data))

/** Layers that stay exact, or float, in onnxruntime. */
const EXACT =
  /depthwise|uint8 weights|int8 activations, qoperator|zero point 120|Clip|(Integer|QLinearMatMul|QGemm|ToFloat), int8/

describe('onnxruntime on x86 without VNNI', () => {
  it.each(frozen.cases)('$name', async ({ name, model, input, output }) => {
    const parsed = await readModel(singleFile(memorySource(bytesOf(model), 'm.onnx')))
    const simulated = await simulateSaturation(parsed, simd)
    const session = await openSaturating(simulated, { machine })
    const outputs = await session.run(new Map([['x', fromTensor(read(input))]]))
    const found = toTensor(outputs.get('y')!)
    const expected = read(output)
    expect(found.shape).toEqual(expected.shape)
    expect([...new Uint8Array(found.data)]).toEqual([...expected.data])
    const saturated = simulated.counts().reduce((sum, layer) => sum + layer.saturated, 0)
    if (EXACT.test(name)) expect(saturated).toBe(0)
    else expect(saturated).toBeGreaterThan(0)
    session.dispose()
  })
})
