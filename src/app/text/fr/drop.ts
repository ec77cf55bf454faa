import type { Messages } from '../en'

export const drop: Messages['drop'] = {
  choose: 'Choisir des fichiers',
  chooseMore: 'Ajouter des fichiers',
  folder: 'Choisir un dossier',
  paste: 'Coller',
  hint: 'ou déposez-les n’importe où sur cette page',
  formats:
    'Modèles ONNX, avec leurs fichiers de poids et leurs données de test\u202f; tableaux (CSV) et images pour l’entraînement',
  overlay: 'Déposez pour alléger ou entraîner',
  overlayHint: 'Modèles avec leurs poids et leurs données de test, ou tableau ou images pour l’entraînement',
  pasteHelp:
    'Appuyez sur Ctrl+V pour coller des fichiers, un tableau, une recette, un lien de partage ou une commande.',
  pasteMac: 'Appuyez sur ⌘V pour coller des fichiers, un tableau, une recette, un lien de partage ou une commande.',
  nothing: 'Il n’y avait aucun fichier là-dedans.',
  dataAdded: (name, job) => `${name} servira à mesurer l’exactitude de ${job}.`,
  recipeAdded: (job) => `Recette collée pour ${job}.`,
  recipeAlone: 'Une recette est gardée pour le prochain modèle que vous déposerez.',
  recipeWaits: (name) => `Le prochain modèle que vous déposerez recevra cette recette\u00a0: ${name}.`,
  forgetRecipe: 'L’oublier',
  pasted: 'Le texte collé',
  pastedTable: 'tableau',
  notRecipe:
    'Le texte collé n’est ni une recette (JSON, lien de partage ou commande «\u202fplume compress\u202f») ni un tableau.',
}
