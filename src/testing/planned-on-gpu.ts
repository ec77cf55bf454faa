/** Cases on a GPU, in Node and in browsers. Not part of the product. */
import type { Machine } from '../backends/machine'
import { DeviceError } from '../core/errors'
import type { HostArray } from '../core/host-array'
import { Interpreter } from '../engine/interpret'
import { normalize } from '../engine/normalize'
import type { Model } from '../graph/model'
import { planned, type TestMachine } from './planned'

/**
 * As `planned`, but for 64-bit integers that the device refuses since 32 bits cannot hold them: those are computed by the
 * references, as the product computes them elsewhere, once it is certain that there are such.
 */
export function plannedOnGpu(machine: Machine): TestMachine {
  const { run } = planned(machine)
  return {
    name: 'webgpu',
    run: (model, feeds) =>
      run(model, feeds).catch(async (error: unknown) => {
        if (!(error instanceof DeviceError) || !/\b32 bits\b/.test(error.message)) throw error
        const results = await new Interpreter(await normalize(model)).run(feeds)
        if (![...feeds.values(), ...(await constantsOf(model)), ...results.values()].some(isWide)) throw error
        return results
      }),
  }
}

const constantsOf = async (model: Model): Promise<readonly HostArray[]> => {
  const { loaded, model: copy } = await normalize(model)
  return [...copy.graph.initializers.values()].map(loaded)
}

const isWide = ({ values }: HostArray): boolean =>
  (values instanceof BigInt64Array && values.some((value) => BigInt.asIntN(32, value) !== value)) ||
  (values instanceof BigUint64Array && values.some((value) => BigInt.asUintN(32, value) !== value))
