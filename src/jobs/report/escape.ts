import { oneLine } from '../../core/one-line'

/** Names come from model files: nothing of them may become markup, or turn the text around them. */
export function escapeHtml(text: string): string {
  return oneLine(text, Infinity).replace(/[&<>"'`]/g, (char) => `&#${char.charCodeAt(0)};`)
}

/** Plain text in Markdown (CommonMark and GitHub's tables): every character that could be markup is escaped. */
export function escapeMarkdown(text: string): string {
  return (
    oneLine(text, Infinity)
      .replace(/&/g, '&amp;')
      .replace(/[\\`*_{}[\]<>|~#$]/g, '\\$&')
      // at the start of a line: headings, lists, rules; within: bare addresses become links on GitHub
      .replace(/^(\s*\d*)([-+=.)])(?=[\s=+-]|$)/, '$1\\$2')
      .replace(/(https?|ftp|mailto|xmpp):/gi, '$1\\:')
      .replace(/www\./gi, (found) => `${found.slice(0, 3)}\\.`)
      .replace(/@/g, '\\@')
  )
}

/** A name in Markdown, as code, where nothing but backticks has a meaning; bars end cells of tables even there. */
export function codeMarkdown(name: string): string {
  const text = oneLine(name, Infinity).replace(/\|/g, '\\|')
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length))
  const fence = '`'.repeat(longest + 1)
  const space = longest > 0 || text === '' || text.trim() !== text ? ' ' : ''
  return `${fence}${space}${text}${space}${fence}`
}
