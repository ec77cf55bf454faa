import { expect, it } from 'vitest'
import { takeTurn } from './worker'

it('gives turns one after the other, and ending one twice ends no other', async () => {
  const order: string[] = []
  const first = await takeTurn()
  const second = takeTurn().then((end) => {
    order.push('second')
    return end
  })
  const third = takeTurn().then(() => order.push('third'))
  await new Promise((done) => setTimeout(done, 5))
  expect(order).toEqual([])
  first()
  const endSecond = await second
  first()
  await new Promise((done) => setTimeout(done, 5))
  expect(order).toEqual(['second'])
  endSecond()
  await third
  expect(order).toEqual(['second', 'third'])
})
