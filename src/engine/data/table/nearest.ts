/** The name that a mistyped one stands for, where one is near enough: one letter in three may be wrong. */
export function nearest(given: string, names: readonly string[]): string | undefined {
  const wish = given.trim().toLowerCase()
  let best: string | undefined
  let least = Math.floor(wish.length / 3) + 1
  for (const name of names) {
    const distance = editDistance(wish, name.trim().toLowerCase(), least)
    if (distance < least) [best, least] = [name, distance]
  }
  return best
}

/** Levenshtein 1966; `limit` where it is at least that. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit
  let above = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (above[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min(change, (above[j] as number) + 1, (row[j - 1] as number) + 1))
    }
    above = row
  }
  return Math.min(limit, above[b.length] as number)
}
