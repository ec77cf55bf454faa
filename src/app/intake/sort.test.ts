import { describe, expect, it } from 'vitest'
import type { InputFile } from '../../workers/job-api'
import { sortFiles } from './sort'

const drop = (...paths: string[]): InputFile[] => paths.map((path) => ({ path, file: new File([path], path) }))
const paths = (files: readonly InputFile[] | undefined) => files?.map(({ path }) => path)

describe('sortFiles', () => {
  it('makes a job of every model', () => {
    const { models, data } = sortFiles(drop('a.onnx', 'b.ONNX'))
    expect(models.map(paths)).toEqual([['a.onnx'], ['b.ONNX']])
    expect(data).toBeNull()
  })

  it('gives a model the weight files of its own folder, by relative path', () => {
    const { models } = sortFiles(drop('net/model.onnx', 'net/model.onnx.data', 'net/w/part.bin', 'other/x.bin'))
    expect(models.map(paths)).toEqual([['model.onnx', 'model.onnx.data', 'w/part.bin']])
  })

  it('takes arrays as data, pairs together', () => {
    const { models, data } = sortFiles(drop('m.onnx', 't10k-images-idx3-ubyte.gz', 't10k-labels-idx1-ubyte.gz'))
    expect(models.map(paths)).toEqual([['m.onnx']])
    expect(data?.name).toBe('t10k-images-idx3-ubyte.gz + t10k-labels-idx1-ubyte.gz')
  })

  it('takes a folder of pictures as data, relative to the folder', () => {
    const { models, data } = sortFiles(drop('set/labels.csv', 'set/cat/1.jpg', 'set/dog/2.png', 'set/README.md'))
    expect(models).toEqual([])
    expect(data?.name).toBe('set')
    expect(paths(data?.files)).toEqual(['labels.csv', 'cat/1.jpg', 'dog/2.png'])
  })

  it('leaves a lone stranger to the readers, which say what it is', () => {
    expect(sortFiles(drop('notes.txt')).models.map(paths)).toEqual([['notes.txt']])
  })
})
