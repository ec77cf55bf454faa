import { expect, it } from 'vitest'
import { Helm } from './helm'

it('a training goes on until someone decides otherwise', async () => {
  const helm = new Helm()
  expect([await helm.checkIn(), await helm.checkIn()]).toEqual(['continue', 'continue'])
})

it('a pause is written down once and lasts until it is resumed', async () => {
  let pauses = 0
  const helm = new Helm(async () => void pauses++)
  helm.steer('pause')
  let answer: string | undefined
  const asked = helm.checkIn().then((said) => (answer = said))
  await new Promise((done) => setTimeout(done, 20))
  expect([answer, pauses]).toEqual([undefined, 1])
  // pressed twice
  helm.steer('pause')
  await new Promise((done) => setTimeout(done, 5))
  expect(answer).toBeUndefined()
  helm.steer('resume')
  await asked
  expect([answer, pauses]).toEqual(['continue', 1])
})

it('finishing ends a pause, too', async () => {
  const helm = new Helm()
  helm.steer('pause')
  const asked = helm.checkIn()
  helm.steer('finish')
  expect(await asked).toBe('finish')
})

it('messages arrive while it computes: the event loop has its turn, though not at every step', async () => {
  let now = 0
  const helm = new Helm(undefined, () => now)
  let heard = 0
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => {
    heard++
    helm.steer('finish')
  }
  await helm.checkIn()
  port2.postMessage(null)
  expect(await helm.checkIn()).toBe('continue')
  expect(heard).toBe(0)
  now = 41
  let answer = await helm.checkIn()
  for (let i = 0; i < 20 && answer === 'continue'; i++) {
    now += 41
    answer = await helm.checkIn()
  }
  expect([answer, heard]).toEqual(['finish', 1])
  port1.close()
})
