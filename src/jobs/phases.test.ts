import { describe, expect, it } from 'vitest'
import type { Progress } from '../core/progress'
import { neverFalling, phasesOf } from './phases'

const step = (done: number, total = 10): Progress => ({ stage: 'work', done, total, unit: 'items' })

function recorder() {
  const seen: (number | undefined)[] = []
  return { seen, onProgress: ({ overall }: Progress) => void seen.push(overall) }
}

describe('phases of a job', () => {
  it('lie one after the other, each as long as its weight', () => {
    const { seen, onProgress } = recorder()
    const phases = phasesOf(onProgress, { read: 1, work: 3 })
    phases.read(step(0))
    phases.read(step(5))
    phases.work(step(0))
    phases.work(step(10))
    expect(seen).toEqual([0, 0.125, 0.25, 1])
  })

  it('can have phases of their own', () => {
    const { seen, onProgress } = recorder()
    const { second } = phasesOf(onProgress, { first: 1, second: 1 })
    const inner = phasesOf(second, { a: 1, b: 1 })
    inner.a(step(10))
    inner.b(step(5))
    expect(seen).toEqual([0.75, 0.875])
  })

  it('stand at their start while no end is known, and never leave their stretch', () => {
    const { seen, onProgress } = recorder()
    const { time } = phasesOf(onProgress, { work: 1, time: 1 })
    time(step(7, 0))
    time(step(30, 10))
    expect(seen).toEqual([0.5, 1])
  })

  it('never fall as a whole: passes repeat, phases are skipped, strangers report without a whole', () => {
    const { seen, onProgress } = recorder()
    const whole = neverFalling(onProgress)
    const phases = phasesOf(whole, { read: 1, work: 1, write: 2 })
    phases.read(step(10))
    phases.read(step(2))
    whole(step(1))
    phases.write(step(5))
    phases.work(step(9))
    phases.write(step(10))
    expect(seen).toEqual([0.25, 0.25, 0.25, 0.75, 0.75, 1])
  })
})
