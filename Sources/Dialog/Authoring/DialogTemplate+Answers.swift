extension DialogTemplate {
    /// Every answer to every question of the template.
    static let answers = """
        # Cada respuesta en cada pregunta: después de un `try:` la charla vuelve atrás.
        account: marta
        at: 2026-11-24T10:00
        user: hola
        bot: …
        try: 111
        bot: Hola, soy el asistente virtual de {empresa} y atiendo temas de tu cuenta. ¿Hablo con Marta? Para confirmarlo, decime los últimos tres números de tu documento. Si preferís una persona, escribí *asesor*.
        try: número equivocado
        bot: Perdón por la molestia: no te vamos a escribir más a este número.
        expect: wrong_number
        try: soy la hermana
        bot: Perdón por la molestia: no te vamos a escribir más a este número.
        expect: wrong_number
        try: no
        bot: Perdón por la molestia: no te vamos a escribir más a este número.
        expect: wrong_number
        try: cuánto debo?
        bot: Te lo digo apenas confirme que sos vos.
          ¿Me decís los últimos tres números de tu documento?
        try: esto es un robo
        bot: Te paso con una persona del equipo. Te va a escribir por acá (lunes a viernes de 9 a 18).
        expect: handoff queja
        try: los voy a denunciar
        bot: Te paso con una persona del equipo. Te va a escribir por acá (lunes a viernes de 9 a 18).
        expect: handoff amenaza_legal
        try: hijos de puta váyanse a la mierda ladrones
        bot: Te paso con una persona del equipo. Te va a escribir por acá (lunes a viernes de 9 a 18).
        expect: handoff insulto_repetido
        try: esto es una estafa
        bot: Te paso con una persona del equipo. Te va a escribir por acá (lunes a viernes de 9 a 18).
        expect: handoff sospecha_estafa
        user: 137
        bot: Gracias, Marta. Tenés {saldo} pendientes. …
        try: cuánto debo?
        bot: Al día de hoy son {saldo}.
          ¿Qué día podrías pagar, y cuánto?
        try: quién sos?
        bot: Soy el asistente virtual de {empresa}. Si preferís una persona, escribí *asesor*.
          ¿Qué día podrías pagar, y cuánto?
        try: el viernes
        bot: Anoto $ 54.329,54 para el viernes 27/11. ¿Confirmás?
          [Sí, confirmo] [No]
        try: 20 lucas
        bot: ¿Qué día lo pagarías? Puedo anotarlo hasta el miércoles 9/12.
        try: voy a pagar
        bot: ¿Qué día lo pagarías? Puedo anotarlo hasta el miércoles 9/12.
        try: pago una parte
        bot: ¿Cuánto podés pagar? Lo mínimo es $ 10.807,19.
        try: sí
        bot: ¿Qué día lo pagarías? Puedo anotarlo hasta el miércoles 9/12.
        try: después te aviso
        bot: ¿Qué día lo pagarías? Puedo anotarlo hasta el miércoles 9/12.
        try: no
        bot: Te paso con una persona del equipo. Te va a escribir por acá (lunes a viernes de 9 a 18).
        expect: handoff derivado
        try: no me interesa
        bot: Te paso con una persona del equipo. Te va a escribir por acá (lunes a viernes de 9 a 18).
        expect: handoff derivado
        try: no puedo pagar
        bot: Te paso con una persona del equipo. Te va a escribir por acá (lunes a viernes de 9 a 18).
        expect: handoff derivado
        try: me quedé sin trabajo
        bot: Te paso con una persona del equipo. Te va a escribir por acá (lunes a viernes de 9 a 18).
        expect: handoff derivado
        try: ya pagué
        bot: Te paso con una persona del equipo. Te va a escribir por acá (lunes a viernes de 9 a 18).
        expect: handoff derivado
        try: no reconozco esa deuda
        bot: Te paso con una persona del equipo. Te va a escribir por acá (lunes a viernes de 9 a 18).
        expect: handoff derivado
        try: asdf qwer
        bot: No llegué a entender qué día.
          ¿Qué día podrías pagar, y cuánto?
        try: $ 1 el viernes
        bot: Lo mínimo que puedo anotar es $ 10.807,19. Te puedo anotar $ 10.807,19 para el viernes 27/11. ¿Te sirve?
          [Sí, me sirve] [No]
        user: te pago 20 lucas el 30 de diciembre
        bot: …
        try: el viernes
        bot: Anoto $ 20.000,00 para el viernes 27/11. ¿Confirmás?
          [Sí, confirmo] [No]
        try: 30 lucas
        bot: Hasta el miércoles 9/12 puedo anotarlo; más adelante lo tiene que ver una persona. Te puedo anotar $ 30.000,00 para el miércoles 9/12. ¿Te sirve?
          [Sí, me sirve] [No]
        try: sí
        bot: Anoto $ 20.000,00 para el miércoles 9/12. ¿Confirmás?
          [Sí, confirmo] [No]
        try: [Sí, me sirve]
        bot: Anoto $ 20.000,00 para el miércoles 9/12. ¿Confirmás?
          [Sí, confirmo] [No]
        try: no
        bot: Te paso con una persona del equipo. Te va a escribir por acá (lunes a viernes de 9 a 18).
        expect: handoff derivado
        try: [No]
        bot: Te paso con una persona del equipo. Te va a escribir por acá (lunes a viernes de 9 a 18).
        expect: handoff derivado
        try: no me interesa
        bot: Te paso con una persona del equipo. Te va a escribir por acá (lunes a viernes de 9 a 18).
        expect: handoff derivado
        try: después te aviso
        bot: Te paso con una persona del equipo. Te va a escribir por acá (lunes a viernes de 9 a 18).
        expect: handoff derivado
        try: no puedo pagar
        bot: Te paso con una persona del equipo. Te va a escribir por acá (lunes a viernes de 9 a 18).
        expect: handoff derivado
        try: me quedé sin trabajo
        bot: Te paso con una persona del equipo. Te va a escribir por acá (lunes a viernes de 9 a 18).
        expect: handoff derivado
        user: sí
        bot: …
        try: el viernes
        bot: Anoto $ 20.000,00 para el viernes 27/11. ¿Confirmás?
          [Sí, confirmo] [No]
        try: 30 lucas
        bot: Anoto $ 30.000,00 para el miércoles 9/12. ¿Confirmás?
          [Sí, confirmo] [No]
        try: no
        bot: Gracias, Marta. Tenés $ 54.035,95 pendientes. ¿Qué día podrías pagarlos, todo o una parte?
        try: [No]
        bot: Gracias, Marta. Tenés $ 54.035,95 pendientes. ¿Qué día podrías pagarlos, todo o una parte?
        try: no me interesa
        bot: Gracias, Marta. Tenés $ 54.035,95 pendientes. ¿Qué día podrías pagarlos, todo o una parte?
        try: después te aviso
        bot: Gracias, Marta. Tenés $ 54.035,95 pendientes. ¿Qué día podrías pagarlos, todo o una parte?
        try: asdf qwer
        bot: Perdón, no te entendí.
          Anoto $ 20.000,00 para el miércoles 9/12. ¿Confirmás?
          [Sí, confirmo] [No]

        """
}
