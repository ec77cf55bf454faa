/** What a count makes of a text: `other` is there in every language, the rest where the language has it. */
export type PluralForms<T = string> = Partial<Record<Intl.LDMLPluralRule, T>> & { readonly other: T }

const rules = new Map<string, Intl.PluralRules>()

/**
 * The form of a text that goes with a count: English has one file and 0 files, French 0 fichier and 1 fichier.
 * A category without a form (French `many`, from a million on) takes `other`.
 */
export function plural<T>(locale: string, count: number, forms: PluralForms<T>): T {
  let rule = rules.get(locale)
  if (!rule) {
    rule = new Intl.PluralRules(locale)
    rules.set(locale, rule)
  }
  return forms[rule.select(count)] ?? forms.other
}
