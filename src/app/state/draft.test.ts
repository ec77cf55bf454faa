import { describe, expect, it } from 'vitest'
import { methodMetas } from '../../methods'
import { Draft } from './draft.svelte'
import { NO_LOSS } from './job.svelte'

const open = () => new Draft({ recipe: 'auto', data: null, budget: NO_LOSS, maxTrials: null }, methodMetas)
const isOn = (draft: Draft, id: string) => draft.steps.find(({ meta }) => meta.id === id)?.isOn
const first = methodMetas.flatMap(({ id, options }) => {
  const found = Object.entries(options).find(([, { type }]) => type === 'number')
  return found ? [{ id, name: found[0], value: found[1].default }] : []
})[0]!
const valueOf = (draft: Draft) => draft.steps.find(({ meta }) => meta.id === first.id)?.options[first.name]

describe('undo of options', () => {
  it('goes back and forth over every kind of change', () => {
    const draft = open()
    expect([draft.canUndo, draft.canRedo]).toEqual([false, false])
    draft.setAuto(false)
    draft.toggle('float16')
    draft.setSeed('7')
    draft.setPreprocess('imagenet')
    draft.use({ version: 1, seed: 3, steps: [{ method: 'tidy', options: {} }] })
    const seen = () => [draft.isAuto, isOn(draft, 'float16'), draft.seed, draft.preprocess]
    const states = [seen()]
    while (draft.canUndo) {
      draft.undo()
      states.push(seen())
    }
    expect(states).toEqual([
      [false, false, 3, 'imagenet'],
      [false, true, '7', 'imagenet'],
      [false, true, '7', ''],
      [false, true, 0, ''],
      [false, false, 0, ''],
      [true, false, 0, ''],
    ])
    while (draft.canRedo) draft.redo()
    expect(seen()).toEqual(states[0])
  })

  it('takes what is typed into one field for one change', () => {
    const draft = open()
    for (const text of ['1', '12', '123']) draft.setOption(first.id, first.name, text)
    draft.setSeed('5')
    draft.setOption(first.id, first.name, '4')
    draft.undo()
    expect([valueOf(draft), draft.seed]).toEqual(['123', '5'])
    draft.undo()
    draft.undo()
    expect([valueOf(draft), draft.seed, draft.canUndo]).toEqual([first.value, 0, false])
  })

  it('has nothing to bring back once something else was changed', () => {
    const draft = open()
    draft.setSeed('1')
    draft.undo()
    expect(draft.canRedo).toBe(true)
    draft.toggle('tidy')
    expect(draft.canRedo).toBe(false)
    draft.redo()
    expect(draft.seed).toBe(0)
  })
})
