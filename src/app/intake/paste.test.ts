import { beforeEach, describe, expect, it, vi } from 'vitest'
import { encodeLink } from '../../jobs/share/link'
import { sharedOf, sharedOfRecipe } from '../../jobs/share/shared'
import { RECIPE, sampleReport } from '../../jobs/share/shared-kit'
import { openedLink } from '../share/opened.svelte'
import { queue } from '../state/queue.svelte'
import { trainings } from '../state/trainings.svelte'
import { pasteText, takeRecipes } from './paste'

const file = (path: string, text: string) => ({ path, file: new File([text], path.split('/').at(-1) ?? '') })
const methods = () => queue.nextRecipe?.steps.map(({ method }) => method)

beforeEach(() => {
  // as in a fresh page
  vi.stubGlobal('location', { hash: '', pathname: '/', search: '' })
  queue.keepRecipe(null)
  queue.say(null)
  openedLink.close()
})

describe('pasteText', () => {
  it('keeps a recipe, as JSON or as a command, for the next file', async () => {
    await pasteText(JSON.stringify(RECIPE))
    expect(methods()).toEqual(['tidy', 'weights-int8'])
    queue.keepRecipe(null)
    await pasteText('npx plume compress a.onnx -o b.onnx --method float16')
    expect(methods()).toEqual(['tidy', 'float16'])
    expect(queue.message).toBeNull()
  })

  it('takes the recipe of a link in a command', async () => {
    const { text } = await encodeLink(sharedOfRecipe(RECIPE))
    await pasteText(`plume compress a.onnx -o b.onnx --recipe '${text.slice(1)}'`)
    expect(methods()).toEqual(['tidy', 'weights-int8'])
    expect(openedLink.decoded).toBeNull()
  })

  it('opens a link, alone or in its address, and runs nothing', async () => {
    const { text } = await encodeLink(sharedOf(sampleReport(3)))
    for (const link of [text, text.slice(1), `https://plume.example/${text}`]) {
      openedLink.close()
      await pasteText(link)
      expect(openedLink.decoded).toMatchObject({ ok: true, shared: { result: { layersTotal: 3 } } })
      expect(queue.jobs).toEqual([])
    }
  })

  it('opens a damaged link as a problem', async () => {
    const { text } = await encodeLink(sharedOf(sampleReport(3)))
    await pasteText(`${text.slice(0, 40)}!${text.slice(41)}`)
    expect(openedLink.decoded).toMatchObject({ ok: false, problem: { kind: 'alphabet', position: 41 } })
  })

  it('takes a table as something to train on', async () => {
    const add = vi.spyOn(trainings, 'add').mockResolvedValue([])
    const text = 'a\tb\n1\t2\n3\t4\n'
    await pasteText(text)
    expect(add.mock.calls[0]?.[0]).toMatchObject([{ name: 'pasted.csv', files: [{ path: 'pasted.csv' }] }])
    expect(await add.mock.calls[0]?.[0][0]?.files[0]?.file.text()).toBe(text)
    await pasteText('one, two\nthree')
    expect(add).toHaveBeenCalledOnce()
    add.mockRestore()
  })

  it('says what is wrong with a text that is none of these', async () => {
    await pasteText('sepal length, sepal width')
    expect(queue.message).toContain('is no recipe')
    await pasteText('{"version":1,"seed":0,"steps":[{"method":"magic","options":{}}]}')
    expect(queue.message).toContain('There is no method "magic"')
  })
})

describe('takeRecipes', () => {
  const report = JSON.stringify(sampleReport())

  it('takes recipes and reports out of a drop', async () => {
    expect(await takeRecipes([file('r.json', JSON.stringify(RECIPE))])).toEqual([])
    expect(methods()).toEqual(['tidy', 'weights-int8'])
    queue.keepRecipe(null)
    expect(await takeRecipes([file('report.json', report)])).toEqual([])
    expect(methods()).toEqual(['tidy', 'weights-int8'])
  })

  it('keeps a recipe for the model that came with it', async () => {
    const model = file('model.onnx', 'x')
    expect(await takeRecipes([file('r.json', JSON.stringify(RECIPE)), model])).toEqual([model])
    expect(methods()).toEqual(['tidy', 'weights-int8'])
  })

  it('opens what the share dialog saved', async () => {
    expect(await takeRecipes([file('plume-shared.json', JSON.stringify(sharedOf(sampleReport(2))))])).toEqual([])
    expect(openedLink.decoded).toMatchObject({ ok: true, shared: { result: { layersTotal: 2 } } })
  })

  it('leaves other JSON files, and those inside folders, where they are', async () => {
    const files = [
      file('config.json', '{"hidden":64}'),
      file('model/recipe.json', JSON.stringify(RECIPE)),
      file('model/model.onnx', 'x'),
    ]
    expect(await takeRecipes(files)).toEqual(files)
    expect(queue.nextRecipe).toBeNull()
  })

  it('says what is wrong with a recipe', async () => {
    await takeRecipes([file('bad.json', '{"version":1,"seed":-1,"steps":[]}')])
    expect(queue.message).toContain('bad.json')
    expect(queue.message).toContain('seed')
  })
})
