import Channels
import Conversations
import Quantities

extension Configuration {
    /// What sends to a contact over HTTP; nil where the channel is off. WhatsApp goes through the gateway whose number the
    /// contact wrote to, else through the one that is on.
    func sender(for contact: ContactKey, now: @escaping @Sendable () -> Moment) -> (any GatewaySender)? {
        switch contact.channel {
        case "whatsapp": whatsAppSender(for: contact.gatewayAccount)
        case "sms": sms.map(Self.twilio)
        case "telegram": gateways.telegram.map { TelegramSender(apiURL: $0.apiURL, token: $0.token) }
        case "chatwoot": gateways.chatwoot.map { ChatwootSender(url: $0.url, botToken: $0.botToken) }
        case "generic":
            generic.flatMap { channel in
                channel.callbackURL.map { GenericSender(url: $0, secret: channel.secret.current, now: now) }
            }
        default: nil
        }
    }

    private func whatsAppSender(for number: String) -> (any GatewaySender)? {
        let dialog360 = gateways.dialog360.map { WhatsAppSender(dialog360: $0.apiURL, apiKey: $0.apiKey) }
        let twilio = gateways.twilioWhatsApp.map(Self.twilio)
        if gateways.dialog360?.phoneNumberID == number { return dialog360 }
        if gateways.twilioWhatsApp?.from == number { return twilio }
        return whatsApp.map { WhatsAppSender(apiURL: $0.apiURL, accessToken: $0.accessToken) } ?? dialog360 ?? twilio
    }

    private static func twilio(_ channel: SMS) -> TwilioSender {
        TwilioSender(
            apiURL: channel.apiURL, accountSID: channel.accountSID, authToken: channel.authToken.current,
            statusCallback: channel.webhookURL)
    }

}

extension MessageStatus {
    /// What a failure that is reported later means; no code is in the tables of two gateways.
    var failure: ErrorTable.Class {
        [ErrorTable.whatsApp, .twilio].lazy.map { $0.classify(status: nil, code: code) }.first { $0 != .permanent }
            ?? .permanent
    }
}
