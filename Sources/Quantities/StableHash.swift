/// A number that stands for a text: the same on every machine and in every run, unlike `hashValue`; not for secrets.
///
/// FNV-1a of 64 bits over the UTF-8 bytes (http://www.isthe.com/chongo/tech/comp/fnv/).
package func stableHash(_ text: String) -> UInt64 {
    text.utf8.reduce(14_695_981_039_346_656_037) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
}
