import { basename, dirname, resolve } from 'node:path'
import { convertModel } from '../../jobs/convert'
import { formatBytes } from '../../core/format-text'
import { FlagError } from '../args'
import type { Command } from '../command'
import { isSameFile, nodeFileSet, nodeFolder, refuseToOverwrite, refuseUnwritable } from '../files'

export const convert: Command = {
  name: 'convert',
  usage: 'FILE -o OUT',
  help: 'write a model anew, without loss (external data becomes part of the file)',
  flags: {
    output: { type: 'text', short: 'o', value: 'OUT', help: 'the file to write; its ending names the format' },
    'external-data': { type: 'switch', help: 'put weights into a second file, OUT.data' },
    force: { type: 'switch', help: 'replace files that exist' },
  },
  async run(args, terminal) {
    const [file, ...rest] = args.files
    const output = args.text('output')
    if (!file || rest.length > 0) throw new FlagError('plume convert takes one FILE.')
    if (output === undefined) throw new FlagError('plume convert needs -o OUT, the file to write.')
    const force = args.has('force')
    if (await isSameFile(output, file)) throw new FlagError(`-o ${output} is the input itself. Give another name.`)
    await refuseToOverwrite(output, force)
    await refuseUnwritable(output)
    const result = await convertModel(
      {
        files: await nodeFileSet(file),
        folder: nodeFolder(dirname(resolve(output)), { force }),
        outputName: basename(output),
        externalData: args.has('external-data') ? 'always' : 'auto',
      },
      terminal,
    )
    for (const { name, sizeBytes } of result.files) terminal.print(`${name}: ${formatBytes(sizeBytes)}`)
    return result
  },
}
