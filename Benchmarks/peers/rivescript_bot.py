"""RiveScript: the dialog as triggers and topics."""
from rivescript import RiveScript
from common import report

bot = RiveScript(utf8=True)
bot.stream("""
+ *
- ¿Los últimos tres números de tu documento?{topic=identidad}

> topic identidad
+ 137
- ¿Cuánto podés pagar?{topic=monto}
+ *
- No coincide.
< topic

> topic monto
+ #
- <set monto=<star>>¿Qué día?{topic=fecha}
+ *
- ¿Cuánto?
< topic

> topic fecha
+ *
- <set fecha=<star>>Anoto <get monto> para <get fecha>. ¿Confirmás?{topic=confirmar}
< topic

> topic confirmar
+ si
- Quedó anotado: <get monto> para <get fecha>.{topic=random}
+ *
- ¿Cuánto podés pagar?{topic=monto}
< topic
""")
bot.sort_replies()


def hold(messages):
    for message in messages:
        reply = bot.reply("cliente", message)
    bot.clear_uservars("cliente")
    return reply


report("rivescript", hold)
