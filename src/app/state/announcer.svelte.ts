/** What a screen reader is told; one polite live region reads it. */
class Announcer {
  #text = $state('')

  get text(): string {
    return this.#text
  }

  say(text: string): void {
    this.#text = text
  }
}

export const announcer = new Announcer()
