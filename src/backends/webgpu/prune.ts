interface Piece {
  /** Of a function; undefined for everything else. */
  readonly name?: string
  readonly text: string
}

/**
 * The same WGSL without functions that `main` does not reach: includes bring many, and compilers read them all (math.wgsl
 * took half of the time in which SwiftShader makes a small pipeline). Functions begin at the start of a line.
 */
export function withoutUnused(code: string): string {
  const pieces = piecesOf(code)
  const functions = new Map(pieces.flatMap(({ name, text }) => (name === undefined ? [] : [[name, text] as const])))
  const used = new Set<string>()
  const visit = (text: string): void => {
    for (const [word] of text.matchAll(/\b[a-z_]\w*(?=\()/g)) {
      const called = functions.get(word)
      if (called === undefined || used.has(word)) continue
      used.add(word)
      visit(called)
    }
  }
  const isRoot = ({ name }: Piece) => name === undefined || name === 'main'
  pieces.filter(isRoot).forEach(({ text }) => visit(text))
  return pieces
    .filter((piece) => isRoot(piece) || used.has(piece.name as string))
    .map(({ text }) => text)
    .join('\n')
}

function piecesOf(code: string): readonly Piece[] {
  const pieces: Piece[] = []
  let open: { name: string; lines: string[]; depth: number } | undefined
  for (const line of code.split('\n')) {
    const name = /^fn (\w+)\(/.exec(line)?.[1]
    if (!open && name === undefined) {
      pieces.push({ text: line })
      continue
    }
    open ??= { name: name as string, lines: [], depth: 0 }
    open.lines.push(line)
    const bare = line.replace(/\/\/.*$/, '')
    open.depth += bare.split('{').length - bare.split('}').length
    if (open.depth > 0 || !open.lines.some((one) => one.includes('{'))) continue
    pieces.push({ name: open.name, text: open.lines.join('\n') })
    open = undefined
  }
  return pieces
}
