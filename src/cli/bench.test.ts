import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { hasRelaxedSimd } from '../backends/wasm/engine-module'
import { buildModel, node } from '../testing/build-model'
import { modelBytes } from '../testing/model-bytes'
import { planMachine } from '../testing/plan-machine'
import { FlagError, parseFlags } from './args'
import { BENCHMARKS } from './bench/kernels'
import { measureLimits, peakModule } from './bench/limits'
import { measureKernels, median } from './bench/measure'
import { bench } from './commands/bench'
import { createTerminal } from './environment'

const signal = new AbortController().signal

async function plumeBench(...argv: string[]) {
  const { terminal } = createTerminal(true, true, signal)
  return (await bench.run(parseFlags(argv, bench.flags, 'bench'), terminal)) as {
    backend: string
    limits: { bytesPerSecond: number; flopsPerSecond: number }
    results: { name: string; title: string; ms: number; flops: number; share: number; limit: string }[]
  }
}

describe('the limits of this machine', () => {
  it('are those of a machine', async () => {
    const { bytesPerSecond, flopsPerSecond } = await measureLimits()
    expect(bytesPerSecond).toBeGreaterThan(2e8)
    expect(bytesPerSecond).toBeLessThan(2e12)
    expect(flopsPerSecond).toBeGreaterThan(5e8)
    expect(flopsPerSecond).toBeLessThan(1e12)
  })

  it('come from arithmetic that is really done', async () => {
    const instance = await WebAssembly.instantiate(await WebAssembly.compile(peakModule(false)))
    const run = instance.exports['run'] as (steps: number) => number
    // each of twelve sums is s ← s/2 + 3/4 from 0: after n steps 1.5 · (1 - 2⁻ⁿ)
    expect(run(1)).toBe(12 * 0.75)
    expect(run(3)).toBe(12 * 1.5 * (1 - 1 / 8))
    if (!hasRelaxedSimd()) expect(WebAssembly.validate(peakModule(true))).toBe(false)
  })
})

describe('plume bench', () => {
  it('has benchmarks of every kind that compute what they say', () => {
    expect(Object.keys(BENCHMARKS)).toEqual(['gemm', 'conv', 'elementwise', 'reduction', 'quantize'])
    const [first] = BENCHMARKS['gemm']!()
    expect(first).toMatchObject({ title: 'gemm 512×512 · 512×512' })
    expect([...first!.feeds.values()][0]?.shape).toEqual([512, 512])
  })

  it('times kernels without what surrounds them', { timeout: 60_000 }, async () => {
    const limits = { bytesPerSecond: 1e10, flopsPerSecond: 1e10 }
    const gemm = BENCHMARKS['gemm']!().find(({ title }) => title.startsWith('gemm 1×'))!
    const found = await measureKernels(gemm, planMachine, limits, signal)
    expect(found).toMatchObject({ name: 'gemm', flops: 2 * 1024 * 1024, limit: 'memory' })
    expect(found.bytes).toBe(4 * (1024 + 1024 * 1024 + 1024))
    expect(found.limitMs).toBeCloseTo((found.bytes / 1e10) * 1000, 9)
    expect(found.share).toBeCloseTo(found.limitMs / found.ms, 9)
    expect(found.flopsPerSecond).toBeCloseTo((1000 * found.flops) / found.ms, 0)
    expect(found.ms).toBeGreaterThan(0.05)
  })

  it('times a model given as a file, on made-up inputs', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'plume-bench-'))
    const path = join(folder, 'm.onnx')
    const nodes = [node('Abs', 'x', 't'), node('Softmax', 't', 'y')]
    const model = buildModel({ inputs: { x: ['float32', ['n', 40]] }, outputs: { y: ['float32'] }, nodes })
    await writeFile(path, await modelBytes(model))
    const { backend, results } = await plumeBench(path, '--backend', 'reference')
    expect(backend).toBe('reference')
    expect(results).toMatchObject([{ name: path }])
    expect(results[0]!.ms).toBeGreaterThan(0)
  })

  it('refuses names of nothing', async () => {
    await expect(plumeBench('abacus')).rejects.toThrow(FlagError)
    await expect(plumeBench('abacus')).rejects.toThrow(
      'There is no benchmark or file "abacus". There are: gemm, conv, elementwise, reduction, quantize.',
    )
    await expect(plumeBench('gemm', '--backend', 'abacus')).rejects.toThrow(FlagError)
  })

  it('takes the middle of an even number of times', () => {
    expect([median([4, 1, 3]), median([4, 1, 3, 2])]).toEqual([3, 2.5])
  })
})
