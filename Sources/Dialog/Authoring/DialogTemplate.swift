/// What a new dialog begins with: it lints, its conversations pass, and its exploration finds nothing.
public struct DialogTemplate: Sendable {
    /// File names with their contents.
    public let files: [(name: String, text: String)]

    /// Why a name cannot be a dialog's; nil where it can.
    public static func problem(withName name: String) -> String? {
        let allowed = name.unicodeScalars.allSatisfy { scalar in
            ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) || scalar == "-" || scalar == "_"
        }
        if allowed, let first = name.first, first.isLetter { return nil }
        return "`\(name)` no sirve de nombre: usá minúsculas sin acento, números y guiones, como `aviso` o `cobranza-2`"
    }

    public init(name: String) {
        files = [
            ("\(name).yaml", Self.dialog.replacing("NOMBRE", with: name)),
            ("promesa.chat", Self.promise), ("persona.chat", Self.person),
            ("respuestas.chat", Self.answers), ("dialog.schema.json", DialogSchema.text),
        ]
    }

    private static let dialog = """
        # yaml-language-server: $schema=dialog.schema.json
        # Verifica con quién habla, escucha un día y un importe, y los anota con un sí. Cambialo a tu gusto:
        # `promesa dialog lint` dice qué falta, `promesa dialog test` prueba las conversaciones de al lado y
        # `promesa dialog check` recorre todo lo que un cliente puede hacer.
        dialog: NOMBRE
        start: inicio
        facts: [nombre, acreedor, saldo, verificado, intentos_identidad, debe, propuesta.estado, propuesta.detalle,
                propuesta.motivo, politica.fecha_limite, politica.minimo, atencion.abre]

        slots:
          fecha: { type: day, ask: "¿Qué día lo pagarías? Puedo anotarlo hasta el {politica.fecha_limite}." }
          monto: { type: money, ask: "¿Cuánto podés pagar? Lo mínimo es {politica.minimo}." }

        limits: { reprompts: 2, counter_offers: 3, idle: 30m, on_limit: derivar }

        # Desde cualquier estado, antes que nada.
        escalate: [pide_humano, queja, amenaza_legal, insulto_repetido, angustia, sospecha_estafa]
        on_escalate: derivar

        # Preguntas al paso: se contestan y se vuelve a la pregunta.
        digressions:
          saldo:
            hears: pregunta_saldo
            say: "Al día de hoy son {saldo}."
            unverified: "Te lo digo apenas confirme que sos vos."
          quien_sos:
            hears: pregunta_quien_es
            say: "Soy el asistente virtual de {acreedor}. Si preferís una persona, escribí *asesor*."

        states:
          inicio:
            route:
              - { when: "no verificado", next: identidad }
              - { when: "no debe", next: al_dia }
              - { next: negociar }

          # Quién es. Hasta acá no se nombra ninguna deuda.
          identidad:
            ask: "Hola, soy el asistente virtual de {acreedor} y atiendo temas de tu cuenta. ¿Hablo con {nombre}? Para confirmarlo, decime los últimos tres números de tu documento. Si preferís una persona, escribí *asesor*."
            again: "¿Me decís los últimos tres números de tu documento?"
            identity: si
            choose:
              - { hears: documento, do: verificar_identidad, next: identidad_revisada }
              - { hears: [persona_equivocada, tercero, no], do: numero_equivocado, next: equivocado }
            otherwise: "Necesito esos tres números para cuidar tus datos."
          identidad_revisada:
            route:
              - { when: verificado, next: inicio }
              - { when: "intentos_identidad > 2", next: identidad_fallida }
              - { next: identidad }
          identidad_fallida:
            say: "No pude confirmar tus datos, así que por acá no puedo seguir. Si querés que te atienda una persona, escribí *asesor*."
            end: identidad_no_verificada
          equivocado:
            say: "Perdón por la molestia: no te vamos a escribir más a este número."
            end: persona_equivocada

          al_dia:
            say: "¡Gracias, {nombre}! Estás al día: no tenés nada pendiente."
            end: sin_deuda
          negociar:
            ask: "Gracias, {nombre}. Tenés {saldo} pendientes. ¿Qué día podrías pagarlos, todo o una parte?"
            again: "¿Qué día podrías pagar, y cuánto?"
            expects: day
            choose:
              - { hears: [fecha, monto, promete, pago_parcial, si, posterga], needs: [fecha], next: proponer }
              - { hears: [no, rechaza, no_puede, dificultad, ya_pago, desconoce_deuda], next: derivar }
            otherwise: "No llegué a entender qué día."
          # La política dice si se puede.
          proponer:
            do: proponer
            route:
              - { when: "propuesta.estado = admisible", next: confirmar }
              - { when: "propuesta.estado = contraoferta", next: contraoferta }
              - { next: derivar }
          contraoferta:
            ask: "{propuesta.motivo} Te puedo anotar {propuesta.detalle}. ¿Te sirve?"
            buttons:
              - { text: "Sí, me sirve", hears: si }
              - { text: "No", hears: no }
            choose:
              - { hears: [fecha, monto], next: proponer }
              - { hears: si, do: tomar_contraoferta, next: confirmar }
              - { hears: [no, rechaza, posterga, no_puede, dificultad], next: derivar }
          # Solo acá se anota, y solo con un sí a este importe y este día.
          confirmar:
            ask: "Anoto {propuesta.detalle}. ¿Confirmás?"
            confirms: si
            buttons:
              - { text: "Sí, confirmo", hears: si }
              - { text: "No", hears: no }
            choose:
              - { hears: [fecha, monto], next: proponer }
              - { hears: si, do: registrar, next: anotada }
              - { hears: [no, rechaza, posterga], do: olvidar, next: negociar }
          anotada:
            say: "¡Listo, {nombre}! Quedó anotado: {propuesta.detalle}. Cuando llegue el día te lo recuerdo."
            end: promesa_registrada

          derivar:
            say: "Te paso con una persona del equipo. Te va a escribir por acá ({atencion.abre})."
            handoff: derivado

        # Lo que tiene que valer siempre.
        properties:
          - never: "estado = confirmar y no verificado"
          - leads-to: "contraoferta -> anotada"

        """

    private static let promise = """
        # Una promesa, de la verificación al sí.
        account: marta
        at: 2026-11-24T10:00
        user: hola
        bot: Hola, soy el asistente virtual de {empresa}. ¿Hablo con Marta? Para confirmarlo…
        user: 137
        bot: Gracias, Marta. Tenés {saldo} pendientes. ¿Qué día podrías pagarlos, todo o una parte?
        user: el viernes 20 lucas
        bot: Anoto $ 20.000,00 para el viernes 27/11. ¿Confirmás?
          [Sí, confirmo] [No]
        tap: [Sí, confirmo]
        bot: ¡Listo, Marta! Quedó anotado: $ 20.000,00 para el viernes 27/11…
        expect: promise 20000.00 2026-11-27 open

        """

    private static let person = """
        # Una persona, en cualquier momento.
        account: marta
        at: 2026-11-24T10:00
        user: quiero hablar con una persona
        bot: Te paso con una persona del equipo…
        expect: handoff pide_humano

        """
}
