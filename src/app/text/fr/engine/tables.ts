/** Tables: how they are read, what is made of their columns, and how they become inputs of a model. */
export const tables = {
  // reading
  'row {row#} has {count#} cells, but most rows have {width#}: "{cell}" in cell {place#} belongs to no column':
    'la ligne {row#} a {count#} cellules, mais la plupart des lignes en ont {width#}\u00a0: «\u202f{cell}\u202f», dans la cellule {place#}, n’appartient à aucune colonne',
  'Put cells that hold the delimiter into double quotes, or take the row out.':
    'Mettez entre guillemets droits les cellules qui contiennent le séparateur, ou retirez la ligne.',
  '{file}: row {row#} has {count#} cells, but most rows have {width#}; what such rows lack at their end counts as missing ({n#} rows in all).':
    '{file}\u00a0: la ligne {row#} a {count#} cellules, mais la plupart des lignes en ont {width#}\u202f; ce qui manque à la fin de telles lignes compte comme manquant ({n#} lignes en tout).',
  '{file}: column "{column}" holds more than {n#} different texts; the others are not told apart.':
    '{file}\u00a0: la colonne «\u202f{column}\u202f» contient plus de {n#} textes différents\u202f; les autres ne sont pas distingués.',
  '{file}: column "{column}" holds numbers, but row {row#} holds "{cell}"; such cells count as missing ({n#} in all).':
    '{file}\u00a0: la colonne «\u202f{column}\u202f» contient des nombres, mais la ligne {row#} contient «\u202f{cell}\u202f»\u202f; de telles cellules comptent comme manquantes ({n#} en tout).',
  '{file}: column "{column}" is infinite where row {row#} holds "{cell}"; for a model such cells count as missing ({n#} in all).':
    '{file}\u00a0: la colonne «\u202f{column}\u202f» est infinie là où la ligne {row#} contient «\u202f{cell}\u202f»\u202f; pour un modèle, de telles cellules comptent comme manquantes ({n#} en tout).',
  '{file}: the header has one name less than the rows have cells; the first column is taken for row names.':
    '{file}\u00a0: l’en-tête a un nom de moins que les lignes n’ont de cellules\u202f; la première colonne est prise pour les noms des lignes.',
  'the header in row 1 has {names#} names, but most rows have {width#} cells':
    'l’en-tête de la ligne 1 a {names#} noms, mais la plupart des lignes ont {width#} cellules',
  '{file}: {found~}. The columns without a name are called by their number from 0 on.':
    '{file}\u00a0: {found~}. Les colonnes sans nom sont appelées par leur numéro, à partir de 0.',
  '{file}: {found~}. The names beyond the last cell belong to no column.':
    '{file}\u00a0: {found~}. Les noms au-delà de la dernière cellule n’appartiennent à aucune colonne.',
  'a header without rows was found': 'un en-tête sans lignes a été trouvé',
  'no rows were found': 'aucune ligne n’a été trouvée',
  'A table has one row per line, its cells separated by commas, semicolons or tabs.':
    'Une table a une rangée par ligne, ses cellules séparées par des virgules, des points-virgules ou des tabulations.',
  'text was expected, but the file holds zero bytes':
    'du texte était attendu, mais le fichier contient des octets nuls',
  'Export the table as CSV.': 'Exportez la table en CSV.',
  '{file}: row {row#} has a double quote inside a quoted cell; it was taken as part of the text. A quote inside quotes is written twice.':
    '{file}\u00a0: la ligne {row#} a un guillemet droit dans une cellule entre guillemets\u202f; il a été pris comme partie du texte. Un guillemet entre guillemets s’écrit deux fois.',
  'a line of more than {n#} bytes was found': 'une ligne de plus de {n#} octets a été trouvée',
  'A table has one row per line.': 'Une table a une rangée par ligne.',
  'the quoted cell that begins in row {row#} is never closed':
    'la cellule entre guillemets qui commence à la ligne {row#} n’est jamais fermée',
  'Close it with a double quote, or take stray quotes out.':
    'Fermez-la par un guillemet droit, ou retirez les guillemets égarés.',
  '{file} is not UTF-8; it was read as Windows-1252.':
    '{file} n’est pas en UTF-8\u202f; il a été lu comme du Windows-1252.',
  'Table (CSV, TSV)': 'Table (CSV, TSV)',

  // targets
  '{table}: "{column}" is taken for the target ({why~}).':
    '{table}\u00a0: «\u202f{column}\u202f» est prise pour la cible ({why~}).',
  'the last column, of few different values': 'la dernière colonne, qui a peu de valeurs différentes',
  'the only column of few different texts': 'la seule colonne qui a peu de textes différents',
  'the first column, of few different values': 'la première colonne, qui a peu de valeurs différentes',
  'the last column': 'la dernière colonne',
  'its name': 'son nom',
  'it is called like the file': 'elle s’appelle comme le fichier',
  '{table} has no column "{column}". {advice~}': '{table} n’a pas de colonne «\u202f{column}\u202f». {advice~}',
  'It has no header, so its columns are called by their number: {columns}.':
    'Elle n’a pas d’en-tête, donc ses colonnes sont appelées par leur numéro\u00a0: {columns}.',
  'Did you mean "{name}"? Its columns are {columns}.':
    'Vouliez-vous dire «\u202f{name}\u202f»\u202f? Ses colonnes sont {columns}.',
  'Its columns are {columns}.': 'Ses colonnes sont {columns}.',
  '{table} has no column to be predicted: each is empty or the same in every row.':
    '{table} n’a pas de colonne à prédire\u00a0: chacune est vide ou la même à chaque ligne.',
  '{table} has only one column, "{column}"; a target and something to predict it from are needed. Commas, semicolons, tabs, bars and spaces were tried as delimiters; separate the cells by one of them.':
    '{table} n’a qu’une colonne, «\u202f{column}\u202f»\u202f; il faut une cible et de quoi la prédire. Virgules, points-virgules, tabulations, barres et espaces ont été essayés comme séparateurs\u202f; séparez les cellules par l’un d’eux.',
  '{table}: the target "{column}"': '{table}\u00a0: la cible «\u202f{column}\u202f»',
  '{what~} is empty in every row. Choose another column.':
    '{what~} est vide à chaque ligne. Choisissez une autre colonne.',
  '{what~} is the same in every row (one class only), so there is nothing to learn. Choose another column.':
    '{what~} est la même à chaque ligne (une seule classe), il n’y a donc rien à apprendre. Choisissez une autre colonne.',
  '{what~} holds texts such as "{text}", which cannot be predicted as numbers. Train a classification, or choose a column of numbers.':
    '{what~} contient des textes tels que «\u202f{text}\u202f», qui ne peuvent être prédits comme des nombres. Entraînez une classification, ou choisissez une colonne de nombres.',
  '{what~} has {n#} different values in {rows#} rows: too many for classes. {advice~}':
    '{what~} a {n#} valeurs différentes sur {rows#} lignes\u00a0: c’est trop pour des classes. {advice~}',
  'Train a regression, or choose another column.': 'Entraînez une régression, ou choisissez une autre colonne.',
  'Choose another column.': 'Choisissez une autre colonne.',
  '{table}: the classes are unbalanced: "{rare}" has {n#} rows ({share#} %), "{most}" has {m#}. Look at F1 and the precision-recall curve rather than at accuracy.':
    '{table}\u00a0: les classes sont déséquilibrées\u00a0: «\u202f{rare}\u202f» a {n#} lignes ({share#}\u202f%), «\u202f{most}\u202f» en a {m#}. Regardez F1 et la courbe précision-rappel plutôt que l’exactitude.',
  '{table}: class "{class}" has too few rows to learn from and to be measured on ({n#}).':
    '{table}\u00a0: la classe «\u202f{class}\u202f» a trop peu de lignes pour apprendre et pour être mesurée ({n#}).',
  '{table}: "{column}" holds texts, but numbers are predicted.':
    '{table}\u00a0: «\u202f{column}\u202f» contient des textes, mais ce sont des nombres qui sont prédits.',
  '{table}: row {row#} has "{text}" in column "{column}", which is none of the classes {classes}.':
    '{table}\u00a0: la ligne {row#} a «\u202f{text}\u202f» dans la colonne «\u202f{column}\u202f», qui n’est aucune des classes {classes}.',
  '{table} has no column "{column}", which the model was trained with.':
    '{table} n’a pas de colonne «\u202f{column}\u202f», avec laquelle le modèle a été entraîné.',

  // roles
  '{table}: column "{column}" is left out, for it {why~}. Where it is known before the target is, give it a role.':
    '{table}\u00a0: la colonne «\u202f{column}\u202f» est écartée, car elle {why~}. Si elle est connue avant la cible, donnez-lui un rôle.',
  'gives the target away: it is the target in other units': 'trahit la cible\u00a0: c’est la cible en d’autres unités',
  'gives the target away: each of its values belongs to one class alone':
    'trahit la cible\u00a0: chacune de ses valeurs n’appartient qu’à une classe',
  'constant: it holds one value alone': 'constante\u00a0: elle ne contient qu’une valeur',
  'identifier: it numbers or names the rows': 'identifiant\u00a0: elle numérote ou nomme les lignes',
  'text: another in every row': 'texte\u00a0: un autre à chaque ligne',
  'text: {n#} different ones in {rows#} rows': 'texte\u00a0: {n#} différents sur {rows#} lignes',
  'says the same as "{column}"': 'dit la même chose que «\u202f{column}\u202f»',
  empty: 'vide',
  'left out by choice': 'écartée par choix',
  '{table}: no column is left to predict "{column}" from: {columns}. Give the role of a column to keep it.':
    '{table}\u00a0: il ne reste aucune colonne pour prédire «\u202f{column}\u202f»\u00a0: {columns}. Donnez le rôle d’une colonne pour la garder.',
  '{table}: column "{column}" holds texts such as "{text}", so it cannot be a number. Make it a category, or leave it out.':
    '{table}\u00a0: la colonne «\u202f{column}\u202f» contient des textes tels que «\u202f{text}\u202f», elle ne peut donc pas être un nombre. Faites-en une catégorie, ou écartez-la.',
  '{table}: "{column}" is the target, so it has no other role.':
    '{table}\u00a0: «\u202f{column}\u202f» est la cible, elle n’a donc pas d’autre rôle.',

  // splits and data sets
  'Shares of {test#} for the test and {validation#} for validation leave nothing to train on; together they must be below 1.':
    'Des parts de {test#} pour le test et de {validation#} pour la validation ne laissent rien pour l’entraînement\u202f; ensemble, elles doivent rester au-dessous de 1.',
  '{n#} samples are too few to train on, to validate and to test with.':
    '{n#} échantillons sont trop peu pour entraîner, valider et tester.',
  '{one} holds {n#} samples, but {other} holds {m#}.':
    '{one} contient {n#} échantillons, mais {other} en contient {m#}.',
  '{name} is a table: fitEncoder says how its rows become numbers.':
    '{name} est une table\u00a0: fitEncoder dit comment ses lignes deviennent des nombres.',
  'A picture is {width#} × {height#} pixels of {channels#} channels, but the first {firstWidth#} × {firstHeight#} of {firstChannels#}. Bring them to one size.':
    'Une image fait {width#} × {height#} pixels de {channels#} canaux, mais la première {firstWidth#} × {firstHeight#} de {firstChannels#}. Ramenez-les à une même taille.',
  'A batch size is a whole number from 1 on, not {size}.':
    'Une taille de lot est un nombre entier à partir de 1, non {size}.',

  // as inputs of a model
  'Column "{column}" holds texts such as "{text}", but the model takes its numbers. Check delimiter and header of the table.':
    'La colonne «\u202f{column}\u202f» contient des textes tels que «\u202f{text}\u202f», mais le modèle en prend les nombres. Vérifiez le séparateur et l’en-tête de la table.',
  '{table}: the model takes {width#} numbers a sample, but beside the target "{target}" the table has {n#} columns of numbers: {columns}.':
    '{table}\u00a0: le modèle prend {width#} nombres par échantillon, mais à côté de la cible «\u202f{target}\u202f» la table a {n#} colonnes de nombres\u00a0: {columns}.',
  '{table}: the model takes {width#} numbers a sample, but the table has {n#} columns of numbers: {columns}. Name the column of the labels with --target, so that it is not taken for an input.':
    '{table}\u00a0: le modèle prend {width#} nombres par échantillon, mais la table a {n#} colonnes de nombres\u00a0: {columns}. Nommez la colonne des étiquettes avec --target, pour qu’elle ne soit pas prise pour une entrée.',
  '{table}: the model has the inputs {inputs}, and the table no columns of these names. It has: {columns}.':
    '{table}\u00a0: le modèle a les entrées {inputs}, et la table n’a pas de colonnes de ces noms. Elle a\u00a0: {columns}.',
  '{table}: row {row#} has "{text}" in column "{column}", which is none of the model\'s classes {classes}.':
    '{table}\u00a0: la ligne {row#} a «\u202f{text}\u202f» dans la colonne «\u202f{column}\u202f», qui n’est aucune des classes du modèle {classes}.',
  '{table}: the classes of "{column}" are numbered by the alphabet: {classes}.':
    '{table}\u00a0: les classes de «\u202f{column}\u202f» sont numérotées par ordre alphabétique\u00a0: {classes}.',
  '{name}: --preprocess is for pictures, but this data is numbers, which are taken as they are. Leave it out.':
    '{name}\u00a0: --preprocess est pour les images, mais ces données sont des nombres, pris tels quels. Omettez-le.',
} as const
