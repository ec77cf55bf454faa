import { readFile } from 'node:fs/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import relaxedUrl from '../../../build/wasm/engine-relaxed.wasm?url'
import plainUrl from '../../../build/wasm/engine.wasm?url'
import { elementCount } from '../../core/dtypes'
import { Random } from '../../core/random'
import { runCall } from '../../testing/one-call'
import { planMachine } from '../../testing/plan-machine'
import {
  convCall,
  convWeightCall,
  filled,
  maxPoolGradientCall,
  poolCall,
  recurrentCall,
} from '../../testing/random-windows'
import type { KernelCall } from '../kernel-calls'
import type { Machine } from '../machine'
import { hasRelaxedSimd } from './engine-module'
import { createWasmMachine } from './machine'

const SEED = Number(process.env['FUZZ_SEED'] ?? 11)
const CASES = 60

/** Sums over a whole batch lose more than those over a window. */
const toleranceOf = (call: KernelCall): number =>
  call.kernel === 'convWeightGradient' ? Math.max(2e-5, 5e-7 * elementCount(call.gradient.shape.toSpliced(1, 1))) : 2e-5

const KINDS = {
  convolutions: (random: Random) => convCall(random, false),
  'transposed convolutions': (random: Random) => convCall(random, true),
  'gradients of weights': convWeightCall,
  poolings: poolCall,
  'gradients of poolings': maxPoolGradientCall,
  'recurrent layers': recurrentCall,
}

for (const [level, url] of [['SIMD', plainUrl], ...(hasRelaxedSimd() ? [['relaxed SIMD', relaxedUrl]] : [])] as const) {
  describe(`with ${level}, seed ${SEED}`, () => {
    let machine: Machine
    beforeAll(async () => {
      machine = await createWasmMachine(new Uint8Array(await readFile(new URL(url as string))))
    })

    it.each(Object.entries(KINDS))('%s give what their naive forms give', async (_, make) => {
      const random = new Random(SEED)
      for (let i = 0; i < CASES; i++) {
        const call = make(random)
        const inputs = filled(call)
        expect(machine.supports(call)).toBe(true)
        const found = await runCall(machine, call, inputs)
        const expected = await runCall(planMachine, call, inputs)
        found.forEach((array, output) => {
          const wanted = expected[output]!.values as Float32Array
          const worst = (array.values as Float32Array).reduce((most, value, at) => {
            const expectedHere = wanted[at] as number
            const isSame = Object.is(value, expectedHere)
            return Math.max(most, isSame ? 0 : Math.abs(value - expectedHere) / (1 + Math.abs(expectedHere)))
          }, 0)
          expect(worst, `case ${i}: ${JSON.stringify(call)}`).toBeLessThan(toleranceOf(call))
        })
      }
    })
  })
}
