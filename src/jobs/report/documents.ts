import type { Report } from '../report'
import { reportHtml } from './html'

/** The forms that a report can be written in, told by the end of the file's name. */
export const REPORT_ENDINGS = /\.(html|json)$/

/** The report as the text of a file of this name. */
export function reportText(name: string, report: Report): string {
  return name.endsWith('.html') ? reportHtml(report) : `${JSON.stringify(report, null, 2)}\n`
}
