/// A page of the dashboard.
public enum Subject: String, CaseIterable, Sendable {
    case cartera, promesas, cobranza, evolucion, charlas, contacto, bajas

    public var title: String {
        switch self {
        case .cartera: "Cartera"
        case .promesas: "Promesas"
        case .cobranza: "Cobranza y costo"
        case .evolucion: "Evolución de la mora"
        case .charlas: "Charlas"
        case .contacto: "Reglas de contacto"
        case .bajas: "Bajas y límites"
        }
    }

    public var figures: [Figure] { Figure.allCases.filter { $0.subject == self } }
}

/// A figure that managers see, by the name that its CSV and `promesa report` have.
public enum Figure: String, CaseIterable, Sendable {
    case tramos, segmentos
    case promesasPorSemana = "promesas-por-semana"
    case cohortes
    case promesasPorSegmento = "promesas-por-segmento"
    case promesasPorDialogo = "promesas-por-dialogo"
    case promesasPorAgente = "promesas-por-agente"
    case cobrado, proyeccion, costo
    case rodamiento, traspasos, cura
    case dso
    case contencion, motivos, embudo, desenlaces
    case mejorHora = "mejor-hora"
    case contactos
    case contactosPorHora = "contactos-por-hora"
    case frenados, infracciones
    case limites

    public var subject: Subject {
        switch self {
        case .tramos, .segmentos: .cartera
        case .promesasPorSemana, .cohortes, .promesasPorSegmento, .promesasPorDialogo, .promesasPorAgente: .promesas
        case .cobrado, .proyeccion, .costo: .cobranza
        case .rodamiento, .traspasos, .cura, .dso: .evolucion
        case .contencion, .motivos, .embudo, .desenlaces, .mejorHora: .charlas
        case .contactos, .contactosPorHora, .frenados, .infracciones: .contacto
        case .limites: .bajas
        }
    }

    public var title: String {
        switch self {
        case .tramos: "Capital impago por tramo de mora y etapa"
        case .segmentos: "Capital impago por segmento"
        case .promesasPorSemana: "Promesas por semana en que se hicieron"
        case .cohortes: "Cómo terminaron las promesas de cada mes"
        case .promesasPorSegmento: "Cumplimiento por segmento"
        case .promesasPorDialogo: "Cumplimiento por versión del diálogo"
        case .promesasPorAgente: "Cumplimiento por quién la tomó"
        case .cobrado: "Cobrado por semana"
        case .proyeccion: "Lo que se espera cobrar de las promesas abiertas"
        case .costo: "Mensajes, casos y costo"
        case .rodamiento: "Rodamiento por mes"
        case .traspasos: "De qué tramo a qué tramo, último mes"
        case .cura: "Cura por mes"
        case .dso: "Días de venta en la calle (DSO)"
        case .contencion: "Contención por semana"
        case .motivos: "Por qué pasaron a una persona"
        case .embudo: "Embudo del diálogo, estado por estado"
        case .desenlaces: "Cómo terminaron los diálogos"
        case .mejorHora: "Mejor hora para escribir"
        case .contactos: "Mensajes por iniciativa propia, por día y canal"
        case .contactosPorHora: "A qué hora se escribió"
        case .frenados: "Mensajes que frenó una regla"
        case .infracciones: "Mensajes que hoy no pasarían las reglas"
        case .limites: "Personas con baja, cese, horario propio, marca o número ajeno"
        }
    }

    /// How it is worked out, in words.
    public var definition: String {
        switch self {
        case .tramos:
            "Hoy. Capital impago = capital de los ítems menos lo que pagos y quitas imputaron a capital; sin intereses ni cargos, y los ítems indexados a su valor importado. Cada cuenta va entera al tramo de su ítem impago más viejo (días de mora = hoy − vencimiento). Etapa: preventiva sin mora; extrajudicial desde los días o las promesas rotas que dice la política; si no, administrativa. El período no cuenta acá."
        case .segmentos:
            "Hoy. Suma del capital impago de las cuentas de cada segmento (el que tiene la cuenta), y cuánto de eso está en cuentas con mora. % en mora = capital de cuentas con mora ÷ capital impago."
        case .promesasPorSemana:
            "Promesas hechas en cada semana (lunes a domingo), según cómo están hoy. Cada cuota de un plan es una promesa. «Otras» son las retiradas y las reemplazadas."
        case .cohortes:
            "Promesas hechas en cada mes. Cumplimiento = cumplidas ÷ (cumplidas + cumplidas en parte + rotas); las abiertas, retiradas y reemplazadas no cuentan. Cumplimiento en plata: lo mismo con los importes prometidos."
        case .promesasPorSegmento:
            "Promesas hechas en el período, por el segmento que hoy tiene la cuenta. Cumplimiento = cumplidas ÷ (cumplidas + cumplidas en parte + rotas)."
        case .promesasPorDialogo:
            "Promesas hechas en el período, por la versión del diálogo con que hablaba la persona. Cumplimiento = cumplidas ÷ (cumplidas + cumplidas en parte + rotas)."
        case .promesasPorAgente:
            "Promesas hechas en el período, por la persona que la anotó o, si fue en la charla, el bot. Cumplimiento = cumplidas ÷ (cumplidas + cumplidas en parte + rotas)."
        case .cobrado:
            "Suma de los pagos con fecha de cada semana que no fueron anulados, de cuentas con o sin promesa."
        case .proyeccion:
            "Promesas abiertas por la semana del día prometido, cualquiera sea el período. Esperado = importe × probabilidad de que se pague, por la tarjeta de riesgo cuando se hizo la promesa; donde no hay tarjeta, × cumplimiento en plata del segmento de la cuenta en el último año (cumplido ÷ (cumplido + en parte + roto)); sin historia del segmento, el de toda la cartera; sin ninguna, 80 %, que es un supuesto."
        case .costo:
            "Mensajes mandados por cada canal y casos abiertos para personas en el período, por el costo que ponés en los filtros. Costo cada $ 100 = costo total ÷ cobrado en el período × 100. Lo que el bot contesta en la misma respuesta (canal genérico, voz) no sale como mensaje."
        case .rodamiento:
            "Por mes cerrado: cuentas que empezaron el mes en un tramo y lo terminaron en el siguiente o en uno peor ÷ cuentas que empezaron en ese tramo. Según el libro de cada cuenta a fin de mes; el mes en curso va hasta el último cierre."
        case .traspasos:
            "Cuentas por el tramo en que empezaron el último mes cerrado (o en curso) y el tramo en que lo terminaron. % = del total de su fila. «Al día» incluye las que no deben nada."
        case .cura:
            "Por mes cerrado: cuentas que empezaron el mes con mora y lo terminaron al día o sin deuda ÷ cuentas que empezaron con mora."
        case .dso:
            "Capital impago al fin de cada mes ÷ capital que venció en ese mes y los dos anteriores × días de esos meses. Con menos de tres meses cerrados, los que haya."
        case .contencion:
            "Charla: un mensaje del cliente después de doce horas de silencio. Contención = 1 − casos abiertos para personas ÷ charlas."
        case .motivos: "Casos abiertos para personas en el período, por su motivo."
        case .embudo:
            "Charlas que llegaron por primera vez a cada estado en el período, con una versión del diálogo: la del filtro o, si no, la más usada. % = del estado más alcanzado."
        case .desenlaces: "Diálogos que terminaron en el período, por cómo terminaron."
        case .mejorHora:
            "Mensajes por iniciativa propia por día de la semana y hora en que se decidieron, y cuántos tuvieron algún mensaje de la persona dentro de las 24 horas. Respuesta = contestados ÷ mandados. Con pocos mensajes en una hora, el porcentaje dice poco."
        case .contactos: "Mensajes por iniciativa propia (recordatorios, avisos, campañas), por día y canal."
        case .contactosPorHora: "Mensajes por iniciativa propia del período, por día de la semana y hora."
        case .frenados:
            "Recordatorios y avisos que una regla de contacto no dejó mandar en su momento; salen después, si la regla lo permite. A quién no toca una campaña y por qué lo dice `promesa campaign plan`."
        case .infracciones:
            "Cada mensaje por iniciativa propia del período se vuelve a mirar contra las reglas de hoy: horario, feriados, topes, separación, canal, baja, y marca de vulnerable, con lo que ya se le había escrito a esa persona. Tiene que dar cero. El cese no se mira: los acuses de pago se permiten."
        case .limites:
            "Lo que cada persona pidió o dijo, desde cuándo, y el mensaje que lo prueba. Vale para todas sus cuentas y canales."
        }
    }
}
