/// The dialog that the examples of the lints spoil: small, and without faults.
public enum LintSample {
    public static let file = "chico.yaml"

    public static let source = """
        dialog: chico
        start: inicio
        facts: [nombre, acreedor, saldo, verificado, tiene_promesa, promesa.monto, propuesta.estado, propuesta.detalle, propuesta.motivo]
        slots:
          fecha: { type: day, ask: "¿Qué día lo pagarías?" }
          monto: { type: money, ask: "¿Cuánto podés pagar?" }
        limits: { reprompts: 2, counter_offers: 3, idle: 20m, on_limit: derivar }
        escalate: [pide_humano, queja, amenaza_legal, insulto_repetido, angustia]
        on_escalate: derivar
        digressions:
          saldo: { hears: pregunta_saldo, say: "Hoy son {saldo}.", unverified: "Te lo digo apenas sepa que sos vos." }
        states:
          inicio:
            route:
              - { when: "no verificado", next: identidad }
              - { when: tiene_promesa, next: con_promesa }
              - { next: negociar }
          identidad:
            ask: "Hola, soy el asistente virtual de {acreedor}, por tu cuenta. Para hablar con una persona, escribí *asesor*. ¿Me decís los últimos tres números de tu documento, {nombre}?"
            identity: si
            choose:
              - { hears: documento, do: verificar_identidad, next: inicio }
              - { hears: persona_equivocada, do: numero_equivocado, next: perdon }
          con_promesa:
            say: "Tenemos anotado {promesa.monto}."
            end: promesa_confirmada
          negociar:
            ask: "Son {saldo}. ¿Qué hacemos?"
            buttons:
              - { text: "Prometo un día", hears: promete }
            choose:
              - { hears: [promete, fecha], needs: [fecha, monto], next: proponer }
              - { hears: no, say: "Bueno, lo vemos." }
          proponer:
            do: proponer
            route:
              - { when: "propuesta.estado = admisible", next: confirmar }
              - { when: "propuesta.estado = contraoferta", next: contraoferta }
              - { next: derivar }
          contraoferta:
            ask: "{propuesta.motivo} Puedo anotar {propuesta.detalle}. ¿Te sirve?"
            choose:
              - { hears: si, do: tomar_contraoferta, next: confirmar }
              - { hears: no, next: derivar }
          confirmar:
            ask: "Anoto {propuesta.detalle}. ¿Confirmás?"
            confirms: si
            choose:
              - { hears: si, do: registrar, next: anotada }
              - { hears: no, do: olvidar, next: negociar }
          anotada:
            say: "¡Listo! Quedó anotado: {propuesta.detalle}."
            end: promesa_registrada
          perdon:
            say: "Perdón por la molestia."
            end: persona_equivocada
          derivar:
            say: "Te paso con una persona del equipo."
            handoff: derivado
        """

    public static let translationFile = "chico.es_MX.yaml"

    /// The sample's texts as they are said in Mexico.
    public static let translation = """
        dialog: chico
        locale: es_MX
        texts:
          - base: "¿Qué día lo pagarías?"
            text: "¿Qué día lo pagarías?"
          - base: "¿Cuánto podés pagar?"
            text: "¿Cuánto puedes pagar?"
          - base: "Hoy son {saldo}."
            text: "Hoy son {saldo}."
          - base: "Te lo digo apenas sepa que sos vos."
            text: "Te lo digo en cuanto sepa que eres tú."
          - base: "Hola, soy el asistente virtual de {acreedor}, por tu cuenta. Para hablar con una persona, escribí *asesor*. ¿Me decís los últimos tres números de tu documento, {nombre}?"
            text: "Hola, soy el asistente virtual de {acreedor}, por tu cuenta. Para hablar con una persona, escribe *asesor*. ¿Me dices los últimos tres números de tu documento, {nombre}?"
          - base: "Tenemos anotado {promesa.monto}."
            text: "Tenemos registrado {promesa.monto}."
          - base: "Son {saldo}. ¿Qué hacemos?"
            text: "Son {saldo}. ¿Qué hacemos?"
          - base: "Prometo un día"
            text: "Prometo un día"
          - base: "Bueno, lo vemos."
            text: "Bueno, lo vemos."
          - base: "{propuesta.motivo} Puedo anotar {propuesta.detalle}. ¿Te sirve?"
            text: "{propuesta.motivo} Puedo registrar {propuesta.detalle}. ¿Te funciona?"
          - base: "Anoto {propuesta.detalle}. ¿Confirmás?"
            text: "Registro {propuesta.detalle}. ¿Confirmas?"
          - base: "¡Listo! Quedó anotado: {propuesta.detalle}."
            text: "¡Listo! Quedó registrado: {propuesta.detalle}."
          - base: "Perdón por la molestia."
            text: "Disculpa la molestia."
          - base: "Te paso con una persona del equipo."
            text: "Te comunico con una persona del equipo."
        """

    /// The sample with its translation beside it.
    public static let translated = DialogSource(
        text: source, translations: [DialogSource.Translation(file: translationFile, text: translation)]
    ).joined
}
