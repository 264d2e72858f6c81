/// A number that stands for a text: the same on every machine and in every run, unlike `hashValue`; not for secrets.
///
/// FNV-1a of 64 bits over the UTF-8 bytes (http://www.isthe.com/chongo/tech/comp/fnv/).
/// - Parameter seed: the number of what comes before, for several texts in a row.
package func stableHash(_ text: String, after seed: UInt64 = 14_695_981_039_346_656_037) -> UInt64 {
    text.utf8.reduce(seed) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
}
