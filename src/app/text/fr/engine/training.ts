import type { SentenceTable } from '../../engine/match'

/** What training says of data, settings, and losses that are no numbers. */
export const training: SentenceTable = {
  // a loss that is not a number
  'Training stopped in epoch {epoch#} at step {step#}: the loss is not a number.':
    'L’entraînement s’est arrêté à l’époque {epoch#}, au pas {step#}\u00a0: la perte n’est pas un nombre.',
  '{where~} The weights {weights} were not numbers before it. {advice~}':
    '{where~} Avant ce pas déjà, les poids {weights} n’étaient pas des nombres. {advice~}',
  '{where~} The first such value is made by {node}. {cause~}':
    '{where~} La première valeur de ce genre vient de {node}. {cause~}',
  'The likely cause is a learning rate that is too high: the weights of {weights} had grown to {value#}. {advice~}':
    'La cause probable est un taux d’apprentissage trop élevé\u00a0: les poids de {weights} avaient atteint {value#}. {advice~}',
  'Train with a lower rate, e.g. --lr {rate#}.': 'Entraînez avec un taux plus bas, par exemple --lr {rate#}.',
  'The likely cause is the logarithm of zero or of a negative number: a small constant added before it prevents that.':
    'La cause probable est le logarithme de zéro ou d’un nombre négatif\u00a0: une petite constante ajoutée avant l’évite.',
  'The likely cause is the root of a negative number.': 'La cause probable est la racine d’un nombre négatif.',
  'The likely cause is a division by zero: a small constant added to the divisor prevents that.':
    'La cause probable est une division par zéro\u00a0: une petite constante ajoutée au diviseur l’évite.',
  'The likely cause is a power of zero or of a negative number.':
    'La cause probable est une puissance de zéro ou d’un nombre négatif.',
  'The samples hold {value} in {field} (sample {sample#} of the batch): remove it or fill it in.':
    'Les échantillons contiennent {value} dans {field} (échantillon {sample#} du lot)\u00a0: retirez-le ou complétez-le.',
  'The loss of epoch {epoch#} is not a number, though that of each step is.':
    'La perte de l’époque {epoch#} n’est pas un nombre, bien que celle de chaque pas en soit un.',

  // models
  'The model has a value called {name}, the name of what predictions are compared with.':
    'Le modèle a une valeur nommée {name}, le nom de ce à quoi les prédictions sont comparées.',
  'The model has no float weights to train.{frozen~}': 'Le modèle n’a pas de poids flottants à entraîner.{frozen~}',
  ' Frozen: {names}.': ' Gelés\u00a0: {names}.',
  '{node}: its ratio {ratio} is computed, and must be known to train the model.':
    '{node}\u00a0: son rapport {ratio} est calculé\u202f; il doit être connu pour entraîner le modèle.',
  'The graph has a value that is called {name}.': 'Le graphe a une valeur nommée {name}.',
  '{file} has no graph to train; it holds {n#} weights only.':
    '{file} n’a pas de graphe à entraîner\u202f; il ne contient que {n#} poids.',
  '{file} tells {n#} classes apart, but there are labels up to {last#} (from 0 on).':
    '{file} distingue {n#} classes, mais il y a des étiquettes jusqu’à {last#} (à partir de 0).',
  '{file}: pictures need a model with one input such as [n, 3, height, width].':
    '{file}\u00a0: les images demandent un modèle à une seule entrée telle que [n, 3, hauteur, largeur].',
  '{file} has no input {input}; it takes {inputs}.': '{file} n’a pas d’entrée {input}\u202f; il prend {inputs}.',

  // data
  'The samples have no field {field}; they have {fields}.':
    'Les échantillons n’ont pas de champ {field}\u202f; ils ont {fields}.',
  'Training needs samples: {train#} for training and {validation#} for validation.':
    'L’entraînement demande des échantillons\u00a0: {train#} pour l’entraînement et {validation#} pour la validation.',
  '{file} has no labels to learn: they are a file beside the pictures (idx), labels.csv, one folder per class, or an array "labels" (.npz).':
    '{file} n’a pas d’étiquettes à apprendre\u00a0: un fichier à côté des images (idx), labels.csv, un dossier par classe, ou un tableau «\u202flabels\u202f» (.npz).',
  '{file} holds arrays; with --from and --test, tables and pictures are taken (.csv, idx, folders).':
    '{file} contient des tableaux numériques\u202f; avec --from et --test, des tables et des images sont prises (.csv, idx, dossiers).',
  '{file}: one label a sample was expected, found {shape}.':
    '{file}\u00a0: une étiquette par échantillon était attendue\u202f; trouvé\u00a0: {shape}.',
  '{file}: sample {n#} has the label {label#}; classes are counted from 0 on.':
    '{file}\u00a0: l’échantillon {n#} a l’étiquette {label#}\u202f; les classes se comptent à partir de 0.',
  '{file}: one array of features beside the labels was expected, found {names~}.':
    '{file}\u00a0: un seul tableau à côté des étiquettes était attendu\u202f; trouvé\u00a0: {names~}.',
  '{file}: features should be of shape samples × columns, or samples × 1 or 3 channels × height × width, found {shape}.':
    '{file}\u00a0: le tableau devrait être de forme échantillons × colonnes, ou échantillons × 1 ou 3 canaux × hauteur × largeur\u202f; trouvé\u00a0: {shape}.',
  '{file}: the label {label#} is above {most#}; classes are counted from 0 on.':
    '{file}\u00a0: l’étiquette {label#} dépasse {most#}\u202f; les classes se comptent à partir de 0.',
  '{file}: all samples are of one class ({name}); two are needed.':
    '{file}\u00a0: tous les échantillons sont d’une seule classe ({name})\u202f; il en faut deux.',
  'Pictures are brought to {width#} × {height#} pixels: resized by the shorter side, cut out of the middle.':
    'Les images sont ramenées à {width#} × {height#} pixels\u00a0: redimensionnées selon le petit côté, découpées au milieu.',
  '{file} has no column "{column}" as {first} has. A table for the test has the same columns.':
    '{file} n’a pas de colonne «\u202f{column}\u202f» comme {first}. Une table pour le test a les mêmes colonnes.',
  '{file}: {n#} rows have no value of "{column}" and were left out.':
    '{file}\u00a0: {n#} lignes n’ont pas de valeur de «\u202f{column}\u202f» et ont été écartées.',
  'Only pictures can be changed at random while training ({kinds}).':
    'Seules les images peuvent être modifiées au hasard pendant l’entraînement ({kinds}).',
  '{file}: no column is left to learn from.':
    '{file}\u00a0: il ne reste aucune colonne à partir de laquelle apprendre.',

  // settings
  'The number of epochs should be at least 1 and is {n#}.': 'Le nombre d’époques devrait être au moins 1, et non {n#}.',
  'The batch size should be at least 1 and is {n#}.': 'La taille de lot devrait être au moins 1, et non {n#}.',
  'The learning rate should be above 0 and is {rate#}.':
    'Le taux d’apprentissage devrait dépasser 0, et non valoir {rate#}.',
  'The decay of the moving average should be from 0 to below 1 and is {decay#}.':
    'L’amortissement de la moyenne mobile devrait aller de 0 à moins de 1, et non valoir {decay#}.',
  'The norm that gradients are clipped to should be above 0 and is {norm#}.':
    'La norme à laquelle les gradients sont limités devrait dépasser 0, et non valoir {norm#}.',

  // reports
  'The model is no better on the test samples than its baseline, which never looks at them: the data may say nothing of the target, or there is too little of it.':
    'Sur les échantillons de test, le modèle ne fait pas mieux que sa référence, qui ne les regarde jamais\u00a0: les données ne disent peut-être rien de la cible, ou elles sont trop peu nombreuses.',
  'On the test samples, {name} was {before~} before this training and is {after~} after it.':
    'Sur les échantillons de test, {name} valait {before~} avant cet entraînement et vaut {after~} après.',
  'always the mean of the training samples': 'toujours la moyenne des échantillons d’entraînement',
  'always the most frequent class, {name}': 'toujours la classe la plus fréquente, {name}',
}
