import { describe, expect, it, vi } from 'vitest'
import { hashOf } from '../../jobs/share/shared-kit'
import { answer, asked, newBrowser, newWorker } from './store-kit'

async function setUp() {
  const browser = newBrowser()
  const worker = await newWorker()
  const db = await worker.db()
  const save = async (name: string, seed: number) => {
    const { id } = await worker.saveAnswer(asked(seed), answer(name))
    if (id === null) throw new Error(`${name} was not kept`)
    return id
  }
  /** A folder of bytes, as a killed tab leaves it before its record. */
  const leaveBytes = async (kind: string, id: string) => {
    const root = await browser.kit.root.getDirectoryHandle('plume', { create: true })
    const folder = await (
      await root.getDirectoryHandle(kind, { create: true })
    ).getDirectoryHandle(id, { create: true })
    return folder.getFileHandle('0', { create: true })
  }
  const openTab = async () => {
    const api = (await newWorker()).createStoreApi()
    const onChange = vi.fn()
    const state = await api.open(() => undefined, onChange)
    return { api, state, onChange }
  }
  return { ...browser, worker, db, save, leaveBytes, openTab }
}

const orphan = (n: number) => `0000000${n}-aaaa-4000-8000-000000000000`

describe('opening the store', () => {
  it('takes away bytes without a record, but not those that somebody is writing', async () => {
    const { kit, save, leaveBytes, openTab } = await setUp()
    const id = await save('whole.onnx', 1)
    for (const kind of ['results', 'inputs', 'checkpoints', 'temporary']) await leaveBytes(kind, orphan(1))
    await leaveBytes('results', orphan(2))
    let release = (): void => undefined
    void kit.navigator.locks.request(`plume-writing-${orphan(2)}`, () => new Promise<void>((end) => (release = end)))
    const { state } = await openTab()
    expect(kit.paths).toEqual([`plume/results/${orphan(2)}/0`, `plume/results/${id}/0`].sort())
    expect(state).toMatchObject({ mode: 'kept', resultBytes: 3, inputBytes: 0, pinnedBytes: 0 })
    release()
  })

  it('is not stopped by a file that another tab has open', async () => {
    const { kit, leaveBytes, openTab } = await setUp()
    for (const n of [1, 2]) await leaveBytes('results', orphan(n))
    const busy = kit.file(`plume/results/${orphan(1)}/0`)
    const handle = await busy.createSyncAccessHandle()
    expect((await openTab()).state.mode).toBe('kept')
    expect(kit.paths).toEqual([`plume/results/${orphan(1)}/0`])
    handle.close()
    await openTab()
    expect(kit.paths).toEqual([])
  })

  it('names all results whose bytes are gone or cut short in one breath each', async () => {
    const { kit, save, openTab, troubles, db } = await setUp()
    const [a, b, c] = [await save('a.onnx', 1), await save('b.onnx', 2), await save('c.onnx', 3)]
    const whole = await save('whole.onnx', 4)
    const results = await (await kit.root.getDirectoryHandle('plume')).getDirectoryHandle('results')
    for (const id of [a, b]) results.entries.delete(id)
    kit.file(`plume/results/${c}/0`).bytes = Uint8Array.of(1)
    const { api } = await openTab()
    const listed = await api.list()
    expect(Object.fromEntries(listed.map(({ id, isDamaged }) => [id, isDamaged]))).toEqual({
      [a]: true,
      [b]: true,
      [c]: true,
      [whole]: false,
    })
    const said = await troubles()
    expect(said).toHaveLength(2)
    expect(said[0]).toEqual({ kind: 'damaged', names: ['c.onnx'] })
    expect(said[1]).toMatchObject({ kind: 'evicted' })
    expect(said[1]?.kind === 'evicted' && [...said[1].names].sort()).toEqual(['a.onnx', 'b.onnx'])
    await openTab()
    expect(await troubles()).toHaveLength(2)
    expect(await db.count('results')).toBe(4)
  })

  it('removes what was removed for good, unless another tab may still undo it', async () => {
    const { kit, save, openTab } = await setUp()
    const id = await save('a.onnx', 1)
    const { api } = await openTab()
    await api.remove([id])
    expect(await api.list()).toEqual([])
    expect(await api.load(id)).toBeNull()
    await openTab()
    await api.restore([id])
    expect((await api.list()).map((one) => one.id)).toEqual([id])
    expect(kit.paths).toHaveLength(1)
    await api.remove([id])
    kit.freeLocks()
    await openTab()
    await api.restore([id])
    expect(await api.list()).toEqual([])
    expect(kit.paths).toEqual([])
  })

  it('removes inputs that nobody can find any more, and checkpoints of no job', async () => {
    const { kit, worker, db, openTab } = await setUp()
    const api = worker.createStoreApi()
    const job = '00000000-0000-4000-8000-000000000001'
    await api.keepJob(job, [{ path: 'm.onnx', file: new File(['abc'], 'm.onnx') }], null)
    await worker.openCheckpoints(job).save(hashOf(1), {}, Uint8Array.of(1))
    await worker.openCheckpoints(orphan(1)).save(hashOf(1), {}, Uint8Array.of(1))
    const [input] = await db.getAll('inputs')
    if (!input) throw new Error('no input')
    await db.put('inputs', { ...input, id: orphan(2) }) // its bytes never came
    await openTab()
    expect((await db.getAllKeys('inputs')).sort()).toEqual([input.id])
    expect(await db.getAllKeys('checkpoints')).toEqual([[job, hashOf(1)]])
    expect(kit.paths).toEqual([`plume/checkpoints/${job}/${hashOf(1)}`, `plume/inputs/${input.id}/0`])
    // no card speaks of it: one that is about to holds the lock, one that was killed does not
    await db.delete('journal', job)
    let release = (): void => undefined
    void kit.navigator.locks.request(`plume-writing-${input.id}`, () => new Promise<void>((end) => (release = end)))
    const { api: other } = await openTab()
    await other.clearInputs()
    expect(kit.paths).toEqual([`plume/inputs/${input.id}/0`])
    release()
    await openTab()
    expect(kit.paths).toEqual([])
  })

  it('tells every tab of changes', async () => {
    const { save, openTab } = await setUp()
    const id = await save('a.onnx', 1)
    const [one, two] = [await openTab(), await openTab()]
    two.onChange.mockClear()
    await one.api.rename(id, '  mine ')
    await vi.waitFor(() => expect(two.onChange).toHaveBeenCalled())
    expect((await two.api.list())[0]?.name).toBe('mine')
    await one.api.rename(id, ' ')
    expect((await two.api.list())[0]?.name).toBe('a.onnx')
  })
})

describe('undo', () => {
  it('lasts ten seconds from the last removal, then the bytes go', async () => {
    const { kit, save, openTab } = await setUp()
    const id = await save('a.onnx', 1)
    const { api } = await openTab()
    vi.useFakeTimers({ toFake: ['setTimeout', 'Date'] })
    try {
      await api.remove([id])
      await vi.advanceTimersByTimeAsync(6000)
      await api.restore([id])
      await vi.advanceTimersByTimeAsync(1000)
      await api.remove([id])
      await vi.advanceTimersByTimeAsync(5000) // the first removal is over, the second is not
      await api.restore([id])
      expect(await api.list()).toHaveLength(1)
      await api.remove([id])
      await vi.advanceTimersByTimeAsync(9900)
      expect(kit.paths).toHaveLength(1)
      await vi.advanceTimersByTimeAsync(200)
    } finally {
      vi.useRealTimers()
    }
    await vi.waitFor(() => expect(kit.paths).toEqual([]))
    await api.restore([id])
    expect(await api.list()).toEqual([])
  })
})
