import { UsageError } from '../../core/errors'

/** Quoted for a POSIX shell where needed; PowerShell reads it the same, unless there is a quote inside. */
export function quoteWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

/**
 * The words of one command as a POSIX shell splits it (Shell Command Language §2.2, quoting): single and double quotes,
 * backslash, and lines continued with \ (or ^ of cmd, ` of PowerShell). Nothing is expanded. A word that begins like
 * C:\ is a Windows path, whose backslashes stay.
 * @throws UsageError for an open quote and for anything that makes it more than one command
 */
export function shellWords(line: string): string[] {
  const words: string[] = []
  let rest = line.replace(/[ \t]+[\\^`]\r?\n/g, ' ').trim()
  while (rest !== '') {
    const { word, length } = readWord(rest)
    words.push(word)
    rest = rest.slice(length).trimStart()
  }
  return words
}

function readWord(text: string): { word: string; length: number } {
  const isWindowsPath = /^[A-Za-z]:\\/.test(text)
  let word = ''
  let at = 0
  while (at < text.length) {
    const character = text[at] as string
    if (/\s/.test(character)) break
    if (character === "'" || character === '"') {
      const quoted = readQuoted(text, at, character)
      word += quoted.text
      at = quoted.end
    } else if (character === '\\' && !isWindowsPath) {
      // a continued line in the middle of a word
      if (text[at + 1] !== '\n') word += text[at + 1] ?? '\\'
      at += 2
    } else if (/[;&|<>`]/.test(character)) {
      throw new UsageError(`One command was expected; "${character}" begins another. Paste the plume command alone.`)
    } else {
      word += character
      at++
    }
  }
  return { word, length: at }
}

/** What a double quote lets a backslash escape. */
const ESCAPED_IN_DOUBLE = /^[$`"\\\n]/

function readQuoted(text: string, start: number, quote: string): { text: string; end: number } {
  let inside = ''
  for (let at = start + 1; at < text.length; at++) {
    const character = text[at] as string
    if (character === quote) return { text: inside, end: at + 1 }
    if (quote === '"' && character === '\\' && ESCAPED_IN_DOUBLE.test(text.slice(at + 1))) {
      at++
      if (text[at] !== '\n') inside += text[at]
    } else inside += character
  }
  throw new UsageError(`The quote ${quote} in the command is never closed. Paste the whole command.`)
}
