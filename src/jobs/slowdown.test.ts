import { describe, expect, it } from 'vitest'
import type { Alternative, Speed } from './report'
import { slowdown } from './slowdown'

const speed = (beforeMs: number, afterMs: number, spreadMs = 0.1): Speed => ({
  provider: 'wasm',
  beforeMs,
  afterMs,
  beforeSpreadMs: [beforeMs - spreadMs, beforeMs + spreadMs],
  afterSpreadMs: [afterMs - spreadMs, afterMs + spreadMs],
  runs: 9,
})
const alternative = (method: string, sizeBytes: number, afterMs?: number, isChosen = false): Alternative => ({
  method,
  recipe: { version: 1, seed: 0, steps: [] },
  sizeBytes,
  sqnrDb: 60,
  isChosen,
  why: '',
  ...(afterMs !== undefined && { afterMs }),
})

describe('slowdown', () => {
  it('is silent up to ten percent, and within the noise', () => {
    expect(slowdown([speed(10, 10.9)])).toBeNull()
    expect(slowdown([speed(10, 13, 2)])).toBeNull()
    expect(slowdown([])).toBeNull()
  })

  it('names the smallest way that is not slower', () => {
    const others = [
      alternative('tidy', 900, 10),
      alternative('float16', 500, 10.5),
      alternative('x', 300, 14),
      alternative('weights-int8', 250, 13, true),
    ]
    expect(slowdown([speed(10, 13)], others)).toMatchObject({ beforeMs: 10, alternative: { method: 'float16' } })
    expect(slowdown([speed(10, 13)], others)?.change).toBeCloseTo(0.3)
  })

  it('names none where none is faster, and tells of the worst provider', () => {
    expect(slowdown([speed(10, 13)], [alternative('x', 5, 12)])?.alternative).toBeNull()
    expect(slowdown([speed(10, 13), { ...speed(5, 9), provider: 'webgpu' }])?.provider).toBe('webgpu')
  })
})
