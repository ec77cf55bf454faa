import { IDBFactory } from 'fake-indexeddb'
import 'fake-indexeddb/auto'
import { afterEach, vi } from 'vitest'
import { hashOf, sampleReport } from '../../jobs/share/shared-kit'
import type { AnswerIdentity } from '../../jobs/store/keys'
import { broadcastChannels, BrowserKit } from '../../testing/browser-kit'
import type { StoreTrouble } from '../store-api'
import type { News } from './news'

afterEach(() => {
  vi.unstubAllGlobals()
})

/** A browser with an empty origin, and what all workers of it are told. */
export function newBrowser() {
  const kit = new BrowserKit()
  vi.stubGlobal('navigator', kit.navigator)
  vi.stubGlobal('indexedDB', new IDBFactory())
  const Channel = broadcastChannels()
  vi.stubGlobal('BroadcastChannel', Channel)
  const news: News[] = []
  new Channel('plume-store').onmessage = ({ data }) => void news.push(data as News)
  return {
    kit,
    /** What there was to say, once all of it has arrived. */
    async troubles(): Promise<StoreTrouble[]> {
      await new Promise((resolve) => setTimeout(resolve, 20))
      return news.flatMap((one) => (one.kind === 'trouble' ? [one.trouble] : []))
    },
  }
}

/** The code of one worker, with a state of its own. */
export async function newWorker() {
  vi.resetModules()
  const [answers, api, checkpoints, store] = await Promise.all([
    import('./answers'),
    import('./api'),
    import('./checkpoints'),
    import('./store'),
  ])
  const db = async () => {
    const opened = await store.openStore()
    if (!opened) throw new Error(`no store: ${JSON.stringify(store.storeTrouble())}`)
    return opened
  }
  return { ...answers, ...checkpoints, ...store, db, createStoreApi: api.createStoreApi }
}

export const asked = (seed = 1): AnswerIdentity => ({ inputSha256: hashOf(seed), data: null, recipe: 'auto' })

/** An answer of one file with these bytes. */
export function answer(name: string, bytes: readonly number[] = [1, 2, 3]) {
  const report = sampleReport()
  return {
    report: { ...report, input: { ...report.input, name } },
    files: [{ name: 'small.onnx', blob: new Blob([Uint8Array.from(bytes)]) }],
    dataName: null,
  }
}

export const ones = (count: number) => Array.from({ length: count }, () => 1)
export const contents = async (blob: Blob | undefined) => [...new Uint8Array((await blob?.arrayBuffer()) ?? [])]
