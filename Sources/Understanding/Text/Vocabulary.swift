/// Every word and sign that some table knows, numbered from 1; finds them by their folded bytes, typos forgiven.
struct Vocabulary: Sendable {
    private(set) var count = 1
    private var table = HashTable()
    private var typos = HashTable()
    private var letters: [UInt8] = []
    private var offsets: [Int] = [0, 0]
    /// What abbreviations stand for, by their identifier.
    private var expansions: [UInt32: [UInt32]] = [:]
    /// Whether a word is an abbreviation, by its identifier.
    private var isExpanded: [Bool] = [false]
    /// Beginnings given with `*` by their first byte: longest first, with the identifier their words get.
    private var stems: [[(bytes: [UInt8], id: UInt32)]] = Array(repeating: [], count: 256)

    /// Bytes of memory that the tables take.
    var bytes: Int {
        table.bytes + typos.bytes + letters.count + offsets.count * 8 + expansions.count * 24 + isExpanded.count
    }

    func text(_ id: UInt32) -> ArraySlice<UInt8> { letters[offsets[Int(id)]..<offsets[Int(id) + 1]] }

    /// The identifier of a folded word; a new one where it has none yet.
    mutating func intern(_ word: [UInt8]) -> UInt32 {
        let hash = word.withUnsafeBufferPointer { wordHash($0) }
        let known = table.find(hash)
        if known != 0 { return known }
        let id = UInt32(count)
        letters += word
        offsets.append(letters.count)
        isExpanded.append(false)
        table.insert(hash, id)
        count += 1
        return id
    }

    func find(_ word: UnsafeBufferPointer<UInt8>) -> UInt32 {
        let id = table.find(wordHash(word))
        guard id != 0 else { return 0 }
        return letters.withUnsafeBufferPointer { letters in
            let (from, to) = (offsets[Int(id)], offsets[Int(id) + 1])
            guard to - from == word.count else { return 0 }
            for index in 0..<word.count where letters[from + index] != word[index] { return 0 }
            return id
        }
    }

    mutating func expand(_ id: UInt32, to words: [UInt32]) {
        expansions[id] = words
        isExpanded[Int(id)] = !words.isEmpty
    }
    @inline(__always)
    func expands(_ id: UInt32) -> Bool { isExpanded[Int(id)] }
    func expansion(of id: UInt32) -> [UInt32] { expansions[id] ?? [] }

    /// Every word with this beginning: those already known, longer beginnings, and one identifier for all others.
    mutating func intern(stem: [UInt8]) -> [UInt32] {
        let id = intern(stem + [42])
        let place = Int(stem[0])
        if !stems[place].contains(where: { $0.id == id }) {
            stems[place].append((stem, id))
            stems[place].sort { $0.bytes.count > $1.bytes.count }
        }
        return [id]
            + letters.withUnsafeBufferPointer { letters in
                (1..<count).filter { word in
                    let (from, to) = (offsets[word], offsets[word + 1])
                    return word != Int(id) && to - from >= stem.count && letters[from] == stem[0]
                        && letters[from..<to].starts(with: stem)
                }.map(UInt32.init)
            }
    }

    func stem(of word: UnsafeBufferPointer<UInt8>) -> UInt32 {
        guard let first = word.first else { return 0 }
        for stem in stems[Int(first)] where stem.bytes.count <= word.count && word.starts(with: stem.bytes) {
            return stem.id
        }
        return 0
    }

    /// Lets words that miss this one by a letter be read as it.
    mutating func forgiveTypos(of id: UInt32) {
        let word = Array(text(id))
        guard word.count >= 5, word.allSatisfy({ $0 >= 97 && $0 <= 122 }) else { return }
        word.withUnsafeBufferPointer { word in
            typos.insert(wordHash(word), id)
            for index in 1..<word.count { typos.insert(wordHash(word, skipping: index), id) }
        }
    }

    /// The word that an unknown one misses by one letter (changed, missing, added, or two swapped); 0 where there is none.
    ///
    /// The first letter must be right, and the last: it changes gender, number or person.
    func corrected(_ word: UnsafeBufferPointer<UInt8>) -> UInt32 {
        guard word.count >= 5, word.count <= 20 else { return 0 }
        for index in stride(from: word.count - 1, through: 0, by: -1) {
            // Index 0 stands for the whole word: it lacks a letter of the other.
            let id = typos.find(wordHash(word, skipping: index == 0 ? -1 : index))
            if id != 0, Self.oneEdit(text(id), word) { return id }
        }
        return 0
    }

    private static func oneEdit(_ known: ArraySlice<UInt8>, _ word: UnsafeBufferPointer<UInt8>) -> Bool {
        guard known.first == word.first, known.last == word.last, abs(known.count - word.count) <= 1 else {
            return false
        }
        let base = known.startIndex
        let length = min(known.count, word.count)
        var front = 0
        while front < length, known[base + front] == word[front] { front += 1 }
        var back = 0
        while back < length - front, known[base + known.count - 1 - back] == word[word.count - 1 - back] { back += 1 }
        if known.count != word.count { return front + back >= length }
        let middle = length - front - back
        if middle <= 1 { return true }
        return middle == 2 && known[base + front] == word[front + 1] && known[base + front + 1] == word[front]
    }
}
