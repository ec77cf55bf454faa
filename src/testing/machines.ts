import type { Machine } from '../backends/machine'
import type { HostArray } from '../core/host-array'
import { Interpreter } from '../engine/interpret'
import { normalize } from '../engine/normalize'
import { openEngine } from '../engine/session'
import type { Model } from '../graph/model'
import { planMachine } from './plan-machine'
import { wasmLevels } from './wasm-machines'

/** What runs a model in tests: every backend behind one function. */
export interface TestMachine {
  readonly name: string
  run(model: Model, feeds: ReadonlyMap<string, HostArray>): Promise<Map<string, HostArray>>
}

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
  ]
}

/** Each model planned, lowered and run twice: a replay must give the same. */
export function planned(machine: Machine): TestMachine {
  return {
    name: machine.name,
    async run(model, feeds) {
      const session = await openEngine(model, { machine })
      try {
        await session.run(feeds)
        return await session.run(feeds)
      } finally {
        session.dispose()
      }
    },
  }
}
