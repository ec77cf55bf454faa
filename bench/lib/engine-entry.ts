/** What the benchmark of the engine needs of the product: models, and programs of single kernels. */
import { encodeProgram } from '../../src/backends/wasm/program'
import { createWasmMachine } from '../../src/backends/wasm/machine'
import type { KernelCall, Operand } from '../../src/backends/kernel-calls'
import { memorySource, singleFile, type Bytes } from '../../src/core/bytes'
import { openEngine, type EngineSession } from '../../src/engine/session'
import { onnx } from '../../src/formats/onnx/onnx'

export async function open(model: Bytes, wasm: Bytes): Promise<EngineSession> {
  const machine = await createWasmMachine(wasm)
  return openEngine(await onnx.read(singleFile(memorySource(model, 'model.onnx'))), { machine })
}

const FIRST = 4096
const aligned = (bytes: number): number => Math.ceil(bytes / 64) * 64

/** A product of matrices as commands, and where everything lies. */
export function product(m: number, k: number, n: number) {
  const shapes = [
    [m, k],
    [k, n],
    [m, n],
  ] as const
  const [a, b, output] = shapes.map((shape, id): Operand => ({ id, dtype: 'float32', shape })) as [
    Operand,
    Operand,
    Operand,
  ]
  const call: KernelCall = {
    kernel: 'gemm',
    ...{ a, b, output, m, n, k },
    transposeA: false,
    transposeB: false,
    alpha: 1,
    batches: [{ a: 0, b: 0 }],
  }
  let end = FIRST
  const take = (bytes: number): number => {
    const at = end
    end += aligned(bytes)
    return at
  }
  const at = take(1 << 16)
  const addresses = shapes.map(([rows, columns]) => take(rows * columns * 4))
  const step = { type: 'call' as const, call, title: 'product', cost: 1, indexError: () => new Error('no index') }
  const operands = [a, b, output]
  const encoded = encodeProgram(
    { arenaBytes: 0, places: new Map(), inputs: [], outputs: [], steps: [step] },
    (one) => addresses[operands.indexOf(one)] as number,
  )
  const scratch = take(encoded.scratchBytes)
  return {
    words: [...encoded.words],
    count: encoded.offsets.length,
    at,
    scratch,
    // room for kernels that read whole vectors
    end: end + 64,
    operands: [m * k, k * n].map((length, i) => ({ address: addresses[i] as number, length })),
  }
}
