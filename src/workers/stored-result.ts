import type { CompressResult } from './job-api'
import { resultName } from './names'
import type { StoredResult } from './store-api'

/**
 * A stored answer for a file that may have another name than the one it was made from. A result of several files keeps
 * its names, since the files refer to each other.
 */
export function storedResult(stored: StoredResult, path: string): CompressResult {
  const { report, files, id, createdAt } = stored
  const isRenamed = files.length <= 1
  const outputName = isRenamed ? resultName(path) : report.output.name
  return {
    report: {
      ...report,
      input: { ...report.input, name: path },
      output: { ...report.output, name: outputName },
    },
    files: isRenamed ? files.map(({ blob }) => ({ name: outputName, blob })) : files,
    resultId: id,
    storedAt: createdAt,
  }
}
