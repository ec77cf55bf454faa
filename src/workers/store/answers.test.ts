import { describe, expect, it } from 'vitest'
import { hashOf } from '../../jobs/share/shared-kit'
import { answer, asked, contents, newBrowser, newWorker, ones } from './store-kit'

async function setUp() {
  const browser = newBrowser()
  const worker = await newWorker()
  const save = async (name: string, bytes?: readonly number[], seed = 1) => {
    const { id } = await worker.saveAnswer(asked(seed), answer(name, bytes))
    if (id === null) throw new Error(`${name} was not kept`)
    return id
  }
  return { ...browser, worker, save }
}

describe('saveAnswer and findAnswer', () => {
  it('gives back the very bytes, under what was asked and under the recipe that came of it', async () => {
    const { worker, kit, save } = await setUp()
    const id = await save('a.onnx', [5, 6, 7])
    expect(kit.paths).toEqual([`plume/results/${id}/0`])
    const found = await worker.findAnswer(asked())
    expect(found).toMatchObject({ id, name: 'a.onnx', isAuto: true, keptBytes: 3, isDamaged: false, data: null })
    expect(await contents(found?.files[0]?.blob)).toEqual([5, 6, 7])
    const { recipe } = answer('a.onnx').report
    expect((await worker.findAnswer({ ...asked(), recipe }))?.id).toBe(id)
    expect(await worker.findAnswer(asked(2))).toBeNull()
  })

  it('prefers the newest, and keeps no copy where the original is the result', async () => {
    const { worker, kit, save } = await setUp()
    await save('a.onnx')
    await new Promise((resolve) => setTimeout(resolve, 5))
    const newest = await save('a.onnx', [9])
    expect((await worker.findAnswer(asked()))?.id).toBe(newest)
    const same = answer('b.onnx')
    const output = { ...same.report.output, isOriginal: true }
    const { id } = await worker.saveAnswer(asked(3), { ...same, report: { ...same.report, output } })
    expect(kit.paths).toHaveLength(2)
    expect(await worker.findAnswer(asked(3))).toMatchObject({ id, keptBytes: 0, files: [] })
  })

  it('does not keep a report that could not be read back', async () => {
    const { worker, kit } = await setUp()
    const { report, ...rest } = answer('a.onnx')
    const saved = await worker.saveAnswer(asked(), { ...rest, report: { ...report, app: 'x'.repeat(33) } })
    expect(saved).toMatchObject({ id: null, trouble: { kind: 'refused' } })
    expect(kit.paths).toEqual([])
  })
})

describe('a full disk', () => {
  it('is seen before anything is written, where the browser says so', async () => {
    const { worker, kit } = await setUp()
    kit.quota = 16_000_000 + 99
    expect(await worker.saveAnswer(asked(), answer('a.onnx', ones(100)))).toEqual({
      id: null,
      trouble: { kind: 'full', neededBytes: 100, freeBytes: 99 },
    })
    expect(kit.paths).toEqual([])
    expect((await worker.saveAnswer(asked(), answer('a.onnx', ones(99)))).id).not.toBeNull()
  })

  it('is seen by a short write, which leaves nothing behind and other results whole', async () => {
    const { worker, kit, save } = await setUp()
    const id = await save('kept.onnx', ones(50))
    await (await worker.db()).put('results', { ...(await record(worker, id)), isPinned: true })
    kit.capacity = 120
    expect(await worker.saveAnswer(asked(2), answer('b.onnx', ones(100)))).toEqual({
      id: null,
      trouble: { kind: 'full', neededBytes: 100, freeBytes: 70 },
    })
    expect(kit.paths).toEqual([`plume/results/${id}/0`])
    expect((await worker.findAnswer(asked()))?.id).toBe(id)
  })

  it('takes the oldest result that is not pinned, says so, and keeps the new one', async () => {
    const { worker, kit, save, troubles } = await setUp()
    const pinned = await save('pinned.onnx', ones(40), 1)
    await (await worker.db()).put('results', { ...(await record(worker, pinned)), isPinned: true, createdAt: 1 })
    const old = await save('old.onnx', ones(40), 2)
    await (await worker.db()).put('results', { ...(await record(worker, old)), createdAt: 2 })
    const young = await save('young.onnx', ones(40), 3)
    kit.quota = 16_000_000 + 130
    const fresh = await save('new.onnx', ones(30), 4)
    const left = [pinned, young, fresh].map((id) => `plume/results/${id}/0`)
    expect(kit.paths).toEqual(left.sort())
    expect(await troubles()).toEqual([{ kind: 'made-room', names: ['old.onnx'], freedBytes: 40 }])
  })

  it('is not mistaken for a disk of gigabytes where nothing fits at all', async () => {
    const { worker, kit } = await setUp()
    kit.capacity = 0
    expect(await worker.saveAnswer(asked(), answer('a.onnx', ones(100)))).toEqual({
      id: null,
      trouble: { kind: 'full', neededBytes: 100, freeBytes: 0 },
    })
    expect(kit.paths).toEqual([])
  })

  it('makes room once more where the browser promised what it does not have', async () => {
    const { kit, save, troubles } = await setUp()
    await save('old.onnx', ones(60), 1)
    kit.capacity = 100
    const fresh = await save('new.onnx', ones(80), 2)
    expect(kit.paths).toEqual([`plume/results/${fresh}/0`])
    expect(await troubles()).toEqual([{ kind: 'made-room', names: ['old.onnx'], freedBytes: 60 }])
  })

  it('takes no result that a card of an open tab shows, and not what a job runs on', async () => {
    const { worker, kit, save } = await setUp()
    const shown = await save('shown.onnx', ones(60), 1)
    const api = worker.createStoreApi()
    const job = '00000000-0000-4000-8000-000000000001'
    await api.keepJob(job, [{ path: 'm.onnx', file: new File([Uint8Array.from(ones(30))], 'm.onnx') }], null)
    await api.noteJob(job, { phase: 'running', resultIds: [shown] })
    const before = kit.paths
    kit.quota = 16_000_000 + 100
    const saved = await worker.saveAnswer(asked(2), answer('new.onnx', ones(50)))
    expect(saved.trouble).toEqual({ kind: 'full', neededBytes: 50, freeBytes: 10 })
    expect(kit.paths).toEqual(before)
  })
})

describe('damaged results', () => {
  it('are set aside with their names when bytes changed, and nothing else is harmed', async () => {
    const { worker, kit, save, troubles } = await setUp()
    const broken = await save('broken.onnx', [1, 2, 3], 1)
    const whole = await save('whole.onnx', [4, 5, 6], 2)
    kit.file(`plume/results/${broken}/0`).bytes = Uint8Array.of(1, 2, 4)
    const db = await worker.db()
    expect(await worker.loadAnswer(db, broken)).toMatchObject({ id: broken, isDamaged: true, files: [] })
    expect(await worker.findAnswer(asked(1))).toBeNull()
    expect((await worker.findAnswer(asked(2)))?.id).toBe(whole)
    // said once, not at every look
    await worker.loadAnswer(db, broken)
    expect(await troubles()).toEqual([{ kind: 'damaged', names: ['broken.onnx'] }])
  })

  it.each([
    ['is gone', (folder: Map<string, unknown>) => folder.delete('0')],
    ['has become a folder', (folder: Map<string, unknown>) => folder.set('0', folder.get('other'))],
  ])('are called evicted when a file %s', async (_, spoil) => {
    const { worker, kit, save, troubles } = await setUp()
    const id = await save('lost.onnx')
    const folder = await (
      await (await kit.root.getDirectoryHandle('plume')).getDirectoryHandle('results')
    ).getDirectoryHandle(id)
    await folder.getDirectoryHandle('other', { create: true })
    spoil(folder.entries)
    expect(await worker.loadAnswer(await worker.db(), id)).toMatchObject({ isDamaged: true, files: [] })
    expect(await troubles()).toEqual([{ kind: 'evicted', names: ['lost.onnx'] }])
  })

  it('go where the record itself makes no sense, but stay where a newer Plume wrote it', async () => {
    const { worker, save, troubles } = await setUp()
    const nonsense = await save('nonsense.onnx', [1], 1)
    const newer = await save('newer.onnx', [2], 2)
    const whole = await save('whole.onnx', [3], 3)
    const db = await worker.db()
    await db.put('results', { ...(await record(worker, nonsense)), report: 'none' } as never)
    await db.put('results', { ...(await record(worker, newer)), version: 2 } as never)
    const api = worker.createStoreApi()
    expect((await api.list()).map(({ id }) => id)).toEqual([whole])
    expect(await api.load(nonsense)).toBeNull()
    expect(await api.load(newer)).toBeNull()
    expect((await db.getAllKeys('results')).sort()).toEqual([newer, whole].sort())
    expect(await troubles()).toEqual([{ kind: 'damaged', names: ['nonsense.onnx'] }])
  })

  it('set aside at the same moment as they are removed stay removed', async () => {
    const { worker, kit, save } = await setUp()
    const id = await save('a.onnx')
    kit.file(`plume/results/${id}/0`).bytes = Uint8Array.of(9)
    const db = await worker.db()
    await Promise.all([worker.loadAnswer(db, id), db.delete('results', id)])
    expect(await db.get('results', id)).toBeUndefined()
  })
})

async function record(worker: Awaited<ReturnType<typeof newWorker>>, id: string) {
  const found = await (await worker.db()).get('results', id)
  if (!found) throw new Error('no record')
  return found
}

describe('checkpoints', () => {
  const job = '00000000-0000-4000-8000-000000000002'

  it('come back as they were, also a shorter one in the place of a longer one', async () => {
    const { worker } = await setUp()
    const checkpoints = worker.openCheckpoints(job)
    expect(await checkpoints.load(hashOf(1))).toBeNull()
    await checkpoints.save(hashOf(1), { a: 1 }, Uint8Array.from(ones(10)))
    await checkpoints.save(hashOf(1), { a: 2 }, Uint8Array.of(7, 8))
    await checkpoints.save(hashOf(2), { only: 'json' }, null)
    expect(await checkpoints.load(hashOf(1))).toEqual({ json: { a: 2 }, bytes: Uint8Array.of(7, 8) })
    expect(await checkpoints.load(hashOf(2))).toEqual({ json: { only: 'json' }, bytes: null })
  })

  it('are none where their bytes changed or vanished', async () => {
    const { worker, kit } = await setUp()
    const checkpoints = worker.openCheckpoints(job)
    await checkpoints.save(hashOf(1), {}, Uint8Array.of(1))
    kit.file(`plume/checkpoints/${job}/${hashOf(1)}`).bytes = Uint8Array.of(2)
    expect(await checkpoints.load(hashOf(1))).toBeNull()
    await (await kit.root.getDirectoryHandle('plume')).removeEntry('checkpoints')
    expect(await checkpoints.load(hashOf(1))).toBeNull()
  })

  it('cost nothing where the disk is full, and are forgotten all at once', async () => {
    const { worker, kit } = await setUp()
    const checkpoints = worker.openCheckpoints(job)
    await checkpoints.save(hashOf(1), {}, Uint8Array.of(1))
    await worker.openCheckpoints(job.replace('2', '3')).save(hashOf(1), {}, Uint8Array.of(1))
    kit.capacity = 5
    await checkpoints.save(hashOf(2), {}, Uint8Array.from(ones(10)))
    expect(await checkpoints.load(hashOf(2))).toBeNull()
    await checkpoints.clear()
    expect(await checkpoints.load(hashOf(1))).toBeNull()
    expect(kit.paths).toEqual([`plume/checkpoints/${job.replace('2', '3')}/${hashOf(1)}`])
  })
})
