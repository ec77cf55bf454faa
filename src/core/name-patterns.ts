/** Name patterns as people type them: separated by spaces or commas, `*` for any text, `?` for one character. */
export function namePatterns(text: string): (name: string) => boolean {
  const patterns = text.split(/[\s,]+/).filter(Boolean)
  return (name) => patterns.some((pattern) => matches(pattern, name))
}

/** Greedy with one point to return to, so that a hostile pattern costs at most pattern × name steps. */
function matches(pattern: string, name: string): boolean {
  let p = 0
  let star = -1
  let afterStar = 0
  for (let n = 0; n < name.length;) {
    if (pattern[p] === '*') {
      star = p++
      afterStar = n
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === name[n])) {
      p++
      n++
    } else if (star >= 0) {
      p = star + 1
      n = ++afterStar
    } else return false
  }
  while (pattern[p] === '*') p++
  return p === pattern.length
}
