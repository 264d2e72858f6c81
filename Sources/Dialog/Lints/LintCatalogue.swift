// What each lint means. Designers read it, so it is in Spanish.
extension Lint {
    public var entry: LintEntry {
        switch self {
        case .notReadable, .unknownKey, .wrongValue, .missingPart, .wrongName: writing
        case .unknownFact, .wrongSlotType, .unknownSlot, .unknownAction, .unknownHearing, .wrongCondition,
            .unknownState:
            vocabulary
        case .unreachableState, .deadEnd, .shadowedChoice, .endlessWay, .neverHeard, .endlessAsking: ways
        case .figureWithoutValue, .debtBeforeIdentity, .unconfirmedPromise, .noHuman, .contradictingButton,
            .insistentLimit,
            .offerAfterNo:
            protection
        case .overChannelLimit, .repeatedOption, .unusedSlot, .longText, .forbiddenWording, .harshWords,
            .noIntroduction, .unusedFact:
            texts
        case .figureLostInTranslation, .missingTranslation, .orphanTranslation: translations
        }
    }

    private var writing: LintEntry {
        switch self {
        case .notReadable:
            LintEntry(
                title: "El archivo no se puede leer",
                why:
                    "Un diálogo que no se lee no se carga: los clientes siguen hablando con la versión anterior, o con nadie.",
                fix:
                    "Revisá la sangría (dos espacios por nivel, sin tabuladores), los dos puntos y las comillas de la línea señalada y de la anterior.",
                faults: [
                    LintEdit(found: "- {", ("  inicio:\n", "  inicio: [\n")),
                    LintEdit(found: "\t", ("  inicio:\n    route:", "  inicio:\n\troute:")),
                    LintEdit(found: "&fin", ("  perdon:\n", "  perdon: &fin\n")),
                ],
                nearMiss: LintEdit(("  inicio:\n", "  inicio:   # acá empieza\n")))
        case .unknownKey:
            LintEntry(
                title: "Clave que no existe",
                why:
                    "Lo que cuelga de una clave mal escrita no se usaría: una pregunta que falta deja al cliente sin saber qué contestar.",
                fix: "Escribí la clave como está en la sugerencia, o sacá la línea.",
                faults: [LintEdit(found: "asks", ("    ask: \"Son {saldo}", "    asks: \"Son {saldo}"))],
                nearMiss: LintEdit(
                    ("¿Qué hacemos?\"\n", "¿Qué hacemos?\"\n    again: \"Entonces, ¿qué hacemos?\"\n")))
        case .wrongValue:
            LintEntry(
                title: "Valor que no corresponde",
                why:
                    "Un límite que no se entiende no limita: el bot podría insistirle al cliente más veces que las que quisiste.",
                fix:
                    "Poné un valor de los que nombra el mensaje. Las marcas son `si` o `no`; los tiempos, `20m` o `2h`.",
                faults: [
                    LintEdit(found: "3x", ("counter_offers: 3,", "counter_offers: 3x,")),
                    LintEdit(found: "quizas", ("confirms: si", "confirms: quizas")),
                    LintEdit(found: "un rato", ("idle: 20m", "idle: un rato")),
                ],
                nearMiss: LintEdit(("counter_offers: 3, idle: 20m", "counter_offers: \"3\", idle: 2h")))
        case .missingPart:
            LintEntry(
                title: "Falta algo obligatorio",
                why:
                    "Sin `on_escalate` o `on_limit` el bot no sabría a dónde llevar a quien pide una persona o no se hace entender.",
                fix: "Agregá lo que falta; el mensaje muestra cómo.",
                faults: [
                    LintEdit(found: "dialog", ("on_escalate: derivar\n", "")),
                    LintEdit(found: "{", ("{ type: day, ask: \"¿Qué día lo pagarías?\" }", "{ type: day }")),
                    LintEdit(found: "{", ("{ hears: no, next: derivar }", "{ next: derivar }")),
                ],
                nearMiss: LintEdit(
                    ("    buttons:\n      - { text: \"Prometo un día\", hears: promete }\n", "")))
        default:
            LintEntry(
                title: "El diálogo y su archivo no se llaman igual",
                why:
                    "Las conversaciones recuerdan su diálogo por el nombre: con dos nombres, un cliente que vuelve podría empezar de cero.",
                fix: "Poné en `dialog:` el nombre del archivo sin `.yaml`.",
                faults: [LintEdit(found: "grande", ("dialog: chico", "dialog: grande"))],
                nearMiss: LintEdit(("dialog: chico", "dialog: \"chico\"")))
        }
    }

    private var vocabulary: LintEntry {
        switch self {
        case .unknownFact:
            LintEntry(
                title: "Dato que no existe o que no está en `facts`",
                why: "El cliente leería un guion donde va una cifra, o una condición no se cumpliría nunca.",
                fix: "Corregí el nombre del dato; si está bien escrito, agregalo a la lista `facts`.",
                faults: [
                    LintEdit(found: "salda}", ("say: \"Hoy son {saldo}.\"", "say: \"Hoy son {salda}.\"")),
                    LintEdit(found: "acreedor", ("facts: [nombre, acreedor, ", "facts: [nombre, ")),
                ],
                nearMiss: LintEdit(("say: \"Hoy son {saldo}.\"", "say: \"{nombre}, hoy son {saldo}.\"")))
        case .wrongSlotType:
            LintEntry(
                title: "Casillero con un tipo o un límite que no es el suyo",
                why:
                    "Un límite de otro tipo no se puede comparar: el bot anotaría una fecha o un importe fuera de lo permitido.",
                fix: "`monto` es `money`, `fecha` es `day`, `cuotas` es `count`; el límite es un dato del mismo tipo.",
                faults: [
                    LintEdit(found: "\"{nombre}\"", ("money, ask", "money, max: \"{nombre}\", invalid: \"No.\", ask")),
                    LintEdit(found: "count", ("type: day", "type: count")),
                ],
                nearMiss: LintEdit(
                    ("money, ask", "money, max: \"{saldo}\", invalid: \"Es más que el total.\", ask")))
        case .unknownSlot:
            LintEntry(
                title: "`needs` pide un casillero que no está en `slots`",
                why: "El bot no tendría con qué pregunta pedirlo, y el cliente quedaría esperando.",
                fix: "Agregá el casillero a `slots` con su pregunta, o pedí uno de los que hay.",
                faults: [LintEdit(found: "cuotas", ("needs: [fecha, monto]", "needs: [fecha, cuotas]"))],
                nearMiss: LintEdit(("needs: [fecha, monto]", "needs: monto")))
        case .unknownAction:
            LintEntry(
                title: "`do` ordena algo que no existe",
                why: "La orden no se haría: el cliente creería anotada una promesa que nadie anotó.",
                fix: "Usá una de las acciones que nombra el mensaje.",
                faults: [LintEdit(found: "registra", ("do: registrar", "do: registra"))],
                nearMiss: LintEdit(("do: registrar", "do: [registrar]")))
        case .unknownHearing:
            LintEntry(
                title: "`hears` nombra algo que el bot no sabe escuchar",
                why: "El cliente lo diría y el bot contestaría que no entiende.",
                fix: "Usá uno de los nombres que sugiere el mensaje.",
                faults: [LintEdit(found: "promesa", ("hears: [promete, fecha]", "hears: [promesa, fecha]"))],
                nearMiss: LintEdit(("hears: [promete, fecha]", "hears: [promete, pago_parcial, fecha]")))
        case .wrongCondition:
            LintEntry(
                title: "Condición o propiedad que no se entiende",
                why: "Una condición que no se puede leer mandaría al cliente por el camino equivocado.",
                fix: "Se escribe `dato`, `no dato` o `dato = valor`, unidos por ` y `; un camino, `estado -> estado`.",
                faults: [
                    LintEdit(found: "==", ("propuesta.estado = admisible", "propuesta.estado == admisible")),
                    LintEdit(
                        found: "\"negociar", ("states:\n", "properties:\n  - leads-to: \"negociar anotada\"\nstates:\n")
                    ),
                ],
                nearMiss: LintEdit(("propuesta.estado = admisible", "propuesta.estado = admisible y verificado")))
        default:
            LintEntry(
                title: "Estado que no existe",
                why:
                    "El cliente llegaría a un lugar del que el bot no sabe nada, y pasaría a una persona por un error.",
                fix: "Corregí el nombre como dice la sugerencia, o escribí el estado que falta.",
                faults: [
                    LintEdit(found: "confirma", ("admisible\", next: confirmar", "admisible\", next: confirma")),
                    LintEdit(found: "comienzo", ("start: inicio", "start: comienzo")),
                ],
                nearMiss: LintEdit(
                    ("say: \"Bueno, lo vemos.\" }", "say: \"Bueno, lo vemos.\", next: negociar }")))
        }
    }
}
