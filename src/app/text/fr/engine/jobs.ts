import type { SentenceTable } from '../../engine/match'

/** What running, comparing and choosing say, with what a device or an option lacks. */
export const jobs: SentenceTable = {
  // options
  '{owner~} has no option "{name}". It has: {known~}.':
    '{owner~} n’a pas d’option «\u202f{name}\u202f». Options\u00a0: {known~}.',
  'method {id}': 'la méthode {id}',
  'no options': 'aucune',
  'Option "{name}" of method {id}': 'L’option «\u202f{name}\u202f» de la méthode {id}',
  'Option "{name}" of {owner}': 'L’option «\u202f{name}\u202f» de «\u202f{owner}\u202f»',
  'not {value}': 'pas {value}',
  '{option~} takes true or false, not {value}.': '{option~} vaut true ou false, pas {value}.',
  '{option~} takes true or false, {not~}.': '{option~} vaut true ou false, {not~}.',
  'a whole number': 'un nombre entier',
  'a number': 'un nombre',
  '{option~} takes a whole number from {min#} to {max#}, not {value}.':
    '{option~} demande un nombre entier de {min#} à {max#}, pas {value}.',
  '{option~} takes a number from {min#} to {max#}, not {value}.':
    '{option~} demande un nombre de {min#} à {max#}, pas {value}.',
  '{option~} takes {kind~} from {min#} to {max#}, {not~}.': '{option~} demande {kind~} de {min#} à {max#}, {not~}.',
  '{option~} takes one of {values}, not {value}.': '{option~} demande l’une des valeurs {values}, pas {value}.',
  '{option~} takes one of {values}, {not~}.': '{option~} demande l’une des valeurs {values}, {not~}.',
  '{option~} takes text of at most {n#} characters, not {value}.':
    '{option~} demande un texte d’au plus {n#} caractères, pas {value}.',
  '{option~} takes text of at most {n#} characters, {not~}.':
    '{option~} demande un texte d’au plus {n#} caractères, {not~}.',
  'There is no method "{name}". Methods: {known}.':
    'Il n’y a pas de méthode «\u202f{name}\u202f». Méthodes\u00a0: {known}.',

  // durations, as the command line says them
  'less than 1 s': 'moins de 1 s',
  'about {n#} s': 'environ {n#} s',
  'about {n#} min': 'environ {n#} min',

  // onnxruntime
  'onnxruntime refused the model': 'onnxruntime a refusé le modèle',
  'onnxruntime could not run the model': 'onnxruntime n’a pas pu exécuter le modèle',
  'onnxruntime refused the model: {quote!}': 'onnxruntime a refusé le modèle\u00a0: «\u202f{quote!}\u202f»',
  'onnxruntime could not run the model: {quote!}':
    'onnxruntime n’a pas pu exécuter le modèle\u00a0: «\u202f{quote!}\u202f»',
  'onnxruntime refused the model: {quote!} It stands at node {node~}.':
    'onnxruntime a refusé le modèle\u00a0: «\u202f{quote!}\u202f» Il s’agit du nœud {node~}.',
  'onnxruntime could not run the model: {quote!} It stands at node {node~}.':
    'onnxruntime n’a pas pu exécuter le modèle\u00a0: «\u202f{quote!}\u202f» Il s’agit du nœud {node~}.',
  '{error~} It stands at node {node~}.': '{error~} Il s’agit du nœud {node~}.',
  '"{name}" ({operator})': '«\u202f{name}\u202f» ({operator})',
  'of {operator} that makes "{name}"': '{operator} qui produit «\u202f{name}\u202f»',
  '{what~}: it ran out of memory (a WASM program has at most 4 GB). Use a smaller input or batch, or close other tabs.':
    '{what~}\u00a0: la mémoire est épuisée (un programme WASM en a au plus 4 Go). Prenez une entrée ou un lot plus petit, ou fermez d’autres onglets.',
  '{what~}: it stopped with an internal exception (number {code}) and gave no reason. Most often memory ran out; try again with a smaller input, or with one thread.':
    '{what~}\u00a0: il s’est arrêté sur une exception interne (numéro {code}) sans donner de raison. Le plus souvent, la mémoire a manqué\u202f; réessayez avec une entrée plus petite, ou avec un seul fil.',
  '{what~}: an input or output holds {dtype} values, which onnxruntime-web cannot exchange with a page. Export the model with a wider type there.':
    '{what~}\u00a0: une entrée ou une sortie contient des valeurs {dtype}, qu’onnxruntime-web ne sait pas échanger avec une page. Exportez le modèle avec un type plus large à cet endroit.',
  '"{name}" is not a tensor but a sequence, map or optional, which onnxruntime-web cannot exchange. Export the model with tensors only as inputs and outputs.':
    '«\u202f{name}\u202f» n’est pas un tenseur mais une séquence, une table ou un optionnel, qu’onnxruntime-web ne sait pas échanger. Exportez le modèle avec seulement des tenseurs en entrée et en sortie.',
  'onnxruntime-web cannot exchange an input or output with the name "__proto__". Export the model with another name.':
    'onnxruntime-web ne sait pas échanger une entrée ou une sortie nommée «\u202f__proto__\u202f». Exportez le modèle avec un autre nom.',
  'Input "{name}": onnxruntime-web cannot take {dtype} values. It takes string, {known}.':
    'Entrée «\u202f{name}\u202f»\u00a0: onnxruntime-web n’accepte pas de valeurs {dtype}. Il accepte string, {known}.',
  'onnxruntime stopped ({why~}); this device may be out of memory. Close other tabs and try again, or use the command line.':
    'onnxruntime s’est arrêté ({why~})\u202f; cet appareil manque peut-être de mémoire. Fermez d’autres onglets et réessayez, ou passez par la ligne de commande.',
  'its worker could not be loaded': 'son worker n’a pas pu être chargé',

  // the device
  'Quantizing runs on the slow reference backend; the bytes are the same. {why~}':
    'La quantification passe par le moteur de référence, lent\u202f; les octets sont les mêmes. {why~}',
  'zero points': 'points zéro',
  'The SIMD kernels could not be loaded ({why!}). Update the browser or Node, or choose the reference backend.':
    'Les noyaux SIMD n’ont pas pu être chargés ({why!}). Mettez à jour le navigateur ou Node, ou choisissez le moteur de référence.',
  'The kernels need {n#} bytes of WASM memory and the platform gives no more. Close other tabs, or choose the reference backend.':
    'Les noyaux demandent {n#} octets de mémoire WASM, et la plateforme n’en donne plus. Fermez d’autres onglets, ou choisissez le moteur de référence.',
  'The kernels could not be fetched (status {status}). Reload the page.':
    'Les noyaux n’ont pas pu être récupérés (statut {status}). Rechargez la page.',
  'The {format} decoder could not be fetched (status {status}). Reload the page.':
    'Le décodeur {format} n’a pas pu être récupéré (statut {status}). Rechargez la page.',
  "{file}: the browser's storage is full: {n#} bytes had to be written, {done#} were. Free disk space or delete data of this site, or use the command line, which writes to any folder.":
    '{file}\u00a0: le stockage du navigateur est plein\u00a0: {n#} octets devaient être écrits, {done#} l’ont été. Libérez de l’espace disque ou supprimez des données de ce site, ou passez par la ligne de commande, qui écrit dans n’importe quel dossier.',
  'its script could not be loaded': 'son script n’a pas pu être chargé',
  'The worker stopped ({why~}). The file is untouched; try again, or reload the page if it happens twice.':
    'Le worker s’est arrêté ({why~}). Le fichier est intact\u202f; réessayez, ou rechargez la page si cela se reproduit.',
  Cancelled: 'Annulé',

  // data for the model
  'The data has the label {label}, but output "{output}" has {n#} classes, 0 to {last#}. Count classes from 0, write -1 for what is to be ignored, or leave the labels out.':
    'Les données portent l’étiquette {label}, mais la sortie «\u202f{output}\u202f» a {n#} classes, de 0 à {last#}. Numérotez les classes à partir de 0, écrivez -1 pour ce qui doit être ignoré, ou omettez les étiquettes.',
  '{name} has no array for input "{input}". The model takes: {needed}. The data has: {found}. Name the arrays as the inputs.':
    '{name} n’a pas de tableau pour l’entrée «\u202f{input}\u202f». Le modèle demande\u00a0: {needed}. Les données ont\u00a0: {found}. Nommez les tableaux comme les entrées.',
  '(no name)': '(sans nom)',
  '{name}: input {input} takes samples of shape [{shape}], but the array has samples of shape [{found}]. The first size of an array counts the samples; reshape it.':
    '{name}\u00a0: l’entrée {input} demande des échantillons de forme [{shape}], mais le tableau en a de forme [{found}]. La première dimension d’un tableau compte les échantillons\u202f; changez sa forme.',
  "The model's inputs have different fixed first sizes ({sizes}), so samples cannot be cut along them. Give one whole input a sample: arrays with one axis more.":
    'Les entrées du modèle ont des premières dimensions fixes différentes ({sizes})\u00a0: on ne peut pas y découper d’échantillons. Donnez une entrée entière par échantillon\u00a0: des tableaux avec un axe de plus.',
  'The model takes {n#} samples at a time, which cannot be combined with carried state.':
    'Le modèle prend {n#} échantillons à la fois, ce qui ne se combine pas avec un état reporté.',
  'State "{name}" has {dtype} values, which cannot start at zero.':
    'L’état «\u202f{name}\u202f» a des valeurs {dtype}, qui ne peuvent pas partir de zéro.',
  '{name}: input {input} takes {dtype} values, but the array holds {found}. Save it as {as}.':
    '{name}\u00a0: l’entrée {input} demande des valeurs {dtype}, mais le tableau contient des {found}. Enregistrez-le en {as}.',
  'The array {name~} holds {dtype} and was converted to {to}, which input "{input}" takes.':
    'Le tableau {name~} contient des {dtype} et a été converti en {to}, que demande l’entrée «\u202f{input}\u202f».',
  'of the data': 'des données',
  'Input "{name}" takes {dtype}, from {min#} to {max#}, but the data holds {value}.':
    'L’entrée «\u202f{name}\u202f» demande des {dtype}, de {min#} à {max#}, mais les données contiennent {value}.',
  'Input "{name}" takes {dtype} values, and Plume cannot make any up. Give data (--test) to compare on.':
    'L’entrée «\u202f{name}\u202f» demande des valeurs {dtype}, et Plume ne sait pas en inventer. Donnez des données (--test) pour la comparaison.',
  'Made-up inputs with {values~} did not run in the original; that case is not compared.':
    'Les entrées inventées avec {values~} n’ont pas fonctionné dans l’original\u202f; ce cas n’est pas comparé.',
  'The inputs have {n#} values for one run (input "{name}" is {shape}), and Plume makes up at most {most#}. Export the model with a smaller batch.':
    'Les entrées ont {n#} valeurs pour une exécution (l’entrée «\u202f{name}\u202f» est de {shape}), et Plume en invente au plus {most#}. Exportez le modèle avec un lot plus petit.',
  'State "{output}={input}": the model has no output "{missing}".':
    'État «\u202f{output}={input}\u202f»\u00a0: le modèle n’a pas de sortie «\u202f{missing}\u202f».',
  '{name}: --state cannot be combined with pictures. Give arrays (.npz).':
    '{name}\u00a0: --state ne se combine pas avec des images. Donnez des tableaux (.npz).',
  '--state {output}={input}: the model has no output "{missing}". It has: {known}.':
    '--state {output}={input}\u00a0: le modèle n’a pas de sortie «\u202f{missing}\u202f». Il a\u00a0: {known}.',
  '--state {output}={input}: the model has no input "{missing}". It has: {known}.':
    '--state {output}={input}\u00a0: le modèle n’a pas d’entrée «\u202f{missing}\u202f». Il a\u00a0: {known}.',

  // pictures into inputs
  "{name}: pictures need a model with one input such as [n, 3, height, width]; this one takes {found}. Give arrays named like the model's inputs (.npz).":
    '{name}\u00a0: des images demandent un modèle à une entrée telle que [n, 3, hauteur, largeur]\u202f; celui-ci prend {found}. Donnez des tableaux nommés comme les entrées du modèle (.npz).',
  'No labels to choose by: pictures become inputs as in {preset}. Say --preprocess if the model was trained otherwise.':
    'Pas d’étiquettes pour choisir\u00a0: les images deviennent des entrées comme dans {preset}. Précisez le prétraitement (--preprocess) si le modèle a été entraîné autrement.',
  'Pictures become inputs as in {preset}: of {n#} presets tried on {seen#} samples, the original was right most often with it ({rate#} %).':
    'Les images deviennent des entrées comme dans {preset}\u00a0: de {n#} préréglages essayés sur {seen#} échantillons, c’est avec lui que l’original a eu le plus souvent raison ({rate#}\u202f%).',
  'a mean or std of 3 values': 'une moyenne ou un écart type de 3 valeurs',
  '--preprocess: {problem~} does not fit an input of 1 channel (gray). Give one value, e.g. mnist.':
    '--preprocess\u00a0: {problem~} ne convient pas à une entrée à 1 canal (gris). Donnez une seule valeur, par exemple mnist.',
  '--preprocess: a picture of {w#} × {h#} would become {w2#} × {h2#}; at most {most#} megapixels are made. Leave out pictures of such proportions.':
    '--preprocess\u00a0: une image de {w#} × {h#} deviendrait {w2#} × {h2#}\u202f; au plus {most#} mégapixels sont produits. Écartez les images de telles proportions.',
  '--preprocess: a picture of {w#} × {h#} (width × height) is smaller than the {w2#} × {h2#} to be cut from it. Give resize={size} or more, or leave resize and crop away.':
    '--preprocess\u00a0: une image de {w#} × {h#} (largeur × hauteur) est plus petite que les {w2#} × {h2#} à y découper. Donnez resize={size} ou plus, ou omettez resize et crop.',
  '--preprocess: the model takes {n#} pictures at once, which need one size, but one becomes {w#} × {h#} (width × height) and another {w2#} × {h2#}. Give resize and crop.':
    '--preprocess\u00a0: le modèle prend {n#} images à la fois, qui doivent avoir une même taille, or l’une devient {w#} × {h#} (largeur × hauteur) et une autre {w2#} × {h2#}. Donnez resize et crop.',
  '--preprocess: crop={crop} (height x width) does not fit the model, which takes {h~} × {w~}. Leave crop away.':
    '--preprocess\u00a0: crop={crop} (hauteur x largeur) ne convient pas au modèle, qui prend {h~} × {w~}. Omettez crop.',
  '--preprocess: crop={h}x{w} (height x width) does not fit the model, which takes {h2~} × {w2~}. Leave crop away.':
    '--preprocess\u00a0: crop={h}x{w} (hauteur x largeur) ne convient pas au modèle, qui prend {h2~} × {w2~}. Omettez crop.',
  any: 'n’importe',
  '--preprocess takes at most {most#} characters, not {n#}.':
    '--preprocess accepte au plus {most#} caractères, pas {n#}.',
  '--preprocess is empty. Give {expected~}.': '--preprocess est vide. Donnez {expected~}.',
  '--preprocess: "{word}" is not known. Give {expected~}.':
    '--preprocess\u00a0: «\u202f{word}\u202f» est inconnu. Donnez {expected~}.',
  '--preprocess: "{key}" is given twice.': '--preprocess\u00a0: «\u202f{key}\u202f» est donné deux fois.',
  'a preset ({names}) or keys such as "resize=256 crop=224 order=bgr range=255 mean=104,117,123 std=1,1,1 layout=nchw"':
    'un préréglage ({names}) ou des clés telles que «\u202fresize=256 crop=224 order=bgr range=255 mean=104,117,123 std=1,1,1 layout=nchw\u202f»',
  '--preprocess: {key} takes {expected~}, not "{value}".':
    '--preprocess\u00a0: {key} demande {expected~}, pas «\u202f{value}\u202f».',
  'the short side in pixels, 1 to {most#}': 'le petit côté en pixels, de 1 à {most#}',
  'pixels, 1 to {most#}, as SIDE or HEIGHTxWIDTH': 'des pixels, de 1 à {most#}, sous la forme CÔTÉ ou HAUTEURxLARGEUR',
  'rgb or bgr': 'rgb ou bgr',
  'nchw or nhwc': 'nchw ou nhwc',
  '1 or 255': '1 ou 255',
  '1 or 3 numbers with commas between': '1 ou 3 nombres séparés par des virgules',
  'numbers above zero': 'des nombres supérieurs à zéro',

  // comparing
  "The result's {what~} are not the original's: expected {before}, found {after}. Programs that use the model would break.":
    'Les {what~} du résultat ne sont pas celles de l’original\u00a0: attendu\u00a0: {before}\u202f; trouvé\u00a0: {after}. Les programmes qui utilisent le modèle ne fonctionneraient plus.',
  inputs: 'entrées',
  outputs: 'sorties',
  'The result gave no output "{name}".': 'Le résultat n’a pas donné la sortie «\u202f{name}\u202f».',
  'Output "{name}" of the result has shape [{found}], but the original\'s has [{shape}]. Programs that use the model would break.':
    'La sortie «\u202f{name}\u202f» du résultat a la forme [{found}], mais celle de l’original a [{shape}]. Les programmes qui utilisent le modèle ne fonctionneraient plus.',
  'No data was given: both models were compared on {n#} made-up inputs. Give some of your own data to measure what matters to you.':
    'Aucune donnée n’a été fournie\u00a0: les deux modèles ont été comparés sur {n#} entrées inventées. Donnez quelques-unes de vos données pour mesurer ce qui compte pour vous.',
  'No output has the shape of the labels ([{shape}] beside a class axis), so accuracy was not measured.':
    'Aucune sortie n’a la forme des étiquettes ([{shape}] à côté d’un axe de classes)\u00a0: l’exactitude n’a pas été mesurée.',
  'One sample gives no interval for the difference.':
    'Un seul échantillon ne donne pas d’intervalle pour la différence.',
  'Output "{name}": {n#} of {all#} values differ in being finite: NaN, infinity or other text where the original has a value, or the other way round. Do not use this result.':
    'Sortie «\u202f{name}\u202f»\u00a0: {n#} valeurs sur {all#} diffèrent par leur finitude\u00a0: NaN, infini ou autre texte là où l’original a une valeur, ou l’inverse. N’utilisez pas ce résultat.',
  'nothing could be compared': 'rien n’a pu être comparé',
  'they were left out of the comparison': 'elles ont été écartées de la comparaison',
  'Output "{name}": {n#} of {all#} values are NaN or infinite in both models; {what~}. Check the data for NaN and for values that the model cannot take.':
    'Sortie «\u202f{name}\u202f»\u00a0: {n#} valeurs sur {all#} sont NaN ou infinies dans les deux modèles\u202f; {what~}. Cherchez dans les données des NaN et des valeurs que le modèle n’accepte pas.',
  'Accuracy was not measured: the model is above the size up to which Plume runs models. Quality is the error of the weights.':
    'L’exactitude n’a pas été mesurée\u00a0: le modèle dépasse la taille jusqu’à laquelle Plume exécute les modèles. La qualité est l’erreur des poids.',
  '{name} has {n#} bytes; models above {most#} are not run. Evaluate it where it is used.':
    '{name} a {n#} octets\u202f; les modèles au-delà de {most#} ne sont pas exécutés. Évaluez-le là où il est utilisé.',

  // choosing
  'larger than the one chosen': 'plus gros que celui choisi',
  'weights-int8, cast-multiply': 'weights-int8, cast-multiply',
  'the same weights in a form that onnxruntime computes once, when it loads the model':
    'les mêmes poids, sous une forme qu’onnxruntime calcule une seule fois, au chargement du modèle',
  'not possible: {why~}': 'impossible\u00a0: {why~}',
  'The original is kept. Tried: {list~}.': 'L’original est conservé. Essais\u00a0: {list~}.',
  'The original is kept. {why~}': 'L’original est conservé. {why~}',
  'smallest that keeps the outputs': 'le plus petit qui préserve les sorties',
  'not smaller ({size#} instead of {before#})': 'pas plus petit ({size#} au lieu de {before#})',
  'outputs differ too much ({db#}, at least {least#} dB is asked for)':
    'les sorties diffèrent trop ({db#}\u202f; il en faut au moins {least#} dB)',
  'only {rate#} of the answers agree, at least {least#} is asked for':
    'seulement {rate#} des réponses concordent\u202f; il en faut au moins {least#}',
  'Tried: {list~}.': 'Essais\u00a0: {list~}.',
  '{one~}; {more~}': '{one~}\u202f; {more~}',
  'The result would have {n#} bytes, the original has {before#}: already optimal, the original is kept.':
    'Le résultat aurait {n#} octets, l’original en a {before#}\u00a0: il est déjà optimal et il est conservé.',
  'No tensor would become smaller: already optimal, the original is kept.':
    'Aucun tenseur ne deviendrait plus petit\u00a0: l’original est déjà optimal et il est conservé.',
  'Slower: a run takes {after#} instead of {before#} ({change#} more, {provider}). Not slower: {method} ({time#}, {size#}).':
    'Plus lent\u00a0: une exécution prend {after#} au lieu de {before#} ({change#} de plus, {provider}). Pas plus lent\u00a0: {method} ({time#}, {size#}).',
  'Slower: a run takes {after#} instead of {before#} ({change#} more, {provider}).':
    'Plus lent\u00a0: une exécution prend {after#} au lieu de {before#} ({change#} de plus, {provider}).',
  'Slower: a run takes {after#} instead of {before#} ({change#} more, {provider}).{hint~}':
    'Plus lent\u00a0: une exécution prend {after#} au lieu de {before#} ({change#} de plus, {provider}).{hint~}',
  ' Not slower: {method} ({time#}, {size#}).': ' Pas plus lent\u00a0: {method} ({time#}, {size#}).',

  // recipes and files
  '{name}: Plume cannot write this kind of file. Give a name that ends in {endings}.':
    '{name}\u00a0: Plume ne sait pas écrire ce type de fichier. Donnez un nom qui finit par {endings}.',
  '{where~}: this is not JSON ({why!}). Give a recipe saved by Plume.':
    '{where~}\u00a0: ce n’est pas du JSON ({why!}). Donnez une recette enregistrée par Plume.',
  'the recipe': 'la recette',
  '{path~}: expected {expected~}, found {found}':
    '{path~}\u00a0: attendu\u00a0: {expected~}\u202f; trouvé\u00a0: {found}',
  '{where~}: {problem~}. Give a recipe saved by Plume.':
    '{where~}\u00a0: {problem~}. Donnez une recette enregistrée par Plume.',
  '--state takes OUTPUT=INPUT, e.g. stateN=state, not "{text}".':
    '--state demande SORTIE=ENTRÉE, par exemple stateN=state, pas «\u202f{text}\u202f».',
  'plain text of at most {n#} characters': 'un texte simple d’au plus {n#} caractères',
  'plain text in the recipe': 'du texte simple dans la recette',

  // budgets, and ranges that a recipe stores
  'Give no-loss, drop=0.5% or size=2MB.': 'Donnez no-loss, drop=0.005 ou size=2MB.',
  'The budget "{text}" has no size: expected at least 1 byte. {advice~}':
    'Le budget «\u202f{text}\u202f» n’a pas de taille\u00a0: au moins 1 octet était attendu. {advice~}',
  'The budget "{text}" has the unit "{unit}": expected B, kB, MB, GB, kiB, MiB or GiB. {advice~}':
    'Le budget «\u202f{text}\u202f» a l’unité «\u202f{unit}\u202f»\u00a0: B, kB, MB, GB, kiB, MiB ou GiB étaient attendus. {advice~}',
  'The budget "{text}" is none that Plume knows. {advice~}':
    'Plume ne connaît pas le budget «\u202f{text}\u202f». {advice~}',
  'The budget "{text}" allows no such drop: expected 0 to below 100 %, or a fraction below 1.{hint~}':
    'Le budget «\u202f{text}\u202f» ne dit pas une baisse possible\u00a0: de 0 à moins de 100\u202f%, ou une fraction inférieure à 1, était attendu.{hint~}',
  ' For percent write drop={n}%.': ' Pour un pourcentage, mettez le signe derrière {n}.',
  'The command has --budget, which is for the automatic choice, and says itself what is done. Leave one of them out.':
    'La commande a --budget, qui s’adresse au choix automatique, et dit elle-même ce qu’il faut faire. Laissez l’un des deux de côté.',
  'The command has --trials, which is for the automatic choice, and says itself what is done. Leave one of them out.':
    'La commande a --trials, qui s’adresse au choix automatique, et dit elle-même ce qu’il faut faire. Laissez l’un des deux de côté.',
  '--trials takes a whole number from 1 on, not "{text}".':
    '--trials demande un nombre entier à partir de 1, pas «\u202f{text}\u202f».',
  'The ranges of the recipe are those of another model: they were chosen anew on the data given.':
    'Les plages de la recette sont celles d’un autre modèle\u00a0: elles ont été choisies de nouveau sur les données fournies.',
  'The ranges of the recipe come from other data: they were chosen anew on the data given.':
    'Les plages de la recette viennent d’autres données\u00a0: elles ont été choisies de nouveau sur les données fournies.',
  'The ranges of the recipe are those of another model, and there is no data to choose new ones on: they may cut off what this model computes. Give data with --calibrate.':
    'Les plages de la recette sont celles d’un autre modèle, et il n’y a pas de données pour en choisir de nouvelles\u00a0: elles peuvent couper ce que ce modèle calcule. Donnez des données avec --calibrate.',
}
