/** What the benchmark of the GPU needs of the product: programs of single kernels, and every pipeline that the tests make. */
import type { KernelCall, Operand } from '../../src/backends/kernel-calls'
import type { LoadedProgram, MachineSession, Place } from '../../src/backends/machine'
import type { Gpu } from '../../src/backends/webgpu/device'
import { requestGpu } from '../../src/backends/webgpu/device'
import { createWebgpuMachine } from '../../src/backends/webgpu/machine'
import { createDawn } from '../../src/cli/dawn'
import { findSoftwareIcd, useSoftwareIcd } from '../../src/cli/software-gpu'
import type { HostArray } from '../../src/core/host-array'
import { allCases } from '../../src/testing/all-cases'
import { feedsOfCase, modelOfCase } from '../../src/testing/operator-cases'
import { planned } from '../../src/testing/planned'

export { gemmCandidates } from '../../src/backends/webgpu/tiles'
export { USAGE } from '../../src/backends/webgpu/usage'
export { tune } from '../../src/backends/webgpu/tune'

/** A GPU of Dawn's with bounds checked as in a browser; without `onDevice` the software adapter beside Chromium. */
export async function openGpu(onDevice: boolean): Promise<{ gpu: Gpu; source: GPU }> {
  const icd = onDevice ? undefined : findSoftwareIcd()
  if (icd) useSoftwareIcd(icd)
  const source = await createDawn(['allow_unsafe_apis'])
  if (!source) throw new Error('The npm package webgpu is not installed: run `npm install --include=optional`.')
  const answer = await requestGpu(source, { allowSoftware: !onDevice })
  if ('missing' in answer) throw new Error(`There is no GPU: ${answer.missing.text}.`)
  return { gpu: answer.gpu, source }
}

let lastId = 0
export const operand = (shape: readonly number[], dtype: Operand['dtype'] = 'float32'): Operand => ({
  id: ++lastId,
  dtype,
  shape,
})

export const floats = (shape: readonly number[], values: Float32Array<ArrayBuffer>): HostArray =>
  ({ dtype: 'float32', shape, values }) as HostArray

const PLACE = 256

/** Calls one after the other, ready to run; `constants` are on the device already, everything else is in the arena. */
export async function programOf(
  gpu: Gpu,
  calls: readonly KernelCall[],
  operands: readonly Operand[],
  { constants, outputs, tiles = {} }: ProgramFacts,
): Promise<{ program: LoadedProgram; session: MachineSession }> {
  const session = await createWebgpuMachine(gpu.device, {
    ...gpu.facts,
    tiles: { ...gpu.facts.tiles, ...tiles },
  }).open()
  const places = new Map<Operand, Place>()
  let end = 0
  for (const one of operands) {
    const array = constants.get(one)
    places.set(one, array ? { in: 'constant', constant: { array } } : { in: 'arena', offset: end })
    if (!array) end += Math.ceil((4 * one.shape.reduce((product, size) => product * size, 1)) / PLACE) * PLACE
  }
  const program = await session.load({
    ...{ arenaBytes: end, places, inputs: [], outputs },
    steps: calls.map((call) => ({
      ...{ type: 'call' as const, call, title: call.kernel, cost: 1 },
      indexError: () => new Error('no index'),
    })),
  })
  return { program, session }
}

interface ProgramFacts {
  readonly constants: ReadonlyMap<Operand, HostArray>
  readonly outputs: readonly Operand[]
  readonly tiles?: Readonly<Record<string, string>>
}

/** Runs every operator case on a device; what it compiles is what the test suite needs. */
export async function runAllCases({ device, facts }: Gpu): Promise<void> {
  const { run } = planned(createWebgpuMachine(device, facts))
  for (const { one } of allCases()) {
    // cases of errors fail, as they must
    await run(modelOfCase(one), feedsOfCase(one)).catch(() => undefined)
  }
}
