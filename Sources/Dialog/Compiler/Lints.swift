struct Lints { let dialog: CompiledDialog; let reader: SourceReader; func run() -> [Diagnostic] { [] } }
