import { describe, expect, it } from 'vitest'
import { FormatError } from '../core/errors'
import { fileSet, sampleFiles } from './input-files'

const file = (text: string, name: string) => new File([text], name)

describe('fileSet', () => {
  it('finds neighbours by their path relative to the model and nothing else', async () => {
    const files = fileSet([
      { path: 'model.onnx', file: file('model', 'model.onnx') },
      { path: 'weights/part-1.bin', file: file('weights', 'part-1.bin') },
    ])
    expect(files.main).toMatchObject({ name: 'model.onnx', sizeBytes: 5 })
    const sibling = await files.sibling('weights/part-1.bin')
    expect(new TextDecoder().decode(await sibling?.read(2, 3))).toBe('igh')
    expect(await files.sibling('part-1.bin')).toBeNull()
    expect(await files.sibling('../weights/part-1.bin')).toBeNull()
  })
})

describe('sampleFiles', () => {
  const data = sampleFiles({
    name: 'animals',
    files: ['dog/2.png', 'cat/1.png'].map((path) => ({ path, file: file(path, path) })),
  })

  it('lists paths in order, whatever the order of the drop', () => {
    expect(data.paths).toEqual(['cat/1.png', 'dog/2.png'])
  })

  it('names the data set and the file that is missing', async () => {
    await expect(data.open('dog/3.png')).rejects.toThrow(FormatError)
    await expect(data.open('dog/3.png')).rejects.toThrow(
      'animals: it names the file "dog/3.png", which was not given. Drop the folder with all of its files.',
    )
  })
})
