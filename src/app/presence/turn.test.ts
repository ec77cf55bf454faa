import { expect, it } from 'vitest'
import { Turn } from './turn'

const job = (phase: string) => ({ phase, isBusy: phase === 'running' || phase === 'queued' })
type Fake = ReturnType<typeof job>
const become = (one: Fake, phase: string) => Object.assign(one, job(phase))

it('tells once what came of all that ran since the page was idle', () => {
  const turn = new Turn<Fake>()
  const old = job('done')
  const [a, b, c] = [job('running'), job('queued'), job('queued')]
  const jobs = [old, a, b, c]
  expect(turn.update(jobs)).toBeNull()
  become(a, 'done')
  become(b, 'running')
  expect(turn.update(jobs)).toBeNull()
  become(b, 'failed')
  become(c, 'ready') // cancelled
  expect(turn.update(jobs)).toEqual({ done: 1, failed: 1 })
  expect(turn.update(jobs)).toBeNull()
})

it('says nothing when all was cancelled', () => {
  const turn = new Turn<Fake>()
  const a = job('running')
  turn.update([a])
  become(a, 'ready')
  expect(turn.update([a])).toBeNull()
})
