/** Where a link begins and ends in a text. Apart, because it is asked for every paste. */

/** What stands before (# or %23 included), the version, and all up to the next space. */
export const LINK_PATTERN = /(^|[\s#"'`<([{«=]|%23)r(\d{1,9})\.(\S*)/

/** What texts put behind an address. */
export const TRAILING = /[\s"'`<>)\]}».,;:!?…]+$/

/** Whether a text is meant to be a share link: a whole one, or one that is damaged, but not a file name like r1.json. */
export function isLinkText(text: string): boolean {
  return /^\s*(\S*(#|%23)r\d{1,9}\.\S|r\d{1,9}\.[A-Za-z0-9_-]{24,}(\s|$))/.test(text)
}
