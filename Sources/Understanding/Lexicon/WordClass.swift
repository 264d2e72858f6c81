/// What a word or phrase can be for the grammar. Raw values are the names used in the first column of the word files.
enum WordClass: String, CaseIterable, Sendable {
    // Numbers
    case number = "numero"
    case scale = "escala"
    case gluedScale = "escala_pegada"
    case dozen = "docena"
    case fraction = "fraccion"
    case fractionSign = "signo_fraccion"
    case and = "y"
    case decimalPoint = "coma_decimal"
    case with = "con"
    case over = "sobre"
    case percent = "por_ciento"
    case ordinal = "orden"
    case ordinalSuffix = "sufijo_orden"
    case relativeOrdinal = "orden_relativo"
    // Money
    case money = "plata"
    case currency = "moneda"
    case cents = "centavo"
    case share = "parte"
    case everything = "todo"
    case minimum = "minimo"
    case principal = "capital"
    case vagueAmount = "monto_vago"
    case downPayment = "anticipo"
    case instalments = "cuotas"
    case notMoney = "no_es_plata"
    case discount = "descuento"
    case approximately = "y_pico"
    case atMost = "como_mucho"
    case atLeast = "como_minimo"
    // Days and times
    case weekday = "dia_semana"
    case shortWeekday = "dia_semana_corto"
    case month = "mes"
    case shortMonth = "mes_corto"
    case unit = "unidad"
    case relativeDay = "dia_relativo"
    case dayPart = "parte_dia"
    case meal = "comida"
    case lastNight = "anoche"
    case fixedHour = "hora_fija"
    case now = "ahora"
    case this = "este"
    case current = "actual"
    case begins = "comienza"
    case toDate = "hasta_la_fecha"
    case next = "proximo"
    case coming = "que_viene"
    case last = "pasado"
    case article = "articulo"
    case of = "de"
    case at = "en"
    case until = "hasta"
    case since = "desde"
    case onwards = "en_adelante"
    case between = "entre"
    case before = "antes"
    case after = "despues"
    case around = "alrededor"
    case moreThan = "mas_de"
    case lessThan = "menos_de"
    case ago = "hace"
    case back = "atras"
    case within = "dentro_de"
    case some = "unos"
    case start = "principio"
    case middle = "mediados"
    case end = "fin"
    case half = "mitad"
    case rest = "resto"
    case businessDay = "habil"
    case am = "am"
    case pm = "pm"
    case sharp = "en_punto"
    case minus = "menos"
    case past = "pasadas"
    case atHour = "a_las"
    case hourMark = "marca_hora"
    case every = "cada"
    case whole = "todo_el"
    case frequency = "frecuencia"
    case feast = "fiesta"
    case earlier = "mas_temprano"
    case later = "mas_tarde"
    case businessHours = "horario_laboral"
    case noDay = "sin_fecha"
    case to = "a"
    case daylike = "articulo_de_dia"
    // Sentences
    case payVerb = "verbo_pago"
    case insult = "insulto"
    case yes = "afirma"
    case no = "niega"
    case not = "no"
    case whether = "si_condicional"
    case reported = "dijo"
    case corrected = "correccion"
    case thumbUp = "pulgar_arriba"
    case thumbDown = "pulgar_abajo"
    case hands = "manos_juntas"
    case option = "opcion"
    case optionLast = "opcion_ultima"
    case optionShort = "opcion_corta"
    case optionLong = "opcion_larga"
    case none = "ninguna"
    case media = "adjunto"
    case either = "o"
    case collects = "cobra"
    case paid = "pago_hecho"
    case asks = "interroga"
    case offers = "ofrece"
    case condition = "condicion"
    case pronoun = "pronombre"
    case futureMark = "marca_futuro"
    case place = "lugar"
    case when = "cuando"
    case whatIf = "que_pasa_si"
    case supposed = "supuesto"
    case opener = "apertura"
    case saidByOthers = "dicho_por_otros"
    case refusal = "negativa"
    case but = "pero"
    case dayCondition = "condicion_dia"
    case talk = "habla"
    case otherDebt = "otra_deuda"
    case doubt = "duda"
    case neither = "ni"
    case that = "ese"
    case filler = "relleno"
    case otherThing = "otra_cosa"
    case commits = "compromete"
    case goingTo = "voy_a"
    case frustrated = "frustrado"
    case loneDay = "dia_solo"
    case dayOne = "dia_uno"
    case other = "otro"
    case document = "documento"
    case wish = "deseo"
    case instead = "en_vez_de"
    case courtesy = "cortesia"
    case repeated = "por_vez"

    /// Position in the masks of ``Lexicon``: an enum without payload is stored as its ordinal.
    @inline(__always)
    var bit: Int { Int(unsafeBitCast(self, to: UInt8.self)) }
}

/// A set of word classes, 192 at most.
struct WordClassSet: Sendable {
    private(set) var low: UInt64 = 0
    private(set) var high: UInt64 = 0
    private(set) var top: UInt64 = 0

    init(_ classes: WordClass...) { for cls in classes { insert(cls.bit) } }

    mutating func formUnion(_ other: WordClassSet) {
        low |= other.low
        high |= other.high
        top |= other.top
    }

    @inline(__always)
    func intersects(_ other: WordClassSet) -> Bool { (low & other.low) | (high & other.high) | (top & other.top) != 0 }

    @inline(__always)
    func contains(_ bit: Int) -> Bool { (bit < 64 ? low : bit < 128 ? high : top) &>> UInt64(bit & 63) & 1 == 1 }

    mutating func insert(_ bit: Int) {
        let flag = UInt64(1) << UInt64(bit & 63)
        if bit < 64 { low |= flag } else if bit < 128 { high |= flag } else { top |= flag }
    }
}

/// Units of time, by the names used in the word files.
enum TimeUnit: UInt8, Sendable {
    case second = 1
    case minute, hour, day, week, month, year, fortnight, weekend, night, quarter, fourMonths, semester, twoMonths,
        workday, decade

    init?(name: String) {
        let names = [
            "segundo", "minuto", "hora", "dia", "semana", "mes", "ano", "quincena", "finde", "noche", "trimestre",
            "cuatrimestre",
            "semestre", "bimestre", "dia_habil", "decada",
        ]
        guard let index = names.firstIndex(of: name) else { return nil }
        self.init(rawValue: UInt8(index + 1))
    }
}
