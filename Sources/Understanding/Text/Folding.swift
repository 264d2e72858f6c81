/// What the tokenizer sees of a Unicode scalar: lower case, without accent, look-alikes as the Latin letter they imitate.
enum Folding {
    /// Nobody sees it: it vanishes without ending a word.
    static let invisible: UInt32 = 0
    static let space: UInt32 = 32

    static func fold(_ scalar: UInt32) -> UInt32 { scalar < 0x500 ? low[Int(scalar)] : high(scalar) }

    /// Whether a folded scalar belongs to words; digits and signs do not.
    static func isLetter(_ folded: UInt32) -> Bool {
        if folded < 128 { return folded >= 97 && folded <= 122 }
        switch folded {
        case 0xAA, 0xB5, 0xDF...0xF6, 0xF8...0x24F, 0x370...0x1FFF, 0x3040...0xD7FF, 0xF900...0xFAFF: return true
        default: return false
        }
    }

    /// The folding of the first 0x500 scalars.
    static let low: [UInt32] = (0..<0x500).map { foldLow(UInt32($0)) }

    private static func foldLow(_ scalar: UInt32) -> UInt32 {
        switch scalar {
        case 0...8, 0xAD, 0xB4, 0x60, 0x300...0x36F, 0x483...0x489: return invisible
        case 9...32, 0x7F...0xA0: return space
        // Marks of emphasis, quotation and opening are no words.
        case 0x22, 0x2A, 0x5F, 0xAB, 0xBB, 0xA1, 0xBF, 0x7C: return space
        case 65...90: return scalar + 32
        case 0xBA, 0xAA, 0xB0: return 0xBA
        case 0..<128: return scalar
        default:
            return lookAlikes[scalar] ?? Unicode.Scalar(scalar)?.properties.lowercaseMapping.unicodeScalars.first?.value
                ?? scalar
        }
    }

    static func high(_ scalar: UInt32) -> UInt32 {
        switch scalar {
        case 0x2010...0x2015, 0x2212, 0xFE58, 0xFF0D: return 45
        case 0x2026, 0x3002, 0xFF0E: return 46
        case 0xFF0C: return 44
        case 0xFF1A, 0x2236: return 58
        case 0xFF0F, 0x2044, 0x2215: return 47
        case 0xFF04: return 36
        case 0xFF05: return 37
        case 0xFF1F: return 63
        case 0xFF01, 0x203C: return 33
        case 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0x201C...0x201F, 0x2039, 0x203A, 0x2022:
            return space
        case 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x206F, 0xFE00...0xFE0F, 0xFEFF, 0x2018...0x201B,
            0x1AB0...0x1AFF,
            0x20D0...0x20FF, 0x1F3FB...0x1F3FF, 0xE0000...0xE007F:
            return invisible
        case 0xFF10...0xFF19: return scalar - 0xFF10 + 48
        case 0xFF21...0xFF3A: return scalar - 0xFF21 + 97
        case 0xFF41...0xFF5A: return scalar - 0xFF41 + 97
        case 0x24B6...0x24CF: return scalar - 0x24B6 + 97
        case 0x24D0...0x24E9: return scalar - 0x24D0 + 97
        // Mathematical alphabets, used to write "bold" text.
        case 0x1D400...0x1D6A3: return (scalar - 0x1D400) % 26 + 97
        case 0x1D7CE...0x1D7FF: return (scalar - 0x1D7CE) % 10 + 48
        case 0x1E00...0x1EFF: return vietnamese(scalar)
        default: return scalar
        }
    }

    /// Latin letters with two marks, by their first letter of the canonical table.
    private static func vietnamese(_ scalar: UInt32) -> UInt32 {
        switch scalar {
        case 0x1EA0...0x1EB7: 97
        case 0x1EB8...0x1EC7: 101
        case 0x1EC8...0x1ECB: 105
        case 0x1ECC...0x1EE3: 111
        case 0x1EE4...0x1EF1: 117
        case 0x1EF2...0x1EF9: 121
        default: scalar
        }
    }

    /// Latin letters with marks and look-alikes of other scripts.
    private static let lookAlikes: [UInt32: UInt32] = {
        var table: [UInt32: UInt32] = [:]
        for (letter, variants) in [
            ("a", "áàâäãåāăąÁÀÂÄÃÅĀĂĄаАαΑ"), ("b", "вВβΒ"), ("c", "çćčÇĆČсС"), ("d", "đďĐĎ"),
            ("e", "éèêëēėęÉÈÊËĒĖĘеЕёЁεΕ"),
            ("g", "ğĞ"), ("h", "нНΗ"), ("i", "íìîïīįıÍÌÎÏĪĮİіІїЇιΙ"), ("j", "јЈ"), ("k", "кКκΚ"), ("l", "łŁ"),
            ("m", "мМΜ"),
            ("n", "ñńňÑŃŇΝ"), ("o", "óòôöõøōőÓÒÔÖÕØŌŐоОοΟ"), ("p", "рРρΡ"), ("s", "śšşŚŠŞѕЅ"), ("t", "тТτΤ"),
            ("u", "úùûüūůűÚÙÛÜŪŮŰ"), ("x", "хХχΧ"), ("y", "ýÿÝуУγΥ"), ("z", "źżžŹŻŽΖ"),
        ] as [(Unicode.Scalar, String)] {
            for scalar in variants.unicodeScalars { table[scalar.value] = letter.value }
        }
        return table
    }()
}
