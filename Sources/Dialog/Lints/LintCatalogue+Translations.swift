extension Lint {
    var translations: LintEntry {
        switch self {
        case .figureLostInTranslation:
            LintEntry(
                title: "Traducción que pierde o agrega un dato",
                why: "El cliente confirmaría un importe o un día que no leyó, o leería un guion donde va una cifra.",
                fix: "Los datos entre llaves van igual que en `base`: se mueven en la frase, pero no se traducen.",
                faults: [
                    LintEdit(
                        found: "\"Registro", inTranslation: true,
                        ("Registro {propuesta.detalle}. ¿Confirmas?", "Registro {propuesta.monto}. ¿Confirmas?"))
                ],
                nearMiss: LintEdit(
                    inTranslation: true,
                    ("Registro {propuesta.detalle}. ¿Confirmas?", "¿Confirmas {propuesta.detalle}?")))
        case .missingTranslation:
            LintEntry(
                title: "Textos sin traducir",
                why: "El cliente leería unos mensajes en sus palabras y otros en las de otro país.",
                fix:
                    "Completá `text` en los que están vacíos; `promesa dialog texts … --locale` agrega los que faltan.",
                faults: [
                    LintEdit(
                        found: "- base", inTranslation: true,
                        ("  - base: \"Bueno, lo vemos.\"\n    text: \"Bueno, lo vemos.\"\n", ""))
                ],
                nearMiss: LintEdit(
                    inTranslation: true, ("    text: \"Bueno, lo vemos.\"\n", "    text: \"Está bien.\"\n")))
        default:
            LintEntry(
                title: "Traducción de un texto que ya no está",
                why: "El texto cambió y su traducción no: el cliente leería el nuevo en palabras de otro país.",
                fix: "Copiá en `base` el texto como está ahora y revisá que `text` siga diciendo lo mismo.",
                faults: [
                    LintEdit(
                        found: "\"Buena", inTranslation: true,
                        ("texts:\n", "texts:\n  - base: \"Buena suerte.\"\n    text: \"Suerte.\"\n"))
                ],
                nearMiss: LintEdit(
                    inTranslation: true, ("texts:\n", "texts:\n  # Lo revisa Legales de México.\n")))
        }
    }
}
