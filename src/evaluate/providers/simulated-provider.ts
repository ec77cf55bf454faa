import type { Machine } from '../../backends/machine'
import type { PairSums } from '../../backends/pair-sums'
import { formatBytes } from '../../core/format-text'
import {
  coverageOfSaturating,
  openSaturating,
  simulateSaturation,
  type SaturatingModel,
} from '../../engine/saturating/open'
import { asRuntimeSession } from '../engine-session'
import type { ProviderResult } from '../quality'
import { MAX_BYTES, modelOf, whyNot } from './engine-provider'
import { SIMULATED } from './names'
import type { OtherProvider, ProviderNotes } from './provider'

/** x86 processors without VNNI, whose products of 8-bit integers overflow. Says nothing about models without such products. */
export function simulatedProvider(
  parts: { openMachine(): Promise<Machine>; openPairSums(): Promise<PairSums> },
  maxBytes = MAX_BYTES,
): OtherProvider {
  return {
    notes: SIMULATED_NOTES,
    isTimed: false,
    async open(bytes, signal) {
      if (bytes.byteLength > maxBytes) return { refused: `the result is larger than ${formatBytes(maxBytes)}` }
      const model = await modelOf(bytes, signal)
      const simulated = await simulateSaturation(model, await parts.openPairSums())
      if (simulated.operators.size === 0) return null
      const refused = whyNot(simulated.model, await coverageOfSaturating(simulated, signal))
      if (refused) return { refused }
      const engine = await openSaturating(simulated, { machine: await parts.openMachine(), signal })
      return {
        name: SIMULATED,
        session: asRuntimeSession(engine, simulated.model, signal),
        saturation: () => saturationOf(simulated),
      }
    },
  }
}

function saturationOf(simulated: SaturatingModel): NonNullable<ProviderResult['saturation']> {
  const layers = simulated.counts()
  const sum = (of: 'pairs' | 'saturated') => layers.reduce((total, layer) => total + layer[of], 0)
  return { pairs: sum('pairs'), saturated: sum('saturated'), layers }
}

const SIMULATED_NOTES: ProviderNotes = {
  notRun: (why) => `The result was not run as x86 processors without VNNI would run it: ${why}.`,
  cut: (samples, seconds) =>
    `The simulation of x86 processors without VNNI ran the first ${samples} samples only: more would have taken longer than ${seconds} s.`,
}
