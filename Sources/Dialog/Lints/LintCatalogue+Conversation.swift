extension Lint {
    var ways: LintEntry {
        switch self {
        case .unreachableState:
            LintEntry(
                title: "Estado al que no se llega",
                why: "Lo que dice no lo va a leer ningún cliente: casi siempre falta un `next` en otro lado.",
                fix: "Nombralo en el `next` que falta, o borralo.",
                faults: [LintEdit(found: "perdon", ("next: perdon", "next: derivar"))],
                nearMiss: LintEdit(
                    (
                        "  derivar:\n",
                        "  angustia:\n    say: \"Gracias por contármelo.\"\n    handoff: angustia\n  derivar:\n"
                    )))
        case .deadEnd:
            LintEntry(
                title: "Callejón sin salida",
                why: "El cliente contesta y nadie lo escucha, o se queda esperando un mensaje que no llega.",
                fix: "Agregá lo que falta: una pregunta con sus opciones, un camino sin `when`, `end` o `handoff`.",
                faults: [
                    LintEdit(
                        found: "perdon",
                        ("Perdón por la molestia.\"\n    end: persona_equivocada\n", "Perdón por la molestia.\"\n")),
                    LintEdit(found: "proponer", ("      - { next: derivar }\n", "")),
                    LintEdit(found: "{", ("say: \"Bueno, lo vemos.\" }", "}")),
                ],
                nearMiss: LintEdit(("say: \"Bueno, lo vemos.\" }", "do: olvidar }")))
        case .shadowedChoice:
            LintEntry(
                title: "Opción que otra de más arriba se lleva",
                why: "Se toma la primera opción que coincide: el cliente nunca llegaría a la de abajo.",
                fix: "Dejá el nombre en una sola opción, o ponele un `when` a la de arriba.",
                faults: [
                    LintEdit(found: "si", ("{ hears: no, next: derivar }", "{ hears: [no, si], next: derivar }"))
                ],
                nearMiss: LintEdit(
                    (
                        "- { hears: si, do: tomar_contraoferta, next: confirmar }",
                        "- { hears: si, when: tiene_promesa, next: con_promesa }\n      - { hears: si, do: tomar_contraoferta, next: confirmar }"
                    )))
        case .endlessWay:
            LintEntry(
                title: "Camino que da vueltas sin preguntar",
                why: "El bot no contestaría nunca; el motor lo corta y deriva a una persona por un error nuestro.",
                fix: "Cortá la vuelta con un estado que pregunte (`ask`) o que termine (`end`).",
                faults: [
                    LintEdit(
                        found: "proponer",
                        ("      - { next: derivar }\n  contraoferta:", "      - { next: proponer }\n  contraoferta:"))
                ],
                nearMiss: LintEdit(("- { hears: no, next: derivar }", "- { hears: no, next: negociar }")))
        case .endlessAsking:
            LintEntry(
                title: "Preguntas que se llevan una a la otra sin límite",
                why: "Al cliente que dice que no se le pregunta otra vez, y otra: es insistir, y no termina nunca.",
                fix:
                    "Que una de las respuestas termine (`end`), derive (`handoff`) o conceda (`do: conceder`), que cuenta en `counter_offers`.",
                faults: [
                    LintEdit(
                        found: "{ hears: no, next: duda",
                        ("{ hears: no, say: \"Bueno, lo vemos.\" }", "{ hears: no, next: duda }"),
                        (
                            "  proponer:\n",
                            "  duda:\n    ask: \"¿Seguro?\"\n    choose:\n      - { hears: [si, no], next: negociar }\n  proponer:\n"
                        ))
                ],
                nearMiss: LintEdit(
                    ("{ hears: no, say: \"Bueno, lo vemos.\" }", "{ hears: no, next: duda }"),
                    (
                        "  proponer:\n",
                        "  duda:\n    ask: \"¿Seguro?\"\n    choose:\n      - { hears: [si, no], next: derivar }\n  proponer:\n"
                    )))
        default:
            LintEntry(
                title: "Algo que no se va a oír nunca",
                why: "El cliente toca un botón o dice algo que el bot ofrece, y no pasa nada.",
                fix: "Hacé que el estado escuche lo que ofrece, y no escuche lo que otro se lleva antes.",
                faults: [
                    LintEdit(found: "promete", ("hears: [promete, fecha]", "hears: [fecha]")),
                    LintEdit(found: "queja", ("hears: [promete, fecha]", "hears: [promete, fecha, queja]")),
                    LintEdit(found: "documento", ("    identity: si\n", "")),
                ],
                nearMiss: LintEdit(
                    (
                        "hears: promete }\n",
                        "hears: promete }\n      - { text: \"Una persona\", hears: pide_humano }\n"
                    )))
        }
    }

    var protection: LintEntry {
        switch self {
        case .figureWithoutValue:
            LintEntry(
                title: "Cifra que por algún camino no tiene valor",
                why: "El cliente leería «Quedó anotado: —»: un compromiso sin importe ni día.",
                fix: "Pedí el dato antes de llegar (`needs`, `do: proponer`), o entrá solo cuando lo hay (`when`).",
                faults: [
                    LintEdit(
                        found: "{propuesta.detalle}",
                        ("{ hears: no, say: \"Bueno, lo vemos.\" }", "{ hears: no, next: anotada }"))
                ],
                nearMiss: LintEdit(
                    (
                        "{ hears: no, say: \"Bueno, lo vemos.\" }",
                        "{ hears: no, when: tiene_promesa, next: con_promesa }"
                    )))
        case .debtBeforeIdentity:
            LintEntry(
                title: "La deuda se nombra antes de saber con quién se habla",
                why:
                    "Quien atiende puede ser un familiar o un desconocido: contarle una deuda ajena viola su privacidad (Ley 25.326).",
                fix: "Decilo después de un camino con `when: verificado`; en una digresión, agregá `unverified`.",
                faults: [
                    LintEdit(found: "{saldo}", (", unverified: \"Te lo digo apenas sepa que sos vos.\"", "")),
                    LintEdit(
                        found: "deuda", ("Hola, soy el asistente", "Hola, es por tu deuda, soy el asistente")),
                    LintEdit(
                        found: "{saldo}",
                        ("- { hears: persona_equi", "- { hears: si, next: negociar }\n      - { hears: persona_equi")),
                ],
                nearMiss: LintEdit(
                    ("Hola, soy el asistente", "Hola, te escribo por tu servicio, soy el asistente")))
        case .unconfirmedPromise:
            LintEntry(
                title: "Promesa sin un sí a su importe y su día",
                why: "Se le anotaría al cliente una promesa que no hizo, y después se le reclamaría por ella.",
                fix:
                    "`registrar` va solo en un `hears: si` de un estado con `confirms: si`, cuya pregunta repite `{propuesta.detalle}`.",
                faults: [
                    LintEdit(found: "registrar", ("    confirms: si\n", "")),
                    LintEdit(found: "confirmar", ("Anoto {propuesta.detalle}.", "Lo anoto.")),
                    LintEdit(
                        found: "registrar", ("{ hears: si, do: registrar", "{ hears: [si, fecha], do: registrar")),
                ],
                nearMiss: LintEdit(
                    ("Anoto {propuesta.detalle}.", "Anoto {propuesta.monto} para el {propuesta.fecha}."),
                    ("facts: [nombre", "facts: [propuesta.monto, propuesta.fecha, nombre")))
        case .contradictingButton:
            LintEntry(
                title: "Botón que dice una cosa y vale por la contraria",
                why: "El cliente toca «No» y se le anota un sí: un compromiso que rechazó.",
                fix: "Corregí `hears`, o el texto del botón.",
                faults: [
                    LintEdit(
                        found: "\"Sí, me sirve\"",
                        (
                            "¿Te sirve?\"\n",
                            "¿Te sirve?\"\n    buttons:\n      - { text: \"Sí, me sirve\", hears: no }\n"
                        )),
                    LintEdit(
                        found: "\"No\"",
                        ("¿Confirmás?\"\n", "¿Confirmás?\"\n    buttons:\n      - { text: \"No\", hears: si }\n")),
                ],
                nearMiss: LintEdit(
                    ("¿Te sirve?\"\n", "¿Te sirve?\"\n    buttons:\n      - { text: \"Sí, me sirve\", hears: si }\n")))
        case .insistentLimit:
            LintEntry(
                title: "Límite tan alto que el bot insiste",
                why: "Quien no se hace entender, o no acepta, leería lo mismo una y otra vez antes de llegar a una persona.",
                fix: "Dejá `reprompts` en 4 o menos y `counter_offers` en 6 o menos.",
                faults: [
                    LintEdit(found: "reprompts", ("reprompts: 2", "reprompts: 9")),
                    LintEdit(found: "counter_offers", ("counter_offers: 3", "counter_offers: 8")),
                ],
                nearMiss: LintEdit(("reprompts: 2, counter_offers: 3", "reprompts: 4, counter_offers: 6")))
        case .offerAfterNo:
            LintEntry(
                title: "Propuesta que sigue en pie después de un no",
                why:
                    "El cliente dijo que no, y el día o el importe que rechazó vuelve en la próxima propuesta sin que lo haya dicho de nuevo.",
                fix: "Agregale `do: olvidar` a la opción con la que se sale de la confirmación.",
                faults: [LintEdit(found: "{", ("{ hears: no, do: olvidar, next: negociar }", "{ hears: no, next: negociar }"))],
                nearMiss: LintEdit(
                    ("{ hears: no, do: olvidar, next: negociar }", "{ hears: no, next: derivar }")))
        default:
            LintEntry(
                title: "No se llega a una persona",
                why: "Quien pide una persona, o está angustiado, quedaría hablando con una máquina.",
                fix: "Poné `pide_humano` y `angustia` en `escalate`, y `handoff` en el estado de `on_escalate`.",
                faults: [
                    LintEdit(found: "escalate", ("[pide_humano, queja", "[queja")),
                    LintEdit(found: "derivar", ("handoff: derivado", "end: derivado")),
                ],
                nearMiss: LintEdit(
                    ("[pide_humano, queja, amenaza_legal, insulto_repetido, angustia]", "[angustia, pide_humano]")))
        }
    }

    var texts: LintEntry {
        switch self {
        case .overChannelLimit:
            LintEntry(
                title: "Texto que el canal cortaría",
                why: "WhatsApp rechaza el mensaje entero: el cliente no recibe nada.",
                fix:
                    "Hasta tres botones entran 20 letras en cada uno; en una lista, diez filas de 24. Un texto con botones llega a 1024.",
                faults: [
                    LintEdit(found: "\"Prometo", ("\"Prometo un día\"", "\"Prometo pagar un día de estos\""))
                ],
                nearMiss: LintEdit(("\"Prometo un día\"", "\"Prometo pagar un día\"")))
        case .repeatedOption:
            LintEntry(
                title: "Dos botones con el mismo texto",
                why: "WhatsApp rechaza el mensaje entero, y el cliente no sabría qué está eligiendo.",
                fix: "Dale a cada botón su propio texto.",
                faults: [
                    LintEdit(
                        found: "\"Prometo",
                        (
                            "hears: promete }\n",
                            "hears: promete }\n      - { text: \"Prometo un día\", hears: no }\n"
                        ))
                ],
                nearMiss: LintEdit(
                    (
                        "hears: promete }\n",
                        "hears: promete }\n      - { text: \"Prometo un día cierto\", hears: promete }\n"
                    ), ("\"Prometo un día cierto\"", "\"Prometo otro día\"")))
        case .unusedSlot:
            LintEntry(
                title: "Casillero que no se usa",
                why: "Suele ser un `needs` que se olvidó: el bot propondría sin saber lo que el cliente puede.",
                fix: "Pedilo con `needs`, o borralo de `slots`.",
                faults: [
                    LintEdit(
                        found: "{", ("slots:\n", "slots:\n  cuotas: { type: count, ask: \"¿En cuántas?\" }\n"))
                ],
                nearMiss: LintEdit(
                    ("slots:\n", "slots:\n  cuotas: { type: count, ask: \"¿En cuántas?\" }\n"),
                    ("hears: [promete, fecha]", "hears: [promete, fecha, cuotas]")))
        case .longText:
            LintEntry(
                title: "Texto largo para un teléfono",
                why: "Lo que no entra en la pantalla no se lee: el cliente contesta sin ver la pregunta.",
                fix: "Decilo con menos de 350 letras, o partilo en dos estados.",
                faults: [
                    LintEdit(
                        found: "\"Perdón",
                        (
                            "Perdón por la molestia.",
                            "Perdón por la molestia. Buscábamos a otra persona, que nos dejó este número hace un tiempo para que le escribiéramos, y no sabíamos que había cambiado de dueño. Ya lo sacamos de nuestra lista, así que no vas a recibir ningún otro mensaje nuestro. Si alguna vez te volvemos a escribir por error, contestá este mensaje y lo revisamos ese mismo día. Que sigas muy bien."
                        ))
                ],
                nearMiss: LintEdit(
                    (
                        "Perdón por la molestia.",
                        "Perdón por la molestia. Buscábamos a otra persona, que nos dejó este número hace un tiempo. Ya lo sacamos de nuestra lista."
                    )))
        case .forbiddenWording:
            LintEntry(
                title: "Palabras que la conducta prohíbe",
                why: "Amenazar, avergonzar o parecer un juzgado daña a quien lo lee, y la ley lo castiga.",
                fix: "Decilo de otra manera, o dejá que lo diga una persona.",
                faults: [
                    LintEdit(
                        found: "te vamos a embargar",
                        ("¡Listo! Quedó", "¡Listo! Si no, te vamos a embargar. Quedó"))
                ],
                nearMiss: LintEdit(
                    ("Te paso con una persona", "Esto se puede arreglar. Te paso con una persona")))
        case .harshWords:
            LintEntry(
                title: "Palabras ásperas",
                why: "Quien se siente apurado o tratado de moroso no paga: reclama.",
                fix: "Decilo de otra manera, o dejá que lo diga una persona.",
                faults: [
                    LintEdit(found: "inmediatamente", ("¡Listo! Quedó", "¡Listo! Pagá inmediatamente. Quedó"))
                ],
                nearMiss: LintEdit(("¡Listo! Quedó", "¡Listo! Pagá cuando te quede cómodo. Quedó")))
        case .noIntroduction:
            LintEntry(
                title: "Primer mensaje que no se presenta",
                why:
                    "Quien recibe un mensaje tiene que saber de qué empresa es, para qué le escriben, que es un bot y cómo llegar a una persona.",
                fix: "Agregalo al texto con el que se presenta el bot.",
                faults: [
                    LintEdit(found: "\"Hola", (" Para hablar con una persona, escribí *asesor*.", ""))
                ],
                nearMiss: LintEdit(("Hola, soy", "¡Buen día! Soy")))
        default:
            LintEntry(
                title: "Dato que no se usa",
                why:
                    "No daña a nadie, pero quien revisa el diálogo cree que se le dice al cliente algo que no se dice.",
                fix: "Borralo de la lista `facts`.",
                faults: [LintEdit(found: "hoy", ("facts: [nombre", "facts: [hoy, nombre"))],
                nearMiss: LintEdit(
                    ("facts: [nombre", "facts: [dias_mora, nombre"),
                    (
                        "- { next: negociar }",
                        "- { when: \"dias_mora > 60\", next: derivar }\n      - { next: negociar }"
                    )
                ))
        }
    }
}
