import { expose, transferHandlers, wrap, type Endpoint } from 'comlink'
import { MessageChannel } from 'node:worker_threads'
import { afterEach, describe, expect, it } from 'vitest'
import {
  AbortError,
  DeviceError,
  FormatError,
  RuntimeFailure,
  ShapeError,
  UnsupportedError,
  UsageError,
} from './errors'
import { keepErrorClasses } from './error-transfer'

keepErrorClasses(transferHandlers)

const ports: { close(): void }[] = []
afterEach(() => ports.splice(0).forEach((port) => port.close()))

/** What arrives on the other side of a channel when `error` is thrown on this one. */
async function through(error: unknown): Promise<unknown> {
  const { port1, port2 } = new MessageChannel()
  ports.push(port1, port2)
  const api = {
    fail(): string {
      throw error
    },
  }
  expose(api, port1 as unknown as Endpoint)
  return wrap<typeof api>(port2 as unknown as Endpoint)
    .fail()
    .then(
      () => 'no error',
      (caught: unknown) => caught,
    )
}

describe('errors across a worker boundary', () => {
  it('keeps the class, message, file, offset and hint of a FormatError', async () => {
    const sent = new FormatError('a tensor of 12 bytes was promised, 7 are there', {
      file: 'weights.onnx',
      offset: 1043,
      hint: 'Fetch it again.',
    })
    const got = await through(sent)
    expect(got).toBeInstanceOf(FormatError)
    expect((got as FormatError).message).toBe(sent.message)
    expect((got as FormatError).where).toEqual({ file: 'weights.onnx', offset: 1043, hint: 'Fetch it again.' })
  })

  it('keeps the node of a RuntimeFailure', async () => {
    const got = await through(new RuntimeFailure('Load model failed', 'conv_7'))
    expect(got).toBeInstanceOf(RuntimeFailure)
    expect((got as RuntimeFailure).node).toBe('conv_7')
  })

  it.each([ShapeError, UnsupportedError, UsageError, DeviceError, AbortError])('keeps %o', async (Class) => {
    const got = await through(new Class('what went wrong'))
    expect(got).toBeInstanceOf(Class)
    expect((got as Error).message).toBe('what went wrong')
  })

  it('keeps name, message and stack of errors that are not ours', async () => {
    const sent = new RangeError('Array buffer allocation failed')
    const got = (await through(sent)) as Error
    expect(got.name).toBe('RangeError')
    expect(got.message).toBe('Array buffer allocation failed')
    expect(got.stack).toBe(sent.stack)
  })

  it('turns a thrown text into an error with that text', async () => {
    expect(((await through('plain text')) as Error).message).toBe('plain text')
  })
})
