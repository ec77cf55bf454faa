import { describe, expect, it } from 'vitest'
import { hashOf, RECIPE } from '../../jobs/share/shared-kit'
import type { ModelFiles } from '../job-api'
import { answer, asked, contents, newBrowser, newWorker, ones } from './store-kit'

const job = (n: number) => `00000000-0000-4000-8000-00000000000${n}`
const file = (bytes: readonly number[], name = 'm.onnx', lastModified = 5) =>
  new File([Uint8Array.from(bytes)], name, { lastModified })
const model = (bytes: readonly number[] = [1, 2, 3], path = 'm.onnx'): ModelFiles => [{ path, file: file(bytes, path) }]

/** Two tabs of one browser. */
async function setUp() {
  const browser = newBrowser()
  const first = await newWorker()
  const second = await newWorker()
  return { ...browser, first, one: first.createStoreApi(), two: second.createStoreApi() }
}

/** What a tab that is killed leaves: its locks are free. */
async function killTabs(browser: ReturnType<typeof newBrowser>) {
  browser.kit.freeLocks()
  const worker = await newWorker()
  return worker.createStoreApi()
}

describe('the journal', () => {
  it('brings back cards of a killed tab with files, data and what they were doing, oldest first', async () => {
    const { one, ...browser } = await setUp()
    const data = { name: 'test.npz', files: [{ path: 'test.npz', file: file([7], 'test.npz') }], state: ['h=c'] }
    const parts: ModelFiles = [
      { path: 'm.onnx', file: file([1, 2]), folder: 'zoo/' },
      { path: 'weights/m.bin', file: file([3], 'm.bin', 8) },
    ]
    await one.keepJob(job(1), parts, data)
    await one.noteJob(job(1), { phase: 'running', recipe: RECIPE, attempts: 2, resultIds: [job(9)] })
    await new Promise((resolve) => setTimeout(resolve, 5))
    await one.keepJob(job(2), model(), null)
    const restored = await (await killTabs(browser)).restoreJobs()
    expect(restored.map(({ id, phase }) => [id, phase])).toEqual([
      [job(1), 'running'],
      [job(2), 'ready'],
    ])
    const [card] = restored
    expect(card).toMatchObject({ recipe: RECIPE, attempts: 2, resultIds: [job(9)], lostData: null })
    expect(card?.files?.map(({ path, folder, file }) => [path, folder, file.name, file.lastModified])).toEqual([
      ['m.onnx', 'zoo/', 'm.onnx', 5],
      ['weights/m.bin', undefined, 'm.bin', 8],
    ])
    expect(await contents(card?.files?.[1]?.file)).toEqual([3])
    expect(card?.data).toMatchObject({ name: 'test.npz', state: ['h=c'] })
    expect(await contents(card?.data?.files[0]?.file)).toEqual([7])
  })

  it('brings back the aims of the automatic choice and data to choose ranges on, and removes those with the card', async () => {
    const { one, kit, ...browser } = await setUp()
    const calibrate = { name: 'calib.npz', files: [{ path: 'calib.npz', file: file([8], 'calib.npz') }] }
    await one.keepJob(job(1), model(), null)
    await one.noteJob(job(1), { calibrate, budget: { kind: 'drop', drop: 0.01 }, maxTrials: 9 })
    const again = await killTabs({ kit, ...browser })
    const [card] = await again.restoreJobs()
    expect(card).toMatchObject({ data: null, budget: { kind: 'drop', drop: 0.01 }, maxTrials: 9, lostData: null })
    expect([card?.calibrate?.name, await contents(card?.calibrate?.files[0]?.file)]).toEqual(['calib.npz', [8]])
    await again.forgetJob(job(1))
    expect(kit.paths).toEqual([])
  })

  it('brings back a card that trains, whose results stay beside it until it is removed', async () => {
    const { one, first, kit, ...browser } = await setUp()
    const train = { name: 'iris.csv', settings: { seed: 3, target: 'kind', layers: [8] }, isPaused: true }
    await one.keepJob(job(1), model([5], 'iris.csv'), null, train)
    const places = first.openCheckpoints(job(1))
    await places.save('trained-0', { a: 1 }, Uint8Array.of(1, 2))
    await places.save('training-a', { a: 2 }, Uint8Array.of(3))
    await one.noteJob(job(1), { phase: 'done' })
    await places.remove('training-a')
    await places.remove('training-b') // was never there
    const again = await killTabs({ kit, ...browser })
    const [card] = await again.restoreJobs()
    expect(card).toMatchObject({ phase: 'done', train, expected: [{ path: 'iris.csv', sizeBytes: 1 }] })
    expect([(await places.load('trained-0'))?.bytes, await places.load('training-a')]).toEqual([
      Uint8Array.of(1, 2),
      null,
    ])
    expect(kit.paths.filter((path) => path.includes('/checkpoints/'))).toEqual([
      `plume/checkpoints/${job(1)}/trained-0`,
    ])
    await again.forgetJob(job(1))
    expect(kit.paths).toEqual([])
  })

  it('gives each card to one tab only, and waits for a tab that is about to end', async () => {
    const { one, two, kit } = await setUp()
    await one.keepJob(job(1), model(), null)
    await one.keepJob(job(2), model([4]), null)
    const waiting = two.restoreJobs()
    await new Promise((resolve) => setTimeout(resolve, 50))
    kit.navigator.locks.free(`plume-job-${job(2)}`)
    expect((await waiting).map(({ id }) => id)).toEqual([job(2)])
    expect(await (await newWorker()).createStoreApi().restoreJobs()).toEqual([])
  })

  it('does not bring back a card that its tab removed while another waited for it', async () => {
    const { one, two } = await setUp()
    await one.keepJob(job(1), model(), null)
    const waiting = two.restoreJobs()
    await new Promise((resolve) => setTimeout(resolve, 50))
    await one.forgetJob(job(1))
    expect(await waiting).toEqual([])
  })

  it('asks for files and data that were too large to keep', async () => {
    const { one, kit, ...browser } = await setUp()
    kit.quota = 16_000_000 + 5
    const data = { name: 'test.npz', files: [{ path: 'test.npz', file: file(ones(9), 'test.npz') }] }
    await one.keepJob(job(1), model(ones(6)), data)
    const [card] = await (await killTabs({ kit, ...browser })).restoreJobs()
    expect(card).toMatchObject({
      files: null,
      expected: [{ path: 'm.onnx', sizeBytes: 6 }],
      data: null,
      lostData: 'test.npz',
    })
    expect(kit.paths).toEqual([])
  })

  it('leaves no half copy where the disk fills up, and asks', async () => {
    const { one, kit, ...browser } = await setUp()
    kit.capacity = 4
    await one.keepJob(job(1), model(ones(6)), null)
    expect(kit.paths).toEqual([])
    const [card] = await (await killTabs({ kit, ...browser })).restoreJobs()
    expect(card?.files).toBeNull()
  })

  it('asks for files that were cut short', async () => {
    const { one, kit, ...browser } = await setUp()
    await one.keepJob(job(1), model(), null)
    kit.file(kit.paths[0] ?? '').bytes = Uint8Array.of(1)
    const [card] = await (await killTabs({ kit, ...browser })).restoreJobs()
    expect(card).toMatchObject({ files: null, expected: [{ path: 'm.onnx', sizeBytes: 3 }] })
  })

  it('keeps equal inputs once, and removes them with the last card', async () => {
    const { one, kit } = await setUp()
    for (const n of [1, 2]) {
      await one.keepJob(job(n), model(), null)
      await one.identifyJob(job(n), hashOf(1))
    }
    expect(kit.paths).toHaveLength(1)
    await one.forgetJob(job(1))
    expect(kit.paths).toHaveLength(1)
    expect(await contents((await one.inputOf(hashOf(1)))?.[0].file)).toEqual([1, 2, 3])
  })

  it('removes the input with its card', async () => {
    const { one, kit } = await setUp()
    await one.keepJob(job(1), model(), { name: 'd', files: [{ path: 'd', file: file([1], 'd') }] })
    await one.identifyJob(job(1), hashOf(1))
    await one.forgetJob(job(1))
    expect(kit.paths).toEqual([])
    expect(await one.inputOf(hashOf(1))).toBeNull()
  })

  it('never trades a whole input for a broken one, or for one that a restored card reads', async () => {
    const { one, kit, ...browser } = await setUp()
    await one.keepJob(job(1), model(), null)
    await one.identifyJob(job(1), hashOf(1))
    kit.file(kit.paths[0] ?? '').bytes = Uint8Array.of(1)
    await one.keepJob(job(2), model(), null)
    await one.identifyJob(job(2), hashOf(1))
    expect(await contents((await one.inputOf(hashOf(1)))?.[0].file)).toEqual([1, 2, 3])
    await one.keepJob(job(3), model([1, 2, 3]), null)
    const next = await killTabs({ kit, ...browser })
    const third = (await next.restoreJobs()).find(({ id }) => id === job(3))
    await next.identifyJob(job(3), hashOf(1))
    expect(await contents(third?.files?.[0].file)).toEqual([1, 2, 3])
    expect(kit.paths).toHaveLength(3)
  })

  it('forgets ended cards after half a day, but keeps the model for results that are made again', async () => {
    const { one, first, kit, ...browser } = await setUp()
    await one.keepJob(job(1), model(), { name: 'd', files: [{ path: 'd', file: file([1], 'd') }] })
    await one.identifyJob(job(1), hashOf(1))
    await one.noteJob(job(1), { phase: 'done' })
    await one.keepJob(job(2), model([4]), null)
    const db = await first.db()
    for (const record of await db.getAll('journal')) await db.put('journal', { ...record, updatedAt: 0 })
    const next = await killTabs({ kit, ...browser })
    expect((await next.restoreJobs()).map(({ id }) => id)).toEqual([job(2)])
    expect(await contents((await next.inputOf(hashOf(1)))?.[0].file)).toEqual([1, 2, 3])
    expect(kit.paths).toHaveLength(2)
    // nobody needs it any more, so it can be cleared
    await next.clearInputs()
    expect(kit.paths).toHaveLength(1)
    expect(await next.inputOf(hashOf(1))).toBeNull()
  })

  it('replaces data that changed, and copies none that did not', async () => {
    const { one, kit } = await setUp()
    const data = (bytes: number[], preprocess?: string) => {
      return {
        name: 'd.npz',
        files: [{ path: 'd.npz', file: file(bytes, 'd.npz') }],
        ...(preprocess && { preprocess }),
      }
    }
    await one.keepJob(job(1), model(), data([1]))
    const before = kit.paths
    await one.noteJob(job(1), { data: data([1], 'mnist') })
    expect(kit.paths).toEqual(before)
    await one.noteJob(job(1), { data: data([1, 2]) })
    expect(kit.paths).toHaveLength(2)
    expect(kit.paths).not.toEqual(before)
    await one.noteJob(job(1), { data: null })
    expect(kit.paths).toHaveLength(1)
  })

  it('drops a card that makes no sense, and the others come back', async () => {
    const { one, first, ...browser } = await setUp()
    await one.keepJob(job(1), model(), null)
    await one.keepJob(job(2), model([4]), null)
    const db = await first.db()
    await db.put('journal', { id: job(1), phase: 'dancing' } as never)
    const next = await killTabs(browser)
    expect((await next.restoreJobs()).map(({ id }) => id)).toEqual([job(2)])
    expect(await db.getAllKeys('journal')).toEqual([job(2)])
  })

  it('gives inputs up before results when a result needs the room', async () => {
    const { one, first, kit } = await setUp()
    await first.saveAnswer(asked(2), answer('kept.onnx', ones(40)))
    await one.keepJob(job(1), model(ones(50)), null)
    await one.identifyJob(job(1), hashOf(1))
    await one.noteJob(job(1), { phase: 'done' })
    kit.freeLocks()
    kit.quota = 16_000_000 + 100
    expect((await first.saveAnswer(asked(3), answer('new.onnx', ones(60)))).id).not.toBeNull()
    expect(kit.paths.map((path) => path.split('/')[1])).toEqual(['results', 'results'])
  })
})
