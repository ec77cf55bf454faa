import { UsageError } from '../../core/errors'
import { formatRecipe, type Recipe } from '../../jobs/recipe'
import { recipeForms } from '../../jobs/recipe-forms/forms'
import { readRecipeText, recipeFormOf, type RecipeText } from '../../jobs/recipe-forms/read-recipe-text'
import { encodeLink } from '../../jobs/share/link'
import { canReproduce, sharedOfRecipe, type Shared } from '../../jobs/share/shared'
import { FlagError, type ParsedArgs } from '../args'
import type { Command } from '../command'
import { kindOf } from '../files'
import { readRecipe } from '../recipe'

const FORMS = ['json', 'link', 'cli'] as const
type Form = (typeof FORMS)[number]

export const recipe: Command = {
  name: 'recipe',
  usage: 'TEXT|FILE',
  help: 'turn a recipe into JSON, a share link or a command line',
  flags: {
    as: { type: 'text', value: 'json|link|cli', help: 'the form to print (default json)' },
  },
  async run(args, terminal) {
    const as = formFromArgs(args)
    const [given, ...others] = args.files
    if (given === undefined || others.length > 0) {
      throw new FlagError('plume recipe takes one TEXT or FILE. Put a command line or link in quotes.')
    }
    const read = await readGiven(given)
    if (read.recipe === 'auto') throw new UsageError(AUTO)
    const forms = await allForms(read, read.recipe)
    if (read.shared && !canReproduce(read.shared)) process.stderr.write(`plume recipe: ${WITHHELD}\n`)
    terminal.print(forms[as].trimEnd())
    const { form, shared } = read
    return { version: 1, form, recipe: read.recipe, link: forms.link, cli: forms.cli, ...(shared && { shared }) }
  },
}

const AUTO =
  'This command names no method, so the choice is automatic and there is no recipe before it has run. Run it with --save-recipe.'
const WITHHELD = 'the link leaves out options that may name layers; their defaults stand in the recipe.'

function formFromArgs(args: ParsedArgs): Form {
  const as = args.text('as') ?? 'json'
  const form = FORMS.find((candidate) => candidate === as)
  if (!form) throw new FlagError(`--as takes one of ${FORMS.join(', ')}, not "${as}".`)
  return form
}

async function readGiven(given: string): Promise<RecipeText> {
  const isText = recipeFormOf(given) !== null && (await kindOf(given)) === 'nothing'
  return isText ? readRecipeText(given, 'The text') : readRecipe(given, 'The text')
}

async function allForms(read: RecipeText, resolved: Recipe): Promise<Record<Form, string>> {
  const data = resolved.data?.find(({ role }) => role === 'test')
  const { input = 'MODEL.onnx', output = 'SMALL.onnx', ...others } = read.cli ?? {}
  const calibrate = resolved.data?.find(({ role }) => role === 'calibrate')
  const { cli: line } = await recipeForms(resolved, {
    input,
    output,
    ...(calibrate && !hasRanges(resolved) && { calibrate: 'CALIBRATION' }),
    ...(data && {
      test: 'DATA',
      ...(data.preprocess && { preprocess: data.preprocess }),
      ...(data.state && { state: data.state }),
    }),
    ...others,
  })
  const { text } = await encodeLink(shareable(read.shared, resolved), { full: true })
  return { json: formatRecipe(resolved), link: text, cli: line }
}

/** Ranges stand for the data that they were chosen on. */
const hasRanges = ({ steps }: Recipe): boolean => steps.some(({ ranges }) => ranges)

/** Who asks for the link of a recipe wants all of it in there, name patterns included. */
function shareable(shared: Shared | undefined, resolved: Recipe): Shared {
  if (shared) return shared
  const made = sharedOfRecipe(resolved, { withLayerNames: true })
  if (made.withheld.length === 0) return made
  throw new UsageError(
    `A link cannot hold ${made.withheld.join(', ')}: there are control characters, or more than 4096 characters or values. Share the JSON.`,
  )
}
