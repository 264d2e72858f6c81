/// Where an agent says who they are.
public func loginPage(_ notice: Notice? = nil) -> String {
    page(
        "Entrar", for: nil, notice,
        """
        <form method="post" action="/consola/entrar" class="narrow">
        <label>Nombre <input name="nombre" autocomplete="username" required autofocus></label>
        <label>Contraseña <input name="clave" type="password" autocomplete="current-password" required></label>
        <button>Entrar</button>
        </form>
        """)
}
