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
            ask: "Hola, soy el asistente de {acreedor}. ¿Me decís los últimos tres números de tu documento, {nombre}?"
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
}
