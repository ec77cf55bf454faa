import { describe, expect, it } from 'vitest'
import type { Runtime, Session } from '../runtime/runtime'
import type { Reference } from './reference'
import { measureSpeed, spread } from './speed'

/** A runtime whose models take the milliseconds that their first byte says, and ten more the first time. */
function fakeRuntime() {
  const order: number[] = []
  const runtime: Runtime = {
    provider: 'wasm',
    version: '',
    async open(model) {
      let isFirst = true
      const session: Session = {
        inputs: [],
        outputs: [],
        async run() {
          order.push(model[0] as number)
          const ms = (model[0] as number) * (model[1] as number) + (isFirst ? 10 : 0)
          isFirst = false
          return { outputs: new Map(), ms }
        },
        release: async () => undefined,
      }
      return session
    },
  }
  return { runtime, order }
}

function reference(runtime: Runtime, bytes: number[]): Reference {
  return {
    runtime,
    original: { bytes: Uint8Array.from(bytes) },
    data: {
      kind: 'user',
      count: 1,
      state: [],
      notes: [],
      batches: async function* () {},
      single: async () => new Map(),
    },
    inputs: [],
    outputs: [],
    stored: [],
    release: async () => undefined,
  }
}

describe('measureSpeed', () => {
  it('takes turns after a warm-up that does not count', async () => {
    const { runtime, order } = fakeRuntime()
    const speed = await measureSpeed(reference(runtime, [3, 1]), { bytes: Uint8Array.of(2, 1) })
    expect(speed).toMatchObject({
      provider: 'wasm',
      beforeMs: 3,
      afterMs: 2,
      beforeSpreadMs: [3, 3],
      afterSpreadMs: [2, 2],
    })
    expect(order.slice(0, 8)).toEqual([3, 2, 3, 2, 2, 3, 3, 2])
    expect(speed.runs).toBeLessThanOrEqual(101)
  })

  it('runs a slow model twice', async () => {
    const { runtime, order } = fakeRuntime()
    const speed = await measureSpeed(reference(runtime, [200, 10]), { bytes: Uint8Array.of(100, 10) })
    expect(speed).toMatchObject({ runs: 2, beforeMs: 2005, afterMs: 1005 })
    expect(order).toEqual([200, 100, 100, 200])
  })

  it('times large models one after the other', async () => {
    const { runtime, order } = fakeRuntime()
    const speed = await measureSpeed(reference(runtime, [200, 10]), { bytes: Uint8Array.of(3, 1) }, undefined, 3)
    expect(speed).toMatchObject({ beforeMs: 2005, afterMs: 3 })
    expect(order.slice(0, 4)).toEqual([200, 200, 3, 3])
  })

  it('puts the same numbers on both sides of one model', async () => {
    const { runtime } = fakeRuntime()
    expect(await measureSpeed(reference(runtime, [3, 1]), null)).toMatchObject({ beforeMs: 3, afterMs: 3 })
  })
})

describe('spread', () => {
  it('interpolates as NumPy does', () => {
    expect(spread([4, 1, 2, 9])).toEqual({ median: 3, quartiles: [1.75, 5.25] })
    expect(spread([5])).toEqual({ median: 5, quartiles: [5, 5] })
  })
})
