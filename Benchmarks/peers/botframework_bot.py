"""Bot Framework: the dialog as a waterfall, without HTTP."""
import asyncio
from botbuilder.core import ConversationState, MemoryStorage, MessageFactory, TurnContext
from botbuilder.core.adapters import TestAdapter
from botbuilder.dialogs import DialogSet, DialogTurnStatus, WaterfallDialog
from botbuilder.dialogs.prompts import PromptOptions, TextPrompt
from botbuilder.schema import Activity, ActivityTypes, ChannelAccount, ConversationAccount
from common import report


def ask(text):
    return PromptOptions(prompt=MessageFactory.text(text))


async def identity(step):
    return await step.prompt("text", ask("¿Los últimos tres números de tu documento?"))


async def amount(step):
    if step.result != "137":
        return await step.replace_dialog("promesa")
    return await step.prompt("text", ask("¿Cuánto podés pagar?"))


async def day(step):
    step.values["monto"] = step.result
    return await step.prompt("text", ask("¿Qué día?"))


async def confirm(step):
    step.values["fecha"] = step.result
    return await step.prompt("text", ask(f"Anoto {step.values['monto']} para {step.result}. ¿Confirmás?"))


async def done(step):
    if step.result == "si":
        text = f"Quedó anotado: {step.values['monto']} para {step.values['fecha']}."
        await step.context.send_activity(MessageFactory.text(text))
    return await step.end_dialog()


state = ConversationState(MemoryStorage())
dialogs = DialogSet(state.create_property("dialog"))
dialogs.add(TextPrompt("text"))
dialogs.add(WaterfallDialog("promesa", [identity, amount, day, confirm, done]))


async def on_turn(context: TurnContext):
    dialog = await dialogs.create_context(context)
    result = await dialog.continue_dialog()
    if result.status == DialogTurnStatus.Empty:
        await dialog.begin_dialog("promesa")
    await state.save_changes(context)


adapter = TestAdapter(on_turn)
serial = 0


async def conversation(messages):
    global serial
    serial += 1
    account = ConversationAccount(id=str(serial))
    for message in messages:
        activity = Activity(
            type=ActivityTypes.message, text=message, channel_id="test", conversation=account,
            from_property=ChannelAccount(id="cliente"), recipient=ChannelAccount(id="bot"), service_url="test")
        await adapter.process_activity(activity, on_turn)
        reply = adapter.activity_buffer.pop().text
        adapter.activity_buffer.clear()
    return reply


loop = asyncio.new_event_loop()
report("botframework", lambda messages: loop.run_until_complete(conversation(messages)))
