/** Calibration of small models in tests: minimum and maximum over some feeds, whatever choice is asked for. Not part of the product. */
import type { Machine } from '../backends/machine'
import { fromTensor, type HostArray } from '../core/host-array'
import type { Tensor } from '../core/tensor'
import type { CalibrationSource } from '../engine/observers/calibration-source'
import { openEngine } from '../engine/session'
import { wasmLevels } from './wasm-machines'

let machine: Promise<Machine> | undefined

export function observedRanges(samples: readonly ReadonlyMap<string, Tensor>[]): CalibrationSource {
  return {
    ...{ samples: samples.length, machine: 'test', isStored: false },
    async ranges(model, wishes) {
      const session = await openEngine(model, { machine: await (machine ??= wasmLevels[0]!.make()) })
      const observers = new Map(wishes.map(({ value }) => [value, { type: 'range' } as const]))
      const found = new Map<string, { min: number; max: number }>()
      for (const sample of samples) {
        const feeds = new Map<string, HostArray>([...sample].map(([name, tensor]) => [name, fromTensor(tensor)]))
        for (const [name, { range }] of await session.observe(feeds, observers)) {
          const known = found.get(name) ?? { min: Infinity, max: -Infinity }
          found.set(name, { min: Math.min(known.min, range!.min), max: Math.max(known.max, range!.max) })
        }
      }
      session.dispose()
      return found
    },
  }
}
