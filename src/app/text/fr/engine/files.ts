import type { SentenceTable } from '../../engine/match'

/** What readers of models and data say of a file. */
export const files: SentenceTable = {
  '{n#} bytes from byte {from#} were expected, but the file ends at byte {end#}':
    '{n#} octets étaient attendus à partir de l’octet {from#}, mais le fichier s’arrête à l’octet {end#}',
  '{file}: the browser could not read {n#} bytes from byte {from#} ({why!}). The file may have been moved or changed since it was dropped; drop it again.':
    '{file}\u00a0: le navigateur n’a pas pu lire {n#} octets à partir de l’octet {from#} ({why!}). Le fichier a peut-être été déplacé ou modifié depuis que vous l’avez déposé\u202f; déposez-le de nouveau.',
  'The file may be damaged or incomplete; fetch it again.':
    'Le fichier est peut-être endommagé ou incomplet\u202f; récupérez-le de nouveau.',
  '{file} at byte {offset#}: {problem~}': '{file}, octet {offset#}\u00a0: {problem~}',
  ' at byte {offset#}': ', octet {offset#}',
  '{what~}: {problem~}': '{what~}\u00a0: {problem~}',

  // what a file is
  'a zip archive (PyTorch, Keras and NumPy save such files)':
    'une archive zip (PyTorch, Keras et NumPy en enregistrent)',
  'an empty zip archive': 'une archive zip vide',
  'a gzip archive': 'une archive gzip',
  'an HDF5 file (Keras saves such files)': 'un fichier HDF5 (Keras en enregistre)',
  'a Python pickle (PyTorch saves such files)': 'un pickle Python (PyTorch en enregistre)',
  'a GGUF file': 'un fichier GGUF',
  'a NumPy array': 'un tableau NumPy',
  'a PNG picture': 'une image PNG',
  'a JPEG picture': 'une image JPEG',
  'a PDF document': 'un document PDF',
  'the file is empty': 'le fichier est vide',
  'its first bytes ({bytes}) are those of {kind~}': 'ses premiers octets ({bytes}) sont ceux de\u00a0: {kind~}',
  'its first bytes ({bytes}) are those of a safetensors file':
    'ses premiers octets ({bytes}) sont ceux d’un fichier safetensors',
  'its first bytes ({bytes}) are those of a WebP picture': 'ses premiers octets ({bytes}) sont ceux d’une image WebP',
  'its first bytes ({bytes}) are those of a WAV sound': 'ses premiers octets ({bytes}) sont ceux d’un son WAV',
  'it is a tar archive': 'c’est une archive tar',
  'its first bytes ({bytes}) are those of a TensorFlow Lite model':
    'ses premiers octets ({bytes}) sont ceux d’un modèle TensorFlow Lite',
  'it is a Git LFS pointer; fetch the file itself with "git lfs pull"':
    'c’est un pointeur Git LFS\u202f; récupérez le fichier lui-même avec «\u202fgit lfs pull\u202f»',
  'it is a web page, perhaps an error page saved under this name':
    'c’est une page web, peut-être une page d’erreur enregistrée sous ce nom',
  'it begins with the text {text}': 'il commence par le texte {text}',
  'its first bytes are {bytes}': 'ses premiers octets sont {bytes}',
  'expected a model file; {found~}': 'un fichier de modèle était attendu\u202f; {found~}',
  'Plume does not read this kind of file as a model yet. It reads: {known}.':
    'Plume ne lit pas encore ce type de fichier comme un modèle. Il lit\u00a0: {known}.',
  'this is not an ONNX model: {found~}': 'ce n’est pas un modèle ONNX\u00a0: {found~}',
  'Choose a file that was exported as ONNX (.onnx).': 'Choisissez un fichier exporté en ONNX (.onnx).',

  // ONNX: the places
  'the model': 'le modèle',
  'the graph': 'le graphe',
  'graph {name}': 'graphe {name}',
  'a function': 'une fonction',
  'function {name}': 'fonction {name}',
  'tensor {name}': 'tenseur {name}',
  'tensor (without name)': 'tenseur (sans nom)',
  '(without name)': '(sans nom)',
  'value {name}': 'valeur {name}',
  'node {name}': 'nœud {name}',
  'node {name} ({operator})': 'nœud {name} ({operator})',
  'node (without name)': 'nœud (sans nom)',
  'node (without name) ({operator})': 'nœud (sans nom) ({operator})',
  '{owner~}, attribute {name}': '{owner~}, attribut {name}',
  'training information': 'informations d’entraînement',
  'sparse tensor': 'tenseur creux',

  // ONNX: the fields
  'expected a field of a message, found the tag {tag}': 'un champ de message était attendu, pas l’étiquette {tag}',
  'field {field} has wire type {type}, which ONNX does not use':
    'le champ {field} a le type d’encodage {type}, qu’ONNX n’utilise pas',
  'field {field} takes {n#} bytes, but only {left#} bytes are left':
    'le champ {field} occupe {n#} octets, mais il n’en reste que {left#}',
  'expected at most {n#} fields besides the weights': 'au plus {n#} champs étaient attendus en dehors des poids',
  'field {field} has wire type {type}, expected {expected}':
    'le champ {field} a le type d’encodage {type} au lieu de {expected}',
  'field {field} has {n#} bytes, at most {most#} can be read':
    'le champ {field} a {n#} octets\u202f; au plus {most#} peuvent être lus',
  'field {field} is {value}, which is out of range': 'le champ {field} vaut {value}, ce qui est hors limites',
  'the file ends in the middle of a number': 'le fichier s’arrête au milieu d’un nombre',
  'expected a number of at most 10 bytes': 'un nombre d’au plus 10 octets était attendu',
  'expected floats of 4 bytes each, found {n#} bytes':
    'des flottants de 4 octets chacun étaient attendus\u202f; trouvé\u00a0: {n#} octets',
  'expected an attribute with a name': 'un attribut nommé était attendu',
  'gives its value twice': 'donne sa valeur deux fois',
  'its type is {type}, but it holds no {expected}': 'son type est {type}, mais il ne contient pas de {expected}',
  'expected graphs nested at most {n#} deep': 'des graphes imbriqués sur au plus {n#} niveaux étaient attendus',
  'expected an initializer with a name': 'un initialiseur nommé était attendu',
  'two initializers have this name': 'deux initialiseurs portent ce nom',
  'gives attribute {name} twice': 'donne deux fois l’attribut {name}',
  'gives the attribute {name} twice': 'donne deux fois l’attribut {name}',
  'gives its graph twice': 'donne son graphe deux fois',
  'expected a graph, found none': 'un graphe était attendu\u202f; il n’y en a pas',
  'expected an IR version, found {version}': 'une version d’IR était attendue\u202f; trouvé\u00a0: {version}',
  'gives field {field} twice': 'donne deux fois le champ {field}',
  'expected a node with an operator (op_type), found none':
    'un nœud avec un opérateur (op_type) était attendu\u202f; il n’y en a pas',
  'data location {value} is not known': 'l’emplacement de données {value} est inconnu',
  'a value runs over the end of its field': 'une valeur dépasse la fin de son champ',
  'expected a dimension from 0 to 2^53, found {value}':
    'une dimension de 0 à 2^53 était attendue\u202f; trouvé\u00a0: {value}',
  'field {field} has wire type {type}, which cannot hold its elements':
    'le champ {field} a le type d’encodage {type}, qui ne peut pas contenir ses éléments',
  'expected values of {size#} bytes each, found {n#} bytes':
    'des valeurs de {size#} octets chacune étaient attendues\u202f; trouvé\u00a0: {n#} octets',
  'its shape [{shape}] has too many elements': 'sa forme [{shape}] compte trop d’éléments',
  'has its elements both here and in another file': 'a ses éléments à la fois ici et dans un autre fichier',
  '{dtype} must be stored in string_data': '{dtype} doit être stocké dans string_data',
  '{what} takes {n#} strings, found {found#}': '{what} demande {n#} chaînes\u202f; trouvé\u00a0: {found#}',
  'gives raw_data twice': 'donne raw_data deux fois',
  '{what} takes {n#} bytes, found {found#}': '{what} demande {n#} octets\u202f; trouvé\u00a0: {found#}',
  '{dtype} cannot be stored in field {field}, expected field {expected}':
    '{dtype} ne peut pas être stocké dans le champ {field}\u202f; le champ {expected} était attendu',
  '{low#} to {high#}': 'de {low#} à {high#}',
  '{what} takes {n~} stored values, found {found#}':
    '{what} demande {n~} valeurs stockées\u202f; trouvé\u00a0: {found#}',
  '{what}: expected {n~} stored values, found {found#}':
    '{what}\u00a0: {n~} valeurs stockées étaient attendues\u202f; trouvé\u00a0: {found#}',
  'strings cannot stand in another file': 'des chaînes ne peuvent pas se trouver dans un autre fichier',
  '{dtype} [{shape}] takes {n#} bytes, its external data has {found#}':
    '{dtype} [{shape}] demande {n#} octets\u202f; ses données externes en ont {found#}',
  'expected a whole number of bytes, found "{value}"':
    'un nombre entier d’octets était attendu\u202f; trouvé\u00a0: «\u202f{value}\u202f»',
  'a sparse tensor has it twice': 'un tenseur creux le contient deux fois',
  'expected a sparse tensor with values and indices': 'un tenseur creux avec des valeurs et des indices était attendu',
  'gives its type twice': 'donne son type deux fois',
  'expected a value with a name': 'une valeur nommée était attendue',
  'expected a type nested at most {n#} deep': 'un type imbriqué sur au plus {n#} niveaux était attendu',

  // ONNX: the graph
  'Export the model again.': 'Exportez le modèle de nouveau.',
  '{node~} defines the value {name}, which is defined already': '{node~} définit la valeur {name}, déjà définie',
  '{graph~} has the output {name}, which nothing defines': '{graph~} a la sortie {name}, que rien ne définit',
  '{graph~} has two inputs with the name {name}': '{graph~} a deux entrées nommées {name}',
  '{node~} reads the value {name}, which nothing before it defines':
    '{node~} lit la valeur {name}, que rien ne définit avant lui',
  '{node~} is part of a cycle: it reads {name}, which is computed from its own output':
    '{node~} fait partie d’un cycle\u00a0: il lit {name}, calculée à partir de sa propre sortie',

  // ONNX: weights in other files
  'the file was not opened': 'le fichier n’a pas été ouvert',
  'gives no file name': 'ne donne aucun nom de fichier',
  'contains a zero byte': 'contient un octet nul',
  'is a drive or URL': 'est un lecteur ou une URL',
  'contains a backslash': 'contient une barre oblique inversée',
  'is absolute': 'est absolu',
  'climbs out of the folder': 'sort du dossier',
  'refers to the memory of another program': 'désigne la mémoire d’un autre programme',
  'the location "{path}" of its weights {problem~}': 'l’emplacement «\u202f{path}\u202f» de ses poids {problem~}',
  'Put the weights into the folder of the model and save it again with relative paths.':
    'Placez les poids dans le dossier du modèle et enregistrez-le de nouveau avec des chemins relatifs.',
  ' and {n#} more': ' et {n#} de plus',
  'a file that was': 'un fichier',
  'files that were': 'des fichiers',
  'tensor {name}: its weights stand in a file that was not given: {files}':
    'tenseur {name}\u00a0: ses poids se trouvent dans un fichier qui n’a pas été fourni\u00a0: {files}',
  'tensor {name}: its weights stand in files that were not given: {files} and {n#} more':
    'tenseur {name}\u00a0: ses poids se trouvent dans des fichiers qui n’ont pas été fournis\u00a0: {files} et {n#} de plus',
  'tensor {name}: its weights stand in {kind~} not given: {files}':
    'tenseur {name}\u00a0: ses poids se trouvent dans {kind~} non fournis\u00a0: {files}',
  'Add {files} and {n#} more from the same folder, together with the model.':
    'Ajoutez {files} et {n#} de plus du même dossier, en même temps que le modèle.',
  'Add {files} from the same folder, together with the model.':
    'Ajoutez {files} du même dossier, en même temps que le modèle.',
  'tensor {name}: expected bytes {from#} to {to#} of {file}, which ends at byte {end#}':
    'tenseur {name}\u00a0: les octets {from#} à {to#} de {file} étaient attendus, mais ce fichier s’arrête à l’octet {end#}',
  '{file} may be incomplete or belong to another model.':
    '{file} est peut-être incomplet ou appartient à un autre modèle.',
  'The model takes {n#} bytes in one piece; at most {most#} can be handed to onnxruntime.':
    'Le modèle occupe {n#} octets d’un seul tenant\u202f; au plus {most#} peuvent être confiés à onnxruntime.',
  'it names the file "{file}", which was not given': 'il nomme le fichier «\u202f{file}\u202f», qui n’a pas été fourni',
  'Drop the folder with all of its files.': 'Déposez le dossier avec tous ses fichiers.',
}
