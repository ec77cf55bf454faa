import type { ResultRecord } from '../../jobs/store/records'
import type { ResultSummary } from '../store-api'

/** What a summary is made of; without hashes, for what is not on the disk. */
export type Summarized = Omit<ResultRecord, 'files'> & { readonly files: readonly { readonly sizeBytes: number }[] }

/** A result as lists show it. */
export function summaryOf(record: Summarized): ResultSummary {
  const { id, createdAt, name, isPinned, isAuto, data, report } = record
  const { outputs: _outputs, ...quality } = report.quality
  return {
    id,
    createdAt,
    name,
    isPinned,
    input: report.input,
    output: report.output,
    recipe: report.recipe,
    isAuto,
    data,
    quality,
    speed: report.speed,
    keptBytes: record.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    isDamaged: record.isDamaged === true,
  }
}
