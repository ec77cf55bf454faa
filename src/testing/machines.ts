import type { Machine } from '../backends/machine'
import type { HostArray } from '../core/host-array'
import { Interpreter } from '../engine/interpret'
import { normalize } from '../engine/normalize'
import type { Model } from '../graph/model'
import { planMachine } from './plan-machine'
import { planned, type TestMachine } from './planned'
import { plannedOnGpu } from './planned-on-gpu'
import { wasmLevels } from './wasm-machines'
import { webgpuMachine } from './webgpu-machine'

/** All of them; one that is missing fails where it is used. */
export function testMachines(): readonly TestMachine[] {
  return [
    { name: 'reference', run: async (model, feeds) => new Interpreter(await normalize(model)).run(feeds) },
    planned(planMachine),
    ...wasmLevels.map(({ name, make }) => {
      let machine: Promise<Machine> | undefined
      return {
        name: `wasm (${name})`,
        run: async (model: Model, feeds: ReadonlyMap<string, HostArray>) =>
          planned(await (machine ??= make())).run(model, feeds),
      }
    }),
    { name: 'webgpu', run: async (model, feeds) => plannedOnGpu(await webgpuMachine()).run(model, feeds) },
  ]
}
