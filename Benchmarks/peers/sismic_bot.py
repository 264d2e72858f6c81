"""sismic: the dialog as a statechart, a message as an event."""
from sismic.interpreter import Interpreter
from sismic.io import import_from_yaml
from common import report

CHART = import_from_yaml("""
statechart:
  name: cobranza
  root state:
    name: root
    initial: inicio
    states:
      - name: inicio
        transitions: [{event: dice, target: identidad, action: 'reply = "¿Los últimos tres números de tu documento?"'}]
      - name: identidad
        transitions:
          - {event: dice, guard: 'event.texto == "137"', target: monto, action: 'reply = "¿Cuánto podés pagar?"'}
          - {event: dice, guard: 'event.texto != "137"', target: identidad, action: 'reply = "No coincide."'}
      - name: monto
        transitions:
          - {event: dice, guard: 'event.texto.isdigit()', target: fecha, action: 'monto = event.texto; reply = "¿Qué día?"'}
          - {event: dice, guard: 'not event.texto.isdigit()', target: monto, action: 'reply = "¿Cuánto?"'}
      - name: fecha
        transitions:
          - {event: dice, target: confirmar, action: 'fecha = event.texto; reply = "Anoto " + monto + " para " + fecha + ". ¿Confirmás?"'}
      - name: confirmar
        transitions:
          - {event: dice, guard: 'event.texto == "si"', target: fin, action: 'reply = "Quedó anotado: " + monto + " para " + fecha + "."'}
          - {event: dice, guard: 'event.texto != "si"', target: monto, action: 'reply = "¿Cuánto podés pagar?"'}
      - name: fin
        type: final
""")


def hold(messages):
    interpreter = Interpreter(CHART, initial_context={"reply": "", "monto": "", "fecha": ""})
    interpreter.execute()
    for message in messages:
        interpreter.queue("dice", texto=message)
        interpreter.execute()
    return interpreter.context["reply"]


report("sismic", hold)
