import { blobSource, type FileSet } from '../core/bytes'
import { FormatError } from '../core/errors'
import type { SampleFiles } from '../formats/format'
import type { DataFiles, InputFile, ModelFiles } from './job-api'

/** A dropped model as a FileSet: neighbours are found by their path relative to the main file. */
export function fileSet([main, ...others]: ModelFiles): FileSet {
  const byPath = new Map(others.map(({ path, file }) => [path, file]))
  return {
    main: blobSource(main.file, main.path),
    async sibling(path) {
      const file = byPath.get(path)
      return file ? blobSource(file, path) : null
    },
  }
}

/** Dropped data as SampleFiles. */
export function sampleFiles({ name, files }: DataFiles): SampleFiles {
  const byPath = new Map(files.map((input: InputFile) => [input.path, input.file]))
  return {
    name,
    paths: [...byPath.keys()].sort(),
    async open(path) {
      const file = byPath.get(path)
      if (!file) {
        throw new FormatError(`it names the file "${path}", which was not given`, {
          file: name,
          hint: 'Drop the folder with all of its files.',
        })
      }
      return blobSource(file, path)
    },
    async sibling(path) {
      const file = byPath.get(path)
      return file ? blobSource(file, path) : null
    },
  }
}
