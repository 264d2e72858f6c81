extension Lint {
    var answers: LintEntry {
        switch self {
        case .contradictoryButton:
            LintEntry(
                title: "Botón que dice una cosa y vale por otra",
                why: "Quien toca «Sí» quedaría anotado como que dijo que no, o al revés.",
                fix: "Hacé que `hears` sea lo que dice el botón.",
                faults: [
                    LintEdit(
                        found: "no",
                        (
                            "    confirms: si\n",
                            "    confirms: si\n    buttons:\n      - { text: \"Sí, confirmo\", hears: no }\n"
                        )
                    )
                ],
                nearMiss: LintEdit(
                    (
                        "    confirms: si\n",
                        "    confirms: si\n    buttons:\n      - { text: \"Sí, confirmo\", hears: si }\n      - { text: \"No, gracias\", hears: no }\n"
                    )))
        case .nothingToPropose:
            LintEntry(
                title: "Propuesta sin nada que proponer",
                why: "El cliente dice que va a pagar, y el bot le contesta sin saber cuándo ni cuánto.",
                fix: "Pedí lo que falta con `needs` en la opción que lleva a proponer.",
                faults: [LintEdit(found: "proponer", (", needs: [fecha, monto], next: proponer", ", next: proponer"))],
                nearMiss: LintEdit(
                    (", needs: [fecha, monto], next: proponer", ", needs: [fecha], next: proponer"),
                    ("hears: [promete, fecha]", "hears: [promete, fecha, monto]")))
        case .askingInCircles:
            LintEntry(
                title: "Preguntas que dan vueltas",
                why: "Quien contesta lo mismo cada vez oiría las mismas preguntas sin fin, y nunca llegaría a nada.",
                fix: "Llevá una de esas respuestas a un final, a una persona o a un paso que se acaba (`conceder`).",
                faults: [
                    LintEdit(
                        found: "negociar",
                        (
                            "- { hears: no, say: \"Bueno, lo vemos.\" }",
                            "- { hears: no, next: insistir }"
                        ),
                        (
                            "  anotada:\n",
                            "  insistir:\n    ask: \"¿Seguro?\"\n    choose:\n      - { hears: no, next: negociar }\n  anotada:\n"
                        ))
                ],
                nearMiss: LintEdit(
                    ("- { hears: no, say: \"Bueno, lo vemos.\" }", "- { hears: no, next: insistir }"),
                    (
                        "  anotada:\n",
                        "  insistir:\n    ask: \"¿Seguro?\"\n    choose:\n      - { hears: si, next: derivar }\n      - { hears: no, next: perdon }\n  anotada:\n"
                    )))
        case .notForgotten:
            LintEntry(
                title: "Propuesta rechazada que no se olvida",
                why: "El día y el importe que el cliente no quiso vuelven en la próxima propuesta.",
                fix: "Agregá `do: olvidar` a la opción que sale por un no.",
                faults: [
                    LintEdit(
                        found: "- { hears: no, next: negociar",
                        ("{ hears: no, do: olvidar, next: negociar }", "{ hears: no, next: negociar }"))
                ],
                nearMiss: LintEdit(
                    (
                        "{ hears: no, do: olvidar, next: negociar }",
                        "{ hears: no, do: [olvidar, avisar_pago], next: negociar }"
                    )))
        default:
            LintEntry(
                title: "Demasiados intentos",
                why:
                    "El cliente siente que habla con una pared: la tercera vez que no se lo entiende ya quiere una persona.",
                fix: "Bajá `reprompts` o `counter_offers`.",
                faults: [LintEdit(found: "reprompts:", ("reprompts: 2", "reprompts: 9"))],
                nearMiss: LintEdit(("reprompts: 2", "reprompts: 4")))
        }
    }
}
