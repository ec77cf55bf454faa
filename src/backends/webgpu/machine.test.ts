import { afterEach, describe, expect, it } from 'vitest'
import { elementCount } from '../../core/dtypes'
import { hostArray, numbersOf, type HostArray } from '../../core/host-array'
import { indexFault, operand } from '../../testing/one-call'
import { testGpu } from '../../testing/webgpu-device'
import type { KernelCall, Operand } from '../kernel-calls'
import type { LoadedProgram, Place, Program, Step } from '../machine'
import type { DeviceFacts } from './dispatch'
import { createWebgpuMachine } from './machine'
import { Pipelines } from './pipelines'

const call = (one: KernelCall, cost = 1): Step => ({
  ...{ type: 'call', call: one, title: one.kernel, cost, indexError: indexFault },
})

const double = (input: Operand, output: Operand): KernelCall => ({
  ...{ kernel: 'map', inputs: [input], output },
  expression: { binary: 'add', left: { input: 0 }, right: { input: 0 } },
})

const devices: GPUDevice[] = []

async function gpu(limits: Partial<DeviceFacts['limits']> = {}) {
  const { device, facts } = await testGpu()
  devices.push(device)
  return { device, facts: { ...facts, limits: { ...facts.limits, ...limits } } }
}

afterEach(() => {
  for (const device of devices.splice(0)) device.destroy()
})

/** Operands one after the other. */
function programOf(
  steps: readonly Step[],
  inputs: readonly Operand[],
  outputs: readonly Operand[],
  all: readonly Operand[],
): Program {
  const places = new Map<Operand, Place>()
  let end = 0
  for (const one of all) {
    places.set(one, { in: 'arena', offset: end })
    end += Math.ceil((4 * elementCount(one.shape)) / 256) * 256
  }
  return { arenaBytes: end, places, inputs, outputs, steps }
}

const numbers = (count: number): HostArray =>
  hostArray(
    'float32',
    [count],
    Array.from({ length: count }, (_, i) => i - 3),
  )

describe('a program', () => {
  it('creates no buffer and holds no more memory after its first run', async () => {
    const { device, facts } = await gpu()
    const [x, y, z] = [operand([67]), operand([67]), operand([67])]
    const session = await createWebgpuMachine(device, facts).open()
    const program = await session.load(programOf([call(double(x, y)), call(double(y, z))], [x], [z], [x, y, z]))
    await program.run([numbers(67)])
    const before = session.memoryBytes
    let made = 0
    const create = device.createBuffer.bind(device)
    device.createBuffer = (descriptor) => {
      made++
      return create(descriptor)
    }
    for (let i = 0; i < 200; i++) {
      const [result] = await program.run([numbers(67)])
      expect(result?.values[66]).toBe(4 * 63)
    }
    expect(made).toBe(0)
    expect(session.memoryBytes).toBe(before)
  })

  it('still runs after a larger one has moved the arena', async () => {
    const { device, facts } = await gpu()
    const session = await createWebgpuMachine(device, facts).open()
    const small = await load(session, 5)
    expect(await last(small, 5)).toBe(2)
    const large = await load(session, 100_003)
    expect(await last(large, 100_003)).toBe(2 * 99_999)
    expect(await last(small, 5)).toBe(2)
  })

  it('runs steps of the host between its dispatches', async () => {
    const { device, facts } = await gpu()
    const [x, y, z, w] = [operand([5]), operand([5]), operand([5]), operand([5])]
    const host: Step = {
      ...{ type: 'host', title: 'host', cost: 1, inputs: [y, undefined], outputs: [z] },
      compute: async ([array]) => [{ ...array!, values: Float32Array.from(numbersOf(array!), (value) => value + 0.5) }],
    }
    const session = await createWebgpuMachine(device, facts).open()
    const steps = [call(double(x, y)), host, call(double(z, w))]
    const program = await session.load(programOf(steps, [x], [w, y], [x, y, z, w]))
    const [result, middle] = await program.run([numbers(5)])
    expect([...result!.values]).toEqual([-11, -7, -3, 1, 5])
    expect([...middle!.values]).toEqual([-6, -4, -2, 0, 2])
  })

  it('reads one operand twice, and writes where it reads', async () => {
    const { device, facts } = await gpu()
    const [x, y] = [operand([4, 4]), operand([4, 4])]
    const product: KernelCall = {
      ...{ kernel: 'gemm', a: x, b: x, output: y, m: 4, n: 4, k: 4, transposeA: false, transposeB: true, alpha: 1 },
      batches: [{ a: 0, b: 0 }],
    }
    const program = programOf([call(product), call(double(y, y))], [x], [y], [x, y])
    const session = await createWebgpuMachine(device, facts).open()
    const [result] = await (
      await session.load(program)
    ).run([hostArray('float32', [4, 4], numbers(16).values as Float32Array)])
    // row 0 is −3 … 0, row 1 is 1 … 4
    expect([...result!.values].slice(0, 2)).toEqual([28, 2 * (-3 - 4 - 3 + 0)])
  })

  it('names the index that lies outside, and runs again', async () => {
    const { device, facts } = await gpu()
    const [x, i, y] = [operand([3]), operand([2], 'int64'), operand([2])]
    const gather: KernelCall = {
      kernel: 'gather',
      input: x,
      indices: i,
      output: y,
      outer: 1,
      size: 3,
      count: 2,
      inner: 1,
    }
    const session = await createWebgpuMachine(device, facts).open()
    const program = await session.load(programOf([call(gather)], [x, i], [y], [x, i, y]))
    await expect(program.run([numbers(3), hostArray('int64', [2], [1n, 3n])])).rejects.toThrow('index 3 outside of 3')
    const [result] = await program.run([numbers(3), hostArray('int64', [2], [-1n, 0n])])
    expect([...result!.values]).toEqual([-1, -3])
  })

  it('leaves at once when it is aborted, and runs again', async () => {
    const { device, facts } = await gpu()
    const [x, y] = [operand([40_001]), operand([40_001])]
    const steps = Array.from({ length: 400 }, () => call(double(x, y), 2 ** 27))
    const session = await createWebgpuMachine(device, facts).open()
    const program = await session.load(programOf(steps, [x], [y], [x, y]))
    const controller = new AbortController()
    const costs: number[] = []
    const run = program.run([numbers(40_001)], {
      signal: controller.signal,
      onCost: (done) => {
        costs.push(done)
        if (costs.length === 2) controller.abort()
      },
    })
    await expect(run).rejects.toThrow('Cancelled')
    expect(costs.length).toBeLessThan(10)
    expect((await program.run([numbers(40_001)]))[0]?.values[0]).toBe(-6)
  })

  it('measures its steps when it is asked to', async () => {
    const { device, facts } = await gpu()
    const [x, y] = [operand([100_003]), operand([100_003])]
    const session = await createWebgpuMachine(device, facts).open()
    const program = await session.load(programOf([call(double(x, y)), call(double(y, x))], [x], [x], [x, y]))
    await program.run([numbers(100_003)], { measure: true })
    expect(program.times).toHaveLength(2)
    expect(Math.min(...program.times!)).toBeGreaterThan(0)
    await program.run([numbers(100_003)])
    expect(program.times).toBeUndefined()
  })
})

describe('a device that fails', () => {
  it('ends a run with a sentence when it is lost', async () => {
    const { device, facts } = await gpu()
    const machine = createWebgpuMachine(device, facts)
    const session = await machine.open()
    const program = await load(session, 9)
    const run = program.run([numbers(9)])
    device.destroy()
    await expect(run).rejects.toThrow(/^The GPU was lost.*Start again, or use another backend: wasm\.$/)
    await expect(program.run([numbers(9)])).rejects.toThrow('The GPU was lost')
    await expect(machine.open()).rejects.toThrow('The GPU was lost')
  })

  it('says how much memory it has not', async () => {
    const { device, facts } = await gpu()
    Object.defineProperty(device, 'limits', { value: { maxBufferSize: 4096 } })
    const session = await createWebgpuMachine(device, facts).open()
    await expect(load(session, 5000)).rejects.toThrow(
      /^The model needs 65536 bytes of GPU memory in one piece for what runs compute, and this GPU gives at most 4096/,
    )
    expect(await last(await load(session, 40), 40)).toBe(72)
  })

  it('repeats what the compiler says of a shader', async () => {
    const { device } = await gpu()
    const code = '@compute @workgroup_size(1)\nfn main() { let x: u32 = 1.5; }'
    await expect(new Pipelines(device).get('broken', { code, hasFault: false, perInvocation: 1 }, 1)).rejects.toThrow(
      /^The GPU refused the shader broken \(line 2: .*\)\. Use another backend: wasm or reference\.$/,
    )
  })

  it('takes no operand that is larger than a binding', async () => {
    const { device, facts } = await gpu({ maxStorageBufferBindingSize: 1024 })
    const machine = createWebgpuMachine(device, facts)
    const [small, large] = [operand([256]), operand([257])]
    expect(machine.supports({ kernel: 'fill', output: small, value: 1 })).toBe(true)
    expect(machine.supports({ kernel: 'fill', output: large, value: 1 })).toBe(false)
  })

  it('takes no 64-bit integer that 32 bits cannot hold', async () => {
    const { device, facts } = await gpu()
    const [x, y] = [operand([3], 'int64'), operand([3], 'float32')]
    const session = await createWebgpuMachine(device, facts).open()
    const program = await session.load(programOf([call({ kernel: 'cast', input: x, output: y })], [x], [y], [x, y]))
    await expect(program.run([hostArray('int64', [3], [1n, 2n ** 40n, 3n])])).rejects.toThrow('does not fit')
  })
})

const load = (session: { load(program: Program): Promise<LoadedProgram> }, count: number) => {
  const [x, y] = [operand([count]), operand([count])]
  return session.load(programOf([call(double(x, y))], [x], [y], [x, y]))
}

const last = async (program: LoadedProgram, count: number) =>
  (await program.run([numbers(count)]))[0]?.values[count - 1]
