import type { SentenceTable } from '../../engine/match'

/** Why a model cannot become a JavaScript module. */
export const deploy: SentenceTable = {
  '{node}: a JavaScript module cannot compute it. Download the ONNX file and run it with onnxruntime-web instead.':
    '{node}\u00a0: un module JavaScript ne sait pas le calculer. Téléchargez plutôt le fichier ONNX et exécutez-le avec onnxruntime-web.',
  '{node}: the shape of {value} depends on values, and a JavaScript module has fixed shapes. Use the ONNX file instead.':
    '{node}\u00a0: la forme de {value} dépend de valeurs, et un module JavaScript a des formes fixes. Utilisez plutôt le fichier ONNX.',
  '{node}: its sub-graphs are not computed.': '{node}\u00a0: ses sous-graphes ne sont pas calculés.',
  'The output {name} depends on no input; a JavaScript module has nothing to compute.':
    'La sortie {name} ne dépend d’aucune entrée\u202f; un module JavaScript n’a rien à calculer.',
  'The model does something else for each size of the batch, which a JavaScript module cannot do. Give it a fixed batch of 1, or use the ONNX file.':
    'Le modèle fait autre chose pour chaque taille de lot, ce qu’un module JavaScript ne sait pas faire. Donnez-lui un lot fixe de 1, ou utilisez le fichier ONNX.',
  'The model makes values whose size ({size#}) does not grow evenly with the batch.':
    'Le modèle produit des valeurs dont la taille ({size#}) ne croît pas régulièrement avec le lot.',
  'The input {name} has no axis of samples, and a JavaScript module computes samples. Use the ONNX file instead.':
    'L’entrée {name} n’a pas d’axe d’échantillons, et un module JavaScript calcule des échantillons. Utilisez plutôt le fichier ONNX.',
  'The output {name} has no axis of samples, and a JavaScript module computes samples. Use the ONNX file instead.':
    'La sortie {name} n’a pas d’axe d’échantillons, et un module JavaScript calcule des échantillons. Utilisez plutôt le fichier ONNX.',
  'The inputs have {sizes} samples; a JavaScript module needs an open number, or 1. Use the ONNX file instead.':
    'Les entrées ont {sizes} échantillons\u202f; un module JavaScript en demande un nombre ouvert, ou 1. Utilisez plutôt le fichier ONNX.',
  'The input {name} has an axis of open size ({size}), and a JavaScript module has fixed shapes. Use the ONNX file instead.':
    'L’entrée {name} a un axe de taille ouverte ({size}), et un module JavaScript a des formes fixes. Utilisez plutôt le fichier ONNX.',
  'The model takes texts, and nothing says which column of a table they come from. A JavaScript module needs the columns.':
    'Le modèle prend des textes, et rien ne dit de quelle colonne d’un tableau ils viennent. Un module JavaScript a besoin des colonnes.',
}
