/// Where an agent says who they are.
/// - Parameter wanted: the page of the console to go to then; nil for its first.
public func loginPage(_ notice: Notice? = nil, wanted: String? = nil) -> String {
    page(
        "Entrar", for: nil, notice,
        """
        <form method="post" action="/consola/entrar" class="narrow">\(wanted.map { "<input type=\"hidden\" name=\"volver\" value=\"\($0)\">" as HTML })
        <label>Nombre <input name="nombre" autocomplete="username" required autofocus></label>
        <label>Contraseña <input name="clave" type="password" autocomplete="current-password" required></label>
        <button>Entrar</button>
        </form>
        """)
}

/// What the console cannot do, and the way back.
public func refusalPage(_ why: String) -> String {
    page("No se pudo", for: nil, .refused(why), "<p><a href=\"/consola\">Ir a la consola</a></p>")
}
