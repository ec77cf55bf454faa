/** Why a link could not be read. Data, so that each screen has its own words. */
export interface LinkProblem {
  readonly kind:
    /** There is no link in the text. */
    | 'no-link'
    | 'too-long'
    /** Made by a newer Plume. */
    | 'newer'
    /** A character that links do not have; `position` counts from 1, `detail` is the character. */
    | 'alphabet'
    /** Cut off, mistyped or changed on its way. */
    | 'damaged'
    /** More inside than any link of ours has. */
    | 'too-large'
    | 'not-json'
    /** Whole, but not what a link holds: `detail` says what. */
    | 'not-valid'
  readonly position?: number
  readonly detail?: string
}

/** One English sentence or two: what is wrong and what to do. */
export function describeProblem({ kind, position, detail }: LinkProblem): string {
  const again = 'Copy the whole link again, from # to its last character.'
  switch (kind) {
    case 'no-link':
      return 'There is no share link in this text: expected #r1. and what follows it. Copy the whole link.'
    case 'too-long':
      return `This share link is too long: ${detail ?? 'more characters than any link has'}. Ask for the recipe as a file.`
    case 'newer':
      return `This share link was made by a newer version of Plume (${detail ?? 'unknown version'}; this one reads r1). Update Plume.`
    case 'alphabet':
      return `This share link is damaged: character ${position ?? '?'} is ${detail ?? 'none that links have'}, expected A–Z, a–z, 0–9, - or _. ${again}`
    case 'damaged':
      return `This share link is damaged: ${detail ?? 'it was cut off or changed'}. ${again}`
    case 'too-large':
      return `This share link holds too much: ${detail ?? 'more than any link has'}. It was not made by Plume; do not use it.`
    case 'not-json':
      return `This share link is damaged: what it holds is not JSON. ${again}`
    case 'not-valid':
      return `This share link holds what Plume does not know: ${detail ?? 'unknown contents'}. Ask for it again, or for the recipe as a file.`
  }
}
