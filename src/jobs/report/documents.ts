import type { Report } from '../report'
import type { SensitivityReport } from '../sensitivity/report'
import { reportHtml } from './html'
import { reportMarkdown } from './markdown'

/** The forms that a report can be written in, told by the end of the file's name. */
export const REPORT_ENDINGS = /\.(html|json|md)$/

/** The report as the text of a file of this name: a page, a model card, or the JSON itself. */
export function reportText(name: string, report: Report, sensitivity?: SensitivityReport): string {
  if (name.endsWith('.html')) return reportHtml(report, sensitivity)
  if (name.endsWith('.md')) return reportMarkdown(report, sensitivity)
  return `${JSON.stringify(report, null, 2)}\n`
}
