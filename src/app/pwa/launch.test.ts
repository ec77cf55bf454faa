import { expect, it, vi } from 'vitest'
import { followLaunches, openLaunched, type Incoming, type LaunchParams } from './launch'

const handle = (name: string, text: string) => ({ getFile: async () => new File([text], name) })
const gone = { getFile: () => Promise.reject(new DOMException('gone', 'NotFoundError')) }

/** A launch queue as the browser's: it keeps what came before the consumer. */
function launchQueue() {
  let consumer: ((launch: LaunchParams) => void) | undefined
  const waiting: LaunchParams[] = []
  return {
    launch(params: LaunchParams) {
      if (consumer) consumer(params)
      else waiting.push(params)
    },
    setConsumer(given: (launch: LaunchParams) => void) {
      consumer = given
      waiting.splice(0).forEach(given)
    },
  }
}

it('takes files that the system opens, before and after the page listens', async () => {
  const queue = launchQueue()
  const taken: Incoming[] = []
  queue.launch({ files: [handle('a.onnx', 'a')] })
  followLaunches(queue, (incoming) => taken.push(incoming), vi.fn())
  queue.launch({ files: [handle('b.onnx', 'b'), handle('c.npz', 'c')] })
  await vi.waitFor(() => expect(taken).toHaveLength(2))
  expect(taken.flatMap(({ files }) => files.map(({ path }) => path))).toEqual(['a.onnx', 'b.onnx', 'c.npz'])
})

it('reads a recipe as if it had been pasted', async () => {
  const { files, text } = await openLaunched({ files: [handle('m.onnx', 'm'), handle('Recipe.JSON', '{"version":1}')] })
  expect(text).toBe('{"version":1}')
  expect(files.map(({ path }) => path)).toEqual(['m.onnx'])
})

it('leaves a huge .json to the readers, and files that are gone alone', async () => {
  const { files, text } = await openLaunched({ files: [handle('big.json', ' '.repeat(1_000_001)), gone] })
  expect([files.map(({ path }) => path), text]).toEqual([['big.json'], ''])
})

it('follows the address of a launch without files, and starts nothing', () => {
  const queue = launchQueue()
  const onIncoming = vi.fn()
  const addresses: string[] = []
  followLaunches(queue, onIncoming, (url) => addresses.push(url.hash))
  queue.launch({ targetURL: 'https://host/plume/#r1.abc', files: [] })
  queue.launch({ targetURL: 'no address' })
  expect(addresses).toEqual(['#r1.abc'])
  expect(onIncoming).not.toHaveBeenCalled()
})

it('needs no launch queue', () => {
  expect(() => followLaunches(undefined, vi.fn(), vi.fn())).not.toThrow()
})
