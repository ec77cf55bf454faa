import type { HostArray } from '../core/host-array'
import { Interpreter } from '../engine/interpret'
import { normalize } from '../engine/normalize'
import type { Model } from '../graph/model'

/** What runs a model in tests: every backend behind one function. */
export interface TestMachine {
  readonly name: string
  run(model: Model, feeds: ReadonlyMap<string, HostArray>): Promise<Map<string, HostArray>>
}

/** All of them; one that is missing fails where it is used. */
export function testMachines(): readonly TestMachine[] {
  return [{ name: 'reference', run: async (model, feeds) => new Interpreter(await normalize(model)).run(feeds) }]
}
