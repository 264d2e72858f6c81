/// Languages as people name them.
public enum LanguageNames {
    private static let known = [
        "es": "español", "pt": "portugués", "en": "inglés", "it": "italiano", "fr": "francés", "de": "alemán",
        "gn": "guaraní", "qu": "quechua", "ay": "aimara", "arn": "mapudungun", "zh": "chino", "ko": "coreano",
        "ja": "japonés", "ru": "ruso", "uk": "ucraniano", "ar": "árabe", "he": "hebreo",
    ]

    /// The name of a language such as `pt`; of one that is not known, its tag.
    public static func spanish(_ language: String) -> String { known[language] ?? "«\(language)»" }
}
