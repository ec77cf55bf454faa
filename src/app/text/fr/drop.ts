import type { Messages } from '../en'

export const drop: Messages['drop'] = {
  choose: 'Choisir des fichiers',
  chooseMore: 'Ajouter des fichiers',
  folder: 'Choisir un dossier',
  paste: 'Coller',
  hint: 'ou déposez-les n’importe où sur cette page',
  formats: 'Modèles ONNX, avec leurs fichiers de poids et leurs données de test',
  overlay: 'Déposez pour alléger',
  overlayHint: 'Modèles, fichiers de poids, données de test ou dossier entier',
  pasteHelp: 'Appuyez sur Ctrl+V pour coller des fichiers ou une recette.',
  pasteMac: 'Appuyez sur ⌘V pour coller des fichiers ou une recette.',
  nothing: 'Il n’y avait aucun fichier là-dedans.',
  dataAlone: (name) => `${name} contient des données, pas un modèle. Déposez d’abord le modèle, puis ses données.`,
  dataAdded: (name, job) => `${name} servira à mesurer l’exactitude de ${job}.`,
  recipeAdded: (job) => `Recette collée pour ${job}.`,
  recipeAlone: 'Une recette a été collée. Déposez le modèle auquel elle est destinée, puis collez-la de nouveau.',
  notRecipe: 'Le texte collé n’est pas une recette de Plume.',
}
