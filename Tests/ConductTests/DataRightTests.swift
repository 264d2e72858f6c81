import Conduct
import Quantities
import Testing

/// Rights over personal data, in people's own words, and by when they are answered.
struct DataRightTests {
    @Test(
        "Who wants their data erased, corrected or known is understood",
        arguments: [
            ("borren mis datos", .erasure), ("Quiero que eliminen mi información", .erasure),
            ("quiero que borren todos mis datos personales ya", .erasure), ("BORRÁ MIS DATOS", .erasure),
            ("pido la supresión de mis datos, ley 25.326", .erasure),
            ("eliminen toda la info que tienen mía", .erasure),
            ("sáquenme de su base de datos", .erasure), ("no quiero que tengan mis datos", .erasure),
            ("borren mi numero de su base, ley de datos personales", .erasure),
            ("hagan uso de mi derecho de supresión", .erasure),
            ("qué datos tienen míos?", .access), ("que datos tienen de mi", .access),
            ("quiero saber qué información guardan sobre mí.", .access), ("quiero acceder a mis datos", .access),
            ("ejerzo mi derecho de acceso", .access), ("mandame una copia de todos mis datos", .access),
            ("qué datos personales míos tienen", .access),
            ("corrijan mis datos por favor", .rectification), ("quiero actualizar mi domicilio", .rectification),
            ("mis datos están mal", .rectification), ("mi apellido está mal", .rectification),
        ] as [(String, DataRight)])
    func understood(text: String, right: DataRight) {
        #expect(ConductRules.argentina.dataRight(in: text) == right)
    }

    @Test(
        "Other talk of data, debts, hours and the credit bureaus is none of it",
        arguments: [
            "hola", "datos", "no me escriban más", "pasame los datos para transferir", "qué datos necesitás?",
            "que datos tienen de mi factura", "de dónde sacaron mis datos", "no te voy a pasar mis datos",
            "se me borraron los datos del celular", "borrame de la lista", "no borren mis datos",
            "cuándo me sacan del veraz", "borren mis datos del veraz", "quiero cambiar la fecha", "corregí el importe",
            "el 5 te tiro la mitad", "qué información tenés de mi deuda", "cancelá todo",
            "quiero hablar con una persona",
        ])
    func others(text: String) {
        #expect(ConductRules.argentina.dataRight(in: text) == nil)
    }

    @Test(
        "Access is due in ten days running, the others in five working days",
        arguments: [
            // A Tuesday; Friday 27/11 is no holiday, Monday 7/12 is a bridge and Tuesday 8/12 a holiday.
            (DataRight.access, "2026-11-24", "2026-12-04"), (.erasure, "2026-11-24", "2026-12-01"),
            (.rectification, "2026-11-24", "2026-12-01"), (.erasure, "2026-12-03", "2026-12-14"),
            (.erasure, "2026-11-28", "2026-12-04"), (.access, "2026-12-03", "2026-12-13"),
        ])
    func due(right: DataRight, asked: String, due: String) {
        #expect(right.due(askedOn: Day(asked)!, calendar: .argentina) == Day(due))
    }
}
