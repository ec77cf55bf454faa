import { expect, it } from 'vitest'
import { CrowdSpeaker, type Crowd } from './crowd-speaker'

function listen() {
  const said: string[] = []
  const speaker = new CrowdSpeaker({
    ready: (count) => said.push(`ready ${count}`),
    progress: (tenth, done, count) => said.push(`${tenth} ${done}/${count}`),
  })
  const base: Crowd = { isMany: true, looking: 0, isBusy: false, overall: 0, done: 0, count: 20 }
  return { said, update: (change: Partial<Crowd>) => speaker.update({ ...base, ...change }) }
}

it('says once that all were looked into', () => {
  const { said, update } = listen()
  update({ looking: 20 })
  for (let looking = 19; looking >= 0; looking--) update({ looking })
  update({})
  expect(said).toEqual(['ready 20'])
})

it('says at most every tenth, however many steps there are', () => {
  const { said, update } = listen()
  for (let step = 0; step < 1000; step++) update({ isBusy: true, overall: step / 1000, done: Math.floor(step / 50) })
  update({})
  expect(said).toHaveLength(9)
  expect(said[0]).toBe('1 2/20')
})

it('does not repeat itself when files are added, and begins anew with the next work', () => {
  const { said, update } = listen()
  update({ isBusy: true, overall: 0.55 })
  update({ isBusy: true, overall: 0.3 })
  update({ isBusy: true, overall: 0.56 })
  update({ isBusy: false })
  update({ isBusy: true, overall: 0.11 })
  expect(said).toEqual(['5 0/20', '1 0/20'])
})

it('leaves few files to their own words', () => {
  const { said, update } = listen()
  update({ isMany: false, looking: 1 })
  update({ isMany: false })
  update({ isMany: false, isBusy: true, overall: 0.5 })
  expect(said).toEqual([])
})
