import type { SentenceTable } from '../../engine/match'

/** What the browser's storage and interrupted jobs say. */
export const store: SentenceTable = {
  'Continued after an interruption: the trial was taken from before.':
    'Repris après une interruption\u00a0: l’essai déjà fait a été conservé.',
  'Continued after an interruption: {done#} of {n#} trials were taken from before.':
    'Repris après une interruption\u00a0: {done#} essais sur {n#} étaient déjà faits et ont été conservés.',
  "the browser's database did not open within {seconds#} seconds; reload the page":
    'la base de données du navigateur ne s’est pas ouverte en {seconds#} secondes\u202f; rechargez la page',
  'another tab holds on to an older version of the store; close it and reload':
    'un autre onglet retient une version plus ancienne du stockage\u202f; fermez-le et rechargez la page',
  'this browser has no private file system (OPFS) or no IndexedDB':
    'ce navigateur n’a pas de système de fichiers privé (OPFS) ou pas d’IndexedDB',
  'stored file': 'fichier stocké',
  'step {n#}': 'étape {n#}',
  'A preset needs a name of at most 128 characters and a recipe.':
    'Un préréglage demande un nom d’au plus 128 caractères et une recette.',
}
