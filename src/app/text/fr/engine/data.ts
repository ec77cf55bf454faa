import type { SentenceTable } from '../../engine/match'

/** What readers of samples say: arrays, archives, pictures, labels. */
export const data: SentenceTable = {
  none: 'rien',
  nothing: 'rien',

  // gzip and IDX
  '{n#} unpacked bytes were expected, found more':
    '{n#} octets décompressés étaient attendus\u202f; il y en a davantage',
  '{n#} unpacked bytes were expected, found {found#}':
    '{n#} octets décompressés étaient attendus\u202f; trouvé\u00a0: {found#}',
  'the gzip data are damaged ({why!})': 'les données gzip sont endommagées ({why!})',
  'the gzip checksum does not match the data': 'la somme de contrôle gzip ne correspond pas aux données',
  'an IDX file begins with 00 00, a type (08…0e) and a rank (1…8), found {found~}':
    'un fichier IDX commence par 00 00, un type (08…0e) et un rang (1…8)\u202f; trouvé\u00a0: {found~}',
  'Among gzip files only MNIST-style idx.gz is read; unpack others first.':
    'Parmi les fichiers gzip, seuls les idx.gz à la manière de MNIST sont lus\u202f; décompressez d’abord les autres.',
  '{n#} sizes were expected, but the file ends before them':
    '{n#} tailles étaient attendues, mais le fichier s’arrête avant',
  '{file}: the sizes {sizes} take {n#} bytes; at most {most#} are read.':
    '{file}\u00a0: les tailles {sizes} demandent {n#} octets\u202f; au plus {most#} sont lus.',
  '{dtype} of shape {shape} makes a file of {n#} bytes, found {found#}':
    '{dtype} de forme {shape} donne un fichier de {n#} octets\u202f; trouvé\u00a0: {found#}',
  '{n#} packed bytes cannot hold the {claimed#} that the sizes claim':
    '{n#} octets compressés ne peuvent pas contenir les {claimed#} qu’annoncent les tailles',
  '{name}: one file of images (…-images-idx3-ubyte) was expected, found {found~}. Name the images file itself; its labels are found beside it.':
    '{name}\u00a0: un seul fichier d’images (…-images-idx3-ubyte) était attendu\u202f; trouvé\u00a0: {found~}. Nommez le fichier d’images lui-même\u202f; ses étiquettes sont cherchées à côté.',
  '{file} holds labels only. Name the images file; its labels are found beside it.':
    '{file} ne contient que des étiquettes. Nommez le fichier d’images\u202f; ses étiquettes sont cherchées à côté.',
  'at least one sample was expected, found 0': 'au moins un échantillon était attendu\u202f; il n’y en a pas',
  '{file}: no labels file was found beside it.': '{file}\u00a0: aucun fichier d’étiquettes n’a été trouvé à côté.',
  'empty images of {width#} × {height#}': 'images vides de {width#} × {height#}',
  'uint8 labels of rank 1 were expected, found {dtype} of rank {rank}':
    'des étiquettes uint8 de rang 1 étaient attendues\u202f; trouvé\u00a0: {dtype} de rang {rank}',
  '{n#} labels were expected for {file}, found {found#}':
    '{n#} étiquettes étaient attendues pour {file}\u202f; trouvé\u00a0: {found#}',
  'Images and labels must be of the same set.': 'Images et étiquettes doivent provenir du même jeu.',

  // NumPy
  'NumPy archive': 'Archive NumPy',
  'NumPy array': 'Tableau NumPy',
  'labels with one entry a sample were expected, found a single number':
    'une étiquette par échantillon était attendue\u202f; il n’y a qu’un seul nombre',
  'Save an array of shape (samples,).': 'Enregistrez un tableau de forme (échantillons,).',
  '{file}: labels are whole numbers, not {dtype}. Save them as int64.':
    '{file}\u00a0: les étiquettes sont des nombres entiers, pas des {dtype}. Enregistrez-les en int64.',
  'label {at#} is {value}; a whole number from -2147483648 to 2147483647 was expected':
    'l’étiquette {at#} vaut {value}\u202f; un entier de -2147483648 à 2147483647 était attendu',
  'Save class indices, 0 for the first class.': 'Enregistrez des indices de classe, 0 pour la première.',
  'a .npy file has at least 10 bytes, found {n#}': 'un fichier .npy a au moins 10 octets\u202f; trouvé\u00a0: {n#}',
  'the signature \\x93NUMPY of a .npy file is missing': 'la signature \\x93NUMPY d’un fichier .npy manque',
  '.npy format version 1, 2 or 3 was expected, found {version}':
    'la version 1, 2 ou 3 du format .npy était attendue\u202f; trouvé\u00a0: {version}',
  'the file ends before the length of its header': 'le fichier s’arrête avant la longueur de son en-tête',
  'a header of at most {most#} bytes was expected, found {n#}':
    'un en-tête d’au plus {most#} octets était attendu\u202f; trouvé\u00a0: {n#}',
  'the header is not text': 'l’en-tête n’est pas du texte',
  'a dict was expected as header, found {found~}': 'un dict était attendu comme en-tête\u202f; trouvé\u00a0: {found~}',
  '{file}: structured arrays (named fields) are not read. Save each field as an array of its own.':
    '{file}\u00a0: les tableaux structurés (champs nommés) ne sont pas lus. Enregistrez chaque champ dans un tableau à part.',
  'one valid "{key}" was expected in the header, found {found~}':
    'un seul «\u202f{key}\u202f» valide était attendu dans l’en-tête\u202f; trouvé\u00a0: {found~}',
  '{file}: the array holds pickled Python objects (dtype {dtype}), which are never executed. Save numbers instead, e.g. array.astype(numpy.float32).':
    '{file}\u00a0: le tableau contient des objets Python (dtype {dtype}), qui ne sont jamais exécutés. Enregistrez plutôt des nombres, par exemple array.astype(numpy.float32).',
  '{file}: dtype {dtype} is not read. Save bool, int8…int64, uint8…uint64, float16, float32, float64 or complex numbers.':
    '{file}\u00a0: le dtype {dtype} n’est pas lu. Enregistrez bool, int8…int64, uint8…uint64, float16, float32, float64 ou des nombres complexes.',
  'a shape of whole numbers was expected, found ({shape})':
    'une forme faite de nombres entiers était attendue\u202f; trouvé\u00a0: ({shape})',
  '{dtype} of shape ({shape}) takes {n#} bytes, but {found#} follow the header':
    '{dtype} de forme ({shape}) demande {n#} octets, mais {found#} suivent l’en-tête',
  '{file}: the array has {n#} bytes; at most {most#} are read. Give fewer samples.':
    '{file}\u00a0: le tableau a {n#} octets\u202f; au plus {most#} sont lus. Donnez moins d’échantillons.',
  'NumPy has no type for {dtype}; convert the array to float32 first.':
    'NumPy n’a pas de type pour {dtype}\u202f; convertissez d’abord le tableau en float32.',
  'a .npz archive holds .npy files only, found {file}':
    'une archive .npz ne contient que des fichiers .npy\u202f; trouvé\u00a0: {file}',
  'Save arrays with numpy.savez; give pictures as an unpacked folder.':
    'Enregistrez les tableaux avec numpy.savez\u202f; donnez les images sous forme de dossier décompressé.',
  'The arrays have {n#} bytes together; a .npz file takes at most {most#}.':
    'Les tableaux ont ensemble {n#} octets\u202f; un fichier .npz en accepte au plus {most#}.',
  '{file}: labels': '{file}\u00a0: étiquettes',
  'at least one array of shape (samples, …) was expected':
    'au moins un tableau de forme (échantillons, …) était attendu',
  "Save an array for each of the model's inputs under the input's name, and labels as `labels`.":
    'Enregistrez un tableau pour chaque entrée du modèle, sous le nom de cette entrée, et les étiquettes sous `labels`.',
  'the array {name~} has {n#} samples, but {other~} has {found#}':
    'le tableau {name~} a {n#} échantillons, mais {other~} en a {found#}',
  'of the file': 'du fichier',
  'The first dimension of every array counts the samples.':
    'La première dimension de chaque tableau compte les échantillons.',

  // zip
  '{file}: zip archives of several volumes are not read. Save one file.':
    '{file}\u00a0: les archives zip en plusieurs volumes ne sont pas lues. Enregistrez un seul fichier.',
  'at most {most#} entries were expected, found {n#}':
    'au plus {most#} entrées étaient attendues\u202f; trouvé\u00a0: {n#}',
  'the directory ({n#} entries, {size#} bytes from byte {from#}) does not fit before byte {end#}':
    'le répertoire ({n#} entrées, {size#} octets à partir de l’octet {from#}) ne tient pas avant l’octet {end#}',
  '{file}: zip64 archives (over 4 GB) are not read. Save fewer samples.':
    '{file}\u00a0: les archives zip64 (plus de 4 Go) ne sont pas lues. Enregistrez moins d’échantillons.',
  'the end record of a zip archive was expected, found none':
    'l’enregistrement de fin d’une archive zip était attendu\u202f; il n’y en a pas',
  'directory entry {i#} of {n#} was expected': 'l’entrée {i#} sur {n#} du répertoire était attendue',
  'directory entry {i#} leaves the directory': 'l’entrée {i#} du répertoire en sort',
  '{file}: {path} is encrypted. Save the archive without a password.':
    '{file}\u00a0: {path} est chiffré. Enregistrez l’archive sans mot de passe.',
  'an extra field is longer than the room for it': 'un champ supplémentaire dépasse la place prévue',
  'a file name in UTF-8 was expected': 'un nom de fichier en UTF-8 était attendu',
  'a plain relative file name was expected, found {path}':
    'un nom de fichier relatif simple était attendu\u202f; trouvé\u00a0: {path}',
  'the entry {path} stands twice in the archive': 'l’entrée {path} figure deux fois dans l’archive',
  'the entry {path} overlaps the one before it': 'l’entrée {path} chevauche la précédente',
  'the entry {path} leaves the file': 'l’entrée {path} sort du fichier',
  'the entry leaves the file': 'l’entrée sort du fichier',
  '{n#} bytes claim to unpack to {claimed#}; at most {most#} bytes and {times#} times the archive are unpacked':
    '{n#} octets prétendent en donner {claimed#}\u202f; au plus {most#} octets et {times#} fois l’archive sont décompressés',
  'Give fewer samples, or save without compression (numpy.savez).':
    'Donnez moins d’échantillons, ou enregistrez sans compression (numpy.savez).',
  '{path} is packed by method {id}; stored (0) and deflated (8) are read. Save it with NumPy.':
    '{path} est compressé par la méthode {id}\u202f; seules «\u202fstored\u202f» (0) et «\u202fdeflated\u202f» (8) sont lues. Enregistrez-le avec NumPy.',
  'CRC-32 {expected} was expected, found {found}': 'le CRC-32 {expected} était attendu\u202f; trouvé\u00a0: {found}',
  'the header of the entry was expected': 'l’en-tête de l’entrée était attendu',
  'the header of the entry disagrees with the directory about name or method':
    'l’en-tête de l’entrée contredit le répertoire sur le nom ou la méthode',
  '{n#} stored bytes were expected, found {found#}':
    '{n#} octets stockés étaient attendus\u202f; trouvé\u00a0: {found#}',
  '{n#} packed bytes cannot hold {claimed#}': '{n#} octets compressés ne peuvent pas en contenir {claimed#}',
  'the packed bytes are damaged ({why!})': 'les octets compressés sont endommagés ({why!})',

  // pictures
  'the {format} data are damaged ({why!})': 'les données {format} sont endommagées ({why!})',
  '{w#} × {h#} pixels were expected, the decoder gave {w2#} × {h2#}':
    '{w#} × {h#} pixels étaient attendus\u202f; le décodeur en a donné {w2#} × {h2#}',
  'a JPEG, PNG or WebP picture was expected': 'une image JPEG, PNG ou WebP était attendue',
  'a picture of {w#} × {h#} has no pixels': 'une image de {w#} × {h#} n’a pas de pixels',
  '{file}: {w#} × {h#} pixels; at most {most#} megapixels are decoded. Make it smaller.':
    '{file}\u00a0: {w#} × {h#} pixels\u202f; au plus {most#} mégapixels sont décodés. Réduisez l’image.',
  'Other formats are not read; convert the picture to PNG.':
    'Les autres formats ne sont pas lus\u202f; convertissez l’image en PNG.',
  'the size of the picture was expected before its data': 'la taille de l’image était attendue avant ses données',
  'a segment of at least 2 bytes that ends within the file was expected, found {found~}':
    'un segment d’au moins 2 octets qui finit dans le fichier était attendu\u202f; trouvé\u00a0: {found~}',
  'byte {value}': 'l’octet {value}',
  'the end of the file': 'la fin du fichier',
  'a JPEG marker was expected, found {found~}': 'un marqueur JPEG était attendu\u202f; trouvé\u00a0: {found~}',
  'the frame header is too short': 'l’en-tête de trame est trop court',
  '{file}: lossless, arithmetic-coded and hierarchical JPEGs are not read. Save it as baseline JPEG or PNG.':
    '{file}\u00a0: les JPEG sans perte, à codage arithmétique ou hiérarchiques ne sont pas lus. Enregistrez l’image en JPEG de base ou en PNG.',
  '{file}: lossless, arithmetic-coded and {bits#}-bit JPEGs are not read. Save it as baseline JPEG or PNG.':
    '{file}\u00a0: les JPEG sans perte, à codage arithmétique ou sur {bits#} bits ne sont pas lus. Enregistrez l’image en JPEG de base ou en PNG.',
  '{file}: this JPEG is CMYK, which has no single meaning as RGB. Save it as RGB.':
    '{file}\u00a0: ce JPEG est en CMJN, qui n’a pas d’équivalent unique en RVB. Enregistrez-le en RVB.',
  '1 or 3 colour components were expected, found {n#}':
    '1 ou 3 composantes de couleur étaient attendues\u202f; trouvé\u00a0: {n#}',
  'at most {most#} scans were expected, found more':
    'au plus {most#} passes étaient attendues\u202f; il y en a davantage',
  'Save the picture anew.': 'Enregistrez l’image de nouveau.',
  'a second header was found': 'un second en-tête a été trouvé',
  'the chunk IEND was expected, but the file ends': 'le bloc IEND était attendu, mais le fichier s’arrête',
  'the chunk IDAT was expected, but the file ends': 'le bloc IDAT était attendu, mais le fichier s’arrête',
  'a header chunk IHDR of 13 bytes was expected, found {n#} of {type}':
    'un bloc d’en-tête IHDR de 13 octets était attendu\u202f; trouvé\u00a0: {n#} de {type}',
  'colour type {type} with {bits#} bits does not exist': 'le type de couleur {type} sur {bits#} bits n’existe pas',
  'a chunk was expected, but the file ends': 'un bloc était attendu, mais le fichier s’arrête',
  'a chunk name of 4 letters was expected': 'un nom de bloc de 4 lettres était attendu',
  'the chunk {type} has {n#} bytes, but {left#} are left': 'le bloc {type} a {n#} octets, mais il en reste {left#}',
  'the checksum of the chunk {type} does not match': 'la somme de contrôle du bloc {type} ne correspond pas',
  'a WebP chunk was expected, but the file ends': 'un bloc WebP était attendu, mais le fichier s’arrête',
  'a file of {n#} bytes was expected, found {found#}':
    'un fichier de {n#} octets était attendu\u202f; trouvé\u00a0: {found#}',
  'the chunk {type} leaves the file': 'le bloc {type} sort du fichier',
  '{w#} × {h#} pixels were expected, found {w2#} × {h2#}':
    '{w#} × {h#} pixels étaient attendus\u202f; trouvé\u00a0: {w2#} × {h2#}',
  'a picture (chunk VP8 or VP8L) was expected, found none':
    'une image (bloc VP8 ou VP8L) était attendue\u202f; il n’y en a pas',
  'the chunk VP8X is too short': 'le bloc VP8X est trop court',
  '{file}: animated WebP is not read. Save one frame of it.':
    '{file}\u00a0: le WebP animé n’est pas lu. Enregistrez-en une seule image.',
  'the start code of a VP8 key frame was expected': 'le code de début d’une image clé VP8 était attendu',
  'the signature of a VP8L picture was expected': 'la signature d’une image VP8L était attendue',
  'a picture of at most {most#} bytes was expected, found {n#}':
    'une image d’au plus {most#} octets était attendue\u202f; trouvé\u00a0: {n#}',
  'Make it smaller.': 'Réduisez-la.',
  '{n#} of {all#} pictures': '{n#} images sur {all#}',
  '{which~} carry a colour profile, which was ignored.': '{which~} portent un profil de couleur, qui a été ignoré.',
  '{which~} can be transparent; transparency was dropped, the colours kept.':
    '{which~} peuvent être transparentes\u202f; la transparence a été retirée, les couleurs gardées.',
  '{which~} have 16 bits a channel, which were rounded to 8.': '{which~} ont 16 bits par canal, arrondis à 8.',
  '{file}: pictures cannot be decoded here. Give arrays (.npz, .npy) instead.':
    '{file}\u00a0: les images ne peuvent pas être décodées ici. Donnez plutôt des tableaux (.npz, .npy).',

  // labels
  'the columns "file" and "label" were expected in line 1, found "{found}"':
    'les colonnes «\u202ffile\u202f» et «\u202flabel\u202f» étaient attendues à la ligne 1\u202f; trouvé\u00a0: «\u202f{found}\u202f»',
  'line {line#}: a file and a label were expected, found "{found}"':
    'ligne {line#}\u00a0: un fichier et une étiquette étaient attendus\u202f; trouvé\u00a0: «\u202f{found}\u202f»',
  'Write one line per picture, e.g. cat/1.png,3 under the heading file,label.':
    'Écrivez une ligne par image, par exemple cat/1.png,3 sous l’en-tête file,label.',
  'line {line#}: a quoted field is never closed': 'ligne {line#}\u00a0: un champ entre guillemets n’est jamais fermé',
  '{name} holds {n#} tables of labels ({files}). Give the folder of one of them.':
    '{name} contient {n#} tables d’étiquettes ({files}). Donnez le dossier de l’une d’elles.',
  '{name} holds no pictures (.jpg, .png, .webp). Give a folder of pictures.':
    '{name} ne contient aucune image (.jpg, .png, .webp). Donnez un dossier d’images.',
  'line {line#}: the picture {path} is not among the files given':
    'ligne {line#}\u00a0: l’image {path} ne figure pas parmi les fichiers fournis',
  'Paths are relative to labels.csv; drop the whole folder.':
    'Les chemins sont relatifs à labels.csv\u202f; déposez le dossier entier.',
  'at least one line after the heading was expected': 'au moins une ligne était attendue après l’en-tête',
  'Add one line per picture.': 'Ajoutez une ligne par image.',
  '{n#} pictures are not listed in {file} and were left out.':
    '{n#} images ne figurent pas dans {file} et ont été écartées.',
  'at most {most#} bytes were expected, found {n#}':
    'au plus {most#} octets étaient attendus\u202f; trouvé\u00a0: {n#}',
  'Split the set.': 'Divisez le jeu.',
  'text in UTF-8 was expected': 'du texte en UTF-8 était attendu',
  'Save the table as UTF-8.': 'Enregistrez la table en UTF-8.',
  'Labels are names; class 0 is "{first}", the last of {n#} "{last}".':
    'Les étiquettes sont des noms\u202f; la classe 0 est «\u202f{first}\u202f», la dernière des {n#} est «\u202f{last}\u202f».',
  'labels are numbers or names, not both: found {one} and {other}':
    'les étiquettes sont des nombres ou des noms, pas les deux\u202f; trouvé\u00a0: {one} et {other}',
  'Write class indices, 0 for the first class.': 'Écrivez des indices de classe, 0 pour la première.',
  'label {label} does not fit into 32 bits': 'l’étiquette {label} ne tient pas sur 32 bits',
  'Write class indices.': 'Écrivez des indices de classe.',
  '{name}: no labels were given (labels.csv or one folder per class).':
    '{name}\u00a0: aucune étiquette n’a été fournie (labels.csv ou un dossier par classe).',
  '{name}: one folder only, so no labels were taken from its name.':
    '{name}\u00a0: un seul dossier, donc aucune étiquette n’a été tirée de son nom.',
  '{name}: {n#} pictures lie beside folders of pictures, so their class is not known. Put each picture into the folder of its class, or add labels.csv (file,label).':
    '{name}\u00a0: {n#} images se trouvent à côté de dossiers d’images, et leur classe est donc inconnue. Placez chaque image dans le dossier de sa classe, ou ajoutez labels.csv (file,label).',
  'Labels are folder names; class 0 is "{first}", the last of {n#} "{last}".':
    'Les étiquettes sont des noms de dossiers\u202f; la classe 0 est «\u202f{first}\u202f», la dernière des {n#} est «\u202f{last}\u202f».',

  // what was given
  '{name} is empty. {advice~}': '{name} est vide. {advice~}',
  '{name} holds {n#} files ({files}, …). Give one of them.':
    '{name} contient {n#} fichiers ({files}, …). Donnez-en un.',
  'it holds {n#} files, the first of them {file}': 'ce sont {n#} fichiers, dont le premier est {file}',
  '{name} is no data that Plume reads; {what~}. {advice~}':
    '{name} n’est pas un jeu de données que Plume sait lire\u202f; {what~}. {advice~}',
  'Give .npz (arrays named like the inputs, plus labels), .npy, a table (.csv, .tsv, .data), idx(.gz), or a folder or .zip of pictures with labels.csv or one folder per class.':
    'Donnez un .npz (tableaux nommés comme les entrées, plus les étiquettes), un .npy, une table (.csv, .tsv, .data), un idx(.gz), ou un dossier ou un .zip d’images avec labels.csv ou un dossier par classe.',
  '{name}: {path} is not among the files given.': '{name}\u00a0: {path} ne figure pas parmi les fichiers fournis.',
}
