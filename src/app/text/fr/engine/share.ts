import type { SentenceTable } from '../../engine/match'

/** What share links and their verification say. */
export const share: SentenceTable = {
  'This recipe is too long for a link: more than {n#} characters. Share it as a JSON file.':
    'Cette recette est trop longue pour un lien\u00a0: plus de {n#} caractères. Partagez-la sous forme de fichier JSON.',
  'Copy the whole link again, from # to its last character.':
    'Copiez de nouveau le lien entier, de # jusqu’à son dernier caractère.',
  'There is no share link in this text: expected #r1. and what follows it. Copy the whole link.':
    'Ce texte ne contient pas de lien de partage\u00a0: #r1. et sa suite étaient attendus. Copiez le lien entier.',
  'This share link is too long: {what~}. Ask for the recipe as a file.':
    'Ce lien de partage est trop long\u00a0: {what~}. Demandez la recette sous forme de fichier.',
  'more characters than any link has': 'plus de caractères qu’aucun lien n’en a',
  '{n#} characters, at most {most#} were expected': '{n#} caractères\u202f; au plus {most#} étaient attendus',
  'This share link was made by a newer version of Plume ({version~}; this one reads r1). Update Plume.':
    'Ce lien de partage a été créé par une version plus récente de Plume ({version~}\u202f; celle-ci lit r1). Mettez Plume à jour.',
  'unknown version': 'version inconnue',
  'This share link is damaged: character {at~} is {found~}, expected A–Z, a–z, 0–9, - or _. {advice~}':
    'Ce lien de partage est endommagé\u00a0: le caractère {at~} est {found~}\u202f; A–Z, a–z, 0–9, - ou _ étaient attendus. {advice~}',
  'none that links have': 'étranger aux liens',
  'This share link is damaged: {what~}. {advice~}': 'Ce lien de partage est endommagé\u00a0: {what~}. {advice~}',
  'it was cut off or changed': 'il a été coupé ou modifié',
  'it was cut off or changed, it does not unpack': 'il a été coupé ou modifié, il ne se décompresse pas',
  'nothing follows r1.': 'rien ne suit r1.',
  'its end is missing or changed': 'sa fin manque ou a été modifiée',
  'its checksum does not fit, so a character was changed':
    'sa somme de contrôle ne correspond pas\u00a0: un caractère a été modifié',
  'This share link holds too much: {what~}. It was not made by Plume; do not use it.':
    'Ce lien de partage contient trop de choses\u00a0: {what~}. Il n’a pas été créé par Plume\u202f; ne l’utilisez pas.',
  'more than any link has': 'plus qu’aucun lien n’en contient',
  'more than {n#} bytes when unpacked': 'plus de {n#} octets une fois décompressé',
  'This share link is damaged: what it holds is not JSON. {advice~}':
    'Ce lien de partage est endommagé\u00a0: son contenu n’est pas du JSON. {advice~}',
  'This share link holds what Plume does not know: {what~}. Ask for it again, or for the recipe as a file.':
    'Ce lien de partage contient ce que Plume ne connaît pas\u00a0: {what~}. Redemandez-le, ou demandez la recette sous forme de fichier.',
  'unknown contents': 'contenu inconnu',
  'the contents': 'le contenu',

  // whether a result is the shared one
  'seed {seed} {steps}': 'graine {seed} {steps}',
  '{what} {shared} in the link, {found} here': '{what}\u00a0: {shared} dans le lien, {found} ici',
  'Reproduced: same input, and the result is identical to the shared one, byte for byte.':
    'Reproduit\u00a0: même entrée, et un résultat identique à celui du lien, octet pour octet.',
  'The input is not the file that was shared ({list~}), so the figures of the link do not apply to it.':
    'L’entrée n’est pas le fichier partagé ({list~})\u00a0: les chiffres du lien ne s’y appliquent pas.',
  'The result differs from the shared one, as was to be expected: the link leaves out options that may name layers. Ask for a link with layer names.':
    'Le résultat diffère de celui du lien, ce qui était à prévoir\u00a0: le lien omet des options qui peuvent nommer des couches. Demandez un lien avec les noms des couches.',
  'The result differs from the shared one: {list~}.': 'Le résultat diffère de celui du lien\u00a0: {list~}.',
  'The link carries a recipe without a result; there is nothing to compare with.':
    'Le lien contient une recette sans résultat\u202f; il n’y a rien à comparer.',

  // recipes in other forms
  '--method {id}: "{text}" should be key=value.': '--method {id}\u00a0: «\u202f{text}\u202f» devrait être clé=valeur.',
  'This is no plume command: expected "npx plume compress MODEL -o OUT …".':
    'Ce n’est pas une commande plume\u00a0: «\u202fnpx plume compress MODEL -o OUT …\u202f» était attendu.',
  'Only plume compress has a recipe, not "plume {command}". Paste a plume compress command.':
    'Seul plume compress a une recette, pas «\u202fplume {command}\u202f». Collez une commande plume compress.',
  'The command has --recipe and --method: a recipe names all its methods. Leave one of them out.':
    'La commande a --recipe et --method\u00a0: une recette nomme toutes ses méthodes. Omettez l’un des deux.',
  '{flag} at the end of the command lacks its value.': '{flag}, à la fin de la commande, n’a pas de valeur.',
  'plume compress has no flag {flag}. See plume compress --help.':
    'plume compress n’a pas d’option {flag}. Voir plume compress --help.',
  '--seed takes a whole number from 0 to {max#}, not "{value}".':
    '--seed demande un nombre entier de 0 à {max#}, pas «\u202f{value}\u202f».',
  'The pasted text': 'Le texte collé',
  '{what~}: {n#} characters are too many for a recipe, at most {most#}.':
    '{what~}\u00a0: {n#} caractères, c’est trop pour une recette\u202f; au plus {most#}.',
  '{what~}: this is no recipe. Give its JSON, a share link (#r1.…) or a "plume compress" command with --method.':
    '{what~}\u00a0: ce n’est pas une recette. Donnez son JSON, un lien de partage (#r1.…) ou une commande «\u202fplume compress\u202f» avec --method.',
  '{what~}: the command reads its recipe from the file {file}. Give that file itself.':
    '{what~}\u00a0: la commande lit sa recette dans le fichier {file}. Donnez ce fichier lui-même.',
  'One command was expected; "{text}" begins another. Paste the plume command alone.':
    'Une seule commande était attendue\u202f; «\u202f{text}\u202f» en commence une autre. Collez la commande plume seule.',
  'The quote {quote} in the command is never closed. Paste the whole command.':
    'Le guillemet {quote} de la commande n’est jamais fermé. Collez la commande entière.',
}
