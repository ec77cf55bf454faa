import type { Machine } from '../backends/machine'
import type { HostArray } from '../core/host-array'
import { openEngine } from '../engine/session'
import type { Model } from '../graph/model'

/** What runs a model in tests: every backend behind one function. */
export interface TestMachine {
  readonly name: string
  run(model: Model, feeds: ReadonlyMap<string, HostArray>): Promise<Map<string, HostArray>>
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

/** The same without the replay, where there are many. */
export const plannedOnce = (machine: Machine): TestMachine => ({
  name: machine.name,
  async run(model, feeds) {
    const session = await openEngine(model, { machine })
    try {
      return await session.run(feeds)
    } finally {
      session.dispose()
    }
  },
})
